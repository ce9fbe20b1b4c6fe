import struct

from harness import GatewayTest, echo, receive

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, DATA, GET_VALUES, RESULT, UNKNOWN = 1, 2, 3, 4, 5, 6, 8, 9, 10, 11


def record(kind, content=b"", id_=1, padding=0, version=1):
    return struct.pack(">BBHHBx", version, kind, id_, len(content), padding) + content + b"p" * padding


def begin(keep=False, role=1, id_=1):
    return record(BEGIN, struct.pack(">HB5x", role, keep), id_)


def pairs(*items):
    def length(s):
        return struct.pack(">B", len(s)) if len(s) < 128 else struct.pack(">I", len(s) | 1 << 31)

    return b"".join(length(name) + length(value) + name + value for name, value in items)


def end(status=0, id_=1):
    return record(END, struct.pack(">IB3x", 0, status), id_)


GET = pairs((b"REQUEST_METHOD", b"GET"), (b"CONTENT_LENGTH", b"0"))
HEAD = b"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"


def request(keep=False, id_=1):
    return begin(keep, id_=id_) + record(PARAMS, GET, id_) + record(PARAMS, id_=id_) + record(STDIN, id_=id_)


def answer(body=b"", id_=1):
    return record(STDOUT, HEAD % len(body) + body, id_) + record(STDOUT, id_=id_) + end(id_=id_)


class FastcgiTest(GatewayTest):
    protocol = "fastcgi"

    def test_bytes_of_the_specification(self):
        # Appendix B, example 1, with the method, and answered without padding.
        wire = (
            b"\x01\x01\x00\x01\x00\x08\x00\x00" b"\x00\x01\x00\x00\x00\x00\x00\x00"
            b"\x01\x04\x00\x01\x00\x3d\x00\x00"
            b"\x0b\x02SERVER_PORT80" b"\x0b\x0eSERVER_ADDR199.170.183.42" b"\x0e\x03REQUEST_METHODGET"
            b"\x01\x04\x00\x01\x00\x00\x00\x00"
            b"\x01\x05\x00\x01\x00\x00\x00\x00"
        )
        head = HEAD % 0
        self.assertEqual(
            self.exchange(wire),
            b"\x01\x06\x00\x01" + len(head).to_bytes(2, "big") + b"\x00\x00" + head
            + b"\x01\x06\x00\x01\x00\x00\x00\x00"
            b"\x01\x03\x00\x01\x00\x08\x00\x00" b"\x00\x00\x00\x00\x00\x00\x00\x00",
        )
        self.assertEqual((echo.environ["SERVER_PORT"], echo.environ["SERVER_ADDR"]), ("80", "199.170.183.42"))

    def test_pairs_straddle_records(self):
        params = pairs((b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"6"), (b"HTTP_LONG", b"x" * 300))
        split = b"".join(record(PARAMS, params[i:i + 7], padding=i % 3) for i in range(0, len(params), 7))
        body = record(STDIN, b"abc", padding=5) + record(STDIN, b"def") + record(STDIN, padding=1)
        self.assertEqual(self.exchange(begin() + split + record(PARAMS) + body), answer(b"abcdef"))
        self.assertEqual(echo.environ["HTTP_LONG"], "x" * 300)

    def test_keep_conn(self):
        conn = self.connect()
        for id_ in (1, 1, 65535):
            conn.sendall(request(keep=True, id_=id_))
            want = answer(id_=id_)
            self.assertEqual(receive(conn, len(want)), want)
        conn.sendall(request(keep=True) + request(keep=False))  # pipelined
        self.assertEqual(receive(conn, 2 * len(answer())), 2 * answer())
        self.assertEqual(conn.recv(1), b"")

    def test_unread_stdin_is_drained(self):
        self.application = deaf
        post = pairs((b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"5"))
        conn = self.connect()
        conn.sendall(begin(True) + record(PARAMS, post) + record(PARAMS) + record(STDIN, b"he"))
        self.assertEqual(receive(conn, len(answer())), answer())
        conn.sendall(record(STDIN, b"llo") + record(STDIN) + request())
        self.assertEqual(receive(conn, len(answer())), answer())

    def test_no_content_length(self):
        params = pairs((b"REQUEST_METHOD", b"POST"))
        wire = begin() + record(PARAMS, params) + record(PARAMS) + record(STDIN, b"ab") + record(STDIN, b"c") + record(STDIN)
        self.assertEqual(self.exchange(wire), answer(b"abc"))
        self.assertEqual(echo.environ["CONTENT_LENGTH"], "3")

    def test_stdin_longer_than_content_length(self):
        params = pairs((b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"2"))
        wire = begin() + record(PARAMS, params) + record(PARAMS) + record(STDIN, b"abc") + record(STDIN)
        self.assertEqual(self.exchange(wire), answer(b"ab"))

    def test_stdin_shorter_than_content_length(self):
        params = pairs((b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"9"))
        with self.assertRaises(ConnectionResetError):
            self.exchange(begin() + record(PARAMS, params) + record(PARAMS) + record(STDIN, b"abc") + record(STDIN))

    def test_get_values(self):
        asked = pairs((b"FCGI_MAX_CONNS", b""), (b"FCGI_MAX_REQS", b""), (b"FCGI_MPXS_CONNS", b""), (b"FCGI_OTHER", b""))
        told = pairs((b"FCGI_MAX_CONNS", b"3"), (b"FCGI_MAX_REQS", b"3"), (b"FCGI_MPXS_CONNS", b"0"))
        conn = self.connect()
        conn.sendall(record(GET_VALUES, asked, 0))
        want = record(RESULT, told, 0)
        self.assertEqual(receive(conn, len(want)), want)
        conn.sendall(request())
        self.assertEqual(receive(conn, len(answer())), answer())

    def test_unknown_management_type(self):
        conn = self.connect()
        conn.sendall(record(42, b"?", 0, padding=7))
        self.assertEqual(receive(conn, 16), record(UNKNOWN, b"\x2a" + bytes(7), 0))

    def test_management_within_a_request(self):
        post = pairs((b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"2"))
        wire = begin() + record(PARAMS, post) + record(PARAMS) + record(STDIN, b"a") + record(42, b"", 0) + record(STDIN, b"b") + record(STDIN)
        self.assertEqual(self.exchange(wire), record(UNKNOWN, b"\x2a" + bytes(7), 0) + answer(b"ab"))

    def test_unknown_role(self):
        self.assertEqual(self.exchange(begin(role=2) + record(PARAMS, GET) + record(PARAMS)), end(3))
        conn = self.connect()
        conn.sendall(begin(True, role=3, id_=7) + record(PARAMS, GET, 7) + record(PARAMS, id_=7) + record(STDIN, id_=7) + request())
        self.assertEqual(receive(conn, len(end(3, 7) + answer())), end(3, 7) + answer())

    def test_multiplexing_is_refused(self):
        wire = begin() + record(PARAMS, GET) + request(id_=2) + record(PARAMS) + record(STDIN)
        self.assertEqual(self.exchange(wire), end(1, 2) + answer())

    def test_abort(self):
        post = pairs((b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"9"))
        conn = self.connect()
        for before in (
            begin(True),
            begin(True) + record(PARAMS, post),
            begin(True) + record(PARAMS, post) + record(PARAMS),
            begin(True) + record(PARAMS, post) + record(PARAMS) + record(STDIN, b"abc"),
        ):
            with self.subTest(before):
                conn.sendall(before + record(ABORT))
                self.assertEqual(receive(conn, 16), end())
        conn.sendall(record(ABORT) + request())  # of a request that is over
        self.assertEqual(receive(conn, len(answer())), answer())

    def test_broken_requests(self):
        refused = record(STDOUT, b"Status: 400 Bad Request\r\nContent-Length: 0\r\n\r\n") + record(STDOUT) + end()
        for wire, want in (
            (b"GET / HTTP/1.1\r\n\r\n", b""),
            (record(BEGIN, b"\0\1\0"), b""),
            (begin() + record(STDIN), refused),
            (begin() + record(PARAMS, b"\x05") + record(PARAMS), refused),
            (begin() + record(PARAMS, b"\x80\x00") + record(PARAMS), refused),
            (begin() + record(PARAMS, b"\x05\x05abc") + record(PARAMS), refused),
            (begin() + record(PARAMS), refused),  # no method
        ):
            with self.subTest(wire):
                self.assertEqual(self.exchange(wire), want)

    def test_long_answer(self):
        body = bytes(range(256)) * 1024
        self.application = lambda environ, start: (start("200 OK", []), [body])[1]
        data = self.exchange(request())
        out, sizes = b"", []
        while data:
            _, kind, _, size, padding = struct.unpack(">BBHHBx", data[:8])
            if kind == STDOUT:
                out += data[8:8 + size]
                sizes.append(size)
            data = data[8 + size + padding:]
        self.assertEqual(out, b"Status: 200 OK\r\nContent-Length: 262144\r\n\r\n" + body)
        self.assertEqual(kind, END)
        self.assertEqual(sizes[-1], 0)

    def test_error_after_output_does_not_look_whole(self):
        def broken(environ, start_response):
            start_response("200 OK", [])
            yield b"half"
            raise ZeroDivisionError

        self.application = broken
        conn = self.connect()
        conn.sendall(request(keep=True))
        want = record(STDOUT, b"Status: 200 OK\r\n\r\nhalf")
        self.assertEqual(receive(conn, len(want)), want)
        with self.assertRaises(ConnectionResetError):
            conn.recv(1)
        self.assertIn("ZeroDivisionError", self.stderr.getvalue())


def deaf(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b""]
