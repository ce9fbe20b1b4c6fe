package page

import (
	"cmp"
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
	X      Axis     `json:"x"`
	Y      Axis     `json:"y"`
	Series []Series `json:"series"`

	bound float64 // what Y is to be below; 0: nothing
}

// Axis says what values are. Label names the unit too; Unit stands behind a value.
type Axis struct {
	Label  string    `json:"label"`
	Unit   string    `json:"unit,omitempty"`
	Scale  string    `json:"scale"` // linear, log or percentile (values are then summary.PercentileX)
	Min    *float64  `json:"min,omitempty"`
	Max    *float64  `json:"max,omitempty"`
	Values []Compact `json:"values,omitempty"` // of an x axis: those that series without X share
}

// Series is one line, or points.
type Series struct {
	Label  string            `json:"label"`
	Axes   map[string]string `json:"axes,omitempty"` // of the case, those that filters know
	Colour string            `json:"colour"`         // a protocol, else "other"
	Dashed bool              `json:"dashed,omitempty"`
	Points bool              `json:"points,omitempty"` // that no line joins
	X      []Compact         `json:"x,omitempty"`      // else the beginning of Axis.Values
	Y      []Compact         `json:"y"`
	Low    []Compact         `json:"low,omitempty"` // with High: an interval about Y
	High   []Compact         `json:"high,omitempty"`
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
		"drift":      driftChart(d, axes),
		"saturation": saturationChart(cases, axes),
		"trends":     trendsChart(d, cases, axes),
	})
}

// collect leaves out charts without a panel.
func collect(charts map[string]Chart) ChartData {
	data := ChartData{Charts: map[string]Chart{}}
	for name, chart := range charts {
		for i := range chart.Panels {
			chart.Panels[i].share()
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

// addSorted is add for points in any order.
func (p *Panel) addSorted(s Series, x, y []float64) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	sortedX, sortedY := make([]float64, len(x)), make([]float64, len(x))
	for to, from := range order {
		sortedX[to], sortedY[to] = x[from], y[from]
	}
	p.add(s, sortedX, sortedY)
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
