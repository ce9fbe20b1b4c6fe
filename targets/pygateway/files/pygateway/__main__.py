"""python3 -m pygateway --protocol uwsgi --listen 127.0.0.1:3031 --workers 2 hello:application"""

import argparse
import errno
import importlib
import os
import signal
import socket
import sys
from collections import namedtuple

from .master import ENDINGS, Master
from .request import report
from .worker import Worker

PROTOCOLS = ("http", "uwsgi", "fastcgi", "scgi")
BACKLOG = 1024  # connections; the system may allow fewer (net.core.somaxconn)

# What the requests have to know of the server. name and port are what PEP 3333
# calls SERVER_NAME and SERVER_PORT; only HTTP has no others.
Site = namedtuple("Site", "name port workers")


def main():
    arguments = parse_arguments()
    application = load(arguments.application)
    protocol = importlib.import_module("." + arguments.protocol, __package__)
    # From here on a signal waits until the master looks for it, so that none
    # leaves the file of a socket behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS | {signal.SIGCHLD})
    listener, path = listen(arguments.listen)
    try:
        name, port = ("localhost", "80") if path else listener.getsockname()[:2]
        site = Site(name, str(port), arguments.workers)
        report(f"{arguments.protocol} on {'unix:' + path if path else f'{name}:{port}'}, workers: {site.workers}")
        Master(arguments.workers, lambda: Worker(listener, protocol, application, site)).run()
    finally:
        if path:
            os.unlink(path)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="pygateway", description="Serve a WSGI application.")
    parser.add_argument("--protocol", choices=PROTOCOLS, default="http")
    parser.add_argument("--listen", metavar="ADDRESS", default="127.0.0.1:8000", help="HOST:PORT or unix:PATH")
    parser.add_argument("--workers", metavar="N", type=int, default=1, help="number of processes")
    parser.add_argument("application", metavar="MODULE:CALLABLE")
    arguments = parser.parse_args()
    if arguments.workers < 1:
        parser.error(f"--workers {arguments.workers}: at least one is needed")
    return arguments


def load(name):
    """Import the application, once for all workers."""
    module, _, attribute = name.partition(":")
    try:
        application = getattr(importlib.import_module(module), attribute or "application")
    except ModuleNotFoundError as error:
        if error.name != module:
            raise  # the module is there, and misses another: the traceback says where
        sys.exit(f"pygateway: there is no module {module}: is its folder in PYTHONPATH?")
    except AttributeError as error:
        sys.exit(f"pygateway: {name}: {error}")
    if not callable(application):
        sys.exit(f"pygateway: {name} is not callable, and so no WSGI application")
    return application


def listen(address):
    """Return the listening socket, and its path if it is a unix socket."""
    try:
        if address.startswith("unix:"):
            path = address[len("unix:"):]
            remove_stale(path)
            listener = socket.socket(socket.AF_UNIX)
            where = path
        else:
            path = ""
            host, _, port = address.rpartition(":")
            family, kind, _, _, where = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, kind)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(BACKLOG)
    except OSError as error:
        hint = ": choose another address" if error.errno == errno.EADDRINUSE else ""
        sys.exit(f"pygateway: cannot listen on {address}: {error.strerror}{hint}")
    # All workers wake up for a connection, and one gets it: the others must not wait for the next.
    listener.setblocking(False)
    return listener, path


def remove_stale(path):
    """Remove the file of a socket on which nobody listens any more."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
        except OSError:
            pass  # there is none, or bind will say what is wrong


if __name__ == "__main__":
    main()
