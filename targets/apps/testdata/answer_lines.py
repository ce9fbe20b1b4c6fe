"""Answers requests, one line of JSON each, with a WSGI application.

Usage: answer_lines.py MODULE. A request is {"environ": {...}, "body": BASE64},
the answer {"head": LATIN-1, "body": BASE64, "errors": TEXT}. The application
runs under wsgiref's handler and validator.
"""
import base64
import importlib
import io
import json
import sys
import warnings
from wsgiref import handlers, validate


class Input(io.BytesIO):
    """A body behind which, as on a real connection, more would block for ever."""

    def __init__(self, body, end):
        super().__init__(body)
        self.end = end

    def read(self, size):
        if self.end is not None and self.tell() + size > self.end:
            raise AssertionError('read(%d) at %d, beyond CONTENT_LENGTH' % (size, self.tell()))
        return super().read(size)


class Handler(handlers.BaseCGIHandler):
    os_environ = {}
    wsgi_file_wrapper = None


def respond(application, request):
    environ = request['environ']
    length = environ.get('CONTENT_LENGTH')
    end = int(length or 0) if length or not environ.get('wsgi.input_terminated') else None
    output, errors = io.BytesIO(), io.StringIO()
    handler = Handler(Input(base64.b64decode(request['body']), end), output, errors, environ)
    handler.run(application)
    head, _, body = output.getvalue().partition(b'\r\n\r\n')
    return {'head': head.decode('latin-1'), 'body': base64.b64encode(body).decode(), 'errors': errors.getvalue()}


warnings.simplefilter('error', validate.WSGIWarning)
module = importlib.import_module(sys.argv[1])
validated = validate.validator(module.application)
for line in sys.stdin:
    print(json.dumps(respond(validated, json.loads(line))), flush=True)
