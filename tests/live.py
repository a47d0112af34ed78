"""The live server of one test: when the test is over, every request that it caused is over too.

A page saves by itself, also as it is closed. What the server would still do then, it would do while the database is
emptied (a deadlock) or afterwards (a row in the next test).
"""

from threading import Condition
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from pytest_django.live_server_helper import LiveServer

DRAIN_SECONDS = 60


class CountingServer(ThreadedWSGIServer):
    """Knows how many connections it serves: each by a thread, which closes its database connection before it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.served = 0
        self.changed = Condition()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.count(-1)

    def count(self, step: int) -> None:
        with self.changed:
            self.served += step
            self.changed.notify_all()

    def wait_until_drained(self) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: self.served == 0, DRAIN_SECONDS):
                raise TimeoutError(
                    f"Connections to the live server still open {DRAIN_SECONDS} s after the test: {self.served}. "
                    "A view hangs, or the test keeps a client open."
                )


def start() -> LiveServer:
    server = LiveServer("localhost", start=False)
    server.thread.server_class = CountingServer
    server.start()
    return server


def stop(server: LiveServer) -> None:
    """No new connections; those already taken are served to their end. Their clients must be closed before."""
    server.stop()
    server.thread.httpd.wait_until_drained()
