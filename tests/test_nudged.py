"""No figure that a test asserts is this processor's alone: each survives nudged starting weights.

Three nudges as large as rounding, and one of 1e-11, since a run that keeps its digits under that
keeps them under whatever a processor does to it.
"""

import os
import subprocess
import sys

import pytest

from tests.support import ROOT

NUDGES = [(1e-15, 1), (1e-15, 2), (1e-15, 3), (1e-11, 1)]
MARKS = ("-m", "not slow and not exact_start")
PLUGIN = ("-p", "tests.support.nudged", "-p", "no:cacheprovider", *MARKS)


def run_nudged(size: float, draw: int, *places: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", *PLUGIN, "--nudge", str(size), "--draw", str(draw)]
    environment = os.environ | {"REGLAB_WORKERS": "0"}
    return subprocess.run(
        [*command, *places], cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.mark.slow
@pytest.mark.parametrize(("size", "draw"), NUDGES)
def test_every_asserted_figure_survives_a_nudge(size, draw):
    done = run_nudged(size, draw, "tests")
    assert done.returncode == 0, done.stdout[-3000:]


CHAOTIC = """
from tests.support.helpers import diabetes
from regcore import PRESETS, fit, split

def test_the_end_of_a_chaotic_run():
    parts = split(diabetes().select(("glucose", "bmi")), train_rows=120)
    config = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=3000)
    assert round(fit(parts, config).history.test_loss[-1], 3) == {loss}
"""


@pytest.mark.slow
def test_a_figure_of_a_chaotic_run_is_caught(tmp_path):
    from regcore import PRESETS, fit, split
    from tests.support.helpers import diabetes

    parts = split(diabetes().select(("glucose", "bmi")), train_rows=120)
    config = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=3000)
    test = tmp_path / "test_chaotic.py"
    test.write_text(CHAOTIC.format(loss=round(fit(parts, config).history.test_loss[-1], 3)))
    done = run_nudged(1e-15, 1, str(test))
    assert "1 failed" in done.stdout
