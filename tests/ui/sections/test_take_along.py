"""What a page lets a learner take along: files with the figures that it shows."""

import ast
import json

import pytest
import streamlit as st

from tests.support.apps import header, opened
from ui.sections import take_along
from ui.text import score

PAGES = ("1_Overfitting", "2_L2", "3_Dropout", "4_Early_Stopping", "5_All_Together")


@pytest.fixture
def offered(monkeypatch) -> dict[str, str]:
    """File -> its content, of all downloads that a page draws with a function."""
    files: dict[str, str] = {}

    def download_button(label, data, file_name, *args, **options):
        if callable(data):
            files[file_name] = data()

    monkeypatch.setattr(st, "download_button", download_button)
    return files


def figures(notebook: str) -> dict[str, dict[str, float]]:
    """The figures of the page that a notebook shows beside its own."""
    cells = ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]
    (text,) = (cell for cell in cells if "page = pd.DataFrame(" in cell)
    return ast.literal_eval(text.partition("page = pd.DataFrame(")[2].partition(")")[0].strip())


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_files_have_the_figures_and_settings_of_the_page(page, offered):
    app = opened(f"pages/{page}.py", data="Diabetes")
    name = next(file for file in offered if file.endswith(".ipynb")).removesuffix(".ipynb")
    assert set(offered) == {f"{name}.ipynb", f"{name}_torch.py", f"{name}.py"}
    found = figures(offered[f"{name}.ipynb"])
    unseen = "validation" if page == "5_All_Together" else "test"
    assert [score(found[part]["accuracy"]) for part in ("training", unseen)] == header(app)[:2]
    assert ("test" in found) == (unseen == "test")
    for text in (offered[f"{name}.py"], offered[f"{name}_torch.py"]):
        ast.parse(text)


@pytest.mark.slow
def test_a_tool_that_no_notebook_has_still_has_its_script(offered, monkeypatch):
    monkeypatch.setattr(take_along, "is_written", lambda config: False)
    opened("pages/5_All_Together.py", width="1", all_epochs="100")
    assert list(offered) == ["all_together.py"]


@pytest.mark.parametrize(
    ("name", "file"),
    [("run 1", "run_1.py"), ("../../etc/passwd", "etc_passwd.py"), ("λ", "run.py"), ("", "run.py")],
)
def test_a_file_is_named_after_the_run_and_harmless(name, file):
    assert take_along.file_name(name, ".py") == file
