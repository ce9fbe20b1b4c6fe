package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequests(t *testing.T) {
	text := minimal + `
expect: {status: 204}
request:
  - name: up
    method: POST
    body_size: 64KiB
    header_count: 2
    headers: {host: shop.example, x-gwbench-3: mine}
  - {name: down-1024, path: /bytes/1024, expect: {body_size: 1 KiB}}
  - {name: nothing, body_size: 0, expect: {status: 404, body_size: 0B}}
`
	s, err := Parse("x.yaml", []byte(text), vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	kib, none := int64(1<<10), int64(0)
	want := []Request{
		{
			Name: "up", Method: "POST", Path: "/", BodySize: 64 << 10, HeaderCount: 2,
			Headers: map[string]string{"host": "shop.example", "x-gwbench-3": "mine"}, Expect: Expect{Status: 204},
		},
		{Name: "down-1024", Method: "GET", Path: "/bytes/1024", Expect: Expect{Status: 200, BodySize: &kib}},
		{Name: "nothing", Method: "GET", Path: "/", Expect: Expect{Status: 404, BodySize: &none}},
	}
	if diff := cmp.Diff(want, s.Requests); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, r := range want {
		if got, ok := s.Request(r.Name); !ok || got.Path != r.Path {
			t.Errorf("request %s is %+v, %v", r.Name, got, ok)
		}
	}
	if r, ok := s.Request(""); ok {
		t.Errorf("there is a request without a name: %+v", r)
	}
}

// TestOneRequestMayHaveAName checks that a name does not ask for a list.
func TestOneRequestMayHaveAName(t *testing.T) {
	for _, request := range []string{"{name: one, expect: {status: 201}}", "[{name: one, expect: {status: 201}}]"} {
		s, err := Parse("x.yaml", []byte(minimal+"request: "+request+"\n"), vocabulary)
		if err != nil {
			t.Fatal(err)
		}
		want := []Request{{Name: "one", Method: "GET", Path: "/", Expect: Expect{Status: 201}}}
		if diff := cmp.Diff(want, s.Requests); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestContent(t *testing.T) {
	size, zero, text := int64(300), int64(0), "text"
	pattern := string(Pattern(300))
	if pattern[250] != 250 || pattern[251] != 0 || pattern[299] != 48 {
		t.Errorf("the pattern is % x", pattern)
	}
	for want, r := range map[string]Request{
		"":      {},
		text:    {Body: text},
		pattern: {BodySize: size},
	} {
		if got := string(r.Content()); got != want {
			t.Errorf("%+v sends %q", r, got)
		}
	}
	for _, test := range []struct {
		expect Expect
		want   string
	}{{Expect{Body: &text}, text}, {Expect{BodySize: &size}, pattern}, {Expect{BodySize: &zero}, ""}} {
		if got := test.expect.Content(); got == nil || string(*got) != test.want {
			t.Errorf("%+v expects %v", test.expect, got)
		}
	}
	if got := (Expect{Status: 200}).Content(); got != nil {
		t.Errorf("any body may come, and only %q is right", *got)
	}
}

func TestHeader(t *testing.T) {
	r := Request{Headers: map[string]string{"host": "shop.example", "X-A": "b"}, HeaderCount: 2}
	want := map[string][]string{"Host": {"shop.example"}, "X-A": {"b"}, "X-Gwbench-1": {"value 1"}, "X-Gwbench-2": {"value 2"}}
	if diff := cmp.Diff(want, r.Header()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if h := (Request{}).Header(); h == nil || len(h) > 0 {
		t.Errorf("no headers are %#v", h)
	}
	if n := len(Request{HeaderCount: maxHeaders}.Header()); n != maxHeaders {
		t.Errorf("%d headers, want %d", n, maxHeaders)
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1B": 1, "512": 512, "64KiB": 64 << 10, "1 MiB": 1 << 20, "64MiB": 64 << 20, "65536KiB": 64 << 20, "007": 7,
	} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%s is %d, %v; want %d", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"64KB": "write 64KiB", "1m": "write 1MiB", "3b": "write 3B", "1GiB": "write B, KiB", "1.5MiB": "whole number", "-1": "whole number",
		"65MiB": "above 64 MiB", "67108865": "above 64 MiB", "99999999999999999999": "above 64 MiB", "": "not a size", "KiB": "not a size",
	} {
		_, err := parseSize(text)
		if err == nil {
			t.Errorf("%s is a size", text)
			continue
		}
		if problem, hint := explain(err); !strings.Contains(problem+" "+hint, want) {
			t.Errorf("%s: %s; %s; want %q", text, problem, hint, want)
		}
	}
}
