package scenarios

import (
	"testing"
	"time"
)

func TestScalars(t *testing.T) {
	for _, test := range []struct {
		text  string
		parse func(string) (any, error)
		want  any // nil: an error
	}{
		{"150ms", anyOf(parseDuration), 150 * time.Millisecond},
		{"1h", anyOf(parseDuration), time.Hour},
		{"1h0m1s", anyOf(parseDuration), nil},
		{"0s", anyOf(parseDuration), nil},
		{"-1s", anyOf(parseDuration), nil},
		{"5", anyOf(parseDuration), nil},
		{"5 s", anyOf(parseDuration), nil},
		{"", anyOf(parseDuration), nil},
		{"99999999999999999999s", anyOf(parseDuration), nil},

		{"2000/s", anyOf(parseRate), 2000.0},
		{"120/m", anyOf(parseRate), 2.0},
		{"0.5", anyOf(parseRate), 0.5},
		{"1e3/s", anyOf(parseRate), 1000.0},
		{"1e6/s", anyOf(parseRate), 1e6},
		{"1000001", anyOf(parseRate), nil},
		{"1e400", anyOf(parseRate), nil},
		{"1e-400", anyOf(parseRate), nil},
		{"0", anyOf(parseRate), nil},
		{"-1/s", anyOf(parseRate), nil},
		{"inf/s", anyOf(parseRate), nil},
		{"nan", anyOf(parseRate), nil},
		{"0x10/s", anyOf(parseRate), nil},
		{"10/h", anyOf(parseRate), nil},

		{"5%", anyOf(parsePercent), 0.05},
		{"0.05", anyOf(parsePercent), 0.05},
		{"0", anyOf(parsePercent), 0.0},
		{"-0%", anyOf(parsePercent), 0.0},
		{"99.9%", anyOf(parsePercent), 0.9990000000000001},
		{"100%", anyOf(parsePercent), nil},
		{"5", anyOf(parsePercent), nil},
		{"-1%", anyOf(parsePercent), nil},
		{"%", anyOf(parsePercent), nil},

		{">= 10", anyOf(parseFactor), Factor{AtLeast, 10}},
		{"<=1.05", anyOf(parseFactor), Factor{AtMost, 1.05}},
		{">=1e3", anyOf(parseFactor), Factor{AtLeast, 1000}},
		{"> 10", anyOf(parseFactor), nil},
		{"=> 10", anyOf(parseFactor), nil},
		{">= -1", anyOf(parseFactor), nil},
		{">= 1e400", anyOf(parseFactor), nil},
		{">= inf", anyOf(parseFactor), nil},
		{"10", anyOf(parseFactor), nil},
	} {
		got, err := test.parse(test.text)
		switch {
		case test.want == nil && err == nil:
			t.Errorf("%q was read as %v, want an error", test.text, got)
		case test.want != nil && err != nil:
			t.Errorf("%q: %v, want %v", test.text, err, test.want)
		case test.want != nil && got != test.want:
			t.Errorf("%q was read as %v, want %v", test.text, got, test.want)
		}
	}
}

func anyOf[T any](parse func(string) (T, error)) func(string) (any, error) {
	return func(s string) (any, error) { return parse(s) }
}

func TestStrings(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{Factor{AtLeast, 10}.String(), ">= 10"},
		{Factor{AtMost, 1.05}.String(), "<= 1.05"},
		{Factor{AtLeast, 1e6}.String(), ">= 1000000"},
		{Selector{"protocol": "uwsgi", "connection": "per-request"}.String(), "{connection: per-request, protocol: uwsgi}"},
		{Selector{}.String(), "{}"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
