"""Makes .venv from requirements.lock and compiles the translations. Runs under a bare python3, before anything else.

Called as `python3 -I healthplan/bootstrap.py`. Uses the standard library alone and no syntax newer than
Python 3.6, so that an old interpreter can still read it and say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
LOCK = os.path.join(ROOT, "requirements.lock")
STAMP = os.path.join(VENV, ".stamp")


def refuse(english: str, chinese: str) -> None:
    """End with one sentence that says what to do."""
    sys.exit("{}\n{}".format(english, chinese))


def stamp() -> str:
    """Says which environment this is: a changed lock, interpreter or folder asks for a new one."""
    with open(LOCK, "rb") as lock:
        digest = hashlib.sha256(lock.read()).hexdigest()
    return "{} {} {}".format(digest, sys.version.split()[0], ROOT)


def is_ready() -> bool:
    try:
        with open(STAMP, encoding="utf-8") as file:
            return file.read() == stamp() and os.path.exists(os.path.join(VENV, "bin", "python"))
    except OSError:
        return False


def check_machine() -> None:
    if sys.version_info < (3, 11):
        refuse(
            "Python {}.{} is too old: install Python 3.11 or newer, then e.g. `make run PYTHON=python3.12`.".format(
                *sys.version_info
            ),
            "Python 版本过低：请安装 3.11 或更高版本，再执行 make run PYTHON=python3.12。",
        )
    if not os.access(ROOT, os.W_OK):
        refuse(
            "The folder {} is read-only: copy or clone it to a place you may write to.".format(ROOT),
            "此文件夹只读：请复制或克隆到可写的位置再运行。",
        )


def make_venv() -> None:
    if find_spec("venv") is None or find_spec("ensurepip") is None:  # Debian ships python3 without them
        refuse(
            "This python3 cannot make environments: install python3-venv (Debian, Ubuntu: apt install python3-venv).",
            "此 python3 缺少 venv 模块：请先安装 python3-venv。",
        )
    if os.path.islink(VENV):
        os.unlink(VENV)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.call([sys.executable, "-m", "venv", VENV]) != 0:
        refuse("The environment .venv could not be made; the reason stands above.", "未能创建 .venv，原因见上。")


def install() -> None:
    pip = [os.path.join(VENV, "bin", "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pip += ["--require-hashes", "--only-binary", ":all:", "-r", LOCK]
    done = subprocess.run(pip, stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode == 0:
        return
    sys.stderr.write("".join(line + "\n" for line in done.stderr.splitlines() if line.startswith("ERROR")))
    if "No matching distribution" in done.stderr:
        refuse(
            "A package has no ready-made wheel for this platform and Python {}.{}, or cannot be reached: check the "
            "network, use Python 3.11 or 3.12 on x86-64 or arm64 Linux or macOS, or use docker compose.".format(
                *sys.version_info
            ),
            "有软件包缺少本平台的安装文件，或网络不通：请检查网络，改用 Python 3.11 或 3.12，或使用 docker compose。",
        )
    refuse("The packages could not be installed; the reason stands above.", "依赖未能安装，原因见上。")


def compile_messages() -> None:
    """Every time: it compares dates, and costs a moment where nothing has changed."""
    script = os.path.join(ROOT, "healthplan", "messages.py")
    if subprocess.call([os.path.join(VENV, "bin", "python"), "-I", script]) != 0:
        refuse("The translations could not be compiled; the reason stands above.", "翻译文件未能编译，原因见上。")


def make() -> None:
    check_machine()
    sys.stdout.write("Making the environment in .venv (once; a few minutes) … 正在准备运行环境\n")
    sys.stdout.flush()
    make_venv()
    install()
    with open(STAMP, "w", encoding="utf-8") as file:
        file.write(stamp())


def main() -> None:
    if not is_ready():
        make()
    compile_messages()


if __name__ == "__main__":
    main()
