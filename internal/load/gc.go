package load

import (
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow elevenfold between collections. Under load the
// generator makes a few hundred megabytes of garbage in a second and keeps
// next to none of it; at the default of 100 it would collect its few
// megabytes some fifty times in that second, on the CPU that sends.
const gcPercent = 1000

// RelaxGC makes the garbage collector of this process run less often, until
// restore is called. A GOGC in the environment is the user's word, and stays.
func RelaxGC() (restore func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(gcPercent)
	return func() { debug.SetGCPercent(before) }
}
