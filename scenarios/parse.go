package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits that keep a mistaken file from taking the parser's time or stack: the
// time grows with the square of the nesting and of the number of keys (go-yaml
// v1.19.2 takes minutes for 200 KiB of keys).
const (
	maxFile   = 256 << 10 // bytes
	maxTokens = 10_000    // names, values, commas, ...: hello.yaml has about 200
	maxDepth  = 16        // brackets within brackets, or dashes on one line
)

// Parse decodes a scenario file. file is the name that messages show. The
// error, if any, is an *Error: the first mistake in the order of the file, where
// a file that is not valid YAML has that one mistake only.
func Parse(file string, text []byte, v Vocabulary) (*Scenario, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // byte order mark
	src := newSource(file, text)
	if err := src.checkBytes(text); err != nil {
		return nil, err
	}
	root, err := src.tree(text)
	if tab := src.tabIndent(); tab != nil && (err == nil || tab.Line <= err.Line) {
		return nil, tab
	}
	if err != nil {
		return nil, err
	}
	d := &decoder{source: src, vocabulary: v}
	s := d.scenario(root)
	if err := d.first(); err != nil {
		return nil, err
	}
	return s, nil
}

// source is a file split into lines, to point at places in it.
type source struct {
	file  string
	lines []string // without line ends
}

func newSource(file string, text []byte) *source {
	lines := strings.Split(string(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return &source{file: file, lines: lines}
}

// place is a position in a file: line and column from 1, in characters.
type place struct{ line, column int }

func (p place) before(q place) bool {
	return p.line < q.line || p.line == q.line && p.column < q.column
}

// errorAt makes an Error. A place outside of the file is moved to the nearest
// one inside.
func (s *source) errorAt(p place, problem, hint string) *Error {
	p.line = max(1, min(p.line, len(s.lines)))
	line := s.lines[p.line-1]
	p.column = max(1, min(p.column, utf8.RuneCountInString(line)+1))
	return &Error{File: s.file, Line: p.line, Column: p.column, Source: line, Problem: problem, Hint: hint}
}

// at is where a token begins. The lexer counts a tab before a token as part of
// it, so blanks are skipped.
func (s *source) at(tk *token.Token) place {
	if tk == nil || tk.Position == nil {
		return place{1, 1}
	}
	p := place{max(1, tk.Position.Line), max(1, tk.Position.Column)}
	if p.line > len(s.lines) {
		return p
	}
	line := []rune(s.lines[p.line-1])
	for p.column <= len(line) && (line[p.column-1] == ' ' || line[p.column-1] == '\t') {
		p.column++
	}
	return p
}

// checkBytes refuses what is not a text.
func (s *source) checkBytes(text []byte) *Error {
	if len(text) > maxFile {
		return s.errorAt(place{1, 1}, fmt.Sprintf("the file is larger than %d KiB", maxFile>>10), "is it a scenario?")
	}
	for i, line := range s.lines {
		column := 0
		for offset, r := range line {
			column++
			at := place{i + 1, column}
			if r == utf8.RuneError {
				if _, size := utf8.DecodeRuneInString(line[offset:]); size == 1 {
					err := s.errorAt(at, "the file is not UTF-8 text", "save it as UTF-8")
					err.Source = strings.ToValidUTF8(line, "\ufffd")
					return err
				}
			}
			if unicode.IsControl(r) && r != '\t' {
				err := s.errorAt(at, fmt.Sprintf("control character %U", r), `remove it, or write an escape such as "\x1b" between double quotes`)
				err.Source = strings.Map(printable, line)
				return err
			}
		}
	}
	return nil
}

// printable replaces control characters, which would garble a terminal.
func printable(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return utf8.RuneError
	}
	return r
}

// tabIndent finds a tab in the indentation of a line. YAML forbids most of
// them; refusing all keeps the message simple.
func (s *source) tabIndent() *Error {
	for i, line := range s.lines {
		content := strings.TrimLeft(line, " \t")
		column := strings.IndexByte(line[:len(line)-len(content)], '\t')
		if content != "" && column >= 0 {
			return s.errorAt(place{i + 1, column + 1}, "a tab in the indentation", "YAML is indented with spaces")
		}
	}
	return nil
}

// tree parses the text into the one document that a scenario file holds.
func (s *source) tree(text []byte) (root ast.Node, mistake *Error) {
	// The parser is given whatever a user wrote, and has panicked on malformed
	// text in past versions.
	defer func() {
		if p := recover(); p != nil {
			root, mistake = nil, s.errorAt(place{1, 1}, "not valid YAML", fmt.Sprintf("the YAML parser gave up on it: %v", p))
		}
	}()
	tokens := lexer.Tokenize(string(text))
	if len(tokens) > maxTokens {
		return nil, s.errorAt(s.at(tokens[maxTokens]), "the file has too many keys and values", "split the scenario")
	}
	if deep := tooDeep(tokens); deep != nil {
		return nil, s.errorAt(s.at(deep), "nested too deeply", "a scenario has lists of mappings, no more")
	}
	// Duplicate keys are reported by the decoder, in file order.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, s.syntaxError(err)
	}
	return s.document(file)
}

// document returns the body of the only document.
func (s *source) document(file *ast.File) (ast.Node, *Error) {
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		at := s.at(doc.Body.GetToken())
		if _, ok := doc.Body.(*ast.DirectiveNode); ok {
			return nil, s.errorAt(at, "a YAML directive", "scenario files use none: remove the line")
		}
		if body != nil {
			return nil, s.errorAt(s.start(doc.Body), "a second document begins here", "a file holds one scenario: put this one into a file of its own")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, s.errorAt(place{1, 1}, "the file holds no scenario", "write at least name, targets, protocols and load; scenarios/hello.yaml is an example")
	}
	return body, nil
}

// tooDeep returns the first token nested deeper than maxDepth.
func tooDeep(tokens token.Tokens) *token.Token {
	depth, dashes, line := 0, 0, 0
	for _, tk := range tokens {
		if tk.Position != nil && tk.Position.Line != line {
			line, dashes = tk.Position.Line, 0
		}
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth = max(0, depth-1)
		case token.SequenceEntryType, token.MappingKeyType:
			dashes++
		}
		if depth > maxDepth || dashes > maxDepth {
			return tk
		}
	}
	return nil
}

// syntaxError translates an error of the YAML parser.
func (s *source) syntaxError(err error) *Error {
	at, message := place{1, 1}, err.Error()
	if e, ok := errors.AsType[yaml.Error](err); ok {
		at, message = s.at(e.GetToken()), e.GetMessage()
	}
	e := s.errorAt(at, "not valid YAML: "+message, "")
	e.Hint = syntaxHint(e)
	return e
}

// syntaxHint says what usually leads to a syntax error at such a place.
func syntaxHint(e *Error) string {
	rest := string([]rune(e.Source)[e.Column-1:])
	switch {
	case strings.HasPrefix(rest, ">"):
		return `a value that begins with ">" must be quoted: ">= 10"`
	case strings.HasPrefix(rest, "@"), strings.HasPrefix(rest, "`"), strings.HasPrefix(rest, "%"):
		return "put quotes around it"
	case strings.Contains(e.Problem, "mapping value is not allowed"):
		return `quote a text that holds ": ", and indent keys of one mapping alike`
	case strings.Contains(e.Problem, "must be specified"):
		return "is a bracket left open on a line above?"
	}
	return ""
}
