"""Programs that run as an ordinary account of this machine, for tests that run as root."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from tests.benchmarks.load.server import Server
from tests.support import ROOT

NEEDED = ("regcore", "sandbox", "workers", "ui", "pages", "data", "tests", ".streamlit")
PACKAGES = Path(pytest.__file__).resolve().parent.parent
OWNER, OTHER = 21001, 21002
LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/Exercises\?key=(\S+)")
SECONDS = 300
VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"


def as_account(uid: int) -> dict:
    """Return the options of subprocess for a program of this account, without root's groups."""
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    return {"user": uid, "group": uid, "extra_groups": [], "env": env}


@contextmanager
def readable_checkout(uid: int) -> Iterator[tuple[Path, str]]:
    """A copy of the project, and a Python with its packages, that every account can use."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can start programs of other accounts")
    with tempfile.TemporaryDirectory(prefix="reglab-accounts-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        python = _python(folder / "venv", uid)
        for name in NEEDED:
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "streamlit_app.py", folder)
        subprocess.run(["chmod", "-R", "go+rX", folder], check=True)
        yield folder, python


def _python(venv: Path, uid: int) -> str:
    """A virtual environment with the packages of this one."""
    for base in (os.path.realpath(sys.executable), f"/usr/bin/{VERSION}"):
        if _runs([base, "-c", "import venv"], uid):
            subprocess.run([base, "-m", "venv", "--without-pip", venv], check=True)
            site = venv / "lib" / VERSION / "site-packages"
            if _runs([base, "-c", f"import os; os.listdir({str(PACKAGES)!r})"], uid):
                (site / "shared.pth").write_text(str(PACKAGES))
            else:
                shutil.copytree(PACKAGES, site, copy_function=_link, dirs_exist_ok=True)
            return str(venv / "bin" / "python")
    pytest.skip(f"no {VERSION} here that an ordinary account can run")


def _runs(command: list[str], uid: int) -> bool:
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, **as_account(uid))
    except OSError:
        return False
    return done.returncode == 0


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy(source, target)


class OwnersServer(Server):
    """The app as an ordinary account starts it."""

    def __init__(self, checkout: Path, python: str) -> None:
        super().__init__()
        self.checkout, self.python = checkout, python

    def start(self, log: IO[bytes]) -> subprocess.Popen:
        told = [f"--server.port={self.port}", "--server.headless=true"]
        command = [self.python, "-m", "streamlit", "run", "streamlit_app.py", *told]
        owner = as_account(OWNER)
        owner["env"] |= {"REGLAB_WORKERS": "0"}
        return subprocess.Popen(command, cwd=self.checkout, stdout=log, stderr=log, **owner)

    def visit(
        self, uid: int, typed: list[str] | None = None, key: str = "", **headers: str
    ) -> dict[str, Any]:
        """Visit the app as this account; return the outcome, see run_code.py."""
        told = {"host": "127.0.0.1", "port": self.port, "headers": headers}
        told |= {"typed": typed or [], "key": key}
        done = subprocess.run(
            [self.python, "-m", "tests.ui.exercises.run_code", json.dumps(told)],
            cwd=self.checkout,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            **as_account(uid),
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def printed(self) -> tuple[str, str]:
        """Return the port and the secret of the link in the terminal."""
        links = LINK.findall(self.log.read_text())
        assert len(links) == 1
        return links[0]
