package export

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// element is a node of a parsed document.
type element struct {
	name       string
	attributes map[string]string
	children   []*element
	text       string
}

// parseXML reads a document with a parser that knows nothing of JUnit.
func parseXML(t testing.TB, text []byte) *element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	root := &element{}
	open := []*element{root}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		current := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attributes: map[string]string{}}
			for _, a := range token.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			current.children = append(current.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			current.text += string(token)
		case xml.Directive, xml.Comment:
			t.Errorf("a document type or comment: %v", token)
		}
	}
	if len(root.children) != 1 {
		t.Fatalf("%d roots", len(root.children))
	}
	return root.children[0]
}

// The rules are what the schemas of Jenkins' xUnit plugin say of what gwbench
// writes: the order of elements is that of junit-4.xsd, the attributes are those
// of junit-10.xsd, with times as they look there and timestamps as Apache Ant's
// schema has them. They are stricter than all of these: nothing else may be
// there, and what gwbench always writes is required.
var (
	anyText  = regexp.MustCompile(`(?s)^.*$`)
	token    = regexp.MustCompile(`^\S.*$`)
	integer  = regexp.MustCompile(`^[0-9]+$`)
	duration = regexp.MustCompile(`^[0-9]+\.[0-9]{3}$`)
	noZone   = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$`)
)

type rule struct {
	required, optional map[string]*regexp.Regexp
	children           []string // in this order, each as often as it likes
	text               bool
}

var junitRules = map[string]rule{
	"testsuites": {
		required: map[string]*regexp.Regexp{"name": token, "tests": integer, "failures": integer, "errors": integer, "time": duration},
		children: []string{"testsuite"},
	},
	"testsuite": {
		required: map[string]*regexp.Regexp{"name": token, "tests": integer, "failures": integer, "errors": integer, "skipped": integer, "time": duration},
		optional: map[string]*regexp.Regexp{"timestamp": noZone, "hostname": token},
		children: []string{"properties", "testcase"},
	},
	"properties": {children: []string{"property"}},
	"property":   {required: map[string]*regexp.Regexp{"name": token, "value": anyText}},
	"testcase": {
		required: map[string]*regexp.Regexp{"name": token, "classname": token, "time": duration},
		children: []string{"skipped", "error", "failure", "system-out"},
	},
	"skipped":    {required: map[string]*regexp.Regexp{"message": token}, text: true},
	"error":      {required: map[string]*regexp.Regexp{"type": token, "message": token}, text: true},
	"failure":    {required: map[string]*regexp.Regexp{"type": token, "message": token}, text: true},
	"system-out": {text: true},
}

// checkJUnit parses a document and holds it against the rules and its own
// counts.
func checkJUnit(t testing.TB, text []byte) *element {
	t.Helper()
	root := parseXML(t, text)
	if root.name != "testsuites" {
		t.Fatalf("the root is %s", root.name)
	}
	checkElement(t, root)
	var all [3]int
	for _, suite := range root.children {
		counted := map[string]int{}
		for _, c := range suite.children {
			if c.name != "testcase" {
				continue
			}
			counted["tests"]++
			ends := 0
			for kind, attribute := range map[string]string{"failure": "failures", "error": "errors", "skipped": "skipped"} {
				if c.child(kind) != nil {
					counted[attribute]++
					ends++
				}
			}
			if ends > 1 {
				t.Errorf("%s ended in %d ways", c.attributes["name"], ends)
			}
		}
		for _, attribute := range []string{"tests", "failures", "errors", "skipped"} {
			if suite.attributes[attribute] != strconv.Itoa(counted[attribute]) {
				t.Errorf("suite %s has %s %s, and %d of them", suite.attributes["name"], suite.attributes[attribute], attribute, counted[attribute])
			}
		}
		all[0] += counted["tests"]
		all[1] += counted["failures"]
		all[2] += counted["errors"]
	}
	for i, attribute := range []string{"tests", "failures", "errors"} {
		if root.attributes[attribute] != strconv.Itoa(all[i]) {
			t.Errorf("%s %s in all, and %d of them", root.attributes[attribute], attribute, all[i])
		}
	}
	return root
}

func checkElement(t testing.TB, e *element) {
	t.Helper()
	r, ok := junitRules[e.name]
	if !ok {
		t.Fatalf("there is no element %s", e.name)
	}
	for name := range r.required {
		if _, ok := e.attributes[name]; !ok {
			t.Errorf("%s has no %s", e.name, name)
		}
	}
	for name, value := range e.attributes {
		pattern := r.required[name]
		if pattern == nil {
			pattern = r.optional[name]
		}
		if pattern == nil || !pattern.MatchString(value) {
			t.Errorf("%s may not have %s %q", e.name, name, value)
		}
	}
	if !r.text && strings.TrimSpace(e.text) != "" {
		t.Errorf("%s has the text %q", e.name, e.text)
	}
	last := 0
	for _, c := range e.children {
		at := slices.Index(r.children, c.name)
		if at < last {
			t.Errorf("%s may not come here in %s", c.name, e.name)
		}
		last = at
		checkElement(t, c)
	}
}

func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// ends lists how the tests of a suite ended, by name.
func (e *element) ends() map[string]string {
	ends := map[string]string{}
	for _, c := range e.children {
		if c.name != "testcase" {
			continue
		}
		end := "passed"
		for _, kind := range []string{"failure", "error", "skipped"} {
			if c.child(kind) != nil {
				end = kind
			}
		}
		ends[c.attributes["name"]] = end
	}
	return ends
}

func TestJUnit(t *testing.T) {
	root := checkJUnit(t, written(t, "junit", small(t), ""))
	for i, want := range []struct {
		suite string
		ends  map[string]string
	}{
		{"hello gates", map[string]string{
			"keep-alive-pays: capacity, keep-alive over per-request, http saturate": "passed",
			"uwsgi-half-the-cpu: capacity, uwsgi over http, per-request saturate":   "failure",
			"fastcgi-no-dearer: capacity, fastcgi over http, per-request saturate":  "skipped",
		}},
		{"hello claims", map[string]string{ // refuted, all three
			"uwsgi-10x-fastcgi: throughput, uwsgi over fastcgi, per-request saturate":  "passed",
			"uwsgi-10x-fastcgi: capacity, uwsgi over fastcgi, per-request saturate":    "passed",
			"uwsgi-10x-fastcgi: latency.p50, uwsgi over fastcgi, per-request saturate": "passed",
		}},
		{"hello cases", map[string]string{
			"builtin/http/tcp/per-request/none/hello/saturate":    "passed",
			"builtin/http/tcp/keep-alive/none/hello/saturate":     "passed",
			"builtin/uwsgi/tcp/per-request/none/hello/saturate":   "passed",
			"builtin/uwsgi/tcp/per-request/none/hello/steady":     "passed",
			"builtin/fastcgi/tcp/per-request/none/hello/saturate": "passed",
		}},
	} {
		suite := root.children[i]
		if suite.attributes["name"] != want.suite || suite.attributes["timestamp"] != "2026-11-22T12:24:35" {
			t.Errorf("suite %d is %v", i, suite.attributes)
		}
		got := suite.ends()
		for name, end := range want.ends {
			if got[name] != end {
				t.Errorf("%s: %q, want %q", name, got[name], end)
			}
		}
		if len(got) != len(want.ends) {
			t.Errorf("%s has %v", want.suite, got)
		}
	}
	// What a claim found is in its output.
	if out := root.children[1].child("testcase").child("system-out"); out.text != "uwsgi is 10 times faster than FastCGI\nWhat 99 % say of throughput: refuted.\n"+
		"Warning: a caveat of uwsgi-10x-fastcgi\nWarning: a caveat of throughput\nWarning: a caveat of all" {
		t.Errorf("%q", out.text)
	}
	if seconds := root.children[2].attributes["time"]; seconds != root.attributes["time"] || seconds < "16" || seconds > "17" {
		t.Errorf("the trials took %s s", seconds)
	}
}

func TestJUnitOfWhatIsMissing(t *testing.T) {
	root := checkJUnit(t, written(t, "junit", lacking(t), ""))
	if got := root.children[0].ends(); got["elsewhere"] != "skipped" {
		t.Errorf("a gate that was not tested: %v", got)
	}
	cases := root.children[2]
	for i, want := range []string{"no trial is valid, for example: 200 of 300 responses were wrong", "the case was not measured"} {
		c := cases.children[i+1] // after the properties
		if e := c.child("error"); e == nil || e.attributes["message"] != want {
			t.Errorf("%v: %+v, want %s", c.attributes, e, want)
		}
	}
	if root := checkJUnit(t, written(t, "junit", Data{}, "")); len(root.children) != 0 {
		t.Errorf("nothing has %d suites", len(root.children))
	}
}

func TestJUnitChanges(t *testing.T) {
	var out bytes.Buffer
	if err := JUnitChanges(&out, changes()); err != nil {
		t.Fatal(err)
	}
	got := checkJUnit(t, out.Bytes()).children[0].ends()
	for name, want := range map[string]string{
		"capacity, uwsgi":      "failure",
		"latency.p99, uwsgi":   "skipped",
		"capacity, fastcgi":    "passed",
		"latency.p99, fastcgi": "passed",
		"builtin/scgi/tcp/per-request/none/hello/saturate": "skipped",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

// In a comparison within one run the cases themselves differ.
func TestJUnitChangesOfOneRun(t *testing.T) {
	c := changes()
	c.Changes = c.Changes[:1]
	c.Changes[0].Base, c.OnlyBase = fastcgiCase, nil
	var out bytes.Buffer
	if err := JUnitChanges(&out, c); err != nil {
		t.Fatal(err)
	}
	if got := checkJUnit(t, out.Bytes()).children[0].ends(); got["capacity, uwsgi over fastcgi"] != "failure" {
		t.Errorf("%v", got)
	}
}
