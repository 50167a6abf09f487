"""Who may import whom in regcore, read from the source and seen in a fresh interpreter."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "regcore").rglob("*.py"))
NUMPY_ONLY = (
    *("checks", "config", "dropout", "history", "network", "outcome", "parts", "passes"),
    *("predictions", "sandbox", "sandbox_child", "sandbox_clock", "sandbox_process"),
    *("sandbox_rules", "sandbox_speed", "wire"),
    *("sandbox_landlock", "sandbox_learner", "sandbox_limits", "sandbox_seccomp"),
    *("jobs", "recorder", "study", "tasks", "trainer", "training"),
)
ROOMS = {  # file -> the rooms of regcore that it may import
    "lesson": set(),
    "checks": {"passes"},
    "config": {"checks"},
    "passes": set(),
    "network": {"checks", "passes"},
    "dropout": {"network"},
    "script": {"config", "sensitivity"},
    "history": {"checks", "network"},
    "parts": {"checks", "network"},
    "data": {"checks", "config", "network", "parts"},
    "datasets": {"checks", "config", "data", "network"},
    "columns": {"checks", "network"},
    "table": {"checks", "columns", "data", "network"},
    "upload": {"columns", "table"},
    "suspicions": {"checks", "columns", "network", "table", "threads"},
    "sensitivity": {"config", "network", "training"},
    "trainer": {"network", "config", "parts", "passes"},
    "recorder": {"history", "network", "parts", "passes", "trainer"},
    "training": {
        *("checks", "config", "history", "network", "parts", "recorder", "threads", "trainer"),
    },
    "threads": set(),
    "wire": set(),
    "sandbox_clock": set(),
    "sandbox_process": {"sandbox_clock", "wire"},
    "sandbox_landlock": set(),
    "sandbox_seccomp": set(),
    "sandbox": {
        *("sandbox_clock", "sandbox_landlock", "sandbox_process", "sandbox_seccomp", "wire"),
        "temporary",
    },
    "sandbox_rules": set(),
    "sandbox_limits": set(),
    "sandbox_speed": set(),
    "sandbox_learner": {
        *("sandbox_landlock", "sandbox_limits", "sandbox_rules", "sandbox_seccomp"),
        *("sandbox_speed", "wire"),
    },
    "sandbox_child": set(),  # loads sandbox_learner without regcore's __init__
    "exercises/grading": {"network", "sandbox"},
    "exercises/measured": {"config", "data", "datasets", "training"},
    "exercises/sweep": {"exercises", "predictions"},
    "exercises/smaller": {"exercises"},
    "exercises/sizes": {"exercises"},
    "exercises/gradient": {"exercises", "network"},
    "exercises/dropping": {"exercises", "network"},
    "exercises/stopping": {"exercises", "history"},
    "exercises/choosing": {"exercises"},
    "exercises/curves": {"exercises", "config", "training"},
    "exercises/source": {"exercises", "sandbox"},
    "progress": {"exercises", "predictions"},
    "predictions": {"checks"},
    "__main__": {"exercises"},
    "outcome": {"checks", "config", "history", "parts", "training"},
    "temporary": set(),
    "health": {"temporary"},
    "tasks": {"temporary"},
    "jobs": {"config", "parts", "tasks", "temporary", "training"},
    "relay": set(),
    "dask_client": set(),
    "inprocess": set(),
    "cluster": {"config", "dask_client", "inprocess", "relay"},
    "pool": {"temporary"},
    "workers": {"cluster", "config", "inprocess", "pool", "relay", "temporary"},
    "study": {"checks", "config", "data", "network", "outcome", "parts", "tasks"},
    "comparison": {"checks", "network", "study"},
    "selection": {
        *("checks", "config", "data", "history", "network", "outcome", "study", "tasks"),
    },
}


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def runtime_nodes(tree: ast.AST):
    for node in ast.iter_child_nodes(tree):
        if not is_type_checking(node):
            yield node
            yield from runtime_nodes(node)


def imported_by(source: str) -> set[str]:
    """Dotted names imported at run time; `from a import b` gives 'a.b'."""
    names = set()
    for node in runtime_nodes(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def source_of(name: str) -> str:
    return (ROOT / "regcore" / f"{name}.py").read_text(encoding="utf-8")


def test_imports_are_found_wherever_they_stand():
    source = (
        "import os.path\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas\n"
        "def f():\n    from regcore import data\n    if True:\n        import streamlit as st\n"
    )
    found = {"os.path", "typing.TYPE_CHECKING", "regcore.data", "streamlit"}
    assert imported_by(source) == found


@pytest.mark.parametrize("name", NUMPY_ONLY)
def test_the_engine_imports_numpy_and_the_standard_library_only(name):
    foreign = {dotted.split(".")[0] for dotted in imported_by(source_of(name))}
    assert foreign - set(sys.stdlib_module_names) <= {"numpy", "regcore"}


def test_threads_is_the_one_room_of_the_engine_that_needs_threadpoolctl():
    foreign = {dotted.split(".")[0] for dotted in imported_by(source_of("threads"))}
    assert foreign - set(sys.stdlib_module_names) == {"threadpoolctl"}


def test_the_lesson_stands_alone_on_numpy():
    assert imported_by(source_of("lesson")) == {"numpy"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_regcore_knows_nothing_of_the_app(path):
    top = {dotted.split(".")[0] for dotted in imported_by(path.read_text(encoding="utf-8"))}
    assert not top & {"streamlit", "altair", "ui", "pages", "tests"}


@pytest.mark.parametrize("name", ROOMS)
def test_imports_inside_regcore_run_one_way(name):
    dotted = [d.split(".") for d in imported_by(source_of(name)) if d.startswith("regcore.")]
    assert {parts[1] for parts in dotted} <= ROOMS[name]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_file_is_longer_than_250_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_importing_what_trains_brings_only_numpy_along():
    """A worker process is ready in a third of a second, and not in one and a half."""
    code = "import sys, regcore.outcome; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"regcore", "numpy"} <= loaded
    assert not loaded & {"streamlit", "altair", "tornado", "pandas", "sklearn", "scipy"}
