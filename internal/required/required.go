// Package required says what tests do without a server that they need.
package required

import (
	"os"
	"testing"
)

// Servers tells whether every server has to be there: GWBENCH_REQUIRE_SERVERS
// is set, as make test does after it has installed them.
func Servers() bool { return os.Getenv("GWBENCH_REQUIRE_SERVERS") != "" }

// Missing ends a test whose server is not there, for that reason: it fails
// where Servers is true, and is skipped otherwise.
func Missing(t testing.TB, why any) {
	t.Helper()
	if Servers() {
		t.Fatal(why)
	}
	t.Skip(why)
}
