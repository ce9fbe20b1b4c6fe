"""Calls the application, as PEP 3333 wants it called.

wsgiref.handlers.BaseHandler knows most of it: the environ, start_response,
errors. What it leaves to servers is here: lengths, answers without a body, and
when bytes go out.
"""

import re
import sys
from wsgiref.handlers import BaseHandler

from .connection import Disconnected
from .request import report

HOLD = 65536  # bytes of an answer that are gathered before they are sent
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Handler(BaseHandler):
    os_environ = {}  # the gateway's own environment is of no use to an application
    wsgi_multithread = False

    def __init__(self, request):
        self.request = request
        self.wsgi_multiprocess = request.site.workers > 1
        self.complete = False  # whether the whole answer has gone out
        self.begun = False  # whether any of it has
        self.head = b""  # of the answer, while it is held back
        self.held = []  # pieces of the body that are held back
        self.held_size = 0  # bytes
        self.has_body = True  # whether this answer may have one
        self.left = None  # bytes to come until Content-Length; None where there is none

    def run(self, application):
        """Have a request answered; returns whether it was, to the end.

        BaseHandler.run takes a ConnectionError for a client that went away. The
        application may have other connections, so here only Disconnected is.
        """
        try:
            try:
                self.setup_environ()
                self.result = application(self.environ, self.start_response)
                self.finish_response()
            except Disconnected:
                raise
            except:  # sys.exit() in an application must not end the server
                self.handle_error()
        except Disconnected:
            pass  # nobody is left to tell
        return self.complete

    def add_cgi_vars(self):
        self.environ.update(self.request.environ)
        # A custom among servers: wsgi.input ends by itself, whatever
        # CONTENT_LENGTH says.
        self.environ["wsgi.input_terminated"] = True

    def get_stdin(self):
        return self.request.input

    def get_stderr(self):
        return sys.stderr

    def start_response(self, status, headers, exc_info=None):
        # A line break would let whoever chose the value write what follows.
        for text in (status, *(text for field in headers for text in field)):
            if CONTROL.search(text):
                raise ValueError(f"control character in {text!r}")
        return super().start_response(status, headers, exc_info)

    def send_headers(self):
        """Make the head, now that the first bytes of the body are known."""
        bodiless = self.status[:3] in ("204", "304")
        self.has_body = not bodiless and self.environ["REQUEST_METHOD"] != "HEAD"
        if not bodiless:
            self.cleanup_headers()  # adds the length of a body in one piece
        elif self.status.startswith("204"):
            del self.headers["Content-Length"]  # RFC 9110, 8.6
        self.left = None
        if self.has_body and "Content-Length" in self.headers:
            self.left = int(self.headers["Content-Length"])
        self.head = self.request.start(self.status, self.headers, self.has_body)
        self.headers_sent = True

    def write(self, data):
        if type(data) is not bytes:
            raise TypeError(f"the body must be bytes, not {type(data).__name__}")
        if not self.status:
            raise AssertionError("write() before start_response()")
        if not data:
            return  # the head waits for the first bytes (PEP 3333, The start_response() Callable)
        if not self.headers_sent:
            self.bytes_sent = len(data)
            self.send_headers()
        if not self.has_body:
            return
        if self.left is not None:
            if len(data) > self.left:
                report(f"the application's body is longer than its Content-Length: {self.environ['PATH_INFO']}")
                data = data[:self.left]
            self.left -= len(data)
        self.held.append(data)
        self.held_size += len(data)
        # What an application has yet to make must not wait for more of it (PEP
        # 3333, Buffering and Streaming). A list is made already.
        if type(self.result) not in (list, tuple) or self.held_size >= HOLD:
            self.flush(last=False)

    def finish_content(self):
        if not self.headers_sent:
            if self.environ["REQUEST_METHOD"] != "HEAD" and self.status[:3] != "304":
                self.headers.setdefault("Content-Length", "0")
            self.send_headers()
        if self.left:
            raise AssertionError(f"the body ends {self.left} bytes before its Content-Length")
        self.flush(last=True)
        self.complete = True

    def flush(self, last):
        data = self.request.encode(self.head, b"".join(self.held), last)
        self.head = b""
        self.held.clear()
        self.held_size = 0
        self.begun = True
        if data:
            self.request.connection.send(data)

    def handle_error(self):
        """Log the error and, where nothing has gone out, answer 500."""
        if self.begun:
            self.log_exception(sys.exc_info())
            return
        self.held.clear()
        self.held_size = 0
        self.headers_sent = False
        super().handle_error()
