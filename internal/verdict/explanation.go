package verdict

import (
	"fmt"
	"math"
	"strings"

	"github.com/gwbench/gwbench/internal/stats"
)

// negligible is the share of the largest part, in logarithms, below which
// another is not worth a mention: 1.05x next to 8.5x.
const negligible = 0.1

// alike is the share from which a part counts as nearly as large as the
// largest: 1.68x and 1.62x are clearly different, and still no reason to speak of
// the one as the cause.
const alike = 2.0 / 3

// owners are the words for whose a part is.
var owners = map[string]string{
	"target": "server", "connection": "connection mode",
}

func owner(axis string) string {
	if word, ok := owners[axis]; ok {
		return word
	}
	return axis
}

// explain says a decomposition in plain words:
//
//	Of the 8.90x, 8.50x [8.10, 9.00] comes from the target (uwsgi instead of
//	pygateway) and 1.05x [1.02, 1.08] from the protocol (uwsgi instead of
//	fastcgi), so the difference is the server's, not the protocol's.
func (d decomposition) explain(whole stats.Ratio) string {
	if len(d.parts) == 0 || whole.N == 0 {
		return ""
	}
	opening, verb := "Of the %sx, ", " comes"
	if whole.Estimate < 1 {
		opening, verb = "The %sx is made of ", ""
	}
	parts := make([]string, len(d.parts))
	for i, p := range d.parts {
		if i > 0 {
			verb = ""
		}
		parts[i] = fmt.Sprintf("%sx%s%s from the %s (%s instead of %s)",
			significant(p.Ratio.Estimate), ends(p.Ratio.Low, p.Ratio.High, p.Ratio), verb, p.Axis, value(p.To), value(p.From))
	}
	text := fmt.Sprintf(opening, significant(whole.Estimate)) + Enumeration(parts) + ", " + d.conclude() + "."
	text += d.dependence()
	if used := d.parts[0].Ratio.N; used < whole.N {
		text += fmt.Sprintf(" The parts rest on %d of %s: the others lack a valid trial of some combination.", used, count(whole.N, "block"))
	}
	return text
}

// value is the word for a value of an axis; the name of a request may be empty.
func value(v string) string {
	if v == "" {
		return "none"
	}
	return v
}

// conclude says whose the difference is, as far as the blocks tell.
func (d decomposition) conclude() string {
	located := make([]stats.Location, len(d.shares))
	top, clear := 0, false
	for i, shares := range d.shares {
		located[i] = stats.Locate(shares, partAlpha)
		if math.Abs(located[i].Estimate) > math.Abs(located[top].Estimate) {
			top = i
		}
		clear = clear || located[i].Sign() != 0
	}
	switch {
	case !located[top].HasInterval():
		return "but it takes " + count(stats.MinBlocks(partAlpha), "block") + " to tell which of them is larger"
	case !clear:
		return "but none of them is clearly different from 1x"
	case !d.largest(top, located):
		return "but which of them is larger is not clear"
	}
	return d.attribute(top, located)
}

// largest tells whether a part is clearly further from 1x than each of the
// others, whichever way they go.
func (d decomposition) largest(top int, located []stats.Location) bool {
	for i := range d.shares {
		if i == top {
			continue
		}
		further := minus(away(d.shares[top], located[top]), away(d.shares[i], located[i]))
		if stats.Locate(further, partAlpha).Sign() <= 0 {
			return false
		}
	}
	return true
}

// away turns shares round where they point below 1x.
func away(shares []float64, l stats.Location) []float64 {
	turned := make([]float64, len(shares))
	for i, s := range shares {
		turned[i] = math.Copysign(1, l.Estimate) * s
	}
	return turned
}

// attribute names the owner of the difference, and what part the others have.
func (d decomposition) attribute(top int, located []stats.Location) string {
	var none, nearly, smaller, against []string
	for i, p := range d.parts {
		share := located[i].Estimate / located[top].Estimate
		switch name := "the " + owner(p.Axis); {
		case i == top:
		case located[i].Sign() == 0 || math.Abs(share) < negligible:
			none = append(none, name+"'s")
		case share < 0:
			against = append(against, name)
		case share >= alike:
			nearly = append(nearly, name+"'s")
		default:
			smaller = append(smaller, name+"'s")
		}
	}
	text := "so the difference is "
	if len(smaller) > 0 && len(nearly) == 0 {
		text += "mostly "
	}
	text += "the " + owner(d.parts[top].Axis) + "'s"
	if len(nearly) > 0 {
		text += " and, nearly as much, " + Enumeration(nearly)
	}
	if len(none) > 0 {
		text += ", not " + Enumeration(none)
	}
	if len(smaller) > 0 {
		text += ", and to a smaller part " + Enumeration(smaller)
	}
	if len(against) > 0 {
		text += ", and goes against what " + Enumeration(against) + plural(len(against), " does", " do")
	}
	return text
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// dependence says which of the smaller parts depends most on the other axes;
// "" where none does. A dependence is mutual: the smaller part shows it best.
func (d decomposition) dependence() string {
	at := -1
	for i, p := range d.parts {
		if d.varies[i] && (at < 0 || math.Abs(math.Log(p.Ratio.Estimate)) < math.Abs(math.Log(d.parts[at].Ratio.Estimate))) {
			at = i
		}
	}
	if at < 0 {
		return ""
	}
	var others []string
	for i, p := range d.parts {
		if i != at {
			others = append(others, "the "+p.Axis)
		}
	}
	p := d.parts[at]
	return fmt.Sprintf(" What the %s does depends on %s: %sx to %sx.", p.Axis, strings.Join(others, " and "), significant(p.Least), significant(p.Most))
}
