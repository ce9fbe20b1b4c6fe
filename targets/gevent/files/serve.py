"""Serve a WSGI application with gevent's pywsgi: MODULE LISTEN WORKERS.

Nothing is monkey-patched: the applications under test do not wait for anything.
Workers share a socket, and each has an event loop of its own.
"""
import importlib
import socket
import sys

from gevent.pywsgi import WSGIServer

import prefork


module, address, workers = sys.argv[1:]
sock = prefork.listen(address)
sock.setblocking(False)
if sock.family == socket.AF_INET:
    # For all connections from it. pywsgi sends head and body by a write each and, unlike
    # every other server, leaves Nagle's algorithm on, which holds the second back
    # until the client acknowledges the first: 40 ms on a connection that is kept.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
prefork.fork(int(workers))
WSGIServer(sock, importlib.import_module(module).application, log=None).serve_forever()
