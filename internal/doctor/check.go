package doctor

import (
	"fmt"
	"strings"
)

// Result is how a check came out.
type Result string

const (
	Pass    Result = "pass"
	Warn    Result = "warn"    // figures are worth less than they could be
	Fail    Result = "fail"    // measuring makes no sense before this is mended
	Unknown Result = "unknown" // it could not be read
)

// Check is one question to the machine, with its answer.
type Check struct {
	Name    string `json:"name"`
	Result  Result `json:"result"`
	Finding string `json:"finding"`          // in figures
	Why     string `json:"why"`              // it matters: one clause
	Advice  string `json:"advice,omitempty"` // a command or a setting; "" where there is nothing to do
}

// Summary counts the results of the checks.
type Summary struct {
	Fit      bool     `json:"fit"`
	Failed   []string `json:"failed"` // names of the checks
	Warnings int      `json:"warnings"`
	Unknown  int      `json:"unknown"`
}

// Summarise counts. A machine is fit unless a check fails.
func Summarise(checks []Check) Summary {
	s := Summary{Failed: []string{}}
	for _, c := range checks {
		switch c.Result {
		case Fail:
			s.Failed = append(s.Failed, c.Name)
		case Warn:
			s.Warnings++
		case Unknown:
			s.Unknown++
		}
	}
	s.Fit = len(s.Failed) == 0
	return s
}

// String is the verdict: "fit, with 2 warnings".
func (s Summary) String() string {
	verdict := "fit"
	if !s.Fit {
		verdict = "not fit to measure on: " + strings.Join(s.Failed, ", ")
	}
	var with []string
	if s.Warnings > 0 {
		with = append(with, count(s.Warnings, "warning"))
	}
	if s.Unknown > 0 {
		with = append(with, fmt.Sprintf("%d unknown", s.Unknown))
	}
	if len(with) > 0 {
		verdict += ", with " + strings.Join(with, " and ")
	}
	return verdict
}

// count is "1 warning", "2 warnings".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
