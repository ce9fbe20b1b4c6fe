package scenarios

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// alongUse is the axis of a trend, and where it stands.
type alongUse struct {
	axis string
	node ast.Node
}

// trends decodes the list of trends.
func (c *claims) trends(d *decoder, n ast.Node) (list []Trend) {
	d.list(n, "trends", true, func(item ast.Node) {
		t := Trend{Per: 1, Line: d.start(item).line}
		given := d.mapping(item, "a trend",
			field{"name", "name: cost-per-layer", func(n ast.Node) { t.Name = c.name(d, n, "trend") }},
			field{"says", "", func(n ast.Node) { t.Says, _ = d.text(n, "says") }},
			field{"metric", "metric: server_cpu", func(n ast.Node) { t.Metric = d.word(n, "metric", d.vocabulary.Metrics) }},
			field{"along", "along: application", func(n ast.Node) { t.Along = d.word(n, "axis", d.vocabulary.Axes) }},
			field{"where", "", func(n ast.Node) { t.Where = c.selector(d, n, "where") }},
			field{"per", "", func(n ast.Node) { t.Per = quantity(d, n, "per", "a number", parsePositive) }},
			field{"unit", "", func(n ast.Node) { t.Unit, _ = d.text(n, "unit") }},
		)
		if t.Says == "" {
			t.Says = t.Name
		}
		if along := given["along"]; along.ok {
			c.alongs = append(c.alongs, alongUse{t.Along, along.value})
			if where, ok := given["where"]; ok && where.ok && t.Where[t.Along] != "" {
				d.reject(where.value, fmt.Sprintf("where picks one %s, and the trend goes along %s", t.Along, t.Along), "name other axes only")
			}
		}
		list = append(list, t)
	})
	return list
}
