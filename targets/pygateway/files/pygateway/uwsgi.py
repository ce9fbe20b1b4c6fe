"""uwsgi, the protocol of uWSGI [uwsgi-docs: Protocol.rst].

A request is a header of four bytes, a block of variables, and the body, whose
length is CONTENT_LENGTH. The answer is an HTTP response, ended by the end of
the connection, which carries no second request.
"""

import re
import struct

from . import request
from .connection import BadRequest, ProtocolError

HEADER = struct.Struct("<BHB")  # modifier1, datasize, modifier2
SIZE = struct.Struct("<H")  # of a key or a value
MODIFIER_WSGI = 0


class Request(request.Request):
    def read(self):
        modifier1, size, _ = HEADER.unpack(self.connection.take(HEADER.size))
        if modifier1 != MODIFIER_WSGI:
            # The modifiers are other protocols within this one, and answers to
            # those would look different: there is nothing to say.
            raise ProtocolError(f"modifier1 {modifier1} is not served here, only 0 (WSGI)")
        self.environ.update(variables(self.connection.take(size)))
        request.complete(self.environ)
        self.take_body(request.content_length(self.environ) or 0)
        return True

    def start(self, status, headers, has_body):
        # uWSGI repeats the version of the request [uwsgi: core/uwsgi.c]. It came
        # from outside, and so must not break out of its line.
        version = self.environ.get("SERVER_PROTOCOL", "")
        if not re.fullmatch(r"HTTP/\d(\.\d)?", version, re.ASCII):
            version = "HTTP/1.0"
        return request.head(f"{version} {status}", headers)


def variables(block):
    """Yield the pairs of a block: each string has its size before it."""
    strings = []
    at, end = 0, len(block)
    while at < end:
        if at + SIZE.size > end:
            raise BadRequest("the block ends within a size")
        start = at + SIZE.size
        at = start + SIZE.unpack_from(block, at)[0]
        if at > end:
            raise BadRequest("a string is longer than the rest of the block")
        strings.append(block[start:at].decode("latin-1"))
    if len(strings) % 2:
        raise BadRequest("a key without a value")
    return zip(strings[::2], strings[1::2])
