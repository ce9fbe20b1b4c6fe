"""Serve a WSGI application with gevent's pywsgi: MODULE LISTEN WORKERS.

Nothing is monkey-patched: the applications under test do not wait for anything.
Workers share a socket, and each has an event loop of its own.
"""
import importlib
import os
import signal
import socket
import sys

from gevent.pywsgi import WSGIServer


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
sock.setblocking(False)
if sock.family == socket.AF_INET:
    # For all connections from it. pywsgi sends head and body by a write each and, unlike
    # every other server, leaves Nagle's algorithm on, which holds the second back
    # until the client acknowledges the first: 40 ms on a connection that is kept.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
prefork(int(workers))
WSGIServer(sock, importlib.import_module(module).application, log=None).serve_forever()
