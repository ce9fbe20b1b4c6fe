package viewer

import "sync"

// mostPages bounds how many rendered pages are kept; each is up to about 2 MiB.
const mostPages = 4

// cache keeps the pages that were asked for last. It renders one page at a time,
// which bounds what the viewer takes of the machine.
type cache struct {
	mu    sync.Mutex
	pages []cached // the newest first
}

type cached struct {
	key  string
	page answer
}

// get returns the page of that key, which make makes where it is not there. An error is
// not kept.
func (c *cache) get(key string, make func() (answer, error)) (answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, p := range c.pages {
		if p.key == key {
			copy(c.pages[1:i+1], c.pages[:i])
			c.pages[0] = p
			return p.page, nil
		}
	}
	made, err := make()
	if err != nil {
		return answer{}, err
	}
	c.pages = append([]cached{{key, made}}, c.pages...)
	c.pages = c.pages[:min(len(c.pages), mostPages)]
	return made, nil
}
