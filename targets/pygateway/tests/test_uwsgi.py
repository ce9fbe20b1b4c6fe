import struct

from harness import GatewayTest, echo


def string(text):
    return struct.pack("<H", len(text)) + text


def packet(pairs, modifier1=0):
    block = b"".join(string(name) + string(value) for name, value in pairs)
    return struct.pack("<BHB", modifier1, len(block), 0) + block


BASIC = [(b"REQUEST_METHOD", b"POST"), (b"PATH_INFO", b"/caf\xc3\xa9"), (b"SERVER_PROTOCOL", b"HTTP/1.1")]


class UwsgiTest(GatewayTest):
    protocol = "uwsgi"

    def test_bytes_of_the_specification(self):
        # The packet that Protocol.rst takes apart, but with what CGI demands.
        wire = b"\x00\x1c\x00\x00" + b"\x0e\x00REQUEST_METHOD\x03\x00GET" b"\x01\x00A" b"\x02\x00BC"
        self.assertEqual(self.exchange(wire), b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual(echo.environ["A"], "BC")

    def test_body(self):
        answer = self.exchange(packet(BASIC + [(b"CONTENT_LENGTH", b"5")]) + b"hello and more")
        self.assertEqual(answer, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello")
        self.assertEqual(echo.environ["PATH_INFO"], "/caf\u00c3\u00a9")

    def test_largest_block(self):
        size = 65535 - len(packet(BASIC)) + 4 - len(string(b"HTTP_X")) - 2
        wire = packet(BASIC + [(b"HTTP_X", b"x" * size)])
        self.assertEqual(wire[1:3], b"\xff\xff")
        self.assertIn(b"200 OK", self.exchange(wire))
        self.assertEqual(len(echo.environ["HTTP_X"]), size)

    def test_status_line_cannot_be_forged(self):
        answer = self.exchange(packet([(b"REQUEST_METHOD", b"GET"), (b"SERVER_PROTOCOL", b"HTTP/1.1 200 OK\r\nX: y")]))
        self.assertTrue(answer.startswith(b"HTTP/1.0 200 OK\r\nContent-Type"), answer)

    def test_other_modifiers_are_closed(self):
        self.assertEqual(self.exchange(packet(BASIC, modifier1=5)), b"")
        self.assertIn("modifier1 5", self.stderr.getvalue())

    def test_broken_blocks(self):
        for block in (
            b"\x05",  # half a size
            b"\x05\x00abc",  # a string longer than the block
            string(b"KEY"),  # no value
            string(b"A") + string(b"B"),  # no REQUEST_METHOD
            string(b"REQUEST_METHOD") + string(b"GET") + string(b"CONTENT_LENGTH") + string(b"-1"),
        ):
            with self.subTest(block):
                answer = self.exchange(struct.pack("<BHB", 0, len(block), 0) + block)
                self.assertTrue(answer.startswith(b"HTTP/1.0 400 Bad Request\r\n"), answer)

    def test_paths(self):
        # What a front sends, and the two names that PEP 3333 makes of it.
        for pairs, want in (
            ({"PATH_INFO": "/a b", "SCRIPT_NAME": "/app"}, ("/app", "/a b")),
            ({"PATH_INFO": "/x", "SCRIPT_NAME": "/"}, ("", "/x")),
            ({"PATH_INFO": "/x"}, ("", "/x")),
            ({"PATH_INFO": "", "SCRIPT_NAME": "/app", "REQUEST_URI": "/app"}, ("/app", "")),
            ({"REQUEST_URI": "/a%20b%C3%A9?q=%20"}, ("", "/a b\u00c3\u00a9")),
            ({"REQUEST_URI": "http://h/a?b"}, ("", "/a")),
            ({"REQUEST_URI": "http://h"}, ("", "/")),
            ({"REQUEST_URI": "*"}, ("", "")),
            ({"REQUEST_URI": "/%61", "SCRIPT_NAME": "/a"}, ("", "/a")),  # nginx's fastcgi_params
            ({"SCRIPT_NAME": "/a"}, ("", "/a")),
        ):
            with self.subTest(pairs):
                self.exchange(packet([(b"REQUEST_METHOD", b"GET")] + [(k.encode(), v.encode()) for k, v in pairs.items()]))
                self.assertEqual((echo.environ["SCRIPT_NAME"], echo.environ["PATH_INFO"]), want)

    def test_environ(self):
        self.exchange(packet(BASIC + [
            (b"HTTP_PROXY", b"evil"), (b"HTTP_CONTENT_TYPE", b"a/b"), (b"CONTENT_TYPE", b"a/b"),
            (b"HTTP_CONTENT_LENGTH", b""), (b"CONTENT_LENGTH", b""), (b"HTTPS", b"on"),
        ]))
        environ = echo.environ
        for name in ("HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
            self.assertNotIn(name, environ)
        self.assertEqual(environ["CONTENT_TYPE"], "a/b")
        self.assertEqual(environ["QUERY_STRING"], "")
        self.assertEqual((environ["SERVER_NAME"], environ["SERVER_PORT"]), ("localhost", "80"))
        self.assertEqual(environ["wsgi.url_scheme"], "https")
        self.assertIs(environ["wsgi.multithread"], False)
        self.assertIs(environ["wsgi.multiprocess"], True)
        self.assertNotIn("PATH", environ)  # the gateway's own
