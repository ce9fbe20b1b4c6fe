"""Workers for servers that have none: several processes on one socket.

It is no application; it lies here because every server finds this folder.
"""
import ctypes
import os
import signal
import socket

BACKLOG = 1024
PR_SET_PDEATHSIG = 1  # prctl(2)


def listen(address):
    """Returns the socket that listens at HOST:PORT or unix:PATH."""
    if address.startswith('unix:'):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(address[len('unix:'):])
    else:
        host, port = address.rsplit(':', 1)
        sock = socket.create_server((host, int(port)))
    sock.listen(BACKLOG)
    return sock


def fork(workers):
    """Returns in each worker: this process is the first, and the others die with it."""
    for _ in range(1, workers):
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            break
