package results

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// errLocked says that another store writes the run, in whatever process.
var errLocked = errors.New("another gwbench is writing this run")

// lock makes this store the only one that writes the file, until it is closed.
// The kernel lets go of it when the process ends, however it ends (flock(2)).
func lock(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
