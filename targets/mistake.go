package targets

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/gwbench/gwbench/internal/spelling"
	"github.com/gwbench/gwbench/scenarios"
)

// mistake turns an error of the YAML decoder into one that shows the place, in
// the form in which mistakes in scenarios are shown. The text begins on that
// line of the file.
func mistake(file string, line int, text []byte, err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: there is no recipe in it: write at least name, program and serves", file)
	}
	e, ok := errors.AsType[yaml.Error](err)
	if !ok || e.GetToken() == nil || e.GetToken().Position == nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	at := e.GetToken().Position
	m := &scenarios.Error{File: file, Line: line + at.Line - 1, Column: at.Column, Problem: e.GetMessage()}
	if lines := strings.Split(string(text), "\n"); at.Line >= 1 && at.Line <= len(lines) {
		m.Source = strings.TrimSuffix(lines[at.Line-1], "\r")
	}
	if found := unknownField.FindStringSubmatch(m.Problem); found != nil {
		m.Problem = fmt.Sprintf("unknown key %q", found[1])
		if near := spelling.Nearest(found[1], keys); near != "" {
			m.Hint = fmt.Sprintf("did you mean %q?", near)
		} else {
			m.Hint = "docs/recipes.md lists the keys"
		}
	}
	if strings.Contains(m.Problem, "sequence is expected") {
		m.Problem, m.Hint = "a list is wanted here", "write it in brackets: [tcp, unix]"
	}
	return m
}

var unknownField = regexp.MustCompile(`^unknown field "([^"]*)"`)

// keys are all that a recipe may have anywhere.
var keys = func() (all []string) {
	for _, t := range []reflect.Type{
		reflect.TypeFor[Recipe](), reflect.TypeFor[Serve](), reflect.TypeFor[Ready](), reflect.TypeFor[Stop](),
		reflect.TypeFor[Exception](), reflect.TypeFor[Pitfall](), reflect.TypeFor[Variant](),
	} {
		for f := range t.Fields() {
			if key := f.Tag.Get("yaml"); key != "" && !slices.Contains(all, key) {
				all = append(all, key)
			}
		}
	}
	return all
}()
