from harness import GatewayTest, echo


def netstring(*strings):
    block = b"".join(s + b"\0" for s in strings)
    return b"%d:%b," % (len(block), block)


METHOD = (b"REQUEST_METHOD", b"GET")


class ScgiTest(GatewayTest):
    protocol = "scgi"

    def test_bytes_of_the_specification(self):
        wire = (
            b"70:CONTENT_LENGTH\x0027\x00SCGI\x001\x00REQUEST_METHOD\x00POST\x00REQUEST_URI\x00/deepthought\x00,"
            b"What is the answer to life?"
        )
        answer = self.exchange(wire)
        self.assertEqual(
            answer, b"Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 27\r\n\r\nWhat is the answer to life?"
        )
        self.assertEqual((echo.environ["SCRIPT_NAME"], echo.environ["PATH_INFO"]), ("", "/deepthought"))

    def test_broken_requests(self):
        for wire in (
            b"GET / HTTP/1.1\r\n\r\n",
            b"+5:hello,",
            b":,",
            b"0:,",
            netstring(b"CONTENT_LENGTH", b"0", b"SCGI", b"1"),  # no method
            netstring(b"SCGI", b"1", b"CONTENT_LENGTH", b"0", *METHOD),  # not the first
            netstring(b"CONTENT_LENGTH", b"0", *METHOD),  # no SCGI
            netstring(b"CONTENT_LENGTH", b"0", b"SCGI", b"2", *METHOD),
            netstring(b"CONTENT_LENGTH", b"", b"SCGI", b"1", *METHOD),
            netstring(b"CONTENT_LENGTH", b"0", b"SCGI", b"1", *METHOD, *METHOD),  # twice
            netstring(b"CONTENT_LENGTH", b"0", b"SCGI", b"1", *METHOD, b"HTTP_X"),  # no value
            netstring(b"CONTENT_LENGTH", b"0", b"SCGI", b"1", *METHOD)[:-1] + b".",
            b"2:ab,",
        ):
            with self.subTest(wire):
                answer = self.exchange(wire)
                self.assertTrue(answer.startswith(b"Status: 400 Bad Request\r\n"), answer)

    def test_too_many_variables(self):
        self.assertTrue(self.exchange(b"65537:").startswith(b"Status: 431 "))
