import os
import shutil
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.db import connection

from healthplan import embedded

BASE = embedded.BASE_DIR


@pytest.fixture
def var(tmp_path):
    """A folder for servers of this test's own; root's are kept elsewhere, and must go as well."""
    where = embedded.ServerFolders(tmp_path / "var", embedded.postgres_account())
    yield where.var
    for folder in (where.sockets, where.home):
        shutil.rmtree(folder, ignore_errors=True)


def python(code: str, var, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "VAR_DIR": str(var), **more}
    return subprocess.run([sys.executable, "-c", code], cwd=BASE, env=environment, capture_output=True, text=True)


HOLD_AND_LOOK = """
from healthplan import embedded
embedded.hold()
where = embedded.server_folders()
print(embedded.postgres_answers(where), embedded.redis_answers(where))
"""


@pytest.mark.django_db
def test_database_is_postgresql_18_in_utf8():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        assert cursor.fetchone() == (18, "UTF8")


def test_cache_is_real_redis():
    cache.set("开封市", 7)
    assert cache.get("开封市") == 7


def test_services_end_with_the_last_process_that_holds_them(var):
    assert python(HOLD_AND_LOOK, var).stdout == "True True\n"
    where = embedded.ServerFolders(var, embedded.postgres_account())
    assert not embedded.postgres_answers(where)
    assert not embedded.redis_answers(where)


def test_services_stay_while_another_process_holds_them(var):
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD_AND_LOOK!r}], check=True)"
    done = python(f"{HOLD_AND_LOOK}\n{inner}\nprint(embedded.postgres_answers(where))", var)
    assert done.stdout.split() == ["True"] * 5


def test_left_over_services_are_stopped_by_the_next_process(var):
    killed = python(f"{HOLD_AND_LOOK}\nimport os; os.kill(os.getpid(), 9)", var)
    assert killed.returncode == -9
    where = embedded.ServerFolders(var, embedded.postgres_account())
    assert embedded.redis_answers(where)
    assert python(HOLD_AND_LOOK, var).stdout == "True True\n"
    assert not embedded.redis_answers(where)


def test_two_first_starts_at_once_share_one_set_of_servers(var):
    environment = {**os.environ, "VAR_DIR": str(var)}
    both = [
        subprocess.Popen([sys.executable, "-c", HOLD_AND_LOOK], cwd=BASE, env=environment, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [process.communicate()[0] for process in both] == [b"True True\n"] * 2


def test_long_folder_gets_its_sockets_elsewhere(tmp_path):
    deep = tmp_path / ("很长的文件夹" * 6)
    where = embedded.ServerFolders(deep, embedded.postgres_account())
    assert not where.sockets.is_relative_to(deep)
    assert len(bytes(where.sockets / ".s.PGSQL.5432")) < 104


def test_two_clones_never_share_sockets(tmp_path):
    account = embedded.postgres_account()
    paths = {embedded.ServerFolders(tmp_path / ("x" * 90) / name, account).sockets for name in ("a", "b")}
    assert len(paths) == 2


def test_nothing_is_started_with_servers_of_ones_own(tmp_path):
    own = {"DATABASE_URL": "postgresql://me@db.example/plan", "REDIS_URL": "redis://db.example"}
    done = python("from healthplan import embedded; embedded.hold(); print(embedded._lease)", tmp_path, **own)
    assert done.stdout == "None\n"
    assert list(tmp_path.iterdir()) == []


def test_read_only_folder_is_refused_with_advice(tmp_path):
    blocked = tmp_path / "file"
    blocked.touch()
    done = python(HOLD_AND_LOOK, blocked / "var")
    assert done.returncode == 1
    assert "clone this project to a place you may write to" in done.stderr
