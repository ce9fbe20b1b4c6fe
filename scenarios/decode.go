package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// decoder walks the tree of one file in file order and collects mistakes.
type decoder struct {
	*source
	vocabulary Vocabulary
	mistakes   []mistake
	furthest   place // of all nodes seen so far
}

// mistake is an Error with its place in the order of the file. That of a key
// that is missing is the end of its mapping, so that a misspelt key is
// reported before the key that it should have been.
type mistake struct {
	err   *Error
	order place
}

// first returns the first mistake in the order of the file.
func (d *decoder) first() error {
	if len(d.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(d.mistakes, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(a.order.line, b.order.line), cmp.Compare(a.order.column, b.order.column))
	})
	return d.mistakes[0].err
}

// reject records a mistake at a node.
func (d *decoder) reject(n ast.Node, problem, hint string) {
	at := d.start(n)
	d.mistakes = append(d.mistakes, mistake{d.errorAt(at, problem, hint), at})
}

// rejectMissing records that a mapping lacks something.
func (d *decoder) rejectMissing(n ast.Node, problem, hint string) {
	d.mistakes = append(d.mistakes, mistake{d.errorAt(d.start(n), problem, hint), d.furthest})
}

// start is where a node begins in the file.
func (s *source) start(n ast.Node) place {
	switch n := n.(type) {
	case *ast.MappingNode:
		// The token of a block mapping is its first colon.
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return s.start(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return s.start(n.Key)
	}
	return s.at(n.GetToken())
}

// see notes how far the walk has come.
func (d *decoder) see(n ast.Node) {
	if at := d.start(n); d.furthest.before(at) {
		d.furthest = at
	}
}

// field is a key that a mapping may have.
type field struct {
	key     string
	example string // "name: hello" for a key that is required, else ""
	decode  func(ast.Node)
}

// entry is a key that a mapping does have.
type entry struct {
	key, value ast.Node
	ok         bool // decoded without a mistake
}

// mapping decodes the fields of a mapping, what being its name in messages
// ("a load"), and returns the entries by key: nil where n is no mapping.
func (d *decoder) mapping(n ast.Node, what string, fields ...field) map[string]entry {
	entries := make(map[string]entry)
	ok := d.eachKey(n, what, func(key string, keyNode, value ast.Node) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == key })
		if i < 0 {
			d.reject(keyNode, fmt.Sprintf("unknown key %q in %s", key, what), suggest(key, fieldKeys(fields)))
			return
		}
		before := len(d.mistakes)
		fields[i].decode(value)
		entries[key] = entry{keyNode, value, len(d.mistakes) == before}
	})
	if !ok {
		return nil
	}
	for _, f := range fields {
		if _, given := entries[f.key]; !given && f.example != "" {
			d.rejectMissing(n, fmt.Sprintf("%s needs %q", what, f.key), "add "+f.example)
		}
	}
	return entries
}

func fieldKeys(fields []field) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}

// eachKey calls visit for each key of a mapping, in file order. It rejects
// what is not a mapping (and returns false), keys that are not plain texts, and
// keys that are given twice.
func (d *decoder) eachKey(n ast.Node, what string, visit func(key string, keyNode, value ast.Node)) bool {
	d.see(n)
	m, ok := n.(*ast.MappingNode)
	if !ok {
		d.wrongType(n, what, "a mapping (key: value)")
		return false
	}
	seen := make(map[string]place)
	for _, kv := range m.Values {
		d.see(kv.Key)
		key, ok := kv.Key.(*ast.StringNode)
		if !ok {
			d.reject(kv.Key, fmt.Sprintf("%s as a key of %s", kind(kv.Key), what), "keys are plain texts")
			continue
		}
		at := d.start(key)
		first, twice := seen[key.Value]
		if first == at && twice {
			continue // the parser can list a key again that follows a quoted text of several lines
		}
		if twice {
			d.reject(key, fmt.Sprintf("%q is given twice in %s", key.Value, what), fmt.Sprintf("the first one is on line %d: remove one of them", first.line))
			continue
		}
		seen[key.Value] = at
		visit(key.Value, key, kv.Value)
	}
	return true
}

// list calls visit for each item of a list, which may be empty where
// mayBeEmpty says so.
func (d *decoder) list(n ast.Node, what string, mayBeEmpty bool, visit func(ast.Node)) {
	d.see(n)
	l, ok := n.(*ast.SequenceNode)
	if !ok {
		d.wrongType(n, what, "a list")
		return
	}
	if len(l.Values) == 0 && !mayBeEmpty {
		d.reject(n, what+" must not be empty", "name at least one, or leave the key out if it has a default")
	}
	for _, item := range l.Values {
		d.see(item)
		visit(item)
	}
}

// text decodes a text; ok is false where n is none.
func (d *decoder) text(n ast.Node, what string) (value string, ok bool) {
	d.see(n)
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	d.wrongType(n, what, "a text")
	return "", false
}

// whole decodes a whole number within bounds, in decimal digits.
func (d *decoder) whole(n ast.Node, what string, low, high int) (value int, ok bool) {
	d.see(n)
	literal, ok := plain(n)
	switch {
	case ok && kind(n) == "a number" && !wholePattern.MatchString(literal):
		d.reject(n, fmt.Sprintf("%s must be a whole number in decimal digits, not %s", what, literal), "")
		return 0, false
	case !ok || !wholePattern.MatchString(literal):
		d.wrongType(n, what, "a whole number")
		return 0, false
	}
	value, err := strconv.Atoi(literal)
	if err != nil || value < low || value > high {
		d.reject(n, fmt.Sprintf("%s is %s, outside of %d to %d", what, literal, low, high), "")
		return 0, false
	}
	return value, true
}

// plain returns a scalar as it is written, if it is written without quotes.
func plain(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode, *ast.BoolNode:
		return strings.TrimSpace(n.GetToken().Value), true
	case *ast.StringNode:
		return n.Value, n.Token.Type == token.StringType
	}
	return "", false
}

// scalar returns a text or number as it is written, quotes removed, for what
// has a syntax of its own.
func (d *decoder) scalar(n ast.Node, what, want string) (string, bool) {
	d.see(n)
	if s, ok := n.(*ast.StringNode); ok {
		return strings.TrimSpace(s.Value), true
	}
	if s, ok := plain(n); ok {
		return s, true
	}
	d.wrongType(n, what, want)
	return "", false
}

// wrongType records a node of another kind than wanted.
func (d *decoder) wrongType(n ast.Node, what, want string) {
	hint := ""
	switch n := n.(type) {
	case *ast.NullNode:
		hint = "write a value, or remove the key"
	case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
		hint = "scenario files use no anchors, aliases or tags: write the value itself"
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		switch want {
		case "a text":
			hint = fmt.Sprintf("quote it: %q", n.GetToken().Value)
		case "a list":
			hint = fmt.Sprintf("write [%s]", n.GetToken().Value)
		}
	case *ast.MappingNode:
		if want == "a list" {
			hint = `put "- " before each mapping of the list`
		}
	case *ast.StringNode:
		if want == "a list" {
			hint = fmt.Sprintf("write [%s]", n.Value)
		}
		if want == "a whole number" && wholePattern.MatchString(n.Value) {
			hint = "remove the quotes"
		}
	}
	d.reject(n, fmt.Sprintf("%s must be %s, not %s", what, want, kind(n)), hint)
}

// kind names what a node is, for a message.
func kind(n ast.Node) string {
	switch n.(type) {
	case *ast.NullNode:
		return "nothing"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.AliasNode:
		return "an alias"
	case *ast.AnchorNode:
		return "an anchor"
	case *ast.TagNode:
		return "a tag"
	case *ast.MergeKeyNode:
		return "a merge key"
	case *ast.MappingKeyNode:
		return "a question mark"
	}
	return "something else"
}
