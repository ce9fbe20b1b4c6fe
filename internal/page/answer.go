package page

import (
	"html/template"

	"github.com/gwbench/gwbench/internal/summary"
)

// answer is what the run means, in words.
func (r *report) answer() (template.HTML, error) {
	answers := summary.Answers(r.Data)
	if len(answers) == 0 {
		return "", nil
	}
	return render("answers", answers)
}
