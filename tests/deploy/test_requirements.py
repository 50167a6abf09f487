"""The requirements declare exactly what the app imports, each with both bounds."""

import ast
import re
import sys

import pytest

from tests.deploy.declared import APP_LINES
from tests.support import ROOT

FOLDERS = ("pages", "regcore", "sandbox", "ui", "workers")
APP = [ROOT / "streamlit_app.py", *(p for name in FOLDERS for p in (ROOT / name).rglob("*.py"))]
DISTRIBUTIONS = {"PIL": "pillow", "sklearn": "scikit-learn"}  # where the name on PyPI differs
FOR_THE_TESTS = {"pytest", "pytest-xdist"}


def imported(source: str) -> set[str]:
    """Return the distributions that a module imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module)
    top = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {*FOLDERS}
    return {DISTRIBUTIONS.get(name, name) for name in top}


def test_imports_are_found_at_any_depth():
    source = "import os, a.b\nfrom sklearn.svm import SVC\ndef f():\n    from regcore import c\n"
    assert imported(source) == {"a", "scikit-learn"}


@pytest.mark.slow
def test_exactly_the_imported_packages_are_declared():
    used = set().union(*(imported(path.read_text(encoding="utf-8")) for path in APP))
    names = {re.match(r"[\w-]+", line)[0] for line in APP_LINES}
    assert used == names - FOR_THE_TESTS


@pytest.mark.parametrize("line", APP_LINES)
def test_a_requirement_has_a_lower_and_an_upper_bound(line):
    assert re.fullmatch(r"[\w-]+>=\d+(\.\d+)*,<\d+(\.\d+)*", line)
