package spelling_test

import (
	"fmt"

	"github.com/gwbench/gwbench/internal/spelling"
)

func ExampleNearest() {
	protocols := []string{"http", "uwsgi", "fastcgi", "scgi"}
	fmt.Printf("%q\n", spelling.Nearest("fsatcgi", protocols))
	fmt.Printf("%q\n", spelling.Nearest("gopher", protocols))
	// Output:
	// "fastcgi"
	// ""
}
