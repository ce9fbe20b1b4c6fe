package load

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// An alarm sleeps for less than a few milliseconds, late by tens of
// microseconds.
//
// The runtime's timers wake through epoll_wait, whose timeout is in whole
// milliseconds. nanosleep(2) is precise, but keeps its P until the runtime
// takes notice, so that with one P no answer is read meanwhile. A timerfd in
// the runtime's own poller has neither fault: the goroutine is parked, and its
// wake-up is an event like the arrival of an answer.
type alarm struct {
	file *os.File
	conn syscall.RawConn
}

// newAlarm falls back on time.Sleep where no timerfd can be had.
func newAlarm() *alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return &alarm{}
	}
	file := os.NewFile(uintptr(fd), "timerfd")
	conn, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return &alarm{}
	}
	return &alarm{file: file, conn: conn}
}

// sleep may return early, as when a timer of an earlier sleep is still heard:
// callers look at the time again.
func (a *alarm) sleep(d time.Duration) {
	if a.conn == nil {
		time.Sleep(d)
		return
	}
	setting := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(d))}
	set := false
	var setErr error
	// RawConn.Read first makes the poller forget earlier readiness, then calls
	// the function, and calls it again once the file is readable. The timer's
	// counter need not be read: setting it anew clears it.
	err := a.conn.Read(func(fd uintptr) bool {
		if set {
			return true
		}
		set = true
		setErr = unix.TimerfdSettime(int(fd), 0, &setting, nil)
		return setErr != nil
	})
	if err != nil || setErr != nil {
		time.Sleep(d)
	}
}

func (a *alarm) close() {
	if a.file != nil {
		a.file.Close()
	}
}
