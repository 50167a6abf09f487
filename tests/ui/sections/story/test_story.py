"""The story on the pages: its figures are those of the page, its code is the code that runs."""

import ast
import inspect

import numpy as np
import pytest

from regcore import lesson, load_diabetes, split
from regcore.data.preparation import look, read_patients, split_and_scale
from tests.pages.expected import DROPOUT, L2, OVERFITTING, STOPPING, TOGETHER
from tests.support.apps import header, opened, words

QUICK = {"preset": "As printed", "width": "2"}


def test_the_data_in_code_are_the_data_of_the_app():
    table = read_patients()
    outcomes, zeros = look(table)
    assert list(outcomes) == [500, 268]
    assert dict(zeros) == {
        **{"glucose": 5, "blood_pressure": 35, "skin_thickness": 227},
        **{"insulin": 374, "bmi": 11},
    }
    parts = split(load_diabetes())
    ours = parts.train.X, parts.test.X, parts.train.y, parts.test.y
    for shown, used in zip(split_and_scale(table), ours, strict=True):
        np.testing.assert_allclose(shown, used, rtol=0, atol=1e-12)


@pytest.mark.slow
def test_home_shows_the_data_in_code_once_it_is_asked_for():
    assert "def split_and_scale" not in code(opened("streamlit_app.py"))
    app = opened("streamlit_app.py", open_data_code="true")
    for function in (read_patients, look, split_and_scale):
        assert shows(code(app), function)
    assert "how many so far" in words(app)


@pytest.mark.slow
def test_all_six_functions_can_be_read_whole():
    app = opened(OVERFITTING, open_functions="true", **QUICK)
    functions = [f for name, f in vars(lesson).items() if inspect.isfunction(f) and name[0] != "_"]
    assert len(functions) == 6
    assert all(shows(code(app), function) for function in functions)
    assert "Squash any real number" not in code(app)
    app = app.toggle(key="whole").set_value(True).run()
    assert all(inspect.getsource(function) in code(app) + "\n" for function in functions)


@pytest.mark.slow
@pytest.mark.parametrize("path", [OVERFITTING, L2, DROPOUT, STOPPING])
def test_what_you_now_know_has_the_figures_of_the_page(path):
    app = opened(path, **QUICK)
    known = [text.value for text in app.markdown if text.value.startswith("- ")][-1]
    assert len(known.split("\n")) == 3
    assert any(figure in known for figure in header(app)[1:])  # test accuracy, gap


@pytest.mark.slow
def test_what_you_now_know_names_the_best_run_of_all_together_as_plain_text():
    app = opened(TOGETHER, all_epochs="100", width="2")
    app.text_input(key="new").set_value("<b>*x*").run()
    app = app.button(key="pin").click().run()
    known = [text.value for text in app.markdown if text.value.startswith("- ")][-1]
    assert r"\<b\>\*x\*" in known


@pytest.mark.slow
@pytest.mark.parametrize("path", [OVERFITTING, L2, DROPOUT, STOPPING, TOGETHER])
def test_the_story_fits_every_table(path):
    for data in ("Breast cancer", "Two moons"):
        app = opened(path, open_story="true", data=data, all_epochs="100", **QUICK)
        assert "patient" not in words(app).lower().replace("patience", "")


def code(app) -> str:
    return "\n".join(block.value for block in app.code)


def shows(text: str, function) -> bool:
    """Whether every statement of a function is shown, docstring and checks aside."""
    (tree,) = ast.parse(inspect.getsource(function).lstrip()).body
    source = inspect.getsource(function)
    statements = [ast.get_source_segment(source, node) for node in ast.walk(tree) if simple(node)]
    return all(statement in text for statement in statements if "_check(" not in statement)


def simple(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign | ast.Return) and "_arrays" not in ast.dump(node)
