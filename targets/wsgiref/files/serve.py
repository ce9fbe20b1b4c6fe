"""Serve a WSGI application with wsgiref.simple_server: MODULE LISTEN WORKERS.

Each worker is one process with one thread, as the server is made.
"""
import importlib
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import prefork


class Quiet(WSGIRequestHandler):
    """A line on stderr for each request would be part of what is measured."""

    def log_message(self, format, *args):
        pass


class Server(WSGIServer):
    """A WSGIServer on a socket that listens already."""

    def __init__(self, sock, application):
        super().__init__(('127.0.0.1', 80), Quiet, bind_and_activate=False)
        self.socket.close()
        self.socket = sock
        name = sock.getsockname()
        self.server_name, self.server_port = name if isinstance(name, tuple) else ('localhost', 80)
        self.setup_environ()
        self.set_app(application)

    def get_request(self):
        connection, address = super().get_request()
        return connection, address or ('127.0.0.1', 0)  # clients of a unix socket have none


if __name__ == '__main__':
    module, address, workers = sys.argv[1:]
    sock = prefork.listen(address)
    prefork.fork(int(workers))
    Server(sock, importlib.import_module(module).application).serve_forever()
