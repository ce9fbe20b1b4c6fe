"""The hello under N middlewares that pass everything on.

GWBENCH_APPLICATION=middleware-N says how many.
"""
import os

import hello


class Middleware:
    """A server to the application below, an application to the server above.

    It adds nothing, so that its cost is that of the interface alone: one call
    down, one start_response up, one iterator around the body (PEP 3333,
    "Middleware: Components that Play Both Sides").
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        def start(status, headers, *exc_info):
            return start_response(status, headers, *exc_info)

        body = self.application(environ, start)
        return SizedBody(body) if hasattr(body, '__len__') else Body(body)


class Body:
    """The application's body, one chunk for each: none may be held back.

    It is no generator itself, which would not close a body that nobody began to
    read.
    """

    def __init__(self, body):
        self.body = body

    def __iter__(self):
        for chunk in self.body:
            yield chunk

    def close(self):
        if hasattr(self.body, 'close'):
            self.body.close()


class SizedBody(Body):
    """A body whose number of chunks is known.

    Servers make a Content-Length of such a body, so that the answer is framed
    alike however many layers there are. gevent iterates over it twice for that.
    """

    def __len__(self):
        return len(self.body)


def wrapped(application, layers):
    for _ in range(layers):
        application = Middleware(application)
    return application


def layers(name):
    kind, _, number = name.rpartition('-')
    if kind != 'middleware' or not number.isdecimal():
        raise RuntimeError('GWBENCH_APPLICATION is %r: set it to middleware-N, where N is the number of layers' % name)
    return int(number)


application = wrapped(hello.application, layers(os.environ.get('GWBENCH_APPLICATION', '')))
