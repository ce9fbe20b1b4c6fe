package export

import (
	"encoding/xml"
	"io"
	"strconv"

	"github.com/gwbench/gwbench/internal/inert"
)

// The types are the part of JUnit's XML that gwbench writes. Nobody wrote the
// format down; these follow the schemas of Jenkins' xUnit plugin: the order of
// elements that junit-4.xsd asks for, and the attributes of junit-10.xsd, which
// gave skipped tests a message. encoding/xml replaces the characters that XML
// cannot carry.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`

	seconds float64
}

type junitSuite struct {
	Name       string           `xml:"name,attr"`
	Tests      int              `xml:"tests,attr"`
	Failures   int              `xml:"failures,attr"`
	Errors     int              `xml:"errors,attr"`
	Skipped    int              `xml:"skipped,attr"`
	Time       string           `xml:"time,attr"`
	Timestamp  string           `xml:"timestamp,attr,omitempty"`
	Hostname   string           `xml:"hostname,attr,omitempty"`
	Properties *junitProperties `xml:"properties"`
	Cases      []junitTest      `xml:"testcase"`
	Output     string           `xml:"system-out,omitempty"`

	seconds float64
}

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitTest struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitMessage `xml:"skipped"`
	Error   *junitMessage `xml:"error"`
	Failure *junitMessage `xml:"failure"`
	Output  string        `xml:"system-out,omitempty"`

	seconds float64
}

type junitMessage struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// add adds a suite and what it counts.
func (all *junitSuites) add(s junitSuite) {
	s.Time = seconds(s.seconds)
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Errors += s.Errors
	all.seconds += s.seconds
	all.Suites = append(all.Suites, s)
}

// add adds a test and counts it.
func (s *junitSuite) add(t junitTest) {
	t.Time = seconds(t.seconds)
	s.Tests++
	s.seconds += t.seconds
	switch {
	case t.Failure != nil:
		s.Failures++
	case t.Error != nil:
		s.Errors++
	case t.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, t)
}

// add adds a property; one without a value is left out.
func (p *junitProperties) add(name, value string) {
	if value = inert.Line(value); value != "" {
		p.List = append(p.List, junitProperty{Name: name, Value: value})
	}
}

func (all *junitSuites) write(w io.Writer) error {
	all.Time = seconds(all.seconds)
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

// seconds has milliseconds, the most that the schemas take.
func seconds(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }
