package apps_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gwbench/gwbench/protocols/cgi"
	"github.com/gwbench/gwbench/targets/apps"
)

func TestAllApplications(t *testing.T) {
	const layers = "middleware-0 middleware-1 middleware-2 middleware-4 middleware-8 middleware-16 middleware-32 middleware-64"
	var names []string
	for _, a := range apps.All() {
		names = append(names, a.Name)
		if _, err := apps.Files.ReadFile(a.Module + ".py"); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
		if (len(a.Imports) == 0) != (len(a.Packages) == 0) {
			t.Errorf("%s needs %v from %v", a.Name, a.Imports, a.Packages)
		}
		if a.About == "" {
			t.Errorf("%s is about nothing", a.Name)
		}
		if found, ok := apps.Find(a.Name); !ok || !cmp.Equal(found, a) {
			t.Errorf("Find(%q) = %v, %v", a.Name, found, ok)
		}
	}
	if diff := cmp.Diff(strings.Fields("hello probe flask django tornado "+layers), names); diff != "" {
		t.Errorf("All:\n%s", diff)
	}
	if diff := cmp.Diff(strings.Fields("hello probe flask django "+layers), apps.WSGI()); diff != "" {
		t.Errorf("WSGI:\n%s", diff)
	}
	for _, name := range apps.Names() {
		if _, ok := apps.Find(name); !ok {
			t.Errorf("%s is there in Go, and not among All", name)
		}
	}
	if _, ok := apps.Find("middleware-3"); ok {
		t.Error("Find found an application that does not exist")
	}
}

func TestAllMayBeChanged(t *testing.T) {
	apps.All()[0].Name = "changed"
	if apps.All()[0].Name != "hello" {
		t.Error("All returns its own list")
	}
}

// TestModulesOfTornadoAreThere: recipes for Tornado's own server write
// tornado_{module}.
func TestModulesOfTornadoAreThere(t *testing.T) {
	for _, name := range []string{"tornado_hello.py", "tornado_probe.py", "hello.php", "probe.php"} {
		if _, err := apps.Files.ReadFile(name); err != nil {
			t.Error(err)
		}
	}
}

func TestAvailable(t *testing.T) {
	if err := (apps.Application{Name: "nothing-needed"}).Available(); err != nil {
		t.Error(err)
	}
	if err := (apps.Application{Name: "standard", Imports: []string{"json", "wsgiref.validate"}}).Available(); err != nil {
		t.Error(err)
	}
	missing := apps.Application{Name: "missing", Imports: []string{"json", "gwbench_no_such_module"}, Packages: []string{"python3-no", "python3-such"}}
	err := missing.Available()
	if err == nil {
		t.Fatal("a module that does not exist is available")
	}
	for _, want := range []string{"application missing", "python3", "No module named 'gwbench_no_such_module'", "apt-get install python3-no python3-such"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if again := missing.Available(); again != err {
		t.Errorf("asked again: %v", again)
	}
}

// TestApplicationsAnswer runs every WSGI application, but for the probe.
func TestApplicationsAnswer(t *testing.T) {
	headers := map[string]http.Header{
		"flask":  {"Content-Type": {"text/html; charset=utf-8"}, "Content-Length": {"20"}},
		"django": {"Content-Type": {"text/html; charset=utf-8"}},
	}
	for _, name := range apps.WSGI() {
		if name == "probe" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			a := needApplication(t, name)
			python := startPython(t, a.Module, "GWBENCH_APPLICATION="+name)
			got := python.answer(t, wsgiRequest{vars: []cgi.Var{
				{Name: "REQUEST_METHOD", Value: "GET"},
				{Name: "PATH_INFO", Value: "/"},
				{Name: "QUERY_STRING", Value: "a=1"},
				{Name: "HTTP_HOST", Value: "gwbench.test:8000"},
			}})
			want := wsgiAnswer{status: 200, header: http.Header{"Content-Type": {"text/html"}}, body: "<h1>Hello, web!</h1>"}
			if header, ok := headers[name]; ok {
				want.header = header
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(wsgiAnswer{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryModuleNeedsItsImports(t *testing.T) {
	for _, a := range apps.All() {
		text, err := os.ReadFile(a.Module + ".py")
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range a.Imports {
			if !strings.Contains(string(text), "from "+module) {
				t.Errorf("%s.py does not import %s", a.Module, module)
			}
		}
	}
}

// TestMiddlewareNeedsANumber: a server that does not pass the environment on
// must not measure some other depth.
func TestMiddlewareNeedsANumber(t *testing.T) {
	cmd := pythonCommand(t, "-c", "import middleware")
	cmd.Env = append(cmd.Env, "GWBENCH_APPLICATION=hello")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "GWBENCH_APPLICATION is 'hello': set it to middleware-N") {
		t.Errorf("%v\n%s", err, out)
	}
}
