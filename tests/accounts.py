"""Programs that run as an ordinary account of this machine, for tests that run as root."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("regcore", "ui", "pages", "data", "tests", ".streamlit", "streamlit_app.py")
PACKAGES = Path(pytest.__file__).resolve().parent.parent
VERSION = f"python{sys.version_info[0]}.{sys.version_info[1]}"


def as_account(uid: int) -> dict:
    """Options of subprocess for a program of this account, in no group of root's."""
    return {"user": uid, "group": uid, "extra_groups": [], "env": {"PATH": os.environ["PATH"]}}


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
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
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
