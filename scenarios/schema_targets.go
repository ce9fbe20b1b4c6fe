package scenarios

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// targets decodes the list of targets: names of recipes, and mappings of what
// has a name of its own.
func (d *decoder) targets(n ast.Node) (targets []TargetRef) {
	seen := make(map[string]bool)
	d.list(n, "targets", false, func(item ast.Node) {
		if _, ok := item.(*ast.MappingNode); ok {
			targets = append(targets, d.ownTarget(item, seen))
			return
		}
		name, ok := d.text(item, "target")
		switch {
		case ok && isFile(name):
			d.reject(item, fmt.Sprintf("%q is the file of a recipe, not the name of a target", name), fmt.Sprintf("give the target a name: {name: mine, recipe: %s}", name))
		case ok:
			d.word(item, "target", d.vocabulary.Targets)
		}
		if seen[name] {
			d.reject(item, fmt.Sprintf("target %q is given twice", name), "remove it")
		}
		seen[name] = true
		targets = append(targets, TargetRef{Name: name})
	})
	return targets
}

// ownTarget decodes {name, url} and {name, recipe, ...}. seen holds the names
// so far.
func (d *decoder) ownTarget(item ast.Node, seen map[string]bool) (t TargetRef) {
	given := d.mapping(item, "a target",
		field{"name", "name: mine", func(n ast.Node) { t.Name = d.name(n, "target", seen) }},
		field{"url", "", func(n ast.Node) {
			var ok bool
			if t.URL, ok = d.text(n, "url"); ok && strings.TrimSpace(t.URL) == "" {
				d.reject(n, "url is empty", `write where the target listens: "uwsgi://127.0.0.1:3031/"`)
			}
		}},
		field{"recipe", "", func(n ast.Node) { d.recipe(n, &t.Recipe) }},
		field{"program", "", func(n ast.Node) { t.Recipe.Program = d.filled(n, "program", "name or path of the program") }},
		field{"args", "", func(n ast.Node) { t.Recipe.Args = d.args(n) }},
		field{"env", "", func(n ast.Node) { t.Recipe.Env = d.env(n) }},
	)
	if given == nil {
		return t
	}
	url, external := given["url"]
	recipe, own := given["recipe"]
	switch {
	case external && own:
		d.reject(d.later(url.key, recipe.key), "a target has either a url or a recipe, not both", "a url is that of a server which you run; gwbench starts a recipe's")
		return t
	case !external && !own:
		d.rejectMissing(item, "a target needs a url or a recipe", `add url: "uwsgi://127.0.0.1:3031/" of a server that you run, or recipe: uwsgi, or recipe: ./mine.yaml`)
		return t
	}
	for _, key := range []string{"program", "args", "env"} {
		change, changed := given[key]
		switch {
		case changed && external:
			d.reject(change.key, fmt.Sprintf("a target with a url has no %s", key), "gwbench does not start that server")
		case changed && t.Recipe.YAML != "":
			d.reject(change.key, fmt.Sprintf("%s belongs to a recipe that is named or in a file", key), "this one is written out here: write it into the recipe itself")
		}
	}
	return t
}

// later returns the one of two nodes that comes later in the file.
func (s *source) later(a, b ast.Node) ast.Node {
	if s.start(b).before(s.start(a)) {
		return a
	}
	return b
}

// isFile tells the file of a recipe from the name of one.
func isFile(s string) bool {
	return strings.ContainsAny(s, `/\`) || strings.HasSuffix(s, ".yaml") || strings.HasSuffix(s, ".yml")
}

// recipe decodes the name of a recipe, the name of its file, or the recipe
// itself.
func (d *decoder) recipe(n ast.Node, r *RecipeRef) {
	if m, ok := n.(*ast.MappingNode); ok {
		d.inline(m, r)
		return
	}
	if kind(n) != "a text" {
		d.see(n)
		d.wrongType(n, "recipe", "a name, a file or a mapping")
		return
	}
	text, _ := d.text(n, "recipe")
	switch {
	case strings.TrimSpace(text) == "":
		d.reject(n, "recipe is empty", "write the name of a recipe, or its file such as ./mine.yaml")
	case !isFile(text):
		r.Name = d.word(n, "recipe", d.vocabulary.Targets)
	case filepath.IsAbs(text):
		r.File = text
	default:
		r.File = filepath.Join(filepath.Dir(d.file), text)
	}
}

// inline takes a recipe that stands in the scenario as it is written. What it
// means is for package targets; here it has to be a mapping of plain YAML.
func (d *decoder) inline(m *ast.MappingNode, r *RecipeRef) {
	before := len(d.mistakes)
	ast.Walk(visitor(func(n ast.Node) {
		switch n.(type) {
		case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode, *ast.MergeKeyNode:
			d.reject(n, fmt.Sprintf("%s in a recipe", kind(n)), "scenario files use no anchors, aliases or tags: write the value itself")
		case *ast.MappingNode, *ast.MappingValueNode:
			return // begins where its first key does
		}
		d.see(n)
	}), m)
	if len(m.Values) == 0 {
		d.reject(m, "recipe is empty", "write at least program and serves")
	}
	if len(d.mistakes) > before {
		return
	}
	r.YAML, r.Line = d.textOf(m), d.start(m).line
}

// visitor calls itself for every node of a tree.
type visitor func(ast.Node)

func (v visitor) Visit(n ast.Node) ast.Visitor {
	v(n)
	return v
}

// textOf cuts a mapping out of the file. Its columns stay as they are.
func (s *source) textOf(m *ast.MappingNode) string {
	from := s.start(m)
	indent := strings.Repeat(" ", from.column-1)
	if m.IsFlowStyle {
		return s.cut(from, s.at(m.End), indent)
	}
	last := from.line
	for i := from.line; i < len(s.lines); i++ {
		content := strings.TrimLeft(s.lines[i], " ")
		if content == "" || content[0] == '#' {
			continue // belongs to the mapping if more of it follows
		}
		if len(s.lines[i])-len(content) < from.column-1 {
			break
		}
		last = i + 1
	}
	lines := slices.Clone(s.lines[from.line-1 : last])
	lines[0] = indent + strings.TrimLeft(lines[0], " ")
	return strings.Join(lines, "\n") + "\n"
}

// cut returns the text between two places, both of them included, after an
// indent in place of what comes before it on its first line.
func (s *source) cut(from, to place, indent string) string {
	lines := slices.Clone(s.lines[from.line-1 : min(max(from.line, to.line), len(s.lines))])
	end := len(lines) - 1
	if last := []rune(lines[end]); to.column < len(last) {
		lines[end] = string(last[:to.column])
	}
	if first := []rune(lines[0]); from.column-1 <= len(first) {
		lines[0] = indent + string(first[from.column-1:])
	}
	return strings.Join(lines, "\n") + "\n"
}

// filled decodes a text that is not empty; example says what to write.
func (d *decoder) filled(n ast.Node, what, example string) string {
	text, ok := d.text(n, what)
	if ok && strings.TrimSpace(text) == "" {
		d.reject(n, what+" is empty", "write the "+example+", or remove the key")
	}
	return text
}

// args decodes the arguments that a variant adds; any text is one.
func (d *decoder) args(n ast.Node) (args []string) {
	if s, ok := n.(*ast.StringNode); ok {
		d.see(n)
		words := strings.Fields(s.Value)
		for i, word := range words {
			words[i] = strconv.Quote(word)
		}
		d.reject(n, "args must be a list, not a text", "write each argument on its own: ["+strings.Join(words, ", ")+"]")
		return nil
	}
	d.list(n, "args", false, func(item ast.Node) {
		arg, _ := d.text(item, "an argument")
		args = append(args, arg)
	})
	return args
}

// env decodes environment variables.
func (d *decoder) env(n ast.Node) map[string]string {
	env := make(map[string]string)
	d.eachKey(n, "env", func(key string, keyNode, value ast.Node) {
		if key == "" || strings.Contains(key, "=") {
			d.reject(keyNode, fmt.Sprintf("%q is not the name of an environment variable", key), "write NAME: value")
		}
		env[key], _ = d.text(value, "variable "+key)
	})
	if len(env) == 0 {
		return nil
	}
	return env
}
