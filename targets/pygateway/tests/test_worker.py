import errno
import struct
import time
from unittest import mock

from harness import GatewayTest, receive_all, receive_until
from pygateway import connection, worker

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


class WorkerTest(GatewayTest):
    protocol = "http"

    def patch(self, module, **values):
        for name, value in values.items():
            patcher = mock.patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def setUp(self):
        self.patch(worker, IDLE=0.2, LINGER=0.2, TICK=0.05)
        super().setUp()

    def test_idle_connections_are_closed(self):
        silent = self.connect()
        used = self.connect()
        used.sendall(GET)
        receive_until(used, b"\r\n\r\n")
        began = time.monotonic()
        self.assertEqual((receive_all(silent), receive_all(used)), (b"", b""))
        self.assertLess(time.monotonic() - began, 2)

    def test_peers_that_do_not_close_are_closed(self):
        conn = self.connect()
        conn.sendall(b"nonsense\r\n\r\n")
        self.assertTrue(receive_all(conn).startswith(b"HTTP/1.1 400 "))
        conn.sendall(b"more")  # is thrown away as long as the worker lingers
        with self.assertRaises(OSError):
            for _ in range(100):
                time.sleep(0.02)
                conn.sendall(b"more")

    def test_silence_within_a_request_ends_it(self):
        self.patch(connection, _TIMEVAL=struct.pack("@ll", 0, 100_000))
        conn = self.connect()
        conn.sendall(GET[:10])
        with self.assertRaises(ConnectionResetError):
            conn.recv(1)
        conn = self.connect()  # and the worker is free again
        conn.sendall(GET)
        receive_until(conn, b"\r\n\r\n")

    def test_no_more_files(self):
        idle = self.connect()
        idle.sendall(GET)
        receive_until(idle, b"\r\n\r\n")
        self.patch(self.worker, _listener=mock.Mock(accept=Failing(self.listener.accept)))
        conn = self.connect()
        conn.sendall(GET)
        receive_until(conn, b"\r\n\r\n")
        self.assertEqual(receive_all(idle), b"")  # it had to make room
        self.assertIn("cannot accept a connection", self.stderr.getvalue())


class Failing:
    """Calls a function, but not the first time."""

    def __init__(self, function):
        self.function, self.failed = function, False

    def __call__(self):
        if not self.failed:
            self.failed = True
            raise OSError(errno.EMFILE, "Too many open files")
        return self.function()
