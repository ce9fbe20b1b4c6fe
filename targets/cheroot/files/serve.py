"""Serve a WSGI application with cheroot: MODULE LISTEN WORKERS.

cheroot is one process, which runs the application in ten threads: several of
them share a socket here.
"""
import importlib
import socket
import sys

from cheroot import wsgi

import prefork


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
sock = prefork.listen(address)
prefork.fork(int(workers))
application = importlib.import_module(module).application
Server(sock, sock.getsockname(), application, request_queue_size=1024, timeout=3600).start()
