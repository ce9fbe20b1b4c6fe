"""SCGI [python.ca/scgi/protocol.txt].

A request is a netstring of the variables, and the body, whose length is the
first of them. The answer is that of CGI, ended by the end of the connection,
which carries no second request.
"""

from . import request
from .connection import BadRequest


class Request(request.Request):
    def read(self):
        digits = self.connection.take_until(b":", len(str(request.MAX_HEAD)))
        if not digits.isdigit():
            raise BadRequest(f"the netstring starts with {digits!r}, not with its length")
        size = int(digits)
        if size > request.MAX_HEAD:
            raise BadRequest(f"{size} bytes of variables", "431 Request Header Fields Too Large")
        block = self.connection.take(size)
        if self.connection.take(1) != b",":
            raise BadRequest("no comma at the end of the netstring")
        self.environ.update(variables(block))
        request.complete(self.environ)
        self.take_body(request.number(self.environ["CONTENT_LENGTH"]))
        return True


def variables(block):
    """Return the pairs of a block: each string has a NUL behind it."""
    strings = block.decode("latin-1").split("\0")
    if strings.pop() or len(strings) % 2:
        raise BadRequest("the variables are not pairs of strings that end in NUL")
    names, values = strings[::2], strings[1::2]
    if not names or names[0] != "CONTENT_LENGTH":
        raise BadRequest("CONTENT_LENGTH is not the first variable")
    if len(set(names)) < len(names):
        raise BadRequest("a variable occurs twice")
    pairs = dict(zip(names, values))
    if pairs.get("SCGI") != "1":
        raise BadRequest("no variable SCGI with the value 1")
    return pairs
