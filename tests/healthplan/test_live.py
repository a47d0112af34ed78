from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.request import urlopen

import pytest

from tests import live


def test_a_server_counts_as_stopped_when_what_it_took_is_answered(monkeypatch):
    server = live.start()
    taken, released = Event(), Event()

    def answer_late(environ, start_response):
        taken.set()
        released.wait(60)
        start_response("204 No Content", [])
        return []

    server.thread.httpd.set_app(answer_late)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(status_of, server.url)
        assert taken.wait(60)
        monkeypatch.setattr(live, "DRAIN_SECONDS", 0)
        with pytest.raises(TimeoutError, match="still open 0 s after the test: 1"):
            live.stop(server)
        monkeypatch.undo()
        released.set()
        server.thread.httpd.wait_until_drained()
        assert answer.result() == 204


def status_of(address: str) -> int:
    with urlopen(address) as answer:
        return answer.status
