"""The master: forks the workers, replaces those that die, and ends them all.

It serves nothing itself, so that it can always be ended. Signals are taken one
by one where it waits for them, instead of by handlers that run anywhere.
"""

import ctypes
import gc
import os
import signal
import time
import traceback

from .request import report

ENDINGS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
AT_ONCE = 1  # a worker that lived for fewer seconds is replaced after as many
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class Master:
    def __init__(self, count, make_worker):
        """make_worker is called in each of the processes."""
        self._count = count
        self._make_worker = make_worker
        self._pid = os.getpid()
        self._born = {}  # time of birth of each worker, by pid
        self._prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def run(self):
        """Keep the workers running until a signal says to end."""
        gc.freeze()  # keeps the memory that the workers share from being written to
        try:
            for _ in range(self._count):
                self._fork()
            while signal.sigwait(ENDINGS | {signal.SIGCHLD}) == signal.SIGCHLD:
                if self._replace_dead() in ENDINGS:
                    break
        finally:
            self._end()

    def _fork(self):
        pid = os.fork()
        if pid:
            self._born[pid] = time.monotonic()
            return
        try:
            self._be_worker()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)  # and not through what the master has on its stack

    def _be_worker(self):
        if self._prctl:
            self._prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: the master sees to it
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS | {signal.SIGCHLD})
        worker = self._make_worker()
        # The master may have died before the prctl, or there may be none.
        while os.getppid() == self._pid:
            worker.turn()

    def _replace_dead(self):
        """Fork a worker for each that has died; returns a signal that came meanwhile."""
        for pid, born in list(self._born.items()):
            found, status = os.waitpid(pid, os.WNOHANG)
            if not found:
                continue
            del self._born[pid]
            code = os.waitstatus_to_exitcode(status)
            end = f"was killed by signal {-code}" if code < 0 else f"exited with status {code}"
            report(f"worker {pid} {end}: starting another one")
            if time.monotonic() - born < AT_ONCE:
                came = signal.sigtimedwait(ENDINGS, AT_ONCE)
                if came:
                    return came.si_signo
            self._fork()
        return None

    def _end(self):
        # An application may be busy, or ignore SIGTERM: neither stops this one.
        for pid in self._born:
            os.kill(pid, signal.SIGKILL)
        for pid in self._born:
            os.waitpid(pid, 0)
