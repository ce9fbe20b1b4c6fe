package scenarios

import (
	"slices"
	"strconv"
	"strings"
)

// Claim is a sentence to test: metric of Of is Factor times better than that
// of Over, where better is higher or lower as the metric has it.
type Claim struct {
	Name    string
	Says    string   // default: Name
	Metrics []string // at least one; each is tested on its own
	Of      Selector
	Over    Selector
	Factor  Factor
	Line    int // where the claim begins in the scenario file, from 1
}

// Selector picks cases by axis value; axes that it does not name are free.
type Selector map[string]string

// String writes the selector for messages, its axes in alphabetical order:
// {connection: per-request, protocol: uwsgi}.
func (s Selector) String() string {
	parts := make([]string, 0, len(s))
	for axis, value := range s {
		parts = append(parts, axis+": "+value)
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ", ") + "}"
}

// Factor bounds a ratio from below or above: ">= 10" or "<= 1.05".
type Factor struct {
	Op    string  `json:"op"`    // AtLeast or AtMost
	Value float64 `json:"value"` // positive
}

// Operators of a Factor.
const (
	AtLeast = ">="
	AtMost  = "<="
)

// String writes the factor as a scenario file does.
func (f Factor) String() string {
	return f.Op + " " + strconv.FormatFloat(f.Value, 'f', -1, 64)
}
