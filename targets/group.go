package targets

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// awaitDeath returns when a child has died, and leaves it a zombie, so that its
// pid, and its group's, cannot come to belong to a stranger.
func awaitDeath(pid int) {
	for {
		err := unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// awaitGroup waits until a process group that was killed is gone, but not
// longer than a second: a process in uninterruptible sleep dies later.
func awaitGroup(pgid int) {
	deadline := time.Now().Add(time.Second)
	for groupAlive(pgid) && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
}

// groupAlive tells whether a process of the group is left that is no zombie.
// kill(2) with signal 0 would not do: it counts zombies.
func groupAlive(pgid int) bool {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return false
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == pgid {
			continue
		}
		if group, err := unix.Getpgid(pid); err != nil || group != pgid {
			continue
		}
		if processAlive(entry.Name()) {
			return true
		}
	}
	return false
}

// processAlive tells whether a thread of the process is no zombie. The first one
// may be long before the others, which keep the process's sockets open.
func processAlive(pid string) bool {
	tasks := "/proc/" + pid + "/task/"
	entries, err := os.ReadDir(tasks)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		stat, err := os.ReadFile(tasks + entry.Name() + "/stat")
		if err != nil {
			continue
		}
		// The state follows the name in parentheses, which may hold any [proc(5)].
		_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
		if rest != "" && rest[0] != 'Z' && rest[0] != 'X' {
			return true
		}
	}
	return false
}
