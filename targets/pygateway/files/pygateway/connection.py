"""Bytes in and out of one socket."""

import socket
import struct

# Seconds that a peer may be silent in the middle of a request, or leave an
# answer unread. Each byte starts it anew: a client that drips can hold a
# worker, as with every prefork server; a web server in front prevents that.
TIMEOUT = 10

RECEIVE = 65536  # bytes asked for at once

_TIMEVAL = struct.pack("@ll", TIMEOUT, 0)
_RESET = struct.pack("@ii", 1, 0)


class Disconnected(ConnectionError):
    """The rest of a request will not come, or the answer cannot go out.

    An OSError, because that is what applications expect wsgi.input to raise.
    """


class ProtocolError(Disconnected):
    """What came cannot be understood, and the protocol has no way to say so."""


class BadRequest(Exception):
    """What came breaks the rules of its protocol, and is told so."""

    def __init__(self, reason, status="400 Bad Request"):
        super().__init__(reason)
        self.status = status


class Connection:
    """A connected socket with a buffer for what was received too early."""

    def __init__(self, sock, peer):
        self.sock = sock
        # REMOTE_ADDR and REMOTE_PORT. A unix socket has neither, but its peer is
        # on this machine.
        self.remote = (peer[0], str(peer[1])) if isinstance(peer, tuple) else ("127.0.0.1", "0")
        self.wait = True  # whether receiving may wait for bytes that are not there yet
        self.lingering = False  # whether our side has said its last word
        self.watched = False  # whether the worker's selector has it
        self._data = b""  # received; taken up to _at
        self._at = 0
        # The kernel's timeouts cost nothing per call, unlike those of Python's
        # sockets, which poll before each one.
        sock.setblocking(True)  # some systems let a connection inherit it from the listener
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _TIMEVAL)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _TIMEVAL)
        if sock.family != socket.AF_UNIX:
            # Answers are written whole: Nagle's algorithm could only delay them.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def buffered(self):
        """The number of bytes that were received and not taken yet."""
        return len(self._data) - self._at

    def arrived(self):
        """Receive what is there without waiting, and tell whether that was anything."""
        try:
            more = self.sock.recv(RECEIVE, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError as error:
            raise Disconnected(str(error)) from error
        if not more:
            raise Disconnected("the peer closed the connection")
        self._data = self._data[self._at:] + more
        self._at = 0
        return True

    def take(self, size):
        """Return exactly so many bytes."""
        while self.buffered < size:
            self._fill()
        start, self._at = self._at, self._at + size
        return self._data[start:self._at]

    def take_until(self, end, limit, status="400 Bad Request"):
        """Return the bytes up to end, which is taken too, but not returned."""
        searched = self._at
        while True:
            found = self._data.find(end, searched)
            if (found if found >= 0 else len(self._data)) - self._at > limit:
                raise BadRequest(f"no end within {limit} bytes", status)
            if found >= 0:
                start, self._at = self._at, found + len(end)
                return self._data[start:found]
            searched = max(self.buffered - len(end) + 1, 0)  # where _fill moves it to
            self._fill()

    def take_some(self, size):
        """Return at least one byte, and at most size, as they come."""
        if not self.buffered:
            self._fill()
        return self.take(min(size, self.buffered))

    def _fill(self):
        if self.wait:
            try:
                more = self.sock.recv(RECEIVE)
            except BlockingIOError:
                raise Disconnected(f"the peer was silent for {TIMEOUT} s within a request") from None
            except OSError as error:
                raise Disconnected(str(error)) from error
            if not more:
                raise Disconnected("the peer closed the connection within a request")
            self._data = self._data[self._at:] + more
            self._at = 0
        elif not self.arrived():
            raise Disconnected("the rest has not arrived")

    def send(self, data):
        """Send all of data."""
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Disconnected(str(error)) from error

    def linger(self):
        """Say that no more will come from here; the peer may still be sending.

        Closing a TCP socket while bytes arrive resets the connection, which can
        destroy the answer on its way (RFC 9112, 9.6). So the write side is shut,
        and `discard` reads on until the peer has seen it and closes.
        """
        self.lingering = True
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the peer is gone: discard will notice

    def discard(self):
        """Throw away what has arrived; raise Disconnected at its end."""
        self._at = len(self._data)
        while self.arrived():
            self._at = len(self._data)

    def close(self):
        self.sock.close()

    def reset(self):
        """Close so that the peer cannot take what it got for a whole answer.

        Where only the end of the connection ends an answer (uwsgi, SCGI and
        HTTP/1.0 without Content-Length), an orderly end would be a lie. TCP can
        say so by a reset. A unix socket cannot: there such an answer looks
        whole, and only a Content-Length would give it away.
        """
        if self.sock.family != socket.AF_UNIX:
            try:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            except OSError:
                pass  # the peer was faster
        self.close()
