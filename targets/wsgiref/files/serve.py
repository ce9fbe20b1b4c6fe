"""Serve a WSGI application with wsgiref.simple_server: one process, one thread."""

import importlib
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Quiet(WSGIRequestHandler):
    """A line on stderr for each request would be part of what is measured."""

    def log_message(self, format, *args):
        pass


class Server(WSGIServer):
    request_queue_size = 1024  # socketserver's 5 would make clients wait a second to try again


module, host, port = sys.argv[1:]
application = importlib.import_module(module).application
make_server(host, int(port), application, Server, Quiet).serve_forever()
