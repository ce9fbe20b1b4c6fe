package targets

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// What an error shows of a server's log.
const (
	tailLines = 10
	tailBytes = 4 << 10
)

// serverLog is the file that a server's stdout and stderr are appended to.
type serverLog struct {
	file  *os.File
	path  string
	start int64 // size when this server started
	kept  bool  // whether it outlives the server
}

// openLog opens the log file, or one in dir where none was named.
func openLog(path, dir string) (*serverLog, error) {
	l := &serverLog{path: path, kept: path != ""}
	if !l.kept {
		l.path = filepath.Join(dir, "log")
	} else if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	var err error
	l.file, err = os.OpenFile(l.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := l.file.Stat()
	if err != nil {
		l.file.Close()
		return nil, err
	}
	l.start = info.Size()
	return l, nil
}

// tail returns the last lines that were logged since openLog.
func (l *serverLog) tail() string {
	info, err := l.file.Stat()
	if err != nil {
		return ""
	}
	from := max(l.start, info.Size()-tailBytes)
	text, err := io.ReadAll(io.NewSectionReader(l.file, from, max(0, info.Size()-from)))
	if err != nil {
		return ""
	}
	lines := bytes.Split(bytes.TrimRight(text, "\n"), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-tailLines):], []byte("\n")))
}

// explainBytes bounds how much of a log is searched: its end. explainLine
// bounds what is shown of a line, which may hold a whole request.
const (
	explainBytes = 1 << 20
	explainLine  = 200
)

// explain returns the meaning of each pitfall that a line since openLog shows,
// with the first such line.
func (l *serverLog) explain(pitfalls []Pitfall) []Explanation {
	file, err := os.Open(l.path) // l.file may be closed already
	if err != nil {
		return nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	from := max(l.start, info.Size()-explainBytes)
	text, err := io.ReadAll(io.NewSectionReader(file, from, max(0, info.Size()-from)))
	if err != nil {
		return nil
	}
	var found []Explanation
	for _, p := range pitfalls {
		at := p.line.FindIndex(text)
		if at == nil {
			continue
		}
		start := bytes.LastIndexByte(text[:at[0]], '\n') + 1
		line, _, _ := bytes.Cut(text[start:], []byte("\n"))
		if line = bytes.TrimSpace(line); len(line) > explainLine {
			line = append(bytes.ToValidUTF8(line[:explainLine:explainLine], nil), "..."...)
		}
		found = append(found, Explanation{p.Means, string(line)})
	}
	return found
}
