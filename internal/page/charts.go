package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/gwbench/gwbench/internal/inert"
	"github.com/gwbench/gwbench/internal/summary"
	"github.com/gwbench/gwbench/results"
)

// ChartData is what the script draws in place of the static drawings of the same
// name; see assets/js/charts.js.
type ChartData struct {
	Charts map[string]Chart `json:"charts"`
}

// Chart is drawn from top to bottom.
type Chart struct {
	Panels []Panel `json:"panels"`
}

// Panel is one pair of axes.
type Panel struct {
	Title  string   `json:"title"`
	Notes  []string `json:"notes,omitempty"` // what else is to say of it
	X      Axis     `json:"x"`
	Y      Axis     `json:"y"`
	Series []Series `json:"series"`
	Kinds  []Kind   `json:"kinds,omitempty"` // what points may be; the first is the usual one
	Key    string   `json:"key,omitempty"`   // what colours and dashes stand for
}

// Kind is what a point may be, and how it looks then.
type Kind struct {
	Label string `json:"label"`
	Mark  string `json:"mark,omitempty"`  // in place of the series' own; "hollow" is that, not filled
	Apart bool   `json:"apart,omitempty"` // no line joins it to others
}

// Axis says what values are. Label names the unit too; Unit stands behind a value.
type Axis struct {
	Label  string    `json:"label"`
	Unit   string    `json:"unit,omitempty"`
	Scale  string    `json:"scale"` // linear, log or percentile (values are then summary.PercentileX)
	Min    *float64  `json:"min,omitempty"`
	Max    *float64  `json:"max,omitempty"`
	Whole  bool      `json:"whole,omitempty"`  // counts something: no ticks between whole numbers
	Values []Compact `json:"values,omitempty"` // of an x axis: those that series without X share
	Ticks  []Tick    `json:"ticks,omitempty"`  // names of values, in place of round numbers
}

// Tick names a value.
type Tick struct {
	Value Compact `json:"value"`
	Text  string  `json:"text"`
}

// Series is one line, or points.
type Series struct {
	Label  string            `json:"label"`
	Axes   map[string]string `json:"axes,omitempty"` // of the case, those that filters know
	Colour string            `json:"colour"`         // a protocol, "ink", else "other"
	Dashed bool              `json:"dashed,omitempty"`
	Dashes []int             `json:"dashes,omitempty"` // pixels drawn and left out, in place of those of Dashed
	Thin   bool              `json:"thin,omitempty"`   // of many lines, behind others
	Points bool              `json:"points,omitempty"` // that no line joins
	Mark   string            `json:"mark,omitempty"`   // the shape of points, and of some that a line joins; "" for none
	X      []Compact         `json:"x,omitempty"`      // else the beginning of Axis.Values
	Y      []Compact         `json:"y"`
	Low    []Compact         `json:"low,omitempty"` // with High: an interval about Y
	High   []Compact         `json:"high,omitempty"`
	Kinds  []int             `json:"kinds,omitempty"` // of each point, those of the panel; else all are the first
	Notes  map[int]string    `json:"notes,omitempty"` // what else is to say of a point
	Rule   *Rule             `json:"rule,omitempty"`
	Fit    *Fit              `json:"fit,omitempty"`
	Says   string            `json:"says,omitempty"` // what else is to say of the whole
}

// Fit is a straight line that was fitted to a series: its ends.
type Fit struct {
	X [2]Compact `json:"x"`
	Y [2]Compact `json:"y"`
}

// Rule is a place on the x axis that a series comes to, and an interval about it: a line
// from top to bottom over a band.
type Rule struct {
	At    Compact `json:"at"`
	Low   Compact `json:"low"`
	High  Compact `json:"high"`
	Label string  `json:"label"`
}

// Compact is a number in four significant digits, which no screen shows more of.
// What is not finite is unknown, null.
type Compact float64

// MarshalJSON writes the shortest form.
func (c Compact) MarshalJSON() ([]byte, error) {
	v := c.rounded()
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	fixed, short := strconv.FormatFloat(v, 'f', -1, 64), strconv.FormatFloat(v, 'g', -1, 64)
	if len(fixed) <= len(short) {
		return []byte(fixed), nil
	}
	return []byte(short), nil
}

// rounded is the number that is written.
func (c Compact) rounded() float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(float64(c), 'g', 4, 64), 64)
	if err != nil {
		return math.Inf(1) // what rounds to beyond the greatest number
	}
	return v
}

func compact(values []float64) []Compact {
	out := make([]Compact, len(values))
	for i, v := range values {
		out[i] = Compact(v)
	}
	return out
}

// Charts is what the script draws of a run. A chart without a value is left out: its
// static drawing says why.
func Charts(of summary.Timed) ChartData {
	d, cases, axes := of.Data, summary.Cases(of.Data), summary.CaseAxes(of.Run.Plan)
	return collect(map[string]Chart{
		"latency":    latencyChart(of.Loads, axes),
		"ecdf":       ecdfChart(of.Loads, axes),
		"corrected":  correctedChart(of.Loads, axes),
		"drift":      driftChart(d),
		"saturation": saturationChart(cases, axes),
		"trends":     trendsChart(d, cases),
	})
}

// collect leaves out charts without a panel.
func collect(charts map[string]Chart) ChartData {
	data := ChartData{Charts: map[string]Chart{}}
	for name, chart := range charts {
		for i := range chart.Panels {
			chart.Panels[i].share()
			chart.Panels[i].mark()
		}
		if len(chart.Panels) > 0 {
			data.Charts[name] = chart
		}
	}
	return data
}

// add adds a panel that has a line.
func (c *Chart) add(p Panel) {
	if len(p.Series) > 0 {
		c.Panels = append(c.Panels, p)
	}
}

// add adds a line, x ascending, unless it has no point.
func (p *Panel) add(s Series, x, y []float64) {
	if len(x) == 0 {
		return
	}
	s.X, s.Y = compact(x), compact(y)
	p.Series = append(p.Series, s)
}

// point is one of a series that may be of several kinds.
type point struct {
	x, y float64
	kind int
	note string
}

// addPoints is add for points of a panel with kinds, in any order, several of which may
// have one x.
func (p *Panel) addPoints(s Series, points []point) {
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.x, b.x) })
	usual := !slices.ContainsFunc(points, func(at point) bool { return at.kind != 0 })
	var x, y []float64
	for i, at := range points {
		x, y = append(x, at.x), append(y, at.y)
		if !usual {
			s.Kinds = append(s.Kinds, at.kind)
		}
		if at.note != "" {
			if s.Notes == nil {
				s.Notes = map[int]string{}
			}
			s.Notes[i] = at.note
		}
	}
	p.add(s, x, y)
}

// Marks tell apart what shares colour and dashes. Those of lines are the ones of the drawn
// pictures; where points have kinds, they leave out what stands for one.
var (
	lineMarks  = []string{"circle", "square", "triangle", "cross", "plus", "ring", "diamond", "down", "open-square", "open-triangle", "open-diamond", "open-down"}
	pointMarks = []string{"circle", "square", "triangle", "diamond", "down", "right"}
)

// moreDashes are those of series for which there are no marks left: of solid ones, and of
// dashed ones.
var moreDashes = map[bool][][]int{
	false: {{2, 3}, {12, 3, 2, 3}, {14, 4}},
	true:  {{3, 3}, {8, 3, 2, 3}, {6, 3, 2, 3, 2, 3}},
}

// mark gives the series of cases their marks.
func (p *Panel) mark() {
	type looks struct {
		colour, dashes string
		dashed, points bool
	}
	sharing := map[looks]int{}
	for i := range p.Series {
		s := &p.Series[i]
		if s.Axes == nil {
			continue
		}
		marks := lineMarks
		if len(p.Kinds) > 0 {
			marks = pointMarks
		}
		like := looks{s.Colour, fmt.Sprint(s.Dashes), s.Dashed, s.Points}
		s.Mark = marks[sharing[like]%len(marks)]
		if more := moreDashes[s.Dashed]; sharing[like] >= len(marks) && s.Dashes == nil {
			s.Dashes = more[(sharing[like]/len(marks)-1)%len(more)]
		}
		sharing[like]++
	}
}

// share takes x from lines that have that of the axis, or its beginning.
func (p *Panel) share() {
	for _, s := range p.Series {
		if len(s.X) > len(p.X.Values) {
			p.X.Values = s.X
		}
	}
	for i, s := range p.Series {
		if slices.Equal(s.X, p.X.Values[:len(s.X)]) {
			p.Series[i].X = nil
		}
	}
}

// caseSeries is a series that stands for a case, without its values.
func caseSeries(c results.Case, axes []string) Series {
	return Series{
		Label:  summary.Label(c, axes, 0),
		Axes:   caseAxes(c, axes),
		Colour: protocolClass(c.Protocol),
		Dashed: c.Connection == results.PerRequest,
	}
}

func caseAxes(c results.Case, axes []string) map[string]string {
	values := make(map[string]string, len(axes))
	for _, axis := range axes {
		values[axis] = inert.Line(c.Value(axis))
	}
	return values
}
