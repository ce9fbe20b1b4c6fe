package export

import (
	"regexp"
	"strings"
	"testing"

	"github.com/gwbench/gwbench/internal/verdict"
)

// annotation is a workflow command as the runner reads it.
type annotation struct{ level, title, message string }

// registered are commands that the runner knows; the older ones do worse than
// to annotate.
var registered = map[string]bool{
	"error": true, "warning": true, "notice": true, "debug": true, "add-mask": true, "set-output": true,
	"save-state": true, "set-env": true, "add-path": true, "group": true, "endgroup": true, "echo": true, "stop-commands": true, "add-matcher": true,
}

var (
	undoMessage  = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%")
	undoProperty = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
)

// readLog finds the commands in a log as the runner of GitHub Actions does
// (src/Runner.Common/ActionCommand.cs): a line that begins with ::name, after
// blanks, else one that holds ##[name] anywhere.
func readLog(log string) (found []annotation, others []string) {
	for log := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(log), "\n") {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(log), "::"); ok {
			info, message, ok := strings.Cut(rest, "::")
			name, properties, _ := strings.Cut(info, " ")
			if ok && registered[name] {
				a := annotation{level: name, message: undoMessage.Replace(message)}
				for property := range strings.SplitSeq(properties, ",") {
					if key, value, _ := strings.Cut(strings.TrimSpace(property), "="); key == "title" {
						a.title = undoProperty.Replace(value)
					} else {
						others = append(others, "property "+property)
					}
				}
				found = append(found, a)
				continue
			}
		}
		if _, rest, ok := strings.Cut(log, "##["); ok {
			if info, _, ok := strings.Cut(rest, "]"); ok && registered[strings.Fields(info + " x")[0]] {
				others = append(others, "##["+info)
			}
		}
		if strings.TrimSpace(log) != "" {
			others = append(others, log)
		}
	}
	return found, others
}

func TestAnnotations(t *testing.T) {
	found, others := readLog(annotated(t, small(t)))
	if len(others) > 0 {
		t.Errorf("not annotations: %q", others)
	}
	want := []annotation{
		{"notice", "Claim refuted: uwsgi-10x-fastcgi", "uwsgi is 10 times faster than FastCGI (uwsgi-10x-fastcgi)\nWhat 99 % say of throughput: refuted.\nWhat 99 % say of capacity: refuted.\nWhat 99 % say of latency.p50: refuted."},
		{"error", "Gate refuted: uwsgi-half-the-cpu", "uwsgi needs half the server CPU of HTTP (uwsgi-half-the-cpu)\nWhat 99 % say of capacity: refuted."},
		{"warning", "Gate inconclusive: fastcgi-no-dearer", "FastCGI needs no more server CPU than HTTP (fastcgi-no-dearer)\nWhat 99 % say of capacity: inconclusive."},
	}
	if len(found) != len(want) {
		t.Fatalf("%+v", found)
	}
	for i, a := range found {
		if a != want[i] {
			t.Errorf("%+v, want %+v", a, want[i])
		}
	}
}

func TestAnnotationsOfWhatIsMissing(t *testing.T) {
	d := lacking(t)
	d.Run.Unverified, d.Run.Warnings = true, []string{"the governor is unknown", "the governor is unknown"}
	found, _ := readLog(annotated(t, d))
	last := found[len(found)-1]
	if last.level != "warning" || last.title != "Run of hello" ||
		last.message != "The run is partial: interrupted\nNobody checked that the cases serve the same thing (--no-verify)\nthe governor is unknown" {
		t.Errorf("%+v", last)
	}
	if gate := found[1]; gate.title != "Gate inconclusive: elsewhere" || !strings.HasSuffix(gate.message, "every case was left out: caddy is not installed") {
		t.Errorf("%+v", gate)
	}
}

// Each outcome has its level, the errors first, and one annotation a case.
func TestAnnotationsOfChanges(t *testing.T) {
	c := changes()
	c.Changes = append(c.Changes, c.Changes[0])
	c.Changes[4].Metric, c.Changes[4].Sentence = "server_cpu", "uwsgi takes more."
	found, others := readLog(annotatedChanges(t, c))
	if len(others) > 0 || len(found) != 4 {
		t.Fatalf("%+v, %q", found, others)
	}
	for i, want := range []annotation{
		{"error", "worse: uwsgi", "uwsgi has 0.85 times the capacity that it had.\nuwsgi takes more."},
		{"warning", "inconclusive: uwsgi", "Whether the 99th percentile of uwsgi changed cannot be told."},
		{"notice", "better: fastcgi", "fastcgi has a 99th percentile that is 1.4 times as good."},
		{"warning", "gwbench compare", "the base is 40 days old\nThe machines differ: kernel 6.1 -> 6.2\nOnly in BASE: builtin/scgi/tcp/per-request/none/hello/saturate"},
	} {
		if found[i] != want {
			t.Errorf("%+v, want %+v", found[i], want)
		}
	}
	if same := (verdict.Changes{Method: verdict.Paired, Outcome: verdict.Same, Changes: c.Changes[2:3]}); annotatedChanges(t, same) != "" {
		t.Error("what did not change is no news")
	}
}

// markupBegins finds a character that begins markup and has no backslash
// before it.
var markupBegins = regexp.MustCompile("(^|[^\\\\])(\\\\\\\\)*([`<>&]|@[^ <]|\\[|\\]\\()")

// inertMarkdown fails on lines that do not begin as this package begins them,
// and on markup within them that is not its own.
func inertMarkdown(t testing.TB, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		begins := false
		for _, start := range []string{"## ", "### ", "- ", "  - ", "| ", "|---", "**", "<sub>", "Medians"} {
			begins = begins || strings.HasPrefix(line, start)
		}
		if line != "" && !begins {
			t.Errorf("a line of its own: %q", line)
		}
		own := strings.NewReplacer("<sub>", "", "</sub>", "").Replace(line)
		if at := markupBegins.FindString(own); at != "" {
			t.Errorf("%q begins markup in %q", at, line)
		}
	}
	found, _ := readLog(text)
	if len(found) > 0 {
		t.Errorf("workflow commands in the summary: %+v", found)
	}
}

func TestSummaryIsInert(t *testing.T) {
	for _, d := range []Data{small(t), lacking(t), hostile(t)} {
		text := string(written(t, "github", d, ""))
		inertMarkdown(t, text)
		for line := range strings.Lines(text) {
			if len(line) > 3*mostText { // the last has three texts
				t.Errorf("a line of %d bytes: a few of them are more than GitHub takes", len(line))
			}
		}
	}
}

// What cannot be compared at all is one thing to say, however many cases it is
// about.
func TestReasonsAreAnnotatedOnce(t *testing.T) {
	c := changes()
	for i := range c.Changes {
		c.Changes[i].Outcome, c.Changes[i].Reason = verdict.Undetermined, "the runs are of two machines"
	}
	c.OnlyBase, c.Warnings, c.Different = nil, nil, nil
	found, _ := readLog(annotatedChanges(t, c))
	if len(found) != 1 || found[0] != (annotation{"warning", "gwbench compare", "Not compared: the runs are of two machines"}) {
		t.Errorf("%+v", found)
	}
}
