package apps

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Difference is one thing that two servers told the application differently
// about the same request.
type Difference struct {
	Field string // a field of Environ by its name in JSON, or a variable of Environ.Headers by its own
	A, B  string // the values in JSON; "" for a variable that is not there
}

// Diff lists what differs between two answers to the same request, in the order
// of Environ's fields, its header variables last and by name.
func (e Environ) Diff(other Environ) []Difference {
	a, b := e.values(), other.values()
	var differences []Difference
	for i := range a {
		differences = append(differences, Difference{a[i].name, a[i].value, b[i].value})
	}
	left, right := variables(e.Headers), variables(other.Headers)
	names := maps.Clone(left)
	maps.Copy(names, right)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		differences = append(differences, Difference{name, left[name], right[name]})
	}
	return slices.DeleteFunc(differences, func(d Difference) bool {
		return d.A == d.B
	})
}

// String is the line of a report on two cases that are called a and b.
func (d Difference) String() string {
	return d.Field + ": a has " + cmp.Or(d.A, "nothing") + ", b has " + cmp.Or(d.B, "nothing")
}

// field is one of Environ's, with its value in JSON.
type field struct{ name, value string }

// values returns all fields but the headers, in their order.
func (e Environ) values() []field {
	return []field{
		{"method", inJSON(e.Method)},
		{"script_name", inJSON(e.ScriptName)},
		{"path_info", inJSON(e.PathInfo)},
		{"query_string", inJSON(e.QueryString)},
		{"content_type", inJSON(e.ContentType)},
		{"content_length", inJSON(e.ContentLength)},
		{"body_length", inJSON(e.BodyLength)},
		{"body_sha256", inJSON(e.BodySHA256)},
	}
}

// variables returns the values of "NAME: value" by name. One that is there
// more than once, which no environ can have, keeps all its values.
func variables(headers []string) map[string]string {
	values := make(map[string]string, len(headers))
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		values[name] += inJSON(value)
	}
	return values
}

func inJSON(v any) string {
	text, _ := json.Marshal(v) // strings and numbers always have a JSON form
	return string(text)
}
