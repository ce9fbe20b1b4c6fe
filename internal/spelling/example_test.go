package spelling_test

import (
	"fmt"
	"strings"

	"github.com/gwbench/gwbench/internal/spelling"
)

func ExampleHint() {
	protocols := []string{"http", "uwsgi", "fastcgi", "scgi"}
	for _, name := range []string{"fsatcgi", "gopher"} {
		fmt.Printf("unknown protocol %s: %suse one of %s\n", name, spelling.Hint(name, protocols), strings.Join(protocols, ", "))
	}
	// Output:
	// unknown protocol fsatcgi: did you mean fastcgi? use one of http, uwsgi, fastcgi, scgi
	// unknown protocol gopher: use one of http, uwsgi, fastcgi, scgi
}

func ExampleNearest() {
	protocols := []string{"http", "uwsgi", "fastcgi", "scgi"}
	fmt.Printf("%q\n", spelling.Nearest("fsatcgi", protocols))
	fmt.Printf("%q\n", spelling.Nearest("gopher", protocols))
	// Output:
	// "fastcgi"
	// ""
}
