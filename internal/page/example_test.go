package page_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/page"
)

func ExampleDocument() {
	table, err := page.Table{
		ID: "cases", Caption: "Medians", Sortable: true,
		Head: []page.Column{{Text: "case", Type: "text"}, {Text: "throughput", Unit: "req/s", Type: "number", Number: true}},
		Rows: []page.Row{{Cells: []page.Cell{{Text: "uwsgi <b>", Head: true}, {Text: "12,345", Value: "12345", Class: "number"}}}},
	}.HTML()
	if err != nil {
		fmt.Println(err)
		return
	}
	d := page.Document{Title: "hello", Sections: []page.Section{{ID: "cases-section", Title: "Cases", Body: table}}}
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, "<tr><th scope=\"row\"") {
			fmt.Print(line)
		}
	}
	// Output: <tr><th scope="row">uwsgi &lt;b&gt;</th><td class="number" data-value="12345">12,345</td></tr>
}
