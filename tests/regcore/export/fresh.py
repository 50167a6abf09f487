"""A Python without this project on its path, in which notebooks and scripts are executed.

REGLAB_NOTEBOOK_PYTHON=path  the interpreter of an environment of your own, which has the packages
                             of requirements-dev.txt, and PyTorch if it should be tested
"""

import json
import os
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def python(folder: Path) -> str:
    """An interpreter with the packages of this one, but nothing of ours: a venv in `folder`."""
    if asked := os.environ.get("REGLAB_NOTEBOOK_PYTHON"):
        return asked
    venv.create(folder, symlinks=os.name != "nt")
    base = {"base": str(folder), "platbase": str(folder)}
    place = Path(sysconfig.get_path("purelib", "venv", vars=base))
    (place / "packages.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return str(Path(sysconfig.get_path("scripts", "venv", vars=base)) / "python")


def has(interpreter: str, *modules: str) -> bool:
    """Whether all these modules can be imported there."""
    code = f"import importlib.util as u, sys; sys.exit(None in map(u.find_spec, {modules!r}))"
    return subprocess.run([interpreter, "-c", code], cwd="/").returncode == 0


def answer(interpreter: str, code: str, folder: Path, *arguments: str) -> Any:
    """Run `code` in this folder; return the JSON in the last line that it prints."""
    home = {name: str(folder) for name in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "MPLBACKEND")}
    done = subprocess.run(
        [interpreter, "-c", code, *arguments],
        cwd=folder,
        env=kept | ONE_THREAD | home | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
