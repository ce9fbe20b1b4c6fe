import re
import socket
import time

from harness import GatewayTest, echo, receive, receive_all, receive_until


def get(target="/", *fields, version="1.1", method="GET"):
    lines = [f"{method} {target} HTTP/{version}", "Host: h", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


CLOSE = "Connection: close"


def stable(answer):
    """The answer without what changes by itself."""
    return re.sub(rb"\r\nDate: [^\r]* GMT(?=\r\n)", b"", answer)


class HttpTest(GatewayTest):
    protocol = "http"

    def test_request_and_answer(self):
        answer = self.exchange(get("/caf%C3%A9/a%20b?q=%20", "X-Probe: one", "x-probe:two\t", "Cookie: a=1", "Cookie: b=2", CLOSE))
        self.assertRegex(answer, rb"\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n")
        self.assertEqual(
            stable(answer), b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        want = {
            "REQUEST_METHOD": "GET", "REQUEST_URI": "/caf%C3%A9/a%20b?q=%20", "SCRIPT_NAME": "",
            "PATH_INFO": "/caf\u00c3\u00a9/a b", "QUERY_STRING": "q=%20", "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "h", "HTTP_X_PROBE": "one, two", "HTTP_COOKIE": "a=1; b=2",
        }
        self.assertEqual({name: echo.environ.get(name) for name in want}, want)
        self.assertEqual(echo.environ["wsgi.url_scheme"], "http")

    def test_fields_that_are_dropped(self):
        self.exchange(get("/", "X_Probe: 1", "Proxy: evil", "Keep-Alive: 5", "TE: trailers", "Accept: */*", CLOSE))
        fields = {name for name in echo.environ if name.startswith("HTTP_")}
        self.assertEqual(fields, {"HTTP_HOST", "HTTP_ACCEPT"})

    def test_targets(self):
        for target, path, host in (
            ("http://other:8080/a?b", "/a", "other:8080"), ("http://other?b", "/", "other"), ("//a//b", "//a//b", "h"),
            ("/a?b?c", "/a", "h"), ("/%zz%2F", "/%zz/", "h"),
        ):
            with self.subTest(target):
                self.exchange(get(target, CLOSE))
                self.assertEqual((echo.environ["PATH_INFO"], echo.environ["HTTP_HOST"]), (path, host))
        self.exchange(get("*", CLOSE, method="OPTIONS"))
        self.assertEqual(echo.environ["PATH_INFO"], "")

    def test_refused(self):
        for wire, status in (
            (b"hello\r\n\r\n", 400),
            (b"GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            (b"GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400),
            (b"G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
            (b"GET / http/1.1\r\nHost: h\r\n\r\n", 400),
            (b"GET / HTTP/1.1\r\n\r\n", 400),  # no Host
            (b"\r\n\r\n", 400),
            (get("/a\x00b"), 400),
            (get("path"), 400),
            (get("*"), 400),
            (get("/", "Host: h"), 400),  # the second one
            (get("/", "Bad : 1"), 400),
            (get("/", ": 1"), 400),
            (get("/", "X: 1", " folded"), 400),
            (get("/", "X: a\nY: b"), 400),
            (get("/", "X: a\rb"), 400),
            (get("/", "X: a\x00b"), 400),
            (get("/", "Content-Length: -1"), 400),
            (get("/", "Content-Length: +1"), 400),
            (get("/", "Content-Length: 1, 1"), 400),
            (get("/", "Content-Length:"), 400),
            (get("/", "Content-Length: \u00b2"), 400),
            (get("/", "Content-Length: 1", "Content-Length: 1"), 400),
            (get("/", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
            (get("/", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400),
            (get("/", "Transfer-Encoding: chunked", version="1.0"), 400),
            (get("/", "Transfer-Encoding: gzip, chunked"), 501),
            (get("h:80", method="CONNECT"), 501),
            (get("/", "Expect: miracles"), 417),
            (get("/", version="2.0"), 505),
            (get("/", version="1.2"), 505),
            (get("/", "X: " + "x" * 65536), 431),
            (b"x" * 70000, 431),
        ):
            with self.subTest(wire[:80]):
                answer = self.exchange(wire)
                self.assertTrue(answer.startswith(b"HTTP/1.1 %d " % status), answer)
                self.assertIn(b"\r\nConnection: close\r\n", answer)

    def test_keep_alive(self):
        for fields, version, keeps in (
            ((), "1.1", True), ((CLOSE,), "1.1", False), (("Connection: x, Close",), "1.1", False),
            ((), "1.0", False), (("Connection: Keep-Alive",), "1.0", True),
        ):
            with self.subTest(fields=fields, version=version):
                conn = self.connect()
                for _ in range(2):
                    conn.sendall(get("/", *fields, version=version))
                    head = receive_until(conn, b"\r\n\r\n")
                    self.assertEqual(b"\r\nConnection: close\r\n" in head, not keeps)
                    self.assertEqual(b"\r\nConnection: keep-alive\r\n" in head, keeps and version == "1.0")
                    if not keeps:
                        self.assertEqual(conn.recv(1), b"")
                        break

    def test_pipelined(self):
        post = get("/", "Content-Length: 2", method="POST")
        answer = self.exchange(b"\r\n" + post + b"ab" + post + b"cd" + get("/", CLOSE))
        self.assertEqual(stable(answer).count(b"HTTP/1.1 200 OK"), 3)
        self.assertIn(b"\r\n\r\nabHTTP/1.1", answer)
        self.assertIn(b"\r\n\r\ncdHTTP/1.1", answer)

    def test_byte_by_byte(self):
        conn = self.connect()
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = get("/", "Transfer-Encoding: chunked", CLOSE, method="POST") + b"2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n"
        for i in range(len(wire)):
            conn.sendall(wire[i:i + 1])
        self.assertTrue(receive_all(conn).endswith(b"\r\n\r\nabc"))
        self.assertEqual(echo.environ["CONTENT_LENGTH"], "3")
        self.assertNotIn("HTTP_TRANSFER_ENCODING", echo.environ)

    def test_large_chunked_body(self):
        # Larger than what is kept in memory.
        piece = bytes(range(256)) * 256
        chunks = b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for _ in range(40)) + b"0\r\n\r\n"
        answer = self.exchange(get("/", "Transfer-Encoding: chunked", CLOSE, method="PUT") + chunks)
        self.assertEqual(answer.partition(b"\r\n\r\n")[2], piece * 40)

    def test_broken_chunks(self):
        for body in (b"x\r\n", b"\r\n", b"-1\r\n", b"0x1\r\n", b"1\r\nabc", b"1" * 17 + b"\r\n", b"1;\x00\r\n", b"0\r\n" + b"T: 1\r\n" * 101):
            with self.subTest(body):
                answer = self.exchange(get("/", "Transfer-Encoding: chunked") + body)
                self.assertTrue(answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 ")), answer)

    def test_expect(self):
        for fields, body in (("Content-Length: 3",), b"abc"), (("Transfer-Encoding: chunked",), b"3\r\nabc\r\n0\r\n\r\n"):
            with self.subTest(fields):
                conn = self.connect()
                conn.sendall(get("/", "Expect: 100-Continue", *fields, method="POST"))
                self.assertEqual(receive(conn, 25), b"HTTP/1.1 100 Continue\r\n\r\n")
                conn.sendall(body)
                self.assertTrue(receive_until(conn, b"\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n"))
                self.assertEqual(receive(conn, 3), b"abc")
                conn.sendall(get("/", CLOSE))  # and it is kept
                self.assertTrue(receive_all(conn).startswith(b"HTTP/1.1 200 OK\r\n"))

    def test_expect_of_an_application_that_does_not_read(self):
        self.application = sized
        conn = self.connect()
        conn.sendall(get("/", "Expect: 100-continue", "Content-Length: 3", method="POST"))
        answer = receive_all(conn)  # closed: nobody knows whether the body comes
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer)
        self.assertIn(b"\r\nConnection: close\r\n", answer)

    def test_unread_body_is_drained(self):
        self.application = sized
        conn = self.connect()
        conn.sendall(get("/", "Content-Length: 30000", method="POST") + b"x" * 10000)
        self.assertTrue(receive_until(conn, b"sized").startswith(b"HTTP/1.1 200 OK\r\n"))
        conn.sendall(b"x" * 20000 + get("/", CLOSE))
        self.assertTrue(receive_all(conn).endswith(b"sized"))

    def test_unread_body_does_not_reset_the_answer(self):
        self.application = sized
        conn = self.connect()
        size = 4 << 20
        conn.sendall(get("/", f"Content-Length: {size}", method="POST"))
        time.sleep(0.05)  # the answer is on its way before the body is
        conn.sendall(b"x" * size)
        self.assertTrue(receive_all(conn).endswith(b"sized"))

    def test_framing(self):
        head = b"HTTP/1.1 200 OK\r\n"
        for application, version, want in (
            (sized, "1.1", head + b"Content-Length: 5\r\n\r\nsized"),
            (pieces, "1.1", head + b"Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n"),
            (pieces, "1.0", head + b"Connection: close\r\n\r\nfirstsecond"),
            (nothing, "1.1", head + b"Content-Length: 0\r\n\r\n"),
            (writer, "1.1", head + b"Transfer-Encoding: chunked\r\n\r\n7\r\nwritten\r\n5\r\nsized\r\n0\r\n\r\n"),
            (too_long, "1.1", head + b"Content-Length: 2\r\n\r\nto"),
        ):
            with self.subTest(application=application.__name__, version=version):
                self.application = application
                conn = self.connect()
                conn.sendall(get("/", *(["Connection: keep-alive"] if version == "1.0" else []), version=version))
                head = stable(receive_until(conn, b"\r\n\r\n"))
                self.assertEqual(head + receive(conn, len(want) - len(head)), want)
                if version == "1.1":  # nothing is left over
                    conn.sendall(get("/", CLOSE))
                    self.assertTrue(receive_all(conn).startswith(b"HTTP/1.1 200 OK\r\n"))

    def test_answers_without_a_body(self):
        for status, method, fields, want in (
            ("200 OK", "HEAD", [], b"Content-Length: 5\r\n"),  # that of the body in one piece
            ("200 OK", "HEAD", [("Content-Length", "77")], b"Content-Length: 77\r\n"),
            ("204 No Content", "GET", [("Content-Length", "5")], b""),
            ("304 Not Modified", "GET", [], b""),
            ("304 Not Modified", "GET", [("Content-Length", "77")], b"Content-Length: 77\r\n"),
        ):
            for body in [b"sized"], []:
                with self.subTest(status=status, fields=fields, body=body):
                    def application(environ, start_response):
                        start_response(status, list(fields))
                        return body

                    self.application = application
                    if not body and not fields:
                        want = b""
                    answer = self.exchange(get("/", method=method) + get("/", CLOSE, method=method))
                    head = b"HTTP/1.1 " + status.encode() + b"\r\n" + want
                    self.assertEqual(stable(answer), head + b"\r\n" + head + b"Connection: close\r\n\r\n")

    def test_errors_before_output(self):
        def raises(environ, start_response):
            raise ZeroDivisionError

        def exits(environ, start_response):
            raise SystemExit(3)

        def loses_its_database(environ, start_response):
            raise ConnectionResetError

        def wrong_type(environ, start_response):
            start_response("200 OK", [])
            return [b"fine", "text"]

        def too_short(environ, start_response):
            start_response("200 OK", [("Content-Length", "9")])
            return [b"short"]

        def splits(environ, start_response):
            start_response("200 OK", [("X", "a\r\nSet-Cookie: b")])
            return [b""]

        def hops(environ, start_response):
            start_response("200 OK", [("Connection", "close")])
            return [b""]

        def forgets(environ, start_response):
            return [b"x"]

        conn = self.connect()
        for application in raises, exits, loses_its_database, wrong_type, too_short, splits, hops, forgets:
            with self.subTest(application.__name__):
                self.application = application
                conn.sendall(get())
                head = receive_until(conn, b"\r\n\r\n")
                self.assertTrue(head.startswith(b"HTTP/1.1 500 Internal Server Error\r\n"), head)
                receive(conn, int(re.search(rb"Content-Length: (\d+)", head)[1]))
                self.assertIn("Traceback", self.stderr.getvalue())
                self.stderr.truncate(0)

    def test_errors_after_output(self):
        def broken(environ, start_response):
            start_response("200 OK", [])
            yield b"half"
            raise ZeroDivisionError

        def short(environ, start_response):
            start_response("200 OK", [("Content-Length", "9")])
            yield b"short"

        for application in broken, short:
            for version in "1.1", "1.0":
                with self.subTest(application=application.__name__, version=version):
                    self.application = application
                    with self.assertRaises(ConnectionResetError):
                        self.exchange(get(version=version))

    def test_close_is_called(self):
        calls = []

        class Result:
            def __init__(self, pieces, fails=False):
                self.pieces, self.fails = pieces, fails

            def __iter__(self):
                return iter(self.pieces)

            def close(self):
                calls.append(self)
                if self.fails:
                    raise ZeroDivisionError

        for result in Result([b"a"]), Result([]), Result([b"a", "wrong"]), Result([b"a"], fails=True):
            def application(environ, start_response):
                start_response("200 OK", [])
                return result

            self.application = application
            conn = self.connect()
            conn.sendall(get("/", CLOSE))
            try:
                answer = receive_all(conn)
            except ConnectionResetError:
                answer = None
            self.assertEqual(calls.pop(), result)
            self.assertEqual(calls, [])
            if result.fails:  # after the answer, which is not followed by another
                self.assertTrue(answer.endswith(b"\r\n1\r\na\r\n0\r\n\r\n"), answer)
                self.assertIn("ZeroDivisionError", self.stderr.getvalue())

    def test_input(self):
        def application(environ, start_response):
            stream = environ["wsgi.input"]
            seen = [stream.read(0), stream.read(2), stream.readline(), stream.readline(3), stream.readlines(1), list(stream)]
            seen += [stream.read(), stream.read(5), stream.readline()]
            start_response("200 OK", [])
            return [repr(seen).encode()]

        self.application = application
        body = b"abcd\nefgh\nij\nk\nl"
        want = [b"", b"ab", b"cd\n", b"efg", [b"h\n"], [b"ij\n", b"k\n", b"l"], b"", b"", b""]
        for wire in (
            get("/", f"Content-Length: {len(body)}", CLOSE) + body + b"what follows",
            get("/", "Transfer-Encoding: chunked", CLOSE) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
        ):
            self.assertTrue(self.exchange(wire).endswith(b"\r\n\r\n" + repr(want).encode()))

    def test_body_that_ends_early(self):
        seen = []

        def application(environ, start_response):
            try:
                environ["wsgi.input"].read()
            except OSError as error:
                seen.append(error)
                raise

        self.application = application
        with self.assertRaises(ConnectionResetError):
            self.exchange(get("/", "Content-Length: 9", method="POST") + b"abc", half_close=True)
        self.assertEqual(len(seen), 1)
        self.assertEqual(self.stderr.getvalue(), "")


def sized(environ, start_response):
    start_response("200 OK", [])
    return [b"sized"]


def pieces(environ, start_response):
    start_response("200 OK", [])
    yield b""
    yield b"first"
    yield b"second"


def nothing(environ, start_response):
    start_response("200 OK", [])
    return iter(())


def writer(environ, start_response):
    start_response("200 OK", [])(b"written")
    return [b"sized"]


def too_long(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"too", b"long"]
