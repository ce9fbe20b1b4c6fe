"""A small WSGI gateway: http, uwsgi, FastCGI and SCGI on top, an application below.

It is meant to be read. A request passes through these modules, one for each
thing that a WSGI server does:

    __main__    the arguments, the application, the listening socket
    master      forks the workers, replaces those that die, ends them all
    worker      waits for connections, and answers one request at a time
    connection  bytes in and out of one socket
    request     what all requests are to a worker; CGI variables; wsgi.input
    http, uwsgi, fastcgi, scgi
                a request of that protocol, and how an answer is written in it
    handler     calls the application as PEP 3333 wants it called

Only the modules of the protocols know a protocol, and only `handler` knows
WSGI. Nothing beyond Python's standard library is needed.
"""
