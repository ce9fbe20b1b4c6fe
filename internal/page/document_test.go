package page

import (
	"bytes"
	"strings"
	"testing"
)

func TestDataCannotEndItsScript(t *testing.T) {
	var out bytes.Buffer
	d := Document{Title: "</title><script>alert(1)</script>", Charts: []string{"</script><script>alert(1)</script>"}}
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "<script"); got != 2 {
		t.Errorf("%d script elements, want the data and the page's own:\n%s", got, out.String())
	}
	if strings.Contains(out.String(), "alert(1)</script>") {
		t.Error("hostile text is markup")
	}
}
