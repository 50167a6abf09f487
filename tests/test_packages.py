"""Who may import whom: the packages of the app, the levels inside two of them, and no circle."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.support import ROOT

PACKAGES = ("regcore", "sandbox", "workers", "ui", "pages")
FILES = [ROOT / "streamlit_app.py", *(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))]
MAY_IMPORT = {  # besides itself
    "sandbox": set(),
    "workers": set(),
    "regcore": {"sandbox"},  # its exercises alone
    "ui": {"regcore", "workers"},
    "pages": {"regcore", "ui"},
}
NO_SCIENCE = {
    *("threading", "multiprocessing", "subprocess", "socket", "asyncio", "_thread"),
    *("loky", "joblib", "dask", "distributed", "streamlit", "altair", "tornado"),
}
# A room imports rooms of lower levels only, and none beside it.
LEVELS = {
    "regcore": [
        {"__main__"},
        {"exercises"},
        {"experiments", "export"},
        {"training"},
        {"data", "nn"},
        {"config", "blas"},
        {"checks", "lesson", "source"},
    ],
    "ui": [
        {"page"},
        {"sections", "exercises"},
        {"navigation", "training"},
        {"data", "layout"},
        {"charts", "controls", "glossary"},
        {"theme", "text", "terms", "session", "verdicts"},
    ],
}


def imported(source: str) -> set[str]:
    """Dotted names that a module imports, wherever the import stands."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def module_of(path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): imported(path.read_text(encoding="utf-8")) for path in FILES}


def module_in(name: str) -> str | None:
    """The module of this project from which a dotted name comes."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name or None


def test_imports_are_found_wherever_they_stand():
    source = "import os.path\ndef f():\n    from regcore import data\n    import streamlit as st\n"
    assert imported(source) == {"os.path", "regcore.data", "streamlit"}


@pytest.mark.parametrize("module", MODULES)
def test_packages_import_in_one_direction(module):
    own = module.partition(".")[0]
    own = "pages" if own == "streamlit_app" else own
    others = {name.partition(".")[0] for name in MODULES[module]} & {*PACKAGES, "tests"}
    assert others <= MAY_IMPORT[own] | {own}
    if "sandbox" in others and own == "regcore":
        assert module.startswith("regcore.exercises")


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("regcore")])
def test_the_science_knows_no_processes_and_no_app(module):
    assert not {name.partition(".")[0] for name in MODULES[module]} & NO_SCIENCE


@pytest.mark.parametrize("package", LEVELS)
def test_rooms_import_lower_levels_only(package):
    rooms = {name.split(".")[1] for name in MODULES if name.startswith(f"{package}.")}
    assert rooms == set().union(*LEVELS[package])
    level = {room: number for number, level in enumerate(LEVELS[package]) for room in level}
    for module in MODULES:
        if not module.startswith(f"{package}."):
            continue
        room = module.split(".")[1]
        for name in MODULES[module]:
            other = (module_in(name) or "").split(".")
            if other[0] == package and len(other) > 1 and other[1] != room:
                assert level[other[1]] > level[room], f"{module} imports {name}"


def test_no_import_circle():
    graph = {
        module: {found for name in names if (found := module_in(name)) not in (None, module)}
        for module, names in MODULES.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_the_lesson_stands_alone_on_numpy():
    assert MODULES["regcore.lesson"] == {"numpy"}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_no_file_is_longer_than_250_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def test_no_folder_shows_more_than_16_entries():
    hidden = {"__pycache__"}
    for folder in {path.parent for path in ROOT.rglob("*.py") if ".venv" not in path.parts}:
        shown = [p for p in folder.iterdir() if p.name[0] != "." and p.name not in hidden]
        assert len(shown) <= 16, folder


def test_no_test_imports_a_test():
    for path in (ROOT / "tests").rglob("test_*.py"):
        names = imported(path.read_text(encoding="utf-8"))
        assert not [name for name in names if ".test_" in name], path


def test_importing_what_trains_brings_only_numpy_along():
    """A worker process is ready in a third of a second, and not in one and a half."""
    code = "import sys, regcore.experiments.outcome; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"regcore", "numpy"} <= loaded
    assert not loaded & {"streamlit", "altair", "tornado", "pandas", "sklearn", "scipy"}
