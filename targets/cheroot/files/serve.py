"""Serve a WSGI application with cheroot: MODULE LISTEN WORKERS.

cheroot is one process, which runs the application in ten threads: several of
them share a socket here.
"""
import importlib
import os
import signal
import socket
import sys

from cheroot import wsgi


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


class Server(wsgi.Server):
    """A server on a socket that listens already."""

    keep_alive_conn_limit = 4096  # 10 by default: it would close the others after each answer

    def __init__(self, sock, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.listening = sock

    def bind(self, *args):
        if self.nodelay:
            self.listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = self.listening

    def bind_unix_socket(self, path):
        self.socket = self.listening


module, address, workers = sys.argv[1:]
sock = listen(address)
prefork(int(workers))
application = importlib.import_module(module).application
Server(sock, sock.getsockname(), application, request_queue_size=1024, timeout=3600).start()
