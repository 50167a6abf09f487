"""The notebook of a run stands alone, holds only what the run uses, and ends with its figures."""

import ast
import json

import pytest

from regcore import PRESETS, Config, lesson
from regcore.export.notebook import notebook
from regcore.source import without
from tests.regcore.export import fresh
from tests.regcore.export.recipes import RUNS, recipe

ALLOWED = {"copy", "csv", "importlib", "io"} | {"numpy", "pandas", "sklearn", "matplotlib", "torch"}
WORDS = {  # what only some runs use -> a word in the code of their notebooks alone
    "momentum": ("vW1", "vWs"),
    "dropout": ("draws.random", "mask", "Dropout"),
    "batch_size": ("order", "rows in np.split"),
    "patience": ("waited", "kept", "deepcopy"),
    "min_delta": ("min_delta",),
    "l2": ("weight_decay",),
}
HOSTILE = ('"""\nimport os\n"""', "'; import os #", "\\", "{name}", "\ud800", "</script><img>", "")


def cells(text: str, kind: str = "code") -> list[str]:
    return ["".join(c["source"]) for c in json.loads(text)["cells"] if c["cell_type"] == kind]


def code(name: str) -> str:
    return "\n".join(cells(notebook(RUNS[name]()[0])))


@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_is_valid_and_each_cell_compiles(name):
    text = notebook(RUNS[name]()[0])
    for cell in cells(text):
        ast.parse(cell)
    nbformat = pytest.importorskip("nbformat", reason="needs requirements-dev.txt")
    nbformat.validate(json.loads(text))


@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_imports_nothing_of_ours(name):
    nodes = list(ast.walk(ast.parse(code(name))))
    names = {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= ALLOWED


@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_holds_only_what_the_run_uses(name):
    text, config = code(name), RUNS[name]()[0].config
    for setting, words in WORDS.items():
        uses = bool(getattr(config, setting))
        assert any(word in text for word in words) == uses, setting
    assert ("Ws" in text) == (len(config.hidden_sizes) > 1)


def test_every_line_of_the_lessons_loop_is_in_the_notebook():
    """Also the functions, whole but for the checks of their arguments."""
    text = code("as printed")
    for function in (lesson.sigmoid, lesson.relu, lesson.init_params, lesson.forward):
        assert without(function, "checks") in text
    loop = without(lesson.train, "checks").partition("    for _ in")[2].splitlines()[1:-1]
    assert len(loop) == 9
    assert all(f"{line}\n" in text for line in loop)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_only_a_text(name):
    hostile, plain = (notebook(recipe(Config(epochs=1), name=n)[0]) for n in (name, "plain"))
    assert cells(hostile, "markdown") == cells(plain, "markdown")
    dumps = [ast.dump(ast.parse("\n".join(cells(text)))) for text in (hostile, plain)]
    assert dumps[0].replace(repr(name), "'plain'") == dumps[1]


def test_a_sealed_test_set_is_not_in_the_figures():
    found, _ = recipe(PRESETS["as printed"].but(epochs=2), 0.2, sealed=True)
    assert list(found.figures()) == ["training", "validation"]
    assert "OPEN_THE_TEST_SET = False" in notebook(found)


EXECUTE = """
import json, sys
import nbformat
from nbclient import NotebookClient

book = nbformat.read(sys.argv[1], 4)
asked = '''import json, importlib.util
print(json.dumps([importlib.util.find_spec("regcore") is None, scores.T.to_dict(), history]))'''
book.cells.append(nbformat.v4.new_code_cell(asked))
NotebookClient(book, timeout=600, kernel_name="python3").execute()
outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
assert not [o for o in outputs if o.get("name") == "stderr"], outputs
assert [o for o in outputs if "image/png" in o.get("data", {})], "no curves"
print(outputs[-1]["text"].strip())
"""


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory) -> str:
    found = fresh.python(tmp_path_factory.mktemp("fresh"))
    if not fresh.has(found, "nbclient", "nbformat", "ipykernel", "matplotlib"):
        pytest.skip("needs requirements-dev.txt")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_a_notebook_alone_ends_with_the_figures_of_the_page(name, interpreter, tmp_path):
    found, run = RUNS[name]()
    (tmp_path / "run.ipynb").write_text(notebook(found), encoding="utf-8")
    alone, scores, history = fresh.answer(interpreter, EXECUTE, tmp_path, "run.ipynb")
    assert alone, "the project can be imported there"
    row = run.history.at(run.kept_epoch)
    for part in found.parts:
        for score in ("loss", "accuracy"):
            column = f"{part.replace('training', 'train')}_{score}"
            assert f"{scores[part][score]:.3f}" == f"{row[column]:.3f}", (part, score)
    assert len(history) == run.history.stopped_epoch + 1
    assert found.figures() == {
        part: {score: round(value, 3) for score, value in scores[part].items()}
        for part in found.parts
    }
