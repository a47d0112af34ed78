"""Web, worker and beat as `make run` starts them; what was killed is started again, as a service manager does."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from django.conf import settings

from healthplan.run import PARTS, Child, answers, start_child, stop_children

START_SECONDS = 60


class Stack:
    def __init__(self) -> None:
        self.children: dict[str, Child] = {}
        self.kills = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{settings.PORT}/"

    def start(self) -> None:
        for part in PARTS:
            self.children[part] = start_child(part)
        until = time.monotonic() + START_SECONDS
        while not answers(self.url):
            if time.monotonic() > until:
                raise SystemExit("the web process does not answer")
            time.sleep(0.2)

    def mend(self) -> None:
        """Start again what has ended."""
        for part, child in self.children.items():
            if child.process.poll() is not None:
                stop_children([child])
                self.children[part] = start_child(part)

    def kill_one(self, random: Random) -> str:
        """Kill -9 one process of the web or the worker: a child mostly, the head of all now and then."""
        part = random.choice(["web", "worker"])
        head = self.children[part].process.pid
        below = children_of(head)
        victim = head if not below or random.random() < 0.2 else random.choice(below)
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return ""
        self.kills += 1
        return f"{part} {'head' if victim == head else 'child'}"

    def stop(self) -> None:
        stop_children(list(self.children.values()))


def children_of(pid: int) -> list[int]:
    """Read from /proc: Linux only, as the measurement is."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


@contextmanager
def running() -> Iterator[Stack]:
    stack = Stack()
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
