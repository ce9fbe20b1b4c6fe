"""Serve a WSGI application with waitress: MODULE LISTEN WORKERS.

waitress is one process, which runs the application in threads: several of them
share a socket here.
"""
import importlib
import logging
import sys

import waitress

import prefork


module, address, workers = sys.argv[1:]
sock = prefork.listen(address)
prefork.fork(int(workers))
# It would log each request that has to wait for a thread.
logging.getLogger('waitress.queue').setLevel(logging.ERROR)
waitress.serve(
    importlib.import_module(module).application,
    sockets=[sock],
    connection_limit=4096,  # 100 by default, and a scenario may have more clients
    asyncore_use_poll=True,  # select(2) ends at 1024 connections
    channel_timeout=3600,
)
