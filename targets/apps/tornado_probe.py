# The WSGI probe behind Tornado's own HTTP server: a native application has no
# environ to show, but the server that runs it parses requests either way, and so
# can be held to the same equivalence check as every other.
from tornado.web import Application, FallbackHandler
from tornado.wsgi import WSGIContainer

import probe

application = Application([('.*', FallbackHandler, {'fallback': WSGIContainer(probe.application)})])
