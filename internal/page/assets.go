package page

import (
	"embed"
	"strings"
)

// The script is several files about one thing each, of which main.js starts the
// others; the style is that of uPlot, of what the script adds and of the page, which has the last
// word. Both are put together here, once: there is no build step.

//go:embed assets/style.css assets/script.css assets/js/*.js assets/uplot/uPlot.iife.min.js assets/uplot/uPlot.min.css assets/uplot/LICENSE
var assets embed.FS

var (
	styleSource  = joinAssets("uplot/uPlot.min.css", "script.css", "style.css")
	scriptSource = "/*\nuPlot: " + joinAssets("uplot/LICENSE") + "*/\n" + joinAssets("uplot/uPlot.iife.min.js") +
		// A function keeps our names from the page's.
		"(() => {\n\"use strict\";\n" + joinAssets(
		"js/theme.js", "js/tables.js", "js/filters.js", "js/histograms.js", "js/bundle.js", "js/csv.js", "js/downloads.js",
		"js/chart-scales.js", "js/chart-data.js", "js/chart-marks.js", "js/chart-rules.js", "js/chart-fits.js", "js/chart-legend.js", "js/chart-keys.js", "js/charts.js",
		"js/parts.js", "js/main.js",
	) + "})();\n"
)

// joinAssets joins files that are in the program.
func joinAssets(names ...string) string {
	var joined strings.Builder
	for _, name := range names {
		content, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic(err) // a name above is wrong: no test gets past it
		}
		joined.Write(content)
		joined.WriteByte('\n')
	}
	return joined.String()
}
