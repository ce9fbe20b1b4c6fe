"""Serve a WSGI application with waitress: MODULE LISTEN WORKERS.

waitress is one process, which runs the application in threads: several of them
share a socket here.
"""
import importlib
import logging
import os
import signal
import socket
import sys

import waitress


def listen(address):
    if address.startswith('unix:'):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(address[len('unix:'):])
    else:
        host, port = address.rsplit(':', 1)
        sock = socket.create_server((host, int(port)))
    sock.listen(1024)
    return sock


def prefork(workers):
    """Returns in each worker: this process is the first, and the others die with it."""
    for _ in range(1, workers):
        if os.fork() == 0:
            import ctypes
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            break


module, address, workers = sys.argv[1:]
sock = listen(address)
prefork(int(workers))
# It would log each request that has to wait for a thread.
logging.getLogger('waitress.queue').setLevel(logging.ERROR)
waitress.serve(
    importlib.import_module(module).application,
    sockets=[sock],
    connection_limit=4096,  # 100 by default, and a scenario may have more clients
    asyncore_use_poll=True,  # select(2) ends at 1024 connections
    channel_timeout=3600,
)
