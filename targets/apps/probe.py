"""Shows what a server made of a request, under wsgiref.validate.

    /environ    what must be equal over every protocol, in JSON; also for every path below it
    /inspect    all CGI variables in JSON
    /echo       the request's body, with its Content-Type
    /length     the number of bytes in the request's body
    /bytes/N    N bytes, up to 64 MiB
    /headers/N  N header fields X-Probe-1 to X-Probe-N, up to 1000
    /sleep/MS   an answer after so many milliseconds, up to 10000
    /status/N   an answer with status N, 200 to 599
    /           this list

It is the twin of probe.go, whose limits and answers it shares to the byte.
"""
import functools
import hashlib
import http
import json
import re
import time
from wsgiref.validate import validator

MAX_BYTES = 64 << 20
MAX_HEADERS = 1000
MAX_SLEEP = 10000  # milliseconds
PIECE = 256 << 10  # bytes of the request's body that are read at once

TEXT = 'text/plain; charset=utf-8'

# Go's names where they are not those of every Python (3.13 renamed some).
REASONS = {**{s.value: s.phrase for s in http.HTTPStatus}, 413: 'Request Entity Too Large', 414: 'Request URI Too Long',
           416: 'Requested Range Not Satisfiable', 418: "I'm a teapot", 422: 'Unprocessable Entity'}


class BadRequest(Exception):
    """The request cannot be answered as it asks; the text says why."""


def probe(environ, start_response):
    path = environ.get('PATH_INFO', '')
    name, _, rest = path[path.startswith('/'):].partition('/')
    try:
        status, headers, chunks = PATHS.get(name, not_found)(environ, rest)
    except BadRequest as e:
        status, headers, chunks = error(400, str(e))
    start_response('%d %s' % (status, REASONS.get(status, '')), headers)
    # Not every server takes the body off an answer to HEAD (RFC 9110, 9.3.2).
    return [b''] if environ['REQUEST_METHOD'] == 'HEAD' else chunks


def index(environ, rest):
    return answer(INDEX)


def not_found(environ, rest):
    return error(404, '404 page not found')


def show_environ(environ, rest):
    body, length = hashlib.sha256(), 0
    for piece in read_body(environ):
        body.update(piece)
        length += len(piece)
    announced = content_length(environ)
    return answer(to_json({
        'method': environ['REQUEST_METHOD'],
        'script_name': environ.get('SCRIPT_NAME', ''),
        'path_info': environ.get('PATH_INFO', ''),
        'query_string': environ.get('QUERY_STRING', ''),
        'content_type': environ.get('CONTENT_TYPE', ''),
        'content_length': length if announced is None else announced,
        'headers': sorted(name + ': ' + value for name, value in environ.items()
                          if name.startswith('HTTP_') and name not in LEFT_OUT),
        'body_length': length,
        'body_sha256': body.hexdigest(),
    }), 'application/json')


# What ends at the gateway, and Proxy (httpoxy): see Environ in environ.go.
LEFT_OUT = frozenset((
    'HTTP_CONNECTION', 'HTTP_CONTENT_LENGTH', 'HTTP_CONTENT_TYPE', 'HTTP_KEEP_ALIVE', 'HTTP_PROXY',
    'HTTP_PROXY_AUTHENTICATE', 'HTTP_PROXY_AUTHORIZATION', 'HTTP_PROXY_CONNECTION', 'HTTP_TE', 'HTTP_TRAILER',
    'HTTP_TRANSFER_ENCODING', 'HTTP_UPGRADE',
))


def show_variables(environ, rest):
    # A dot marks what is the server's and not a CGI variable, as in wsgi.url_scheme.
    return answer(to_json({name: environ[name] for name in sorted(environ)
                           if '.' not in name and isinstance(environ[name], str)}), 'application/json')


def echo(environ, rest):
    pieces, length = [], 0
    for piece in read_body(environ):
        length += len(piece)
        if length > MAX_BYTES:
            raise unreadable(MAX_BYTES, 'http: request body too large')
        pieces.append(piece)
    return answer(b''.join(pieces), environ.get('CONTENT_TYPE') or 'application/octet-stream')


def show_length(environ, rest):
    return answer(b'%d' % sum(map(len, read_body(environ))))


def send_bytes(environ, rest):
    n = argument(rest, 0, MAX_BYTES)
    return 200, [('Content-Type', 'application/octet-stream'), ('Content-Length', str(n))], pattern(n)


# The period of the pattern, 251, is no divisor of any buffer's size: pieces that
# were lost, doubled or swapped become visible.
PATTERN = bytes(range(251)) * 1044  # not quite 256 KiB


@functools.lru_cache(maxsize=16)
def pattern(n):
    """The pattern up to n bytes: all pieces but the last are one object."""
    whole, part = divmod(n, len(PATTERN))
    return (PATTERN,) * whole + (PATTERN[:part],)


def send_headers(environ, rest):
    n = argument(rest, 0, MAX_HEADERS)
    status, some, chunks = answer(INDEX)
    return status, some + X_PROBE[:n], chunks


X_PROBE = [('X-Probe-%d' % i, 'value %d' % i) for i in range(1, MAX_HEADERS + 1)]


def sleep(environ, rest):
    time.sleep(argument(rest, 0, MAX_SLEEP) / 1000)
    return answer(INDEX)


def send_status(environ, rest):
    n = argument(rest, 200, 599)
    if n in (204, 304):
        return n, [], []
    return answer(('%d %s\n' % (n, REASONS.get(n, ''))).encode(), status=n)


def argument(number, least, most):
    """The number at the path's end, as Go's strconv.Atoi would read it."""
    if re.fullmatch('[+-]?[0-9]{1,1000}', number) and least <= int(number) <= most:
        return int(number)
    raise BadRequest('%s is not a number from %d to %d' % (to_json(number).decode().strip(), least, most))


def content_length(environ):
    """What the server announced; None where it announced nothing."""
    announced = environ.get('CONTENT_LENGTH')
    return int(announced) if announced else None


def read_body(environ):
    """Yields the body in pieces.

    A server need not simulate an end of file (PEP 3333, "Input and Error
    Streams"): nothing is read beyond CONTENT_LENGTH, and without one only where
    the server promises an end, as for chunked bodies.
    """
    announced = content_length(environ)
    if announced is None and not environ.get('wsgi.input_terminated'):
        return
    read, count = environ['wsgi.input'].read, 0
    while announced is None or count < announced:
        try:
            piece = read(PIECE if announced is None else min(PIECE, announced - count))
        except OSError as e:
            raise unreadable(count, e) from e
        if not piece:
            if announced is None:
                return
            raise unreadable(count, 'unexpected EOF')
        count += len(piece)
        yield piece


def unreadable(count, why):
    return BadRequest("read the request's body after %d bytes: %s" % (count, why))


def answer(body, content_type=TEXT, status=200):
    return status, [('Content-Type', content_type), ('Content-Length', str(len(body)))], [body]


def error(status, text):
    status, headers, chunks = answer((text + '\n').encode(), status=status)
    return status, headers + [('X-Content-Type-Options', 'nosniff')], chunks


def to_json(value):
    """The bytes that Go's encoding/json writes, with indentation.

    Native strings hold no more than latin-1. What else a server put there is
    still shown: half a surrogate pair, which has no UTF-8, as \\udcXX.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2).translate(HTML)
    return text.encode('utf-8', 'backslashreplace') + b'\n'


HTML = {ord(c): '\\u%04x' % ord(c) for c in '<>&\u2028\u2029'}

INDEX = b'/environ /inspect /echo /length /bytes/N /headers/N /sleep/MS /status/N\n'

PATHS = {
    '': index,
    'environ': show_environ,
    'inspect': show_variables,
    'echo': echo,
    'length': show_length,
    'bytes': send_bytes,
    'headers': send_headers,
    'sleep': sleep,
    'status': send_status,
}

validated = validator(probe)


def application(environ, start_response):
    # PEP 3333 lets a server leave out what is empty, and the validator does not
    # (HAProxy sends no empty variable over FastCGI).
    environ.setdefault('SCRIPT_NAME', '')
    # The validator wants these only without HTTP_. Some fronts send them both
    # ways (Caddy over FastCGI), and some servers pass on what they get (uWSGI).
    environ.pop('HTTP_CONTENT_TYPE', None)
    environ.pop('HTTP_CONTENT_LENGTH', None)
    return validated(environ, start_response)
