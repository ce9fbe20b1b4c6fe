package load

import (
	"os"
	"runtime/debug"
)

const (
	// gcPercent lets the heap grow elevenfold between collections. Under load the
	// generator makes a few hundred megabytes of garbage in a second and keeps
	// next to none of it; at the default of 100 it would collect its few
	// megabytes some fifty times in that second, on the CPU that sends.
	gcPercent = 1000
	// memoryLimit ends that growth where a thousand connections are open, each
	// with its buffers, as beyond the limit of a server: eleven times those would
	// be gigabytes.
	memoryLimit = 1 << 30 // bytes
)

// RelaxGC makes the garbage collector of this process run less often, until
// restore is called. A GOGC or GOMEMLIMIT in the environment is the user's word,
// and stays.
func RelaxGC() (restore func()) {
	restore = func() {}
	if os.Getenv("GOGC") == "" {
		before := debug.SetGCPercent(gcPercent)
		restore = func() { debug.SetGCPercent(before) }
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		gc, before := restore, debug.SetMemoryLimit(memoryLimit)
		restore = func() {
			gc()
			debug.SetMemoryLimit(before)
		}
	}
	return restore
}
