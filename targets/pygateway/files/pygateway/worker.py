"""A worker: waits for connections, and answers one request at a time.

Idle connections wait in a selector beside the listening socket, so that they
keep nobody from being served. Once a request has begun to arrive, all of it is
waited for, and answered, before anything else is looked at.
"""

import selectors
import time
import traceback
from wsgiref.headers import Headers

from .connection import BadRequest, Connection, Disconnected, ProtocolError
from .handler import Handler
from .request import report

IDLE = 75  # seconds that a connection may be idle: nginx closes its own after 60, and so is first
LINGER = 2  # seconds that a peer has to notice that its connection was shut
MAX_DRAIN = 65536  # bytes of a body that are read for nothing, to keep a connection
TICK = 1  # seconds between two looks at the clock


class Worker:
    def __init__(self, listener, protocol, application, site):
        self._listener = listener
        self._protocol = protocol
        self._application = application
        self._site = site
        self._waiting = {}  # connections in the selector, and the time at which each is closed
        self._next_sweep = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)

    def turn(self):
        """Wait for connections, and serve those that are ready."""
        for key, _ in self._selector.select(TICK):
            if key.data is None:
                self._accept()
            elif key.data in self._waiting:
                self._receive(key.data)
        now = time.monotonic()
        if now >= self._next_sweep:
            self._next_sweep = now + TICK
            for connection in [c for c, end in self._waiting.items() if end <= now]:
                self._close(connection)

    def close(self):
        for connection in list(self._waiting):
            self._close(connection)
        self._selector.close()

    def _accept(self):
        # One at a time: the other workers want some too.
        try:
            connection = Connection(*self._listener.accept())
        except BlockingIOError:
            return  # another worker was faster
        except OSError as error:
            # Most likely no more files may be open. The listening socket stays
            # ready, so make room rather than spin.
            report(f"cannot accept a connection: {error}")
            if self._waiting:
                self._close(next(iter(self._waiting)))
            else:
                time.sleep(TICK / 10)
            return
        # Mostly the request is there already, which saves the selector.
        self._receive(connection)

    def _receive(self, connection):
        try:
            if connection.lingering:
                connection.discard()
            elif connection.arrived():
                self._serve(connection)
            else:
                self._wait(connection, IDLE)
        except ProtocolError as error:
            report(f"{error}: closing the connection")
            self._linger(connection)
        except Disconnected:
            self._close(connection)
        except Exception:  # a mistake in this program costs one connection
            traceback.print_exc()
            self._reset(connection)

    def _serve(self, connection):
        """Answer what has arrived, all of it where requests are pipelined."""
        while True:
            request = self._protocol.Request(connection, self._site)
            try:
                if not self._answer(connection, request):
                    return
            finally:
                request.close()
            if not connection.buffered:
                self._wait(connection, IDLE)
                return

    def _answer(self, connection, request):
        """Answer one request, and tell whether another may follow."""
        try:
            if request.read():
                complete = Handler(request).run(self._application)
            elif request.keep_alive:
                return True
            else:
                self._linger(connection)
                return False
        except BadRequest as error:
            report(f"answered {error.status}: {error}")
            request.keep_alive = False
            refuse(request, error.status)
            self._linger(connection)
            return False
        except ProtocolError:
            raise
        except Disconnected:
            complete = False
        if not complete:
            end = request.cut()
            if end is None:
                self._reset(connection)
                return False
            connection.send(end)
        if not drain(request):
            self._linger(connection)
            return False
        if not request.keep_alive:
            self._close(connection)
        return request.keep_alive

    def _wait(self, connection, seconds):
        if connection not in self._waiting:
            self._selector.register(connection.sock, selectors.EVENT_READ, connection)
        # Taken out first, so that the one that waits longest stays in front.
        self._waiting.pop(connection, None)
        self._waiting[connection] = time.monotonic() + seconds

    def _linger(self, connection):
        connection.linger()
        self._wait(connection, LINGER)

    def _forget(self, connection):
        if self._waiting.pop(connection, None) is not None:
            self._selector.unregister(connection.sock)

    def _close(self, connection):
        self._forget(connection)
        connection.close()

    def _reset(self, connection):
        self._forget(connection)
        connection.reset()


def refuse(request, status):
    """Answer a request that could not be read."""
    head = request.start(status, Headers([("Content-Length", "0")]), has_body=True)
    request.connection.send(request.encode(head, b"", last=True))


def drain(request):
    """Read what the application left of the body; tell whether that was all.

    Only a connection that is worth keeping is waited for.
    """
    request.connection.wait = request.keep_alive
    try:
        return request.body.skip(MAX_DRAIN)
    except Disconnected:
        return False
    finally:
        request.connection.wait = True
