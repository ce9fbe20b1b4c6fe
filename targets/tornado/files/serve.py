"""Serve an application with Tornado's HTTP server: MODULE LISTEN WORKERS.

A WSGI application runs in Tornado's WSGIContainer, a tornado.web.Application as
it is. Workers share a socket, and each has an event loop of its own.
"""
import asyncio
import importlib
import logging
import sys

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.wsgi import WSGIContainer

import prefork


async def main():
    application = importlib.import_module(module).application
    if not isinstance(application, Application):
        application = WSGIContainer(application)
    HTTPServer(application).add_socket(sock)
    await asyncio.Event().wait()


module, address, workers = sys.argv[1:]
sock = prefork.listen(address)
sock.setblocking(False)
prefork.fork(int(workers))
# Each request would be a line at level INFO, and one that was answered with an
# error a warning.
logging.getLogger('tornado.access').setLevel(logging.CRITICAL)
asyncio.run(main())
