package page

import (
	"math"
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
	v := float64(c)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return []byte("null"), nil
	}
	short := strconv.FormatFloat(v, 'g', 4, 64)
	// "1e+03" and "0.5000" are shorter as the number that they stand for.
	rounded, err := strconv.ParseFloat(short, 64)
	if err != nil {
		return nil, err
	}
	if fixed := strconv.FormatFloat(rounded, 'f', -1, 64); len(fixed) <= len(short) {
		return []byte(fixed), nil
	}
	return []byte(strconv.FormatFloat(rounded, 'g', -1, 64)), nil
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
func Charts(d summary.Data) ChartData {
	data := ChartData{Charts: map[string]Chart{}}
	for name, chart := range map[string]Chart{
		"latency": latencyChart(d),
	} {
		for i := range chart.Panels {
			chart.Panels[i].share()
		}
		if len(chart.Panels) > 0 {
			data.Charts[name] = chart
		}
	}
	return data
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
