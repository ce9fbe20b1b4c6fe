"""Serve an application with Tornado's HTTP server: MODULE LISTEN WORKERS.

A WSGI application runs in Tornado's WSGIContainer, a tornado.web.Application as
it is. Workers share a socket, and each has an event loop of its own.
"""
import asyncio
import importlib
import logging
import os
import signal
import socket
import sys

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.wsgi import WSGIContainer


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


async def main():
    application = importlib.import_module(module).application
    if not isinstance(application, Application):
        application = WSGIContainer(application)
    HTTPServer(application).add_socket(sock)
    await asyncio.Event().wait()


module, address, workers = sys.argv[1:]
sock = listen(address)
sock.setblocking(False)
prefork(int(workers))
# Each request would be a line at level INFO, and one that was answered with an
# error a warning.
logging.getLogger('tornado.access').setLevel(logging.CRITICAL)
asyncio.run(main())
