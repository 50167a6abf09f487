"""The exported script prints the figures of the app, however the run is named."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regcore import Config, fit, flip_labels, split
from regcore.export.script import script_for
from tests.support import ROOT
from tests.support.helpers import diabetes

SCORES = ("train_accuracy", "validation_accuracy", "train_loss", "validation_loss")
HOSTILE = (
    'it\'s "quoted"',
    "'''; import os",
    '"""\nopen("broken_out", "w")\n"""',
    "\\'; open('broken_out', 'w') #",
    "ends in a backslash \\",
    "\r\n\ttwo\nlines\x00\u2028",
    "{name!r} {settings} {} {0} {",
    "%s %(name)s",
    "λ ≤ 0.05, größer",
    "\ud800",
    "",
)


def printed_by(source: str, folder: Path) -> str:
    """Run the source as a file in its own process; return what it prints."""
    path = folder / "reproduce.py"
    path.write_text(source, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


CASES = {
    "plain": (Config(epochs=60), 0.2, 42),
    "L2, dropout and mini-batches": (
        Config((12, 5), epochs=40, l2=0.013, dropout=0.15, batch_size=64, momentum=0.85, seed=9),
        0.25,
        7,
    ),
    "patience and min_delta": (
        Config(epochs=150, lr=0.3, momentum=0.9, patience=10, min_delta=1e-4),
        0.2,
        42,
    ),
}


@pytest.mark.exact_start
@pytest.mark.parametrize("name", CASES)
def test_the_script_prints_the_exact_figures_of_the_run(name, tmp_path):
    config, validation_size, seed = CASES[name]
    lines = printed_by(script_for(name, config, validation_size, seed), tmp_path).splitlines()
    run = fit(split(diabetes(), validation_size=validation_size, seed=seed), config)
    scores = run.history.at(run.kept_epoch)
    assert lines == [
        f"{name} after epoch {run.kept_epoch} of {run.history.stopped_epoch}",
        *(f"{score} {scores[score]!r}" for score in SCORES),
    ]


@pytest.mark.exact_start
def test_the_script_flips_the_labels_of_the_page(tmp_path):
    config, seed = Config(epochs=20), 7
    source = script_for("lies", config, 0.2, seed, sealed=False, flipped=0.3)
    parts = split(diabetes(), validation_size=0.2, seed=seed)
    row = fit(flip_labels(parts, 0.3, seed)[0], config).history.at(20)
    printed = printed_by(source, tmp_path).splitlines()
    assert [f"{line.split()[0]} {row[line.split()[0]]!r}" for line in printed[1:]] == printed[1:]
    assert {"train_loss", "test_loss"} <= {line.split()[0] for line in printed}
    assert "flip" not in script_for("no lies", config, 0.2, seed)


def test_one_case_keeps_an_epoch_before_the_last():
    config, validation_size, seed = CASES["patience and min_delta"]
    run = fit(split(diabetes(), validation_size=validation_size, seed=seed), config)
    assert run.kept_epoch == run.history.stopped_epoch - 10 < 140


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_only_a_text(name):
    tree, harmless = (ast.parse(script_for(n, Config(), 0.2)) for n in (name, "harmless"))
    (given,) = (
        statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "NAME"
    )
    assert ast.literal_eval(given) == name
    given.value = "harmless"
    assert ast.dump(tree) == ast.dump(harmless)


def test_a_script_with_a_hostile_name_runs_nothing_else(tmp_path):
    name = "|".join(name for name in HOSTILE if name.isprintable())
    name += f"'''\"\"\"; open({str(tmp_path / 'broken_out')!r}, 'w') #\\"
    first, *scores = printed_by(script_for(name, Config(epochs=0), 0.2), tmp_path).splitlines()
    assert first == f"{name} after epoch 0 of 0"
    assert [line.split()[0] for line in scores] == list(SCORES)
    assert [path.name for path in tmp_path.iterdir()] == ["reproduce.py"]


def test_the_script_contains_every_setting():
    config = CASES["L2, dropout and mini-batches"][0].but(patience=3, min_delta=0.1)
    (call,) = (
        node
        for node in ast.walk(ast.parse(script_for("all", config, 0.2)))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Config"
    )
    assert Config(**{word.arg: ast.literal_eval(word.value) for word in call.keywords}) == config
    assert len(call.keywords) == len(config.__dataclass_fields__)
