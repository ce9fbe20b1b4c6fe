"""Holds middleware.py to what PEP 3333 asks of both its sides."""
import io
import sys
import unittest
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import hello
import middleware

LAYERS = 16


class Chunks:
    """A body that counts how often it is closed."""

    def __init__(self, *chunks):
        self.chunks = chunks
        self.closed = 0

    def __iter__(self):
        return iter(self.chunks)

    def close(self):
        self.closed += 1


def environ():
    e = {'QUERY_STRING': '', 'wsgi.errors': sys.stderr}
    setup_testing_defaults(e)
    return e


def frames(function):
    """How often the function is being called right now."""
    frame, count = sys._getframe(), 0
    while frame:
        count += frame.f_code.co_filename == middleware.__file__ and frame.f_code.co_name == function
        frame = frame.f_back
    return count


class MiddlewareTest(unittest.TestCase):
    def test_application_has_the_layers_that_the_environment_asks_for(self):
        application, count = middleware.application, 0
        while isinstance(application, middleware.Middleware):
            application, count = application.application, count + 1
        self.assertIs(application, hello.application)
        self.assertEqual(count, LAYERS)

    def test_every_layer_passes_each_event_on_once(self):
        body, closes, chunks = Chunks(b'a', b'', b'b'), [], []

        class Seen(middleware.Body):
            def __iter__(self):
                for chunk in super().__iter__():
                    chunks.append(self)
                    yield chunk

            def close(self):
                closes.append(self)
                super().close()

        def application(e, start_response):
            self.assertEqual(frames('__call__'), LAYERS)
            start_response('200 OK', [('X-A', 'b')])
            return body

        def start_response(status, headers):
            self.assertEqual((status, headers), ('200 OK', [('X-A', 'b')]))
            self.assertEqual(frames('start'), LAYERS)
            starts.append(status)

        starts, original = [], middleware.Body
        middleware.Body = Seen
        try:
            result = middleware.wrapped(application, LAYERS)(environ(), start_response)
        finally:
            middleware.Body = original
        self.assertEqual(list(result), [b'a', b'', b'b'])
        result.close()
        self.assertEqual(starts, ['200 OK'])
        self.assertEqual(len(closes), LAYERS)
        self.assertEqual(len(set(map(id, closes))), LAYERS)
        self.assertEqual(len(chunks), LAYERS * 3)
        self.assertEqual(body.closed, 1)

    def test_a_body_that_nobody_reads_is_closed(self):
        body = Chunks(b'a')

        def application(e, start_response):
            start_response('200 OK', [])
            return body

        middleware.wrapped(application, LAYERS)(environ(), lambda *args: None).close()
        self.assertEqual(body.closed, 1)

    def test_each_layer_passes_the_validator_on_both_sides(self):
        application = validator(hello.application)
        for _ in range(LAYERS):
            application = validator(middleware.Middleware(application))
        result = application(environ(), lambda status, headers, exc_info=None: io.BytesIO().write)
        self.assertEqual(b''.join(result), b'<h1>Hello, web!</h1>')
        result.close()

    def test_exc_info_and_write_pass(self):
        written, starts = [], []

        def application(e, start_response):
            write = start_response('200 OK', [])
            try:
                raise ValueError('late')
            except ValueError:
                start_response('500 Internal Server Error', [], sys.exc_info())
            write(b'a')
            return []

        def start_response(status, headers, exc_info=None):
            starts.append((status, exc_info and exc_info[0]))
            return written.append

        result = middleware.wrapped(application, LAYERS)(environ(), start_response)
        self.assertEqual(list(result), [])
        self.assertEqual(starts, [('200 OK', None), ('500 Internal Server Error', ValueError)])
        self.assertEqual(written, [b'a'])

    def test_the_number_of_chunks_shows_through(self):
        body = middleware.application(environ(), lambda *args: None)
        self.assertEqual(len(body), 1)
        self.assertEqual([list(body), list(body)], [[b'<h1>Hello, web!</h1>']] * 2)
        body = middleware.wrapped(lambda *args: (c for c in [b'a']), LAYERS)(environ(), None)
        self.assertFalse(hasattr(body, '__len__'))

    def test_a_name_without_a_number_is_refused(self):
        self.assertEqual(middleware.layers('middleware-0'), 0)
        for name in '', 'hello', 'middleware', 'middleware-', 'middleware-x', 'middle-ware-2':
            with self.assertRaisesRegex(RuntimeError, 'set it to middleware-N'):
                middleware.layers(name)


unittest.main()
