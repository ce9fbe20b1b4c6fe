package summary

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/inert"
)

// Answer is one paragraph of what a run means for a reader who was not there.
type Answer struct{ Heading, Text string }

// Answers says in plain words what the run tells, what it does not, and how far
// to trust it. Each answer stands where the records support it; without any
// there is none.
func Answers(d Data) []Answer {
	var answers []Answer
	for _, answer := range []struct {
		heading string
		text    func(Data) string
	}{
		{"The claims", claimsAnswer},
	} {
		if text := answer.text(d); text != "" {
			answers = append(answers, Answer{answer.heading, text})
		}
	}
	return answers
}

// claimsAnswer says what became of the claims, one sentence each.
func claimsAnswer(d Data) string {
	var sentences []string
	for _, c := range d.Claims {
		if v, ok := Telling(c); ok && inert.Line(v.Sentence) != "" {
			sentences = append(sentences, fmt.Sprintf("%s: %s", ClaimText(c), inert.Line(v.Sentence)))
		}
	}
	return strings.Join(sentences, " ")
}
