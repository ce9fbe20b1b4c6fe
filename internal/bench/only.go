package bench

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/gwbench/gwbench/results"
)

// keepOnly drops the cases that do not match the pattern.
func (p *Plan) keepOnly(pattern string) error {
	if pattern == "" {
		return nil
	}
	all := p.Cases
	p.Cases = nil
	for _, c := range all {
		ok, err := Matches(pattern, c)
		if err != nil {
			return err
		}
		if ok {
			p.Cases = append(p.Cases, c)
		}
	}
	if len(p.Cases) > 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--only %q matches no case; the cases are:", pattern)
	for _, c := range all {
		fmt.Fprintf(&b, "\n  %s", c.ID())
	}
	return errors.New(b.String())
}

// Matches tells whether a case matches a pattern of --only: a comma-separated
// list of alternatives, each of words parted by slashes or blanks, of which
// every one has to match one of the case's values (as path.Match does).
func Matches(pattern string, c results.Case) (bool, error) {
	values := strings.Split(c.ID(), "/")
	for alternative := range strings.SplitSeq(pattern, ",") {
		words := strings.FieldsFunc(alternative, func(r rune) bool { return r == '/' || r == ' ' })
		all := len(words) > 0
		for _, word := range words {
			if _, err := path.Match(word, ""); err != nil {
				return false, fmt.Errorf("--only %q: %q is not a valid pattern: %w", pattern, word, err)
			}
			all = all && slices.ContainsFunc(values, func(value string) bool {
				ok, _ := path.Match(word, value)
				return ok
			})
		}
		if all {
			return true, nil
		}
	}
	return false, nil
}
