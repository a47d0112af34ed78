import os
import socket
import subprocess
import sys

import pytest

from healthplan import embedded, run


def started(*words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "healthplan.settings", **more}
    command = [sys.executable, "-m", "healthplan.run", *words]
    return subprocess.run(command, cwd=embedded.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60)


def test_taken_port_is_refused_with_advice(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = started(PORT=str(port), VAR_DIR=str(tmp_path))
    assert done.returncode == 1
    assert f"make run PORT={port + 1}" in done.stderr


def test_odd_setting_is_refused_in_one_sentence():
    done = started(AMBER_POINTS="many")
    assert done.returncode == 1
    assert done.stderr == "AMBER_POINTS='many' is not usable: set it to a whole number from 0 to 100.\n"


def test_secret_key_must_be_given_with_a_database_of_ones_own():
    done = started("web", DATABASE_URL="postgresql://me@db.example/plan")
    assert done.stderr == "SECRET_KEY is not set: set it to a long random text and keep it.\n"


def test_unknown_word_lists_the_known_ones():
    done = started("wep")
    assert done.stderr == "Say one of: web, worker, beat, migrate, stop, reset; or nothing for all of it.\n"


def test_dead_child_is_named_with_the_end_of_its_log(tmp_path):
    log = tmp_path / "beat.log"
    log.write_text("why it died\n")
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()
    with pytest.raises(SystemExit, match=r"why it died\n\nbeat ended by itself \(3\)"):
        run.check_alive([run.Child("beat", log, process)])


def test_stopping_ends_every_child_and_its_group(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    run.stop_children([run.Child("web", tmp_path / "web.log", process)])
    assert process.returncode is not None
