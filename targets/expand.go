package targets

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Names of placeholders, by where they may stand; Recipe says what they mean.
var (
	inProgram = []string{"self", "recipe"}
	anywhere  = append([]string{"program"}, inProgram...)
	inCase    = []string{"protocol", "network", "connection", "application", "module", "listen", "address", "workers", "backlog", "dir", "apps"}
	onNetwork = map[string][]string{tcp: {"host", "port"}, unixSocket: {"socket"}}

	// A front listens on TCP whatever the network of its hop to the target.
	inFront      = []string{"protocol", "network", "connection", "listen", "address", "host", "port", "workers", "backlog", "dir", "target", "target_script"}
	frontNetwork = map[string][]string{tcp: {"target_host", "target_port"}, unixSocket: {"target_socket"}}
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// checkPlaceholders finds a placeholder that is in none of the lists.
func checkPlaceholders(texts []string, lists ...[]string) error {
	known := slices.Concat(lists...)
	for _, text := range texts {
		for _, p := range placeholder.FindAllString(text, -1) {
			if !slices.Contains(known, strings.Trim(p, "{}")) {
				return fmt.Errorf("unknown placeholder %s in %q%s", p, text, didYouMean(p, braced(known)))
			}
		}
	}
	return nil
}

func braced(names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "{" + name + "}"
	}
	return list
}

// expand fills the placeholders whose values are given; the rest stays.
func expand(text string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string {
		if v, ok := values[strings.Trim(p, "{}")]; ok {
			return v
		}
		return p
	})
}

func expandAll(texts []string, values map[string]string) []string {
	expanded := make([]string, len(texts))
	for i, text := range texts {
		expanded[i] = expand(text, values)
	}
	return expanded
}

// uses tells whether any text has that placeholder.
func uses(name string, command []string, more ...map[string]string) bool {
	texts := command
	for _, m := range more {
		texts = slices.Concat(texts, slices.Collect(maps.Values(m)))
	}
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, "{"+name+"}") })
}
