"""A worker in a thread, and the bytes it answers with."""

import io
import os
import socket
import sys
import threading
import unittest
from contextlib import redirect_stderr
from importlib import import_module

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "files"))

from pygateway.__main__ import Site, listen  # noqa: E402
from pygateway.worker import Worker  # noqa: E402

TIMEOUT = 5  # seconds


def echo(environ, start_response):
    """Answers with the request's body; the variables it saw are kept in echo.environ."""
    echo.environ = dict(environ)
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]


class GatewayTest(unittest.TestCase):
    protocol = None  # module name
    listen = "127.0.0.1:0"

    def setUp(self):
        self.application = echo
        self.stderr = io.StringIO()
        self.enterRedirect(redirect_stderr(self.stderr))
        self.listener, _ = listen(self.listen)
        self.addCleanup(self.listener.close)
        module = import_module("pygateway." + self.protocol)
        self.worker = Worker(self.listener, module, lambda *a: self.application(*a), Site("127.0.0.1", "8000", 3))
        self.stopping = False
        thread = threading.Thread(target=self.work, daemon=True)
        thread.start()
        self.addCleanup(thread.join, TIMEOUT)
        self.addCleanup(self.stop)

    def enterRedirect(self, redirect):
        redirect.__enter__()
        self.addCleanup(redirect.__exit__, None, None, None)

    def work(self):
        while not self.stopping:
            self.worker.turn()
        self.worker.close()

    def stop(self):
        self.stopping = True
        self.connect().close()  # wakes it up

    def connect(self):
        conn = socket.create_connection(self.listener.getsockname(), TIMEOUT)
        self.addCleanup(conn.close)
        return conn

    def exchange(self, data, *, half_close=False):
        """Send data on a connection of its own, and return all that comes until it ends."""
        conn = self.connect()
        conn.sendall(data)
        if half_close:
            conn.shutdown(socket.SHUT_WR)
        return receive_all(conn)


def receive_all(conn):
    pieces = []
    while True:
        piece = conn.recv(65536)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


def receive(conn, size):
    """Return exactly so many bytes."""
    data = b""
    while len(data) < size:
        piece = conn.recv(size - len(data))
        if not piece:
            raise EOFError(f"the connection ended after {data!r}")
        data += piece
    return data


def receive_until(conn, end):
    data = b""
    while not data.endswith(end):
        data += receive(conn, 1)
    return data
