"""The entry points: `python -m healthplan.run` starts everything and watches it; with a word, one part of it.

web, worker and beat become that program (docker-compose.yml uses them one by one); migrate brings the database
up to date; stop and reset are for the embedded servers of this clone.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections

from healthplan import embedded

PARTS = ("web", "worker", "beat")
ANSWER_SECONDS = 60
STOP_SECONDS = 10
WATCH_SECONDS = 1
LOG_LINES = 30
PR_SET_PDEATHSIG = 1
SUPERVISED = "HEALTHPLAN_SUPERVISED"


@dataclass
class Child:
    name: str
    log: Path
    process: "subprocess.Popen[bytes]"


class Stopped(Exception):
    """Somebody asked us to stop: Ctrl-C, SIGTERM, or a closed terminal."""


# --- One part alone -------------------------------------------------------------------------------------------


def become(*words: str) -> NoReturn:
    """Turn into that program. A child of the supervisor ends with it, even when that one is killed."""
    if os.environ.get(SUPERVISED) and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.execv(sys.executable, [sys.executable, "-m", *words])


def web() -> NoReturn:
    bind = ["--bind", f"{settings.HOST}:{settings.PORT}"]
    size = ["--workers", "2", "--threads", "4", "--timeout", "120"]
    become("gunicorn", "healthplan.wsgi:application", *bind, *size, "--no-control-socket", "--access-logfile", "-")


def worker() -> NoReturn:
    become("celery", "-A", "healthplan", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle")


def beat() -> NoReturn:
    become("celery", "-A", "healthplan", "beat", "--loglevel", "INFO", "--pidfile", "")


def migrate() -> None:
    embedded.hold()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()


# --- All of it ------------------------------------------------------------------------------------------------


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            embedded.refuse(
                f"Port {port} is taken or not allowed: choose another one, e.g. `make run PORT={port + 1}`.",
                f"端口 {port} 已被占用或不可用：请换一个，例如 make run PORT={port + 1}。",
            )


@contextmanager
def only_one() -> Iterator[None]:
    """Two supervisors over one set of data would mean two clocks (beat)."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            embedded.refuse(
                "healthplan already runs from this folder: use it, or end it first with Ctrl-C in its terminal.",
                "本文件夹中的系统已在运行：请直接使用，或先在其终端按 Ctrl-C 结束。",
            )
        yield


def start_collecting() -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic", "--noinput", "--verbosity", "0"]
    return subprocess.Popen(command, env={**os.environ, "HASHED_STATIC": "1"}, stdin=subprocess.DEVNULL)


def prepare() -> None:
    collecting = start_collecting()
    try:
        migrate()
        if settings.IS_DEMO:
            call_command("load_demo")
        connections.close_all()
    finally:
        if collecting.wait() != 0:
            embedded.refuse(
                "The static files were not collected; the reason stands above.", "静态文件收集失败，原因见上。"
            )


def start_child(name: str) -> Child:
    """Each in a session of its own: Ctrl-C reaches the supervisor alone, and that one ends the others in order."""
    log = settings.VAR_DIR / "log" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "healthplan.run", name],
            cwd=settings.BASE_DIR,
            env={**os.environ, SUPERVISED: "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Child(name, log, process)


def check_alive(children: list[Child]) -> None:
    for child in children:
        code = child.process.poll()
        if code is not None:
            tail = "\n".join(child.log.read_text(errors="replace").splitlines()[-LOG_LINES:])
            embedded.refuse(
                f"{tail}\n\n{child.name} ended by itself ({code}); everything is being stopped. Its log: {child.log}",
                f"{child.name} 意外退出，正在全部停止。日志：{child.log}",
            )


def answers(url: str) -> bool:
    request = Request(url, headers={"Host": "localhost"})
    try:
        with urlopen(request, timeout=10):
            return True
    except HTTPError as error:
        return error.code < 500
    except (URLError, OSError):
        return False


def wait_until_answering(url: str, children: list[Child]) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while not answers(url):
        check_alive(children)
        if time.monotonic() > deadline:
            log = settings.VAR_DIR / "log" / "web.log"
            embedded.refuse(f"The web process does not answer: read {log}.", f"网页服务没有响应，日志：{log}")
        time.sleep(0.1)


def stop_children(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):  # what did not end in time, and orphans of a killed child
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def raise_stopped(_number: int, _frame: FrameType | None) -> None:
    """Only the first signal counts; what follows it is the stopping, which is bounded in time."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


def announce() -> None:
    shown = "localhost" if settings.HOST in ("127.0.0.1", "0.0.0.0") else settings.HOST
    print(f"\nhealthplan is ready: http://{shown}:{settings.PORT}/   (Ctrl-C 结束)\n", flush=True)
    if settings.IS_DEMO:
        call_command("demo_accounts")
        connections.close_all()
        sys.stdout.flush()


def watch(children: list[Child]) -> NoReturn:
    while True:
        check_alive(children)
        for name in embedded.silent():
            embedded.refuse(
                f"{name} no longer answers; everything is being stopped. Nothing that was saved is lost: start again.",
                f"{name} 已无响应，正在全部停止。已保存的数据不会丢失，请重新启动。",
            )
        time.sleep(WATCH_SECONDS)


def supervise() -> None:
    children: list[Child] = []
    try:
        prepare()
        children += [start_child(name) for name in PARTS]
        host = "127.0.0.1" if settings.HOST == "0.0.0.0" else settings.HOST
        wait_until_answering(f"http://{host}:{settings.PORT}/", children)
        announce()
        watch(children)
    finally:
        stop_children(children)


def everything() -> None:
    refuse_taken_port(settings.HOST, settings.PORT)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_stopped)
    try:
        with only_one():
            supervise()
    except Stopped:
        print("\nStopped. 已全部停止。", flush=True)


COMMANDS: dict[str, Callable[[], None]] = {
    "": everything,
    "web": web,
    "worker": worker,
    "beat": beat,
    "migrate": migrate,
    "stop": embedded.stop,
    "reset": embedded.reset,
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthplan.settings")
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if command is None or len(sys.argv) > 2:
        sys.exit(f"Say one of: {', '.join(word for word in COMMANDS if word)}; or nothing for all of it.")
    try:
        command()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
