package page

import (
	"bytes"
	"html"
	"regexp"
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

// What the policy names by hash has to be what stands in the page, byte for byte.
func TestPolicyNamesWhatIsInThePage(t *testing.T) {
	for name, d := range map[string]Document{
		"file":   {Title: "x"},
		"served": {Title: "x", Served: &Served{Style: "p { color: red }", Script: "'</p>'; 1 < 2 && 3 > 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := d.Write(&out); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(html.UnescapeString(out.String()), `content="`+d.Policy()+`"`) {
				t.Errorf("the page does not have the policy %s", d.Policy())
			}
			found := regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`).FindAllStringSubmatch(out.String(), -1)
			if want := 2; d.Served != nil && len(found) != 2*want || d.Served == nil && len(found) != want {
				t.Fatalf("%d styles and scripts", len(found))
			}
			for _, f := range found {
				if !strings.Contains(d.Policy(), hashOf(f[2])) {
					t.Errorf("a %s that the policy does not let be: %.40q", f[1], f[2])
				}
			}
			if got := strings.Contains(d.Policy(), "'self'"); got != (d.Served != nil) {
				t.Errorf("policy %s", d.Policy())
			}
		})
	}
}

func TestProseKeepsUnitsWithTheirNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"99.75 % confidence": "99.75\u00a0% confidence", "60 B and 0.3 ms": "60\u00a0B and 0.3\u00a0ms", "1,000 req/s": "1,000\u00a0req/s",
		"11 blocks": "11 blocks", "": "",
	} {
		if got := prose(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
