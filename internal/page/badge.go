package page

import (
	"cmp"
	"html/template"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/verdict"
)

// Badge is an outcome in a word. The partial "badge" draws it.
type Badge struct {
	Class string // "supported", "better" ...: chooses its colour
	Mark  string // a sign of a shape of its own, for those who see no colour
	Word  string
	About string // what it is the badge of, for the pointer; "": nothing
}

// HTML renders the badge.
func (b Badge) HTML() (template.HTML, error) { return render("badge", b) }

// marks are as in the pictures: a disc for what holds, a square for what does not,
// a ring for what is open.
var marks = map[string]string{
	string(verdict.Supported): "●", string(verdict.Better): "▲", string(verdict.Same): "●",
	string(verdict.Refuted): "■", string(verdict.Worse): "▼", string(verdict.Inconclusive): "○",
}

// NewBadge is the badge of an outcome of a claim or a change. A word that is neither
// has the looks of what is open.
func NewBadge(outcome string) Badge {
	mark, known := marks[outcome]
	if !known {
		return Badge{Class: string(verdict.Inconclusive), Mark: marks[string(verdict.Inconclusive)], Word: cmp.Or(inert.Line(outcome), "undecided")}
	}
	return Badge{Class: outcome, Mark: mark, Word: outcome}
}
