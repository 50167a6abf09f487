"""The same run in PyTorch has the same losses; the lines shown side by side are those that run."""

import ast
import json

import numpy as np
import pytest

from regcore import fit
from regcore.export.notebook import notebook
from regcore.export.pairs import pairs
from regcore.export.pytorch import script
from tests.regcore.export import fresh
from tests.regcore.export.recipes import MEMORIZE, RUNS, recipe
from tests.support.helpers import diabetes_split

ALL = MEMORIZE.but(l2=0.05, dropout=0.2, batch_size=64, patience=9, epochs=20)
DEEP = ALL.but(hidden_sizes=(5, 4), min_delta=0.001)
COMPARED = {**RUNS, "everything": lambda: recipe(ALL, 0.2), "deep": lambda: recipe(DEEP, 0.2)}
SEEDS = range(1, 9)


@pytest.mark.parametrize("name", RUNS)
def test_a_script_compiles_and_names_only_the_traps_of_its_run(name):
    found, _ = RUNS[name]()
    text = script(found)
    ast.parse(text)
    assert "regcore" not in text
    assert "model.eval()" in text and "BCEWithLogitsLoss" in text and "float32" in text
    assert ("AdamW" in text) == (found.config.l2 > 0)
    assert ("nn.Dropout" in text) == (found.config.dropout > 0)


@pytest.mark.parametrize("name", COMPARED)
def test_the_lines_side_by_side_are_lines_of_the_sources(name):
    found, _ = COMPARED[name]()
    text = "\n".join("".join(cell["source"]) for cell in json.loads(notebook(found))["cells"])
    lines = {line.strip() for line in text.splitlines()}
    for pair in pairs(found):
        for line in f"{pair.numpy}\n{pair.torch}".splitlines():
            assert line.strip() in lines | {"...", ""}, pair.title
            assert len(line) <= 62, line


def test_each_tool_of_a_run_has_its_pair():
    titles = {name: {pair.title for pair in pairs(COMPARED[name]()[0])} for name in COMPARED}
    tools = {"L2", "Dropout", "Mini-batches", "Early stopping"}
    assert tools <= titles["everything"] & titles["deep"]
    assert not tools & titles["as printed"]


EXECUTE = """
import importlib.util, json, pathlib, sys
assert importlib.util.find_spec("regcore") is None
found = {}
for name in json.loads(sys.argv[1]):
    names = {"print": lambda *_: None}
    exec(pathlib.Path(name).read_text(encoding="utf-8"), names)
    found[name] = names["history"]
print(json.dumps(found))
"""


def losses_of(scripts: dict[str, str], folder) -> dict[str, list[dict[str, float]]]:
    """The losses of each epoch, as these scripts find them in PyTorch."""
    interpreter = fresh.python(folder / "fresh")
    if not fresh.has(interpreter, "torch"):
        pytest.skip("needs tests/requirements-torch.txt")
    for name, text in scripts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return fresh.answer(interpreter, EXECUTE, folder, json.dumps(list(scripts)))


@pytest.mark.slow
def test_pytorch_finds_the_same_losses(tmp_path):
    """In every epoch, to 1e-6, from the same starting weights."""
    made = {name: RUNS[name]() for name in RUNS if name != "dropout"}
    found = losses_of({name: script(each) for name, (each, _) in made.items()}, tmp_path)
    for name, (each, run) in made.items():
        assert len(found[name]) == run.history.stopped_epoch + 1, name
        for part in each.parts:
            column = getattr(run.history, f"{part.replace('training', 'train')}_loss")
            theirs = [losses[part] for losses in found[name]]
            np.testing.assert_allclose(theirs, column, rtol=0, atol=1e-6, err_msg=f"{name} {part}")


@pytest.mark.slow
def test_with_dropout_pytorch_agrees_on_average(tmp_path):
    configs = {f"seed {seed}": MEMORIZE.but(dropout=0.2, seed=seed) for seed in SEEDS}
    scripts = {name: script(recipe(config)[0]) for name, config in configs.items()}
    found = losses_of(scripts, tmp_path)
    for part in ("training", "test"):
        column = f"{part.replace('training', 'train')}_loss"
        ours = [getattr(fit(diabetes_split(), c).history, column)[-1] for c in configs.values()]
        theirs = [losses[-1][part] for losses in found.values()]
        spread = np.std(np.subtract(ours, theirs), ddof=1) / len(SEEDS) ** 0.5
        assert abs(np.mean(ours) - np.mean(theirs)) < min(4 * spread, 0.01), part
