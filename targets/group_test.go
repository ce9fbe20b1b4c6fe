package targets

import (
	"bufio"
	"fmt"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestProcessWithoutItsFirstThreadIsAlive: such a process looks dead in
// /proc/PID/stat, and its sockets are open.
func TestProcessWithoutItsFirstThreadIsAlive(t *testing.T) {
	program := fmt.Sprintf(`
import ctypes, threading, time
main = threading.main_thread().native_id
def wait():
    while open(f'/proc/{main}/stat').read().rpartition(')')[2].split()[0] != 'Z':
        time.sleep(0.001)
    print('alone', flush=True)
    time.sleep(60)
threading.Thread(target=wait).start()
ctypes.CDLL(None).syscall(%d, 0)
`, unix.SYS_EXIT)
	cmd := exec.Command("/usr/bin/python3", "-c", program)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	pid := strconv.Itoa(cmd.Process.Pid)
	if line != "alone\n" || !gone(cmd.Process.Pid) || !processAlive(pid) {
		t.Errorf("it said %q; the first thread ended: %v; alive: %v", line, gone(cmd.Process.Pid), processAlive(pid))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	awaitDeath(cmd.Process.Pid)
	if processAlive(pid) {
		t.Error("it is alive after SIGKILL")
	}
	_ = cmd.Wait()
}
