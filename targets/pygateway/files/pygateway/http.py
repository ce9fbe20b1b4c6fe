"""HTTP/1.1 and HTTP/1.0 [RFC 9110, RFC 9112], turned into CGI variables [RFC 3875].

Where two readers of a request could disagree on where it ends, it is refused
(RFC 9112, 11.2), even where the RFC would let a server guess.
"""

import re
import time
from functools import lru_cache
from wsgiref.handlers import format_date_time
from wsgiref.util import is_hop_by_hop

from . import request
from .connection import BadRequest

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110, 5.6.2
REQUEST_LINE = re.compile(rf"({TOKEN}) ([!-~\x80-\xff]+) HTTP/([0-9])\.([0-9])")
FIELD_LINE = re.compile(rf"({TOKEN}):[ \t]*([^\x00-\x08\n-\x1f\x7f]*)")
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;[^\x00-\x08\n-\x1f\x7f]*)?")
MAX_LINE = 4096  # bytes of a chunk's first line or a trailer field
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Request(request.Request):
    def __init__(self, connection, site):
        super().__init__(connection, site)
        self._minor = 1  # of the version HTTP/1.x
        self._chunked = False  # whether the answer is
        self._continue = False  # whether the client waits for a 100 (Continue)

    def read(self):
        head = self.connection.take_until(b"\r\n\r\n", request.MAX_HEAD, "431 Request Header Fields Too Large")
        if head.startswith(b"\r\n"):
            head = head[2:]  # left behind by an old client's body: RFC 9112, 2.2
        line, *lines = head.decode("latin-1").split("\r\n")
        method, target = self._read_request_line(line)
        fields = self._read_fields(lines)
        self._read_connection(fields)
        self._make_environ(method, target, fields)
        self._read_framing(fields)
        return True

    def _read_request_line(self, line):
        match = REQUEST_LINE.fullmatch(line)
        if not match:
            raise BadRequest(f"malformed request line {line[:80]!r}")
        method, target, major, minor = match.groups()
        if major != "1" or minor not in "01":
            raise BadRequest(f"version {major}.{minor}", "505 HTTP Version Not Supported")
        self._minor = int(minor)
        if method == "CONNECT":
            raise BadRequest("CONNECT asks for a proxy", "501 Not Implemented")
        if target[0] != "/" and "://" not in target and (target, method) != ("*", "OPTIONS"):
            raise BadRequest(f"malformed request target {target[:80]!r}")
        return method, target

    def _read_fields(self, lines):
        """Return the fields as a dict of lists, by lower-case names."""
        fields = {}
        for line in lines:
            match = FIELD_LINE.fullmatch(line)
            if not match:
                raise BadRequest(f"malformed field line {line[:80]!r}")
            name, value = match.groups()
            fields.setdefault(name.lower(), []).append(value.rstrip(" \t"))
        for name in ("host", "content-length", "content-type", "transfer-encoding", "expect"):
            if len(fields.get(name, ())) > 1:
                raise BadRequest(f"more than one field {name}")
        if self._minor and "host" not in fields:
            raise BadRequest("no field host")  # RFC 9112, 3.2
        return fields

    def _read_connection(self, fields):
        """Decide whether the connection persists (RFC 9112, 9.3)."""
        options = [option.strip().lower() for option in ",".join(fields.get("connection", ())).split(",")]
        self.keep_alive = "close" not in options and (self._minor == 1 or "keep-alive" in options)

    def _make_environ(self, method, target, fields):
        environ = self.environ
        environ["REQUEST_METHOD"] = method
        environ["REQUEST_URI"] = target
        environ["SCRIPT_NAME"] = ""
        environ["PATH_INFO"] = request.path_of(target)
        environ["QUERY_STRING"] = target.partition("?")[2]
        environ["SERVER_PROTOCOL"] = f"HTTP/1.{self._minor}"
        environ["SERVER_NAME"] = self.site.name
        environ["SERVER_PORT"] = self.site.port
        environ["SERVER_SOFTWARE"] = "pygateway"
        environ["GATEWAY_INTERFACE"] = "CGI/1.1"
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = self.connection.remote
        for name, values in fields.items():
            if name in ("content-type", "content-length"):
                environ[name.upper().replace("-", "_")] = values[0]
            elif "_" not in name and name != "proxy" and not is_hop_by_hop(name):
                # X_Foo must not pass for X-Foo, which a web server may have
                # checked; Proxy is httpoxy (request.complete); the hop ends here.
                separator = "; " if name == "cookie" else ", "  # RFC 9113, 8.2.3; RFC 9110, 5.3
                environ["HTTP_" + name.upper().replace("-", "_")] = separator.join(values)
        if target[0] not in "/*":
            environ["HTTP_HOST"] = re.split("[/?]", target.partition("://")[2], maxsplit=1)[0]  # RFC 9112, 3.2.2

    def _read_framing(self, fields):
        """Find out how long the body is (RFC 9112, 6)."""
        length = request.number(fields["content-length"][0]) if "content-length" in fields else None
        coding = fields.get("transfer-encoding")
        if coding and length is not None:
            raise BadRequest("both Content-Length and Transfer-Encoding")
        if coding and not self._minor:
            raise BadRequest("Transfer-Encoding in HTTP/1.0")
        if coding and coding[0].lower() != "chunked":
            raise BadRequest(f"Transfer-Encoding {coding[0][:40]!r}", "501 Not Implemented")
        expected = fields.get("expect")
        if expected and expected[0].lower() != "100-continue":
            raise BadRequest(f"Expect {expected[0][:40]!r}", "417 Expectation Failed")
        # An HTTP/1.0 client does not know the answer (RFC 9110, 10.1.1).
        self._continue = bool(expected and self._minor and (coding or length))
        if coding:
            self.invite()
            self.spool_body(self._chunks())
        else:
            self.take_body(length or 0)
            if self._continue:
                self.body.before = self.invite

    def invite(self):
        """Tell a client that waits for it to send its body (RFC 9110, 15.2.1)."""
        if self._continue:
            self._continue = False
            self.connection.send(CONTINUE)

    def _chunks(self):
        """Yield the pieces of a chunked body (RFC 9112, 7.1)."""
        while True:
            line = CHUNK_LINE.fullmatch(self.connection.take_until(b"\r\n", MAX_LINE))
            if not line:
                raise BadRequest("a chunk does not start with its size")
            left = int(line[1], 16)
            if not left:
                break
            while left:
                piece = self.connection.take_some(min(left, request.PIECE))
                left -= len(piece)
                yield piece
            if self.connection.take(2) != b"\r\n":
                raise BadRequest("a chunk is longer than its size")
        # The variables are made: trailer fields come too late.
        for _ in range(100):
            if not self.connection.take_until(b"\r\n", MAX_LINE):
                return
        raise BadRequest("more than 100 trailer fields", "431 Request Header Fields Too Large")

    def start(self, status, headers, has_body):
        if self._continue:
            # Whether the body still comes now is the client's choice, so that
            # nobody knows where the next request would begin.
            self._continue = False
            self.body.before = None
            self.keep_alive = False
        framed = "Content-Length" in headers or not has_body
        self._chunked = not framed and self._minor == 1
        if not framed and not self._chunked:
            self.keep_alive = False
        if "Date" not in headers:
            headers["Date"] = date(int(time.time()))  # RFC 9110, 6.6.1
        if self._chunked:
            headers["Transfer-Encoding"] = "chunked"
        if not self.keep_alive:
            headers["Connection"] = "close"
        elif not self._minor:
            headers["Connection"] = "keep-alive"
        # The version is the server's own, not that of the request (RFC 9110, 6.2).
        return request.head("HTTP/1.1 " + status, headers)

    def encode(self, head, body, last):
        if self._chunked:
            if body:
                body = b"%x\r\n%b\r\n" % (len(body), body)
            if last:
                body += b"0\r\n\r\n"
        return head + body


@lru_cache(maxsize=1)
def date(second):
    return format_date_time(second)
