package apps

import (
	"slices"
	"strconv"
)

// Application is one application under test.
type Application struct {
	Name  string // as scenarios write it
	About string // one line

	// Module is the Python file in Files that defines `application`, without
	// its extension. Where there is a .php file of that name, it answers alike.
	Module string

	// WSGI tells whether `application` is a WSGI callable (PEP 3333), which any
	// WSGI server can run. The other kind runs on its own framework's server.
	WSGI bool

	Imports  []string // Python modules beyond the standard library that it needs
	Packages []string // Debian packages that these are in
}

// depths are the numbers of layers that middleware is offered with.
var depths = []int{0, 1, 2, 4, 8, 16, 32, 64}

// applications is the one list of all there are.
var applications = func() []Application {
	all := []Application{
		{Name: "hello", Module: "hello", WSGI: true, About: "three lines that answer every request with one HTML heading"},
		{Name: "probe", Module: "probe", WSGI: true, About: "shows what a server made of a request, under wsgiref.validate"},
		{Name: "flask", Module: "flask_hello", WSGI: true, About: "the hello in Flask", Imports: []string{"flask"}, Packages: []string{"python3-flask"}},
		{Name: "django", Module: "django_hello", WSGI: true, About: "the hello in Django", Imports: []string{"django"}, Packages: []string{"python3-django"}},
		{Name: "tornado", Module: "tornado_hello", About: "the hello in Tornado, for its own server", Imports: []string{"tornado"}, Packages: []string{"python3-tornado"}},
	}
	for _, n := range depths {
		all = append(all, Application{
			Name: "middleware-" + strconv.Itoa(n), Module: "middleware", WSGI: true,
			About: "the hello under " + strconv.Itoa(n) + " WSGI middlewares that pass everything on",
		})
	}
	return all
}()

// All returns every application: hello and probe first, then the frameworks,
// then middleware by depth.
func All() []Application { return slices.Clone(applications) }

// Find returns the application of that name.
func Find(name string) (Application, bool) {
	i := slices.IndexFunc(applications, func(a Application) bool { return a.Name == name })
	if i < 0 {
		return Application{}, false
	}
	return applications[i], true
}

// WSGI returns the names of the applications that any WSGI server can run, in
// the order of All.
func WSGI() []string {
	var names []string
	for _, a := range applications {
		if a.WSGI {
			names = append(names, a.Name)
		}
	}
	return names
}
