"""What a request is to a worker, whatever the protocol; CGI variables; wsgi.input."""

import io
import re
import sys
import tempfile
from urllib.parse import unquote

from .connection import BadRequest

MAX_HEAD = 65536  # bytes of header fields or variables; uwsgi cannot carry more
MAX_SPOOL = 1 << 30  # bytes of a body that comes without its length
SPOOL_IN_MEMORY = 1 << 20  # bytes of it that are kept in memory, not in a file
PIECE = 65536  # bytes handled at once


class Request:
    """One request, and the way an answer to it is written.

    A subclass for each protocol overrides `read`, and of the rest what differs
    from CGI (RFC 3875): an answer there is a head that starts with `Status:`,
    then the body as it is.
    """

    def __init__(self, connection, site):
        self.connection = connection
        self.site = site  # of the server: name, port, workers
        self.environ = {}  # CGI variables, as native strings (PEP 3333: latin-1)
        self.body = NO_BODY  # what of the request is still to be read from the connection
        self.input = None  # what the application reads
        self.keep_alive = False  # whether the connection can carry another request
        self._spool = None  # file of a body of unknown length

    def read(self):
        """Read the request up to its body.

        Returns False where what came was none, and has been dealt with.
        """
        raise NotImplementedError

    def start(self, status, headers, has_body):
        """Return the head of the answer. has_body is False for HEAD, 204 and 304."""
        return head("Status: " + status, headers)

    def encode(self, head, body, last):
        """Return a piece of the answer as it is on the wire.

        head is b"" in all pieces but the first; last is True in the last one.
        """
        return head + body

    def cut(self):
        """Return what ends a request that will not be answered to its end.

        None means that only the end of the connection can.
        """
        return None

    def take_body(self, length):
        """Make the next length bytes of the connection the request's body."""
        if length:
            self.body = Body(self.connection, length)
            self.input = io.BufferedReader(self.body, PIECE)
        else:
            self.input = io.BytesIO()

    def spool_body(self, pieces):
        """Make pieces, an iterator of bytes, the body.

        PEP 3333 leaves an application only CONTENT_LENGTH to learn that there
        is a body, so one of unknown length is read before the application is
        called; in memory as long as it is small.
        """
        self.input = self._spool = tempfile.SpooledTemporaryFile(SPOOL_IN_MEMORY)
        length = 0
        for piece in pieces:
            length += len(piece)
            if length > MAX_SPOOL:
                raise BadRequest(f"more than {MAX_SPOOL} bytes", "413 Content Too Large")
            self.input.write(piece)
        self.input.seek(0)
        self.environ["CONTENT_LENGTH"] = str(length)

    def close(self):
        if self._spool:
            self._spool.close()


def head(first_line, headers):
    """Return the head of an answer; headers is a wsgiref.headers.Headers."""
    lines = [first_line]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append("\r\n")
    return "\r\n".join(lines).encode("latin-1")


class Body(io.RawIOBase):
    """The next so many bytes of a connection, and then the end of the file.

    An application must not read past the end of its request, and need not know
    where that is (PEP 3333, Input and Error Streams): io.BufferedReader over
    this gives it read, readline, readlines and iteration that end there.
    """

    def __init__(self, connection, length):
        super().__init__()
        self.before = None  # called before the first byte is read
        self._connection = connection
        self._left = length

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self.take(len(buffer))
        buffer[:len(data)] = data
        return len(data)

    def take(self, size):
        if not self._left or not size:
            return b""
        if self.before:
            before, self.before = self.before, None
            before()
        data = self._connection.take_some(min(size, self._left))
        self._left -= len(data)
        return data

    def skip(self, limit):
        """Read on to the end, but not more than limit bytes; tell whether it is reached."""
        while self._left and limit > 0:
            limit -= len(self.take(PIECE))
        return not self._left


NO_BODY = Body(None, 0)


def number(value):
    """Return a Content-Length as an int, which is digits and no more (RFC 9110, 8.6)."""
    if not re.fullmatch("[0-9]{1,18}", value):
        raise BadRequest(f"Content-Length {value[:40]!r} is not a number of bytes")
    return int(value)


def content_length(environ):
    """Return CONTENT_LENGTH, or None where there is none, which nginx writes as ""."""
    value = environ.get("CONTENT_LENGTH")
    return number(value) if value else None


def path_of(uri):
    """Return PATH_INFO of a request target: the path, decoded, in latin-1 (PEP 3333)."""
    path = uri.partition("?")[0]
    if not path.startswith("/"):
        # Absolute form (RFC 9112, 3.2.2), or * (3.2.4), which names no path.
        path = "/" + path.partition("://")[2].partition("/")[2] if "://" in path else ""
    return unquote(path, "latin-1")


def complete(environ):
    """Make of CGI variables, as fronts send them, those that PEP 3333 promises."""
    for name in (
        # As a header field it would pass for the variable that libraries take
        # for a proxy's address (httpoxy, CVE-2016-5385).
        "HTTP_PROXY",
        # nginx sends these two both ways; PEP 3333 knows the one without HTTP_.
        "HTTP_CONTENT_TYPE",
        "HTTP_CONTENT_LENGTH",
    ):
        environ.pop(name, None)
    if not environ.get("REQUEST_METHOD"):
        raise BadRequest("no REQUEST_METHOD")
    if "PATH_INFO" not in environ:
        # A front that sends none does not know where the application's part of
        # the path begins (nginx's fastcgi_params and scgi_params; in SCRIPT_NAME
        # the former has all of it). Then the application is at the root.
        uri = environ.get("REQUEST_URI")
        environ["PATH_INFO"] = path_of(uri) if uri else environ.get("SCRIPT_NAME", "")
        environ["SCRIPT_NAME"] = ""
    elif environ.get("SCRIPT_NAME") == "/":
        # The root is "", never "/" (PEP 3333, environ Variables).
        environ["SCRIPT_NAME"] = ""
        if not environ["PATH_INFO"].startswith("/"):
            environ["PATH_INFO"] = "/" + environ["PATH_INFO"]
    environ.setdefault("SCRIPT_NAME", "")
    environ.setdefault("QUERY_STRING", "")
    # "can never be empty strings, and so are always required" (PEP 3333).
    environ["SERVER_NAME"] = environ.get("SERVER_NAME") or "localhost"
    environ["SERVER_PORT"] = environ.get("SERVER_PORT") or "80"
    environ["SERVER_PROTOCOL"] = environ.get("SERVER_PROTOCOL") or "HTTP/1.0"


def report(text):
    print("pygateway:", text, file=sys.stderr, flush=True)
