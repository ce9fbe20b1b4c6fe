"""FastCGI 1.0 [fcgi-spec.html, whose sections are given in brackets].

Everything travels in records. A request is BEGIN_REQUEST and two streams of
records, PARAMS and STDIN; the answer is the stream STDOUT and END_REQUEST. An
empty record ends a stream. The connection can carry further requests, one
after the other: several at the same time would only wait for each other here,
so all but one are refused.

wsgi.errors is the gateway's own stderr, as with the other protocols, and not
the stream STDERR.
"""

import io
import struct

from . import request
from .connection import BadRequest, Disconnected, ProtocolError

HEADER = struct.Struct(">BBHHBx")  # version, type, requestId, contentLength, paddingLength
BEGIN_REQUEST_BODY = struct.Struct(">HB5x")  # role, flags
END_REQUEST_BODY = struct.Struct(">IB3x")  # appStatus, protocolStatus
UNKNOWN_TYPE_BODY = struct.Struct(">B7x")  # type

VERSION_1 = 1
BEGIN_REQUEST, ABORT_REQUEST, END_REQUEST = 1, 2, 3
PARAMS, STDIN, STDOUT = 4, 5, 6
GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = 9, 10, 11
MANAGEMENT = 0  # the requestId of records that belong to no request [3.3]
RESPONDER = 1  # role
KEEP_CONN = 1  # flag
REQUEST_COMPLETE, CANT_MPX_CONN, UNKNOWN_ROLE = 0, 1, 3  # protocolStatus
MAX_CONTENT = 65528  # bytes: the largest multiple of eight, which is what [3.3] likes


class Request(request.Request):
    def __init__(self, connection, site):
        super().__init__(connection, site)
        self.keep_alive = True  # until BEGIN_REQUEST says otherwise
        self.id = None  # requestId, from BEGIN_REQUEST on
        self.aborted = False

    def read(self):
        params = bytearray()
        while True:
            kind, content = self.next_record()
            if kind is None:
                return False
            if kind != PARAMS:
                raise BadRequest(f"a record of type {kind} before the end of PARAMS")
            if not content:
                break
            params += content
            if len(params) > request.MAX_HEAD:
                raise BadRequest("PARAMS too long", "431 Request Header Fields Too Large")
        self.environ.update(pairs(bytes(params)))
        request.complete(self.environ)
        length = request.content_length(self.environ)
        self.body = Stdin(self, length or 0)
        if length is None:
            # Nearly always empty. Apache sends chunked bodies so, for one.
            self.spool_body(iter(self.body.next_content, b""))
        else:
            self.input = io.BufferedReader(self.body, request.PIECE)
        return True

    def next_record(self):
        """Return type and content of this request's next record.

        Records of others are dealt with on the way. The type is None where no
        request has begun and nothing more is there.
        """
        while self.id is not None or self.keep_alive and self.connection.buffered:
            version, kind, id_, length, padding = HEADER.unpack(self.connection.take(HEADER.size))
            if version != VERSION_1:
                raise ProtocolError(f"a record of version {version}, not 1")
            content = self.connection.take(length + padding)[:length]
            if id_ == MANAGEMENT:
                self._manage(kind, content)
            elif id_ == self.id:
                if kind == ABORT_REQUEST:
                    self.aborted = True
                    raise Disconnected("the web server aborted the request")
                return kind, content
            elif kind == BEGIN_REQUEST:
                self._begin(id_, content)
            # All else is of a request that has been refused or is over, such as
            # an ABORT_REQUEST that crossed the answer [5.4], and is ignored.
        return None, b""

    def _begin(self, id_, content):
        if self.id is not None:
            self.connection.send(end_request(id_, CANT_MPX_CONN))
            return
        if len(content) != BEGIN_REQUEST_BODY.size:
            raise ProtocolError(f"a BEGIN_REQUEST of {len(content)} bytes")
        role, flags = BEGIN_REQUEST_BODY.unpack(content)
        self.keep_alive = bool(flags & KEEP_CONN)
        if role == RESPONDER:
            self.id = id_
        else:
            self.connection.send(end_request(id_, UNKNOWN_ROLE))

    def _manage(self, kind, content):
        """Answer a management record [4]."""
        if kind != GET_VALUES:
            answer = record(UNKNOWN_TYPE, MANAGEMENT, UNKNOWN_TYPE_BODY.pack(kind))
        else:
            workers = str(self.site.workers)  # each is good for one request at a time
            values = {"FCGI_MAX_CONNS": workers, "FCGI_MAX_REQS": workers, "FCGI_MPXS_CONNS": "0"}
            known = [short_pair(name, values[name]) for name, _ in pairs(content) if name in values]
            answer = record(GET_VALUES_RESULT, MANAGEMENT, b"".join(known))
        self.connection.send(answer)

    def encode(self, head, body, last):
        if self.id is None:
            return b""
        data = head + body
        pieces = [record(STDOUT, self.id, data[at:at + MAX_CONTENT]) for at in range(0, len(data), MAX_CONTENT)]
        if last:
            pieces += record(STDOUT, self.id, b""), end_request(self.id)
        return b"".join(pieces)

    def cut(self):
        # An END_REQUEST, whatever its appStatus, would make the answer look
        # whole: web servers look at the protocolStatus only. Nobody waits for
        # the rest of a request that was aborted, though.
        return end_request(self.id) if self.aborted else None


class Stdin(io.RawIOBase):
    """The body of a request: STDIN, but not more of it than CONTENT_LENGTH."""

    def __init__(self, request, length):
        super().__init__()
        self._request = request
        self._left = length
        self._content = b""  # of the present record, what was not read yet
        self._ended = False

    def next_content(self):
        """Return the content of the next record, b"" at the end of STDIN."""
        if self._over():
            return b""
        kind, content = self._request.next_record()
        if kind != STDIN:
            raise ProtocolError(f"a record of type {kind} before the end of STDIN")
        self._ended = not content
        return content

    def readable(self):
        return True

    def readinto(self, buffer):
        size = min(len(buffer), self._left)
        if size and not self._content:
            self._content = self.next_content()
            if not self._content:
                raise Disconnected(f"STDIN ended {self._left} bytes before CONTENT_LENGTH")  # see [6.2]
        data, self._content = self._content[:size], self._content[size:]
        buffer[:len(data)] = data
        self._left -= len(data)
        return len(data)

    def skip(self, limit):
        while not self._over() and limit > 0:
            limit -= len(self.next_content())
        return self._over()

    def _over(self):
        return self._ended or self._request.aborted


def record(kind, id_, content):
    # Padding is for alignment only; nobody demands it [3.3].
    return HEADER.pack(VERSION_1, kind, id_, len(content), 0) + content


def end_request(id_, protocol_status=REQUEST_COMPLETE):
    return record(END_REQUEST, id_, END_REQUEST_BODY.pack(0, protocol_status))


def pairs(data):
    """Yield the name-value pairs of a stream or record [3.4]."""
    text = data.decode("latin-1")
    at = 0
    while at < len(data):
        name_length, at = pair_length(data, at)
        value_length, at = pair_length(data, at)
        middle = at + name_length
        end = middle + value_length
        if end > len(data):
            raise BadRequest("a pair is longer than what holds it")
        yield text[at:middle], text[middle:end]
        at = end


def pair_length(data, at):
    """Return the length at that place, and the place behind it [3.4]."""
    size = 4 if data[at:at + 1] >= b"\x80" else 1
    if at + size > len(data):
        raise BadRequest("a pair ends within its lengths")
    return int.from_bytes(data[at:at + size], "big") & 0x7FFFFFFF, at + size


def short_pair(name, value):
    return bytes((len(name), len(value))) + name.encode() + value.encode()
