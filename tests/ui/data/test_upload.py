"""A file is brought: what the page says of it, corrections by a click, and the owner's yes."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.support import well_known
from tests.support.apps import opened, words
from tests.support.own import QUICK, csv, own, use

pytestmark = pytest.mark.slow


def test_nothing_is_trained_before_the_owner_says_yes():
    app = opened("pages/4_Early_Stopping.py", data="Your file", width=4, **QUICK)
    app.file_uploader(key="own_file").set_value(("mine.csv", csv(), "text/csv")).run()
    assert "own" not in app.session_state
    assert not app.metric
    assert "Nothing is trained until" in words(app)
    app.button(key="own_use").click().run()
    assert app.metric


@pytest.mark.parametrize(
    ("table", "outcome"),
    [
        ("PIMA", "Outcome = 1"),
        ("PIMA_WITHOUT_NAMES", "column 9 = 1"),
        ("HEART_DISEASE", "num = 1 to 4"),
        ("BANK_MARKETING", "y = yes"),
        ("BREAST_CANCER", "Class = 4"),
    ],
)
def test_from_upload_to_a_trained_network_in_three_clicks(table, outcome):
    app = opened("pages/4_Early_Stopping.py", width=2, **QUICK)
    app.selectbox(key="data").set_value("Your file").run()
    app.file_uploader(key="own_file").set_value(("t.csv", getattr(well_known, table), "text/csv"))
    app.run()
    app.button(key="own_use").click().run()
    assert not app.exception
    assert app.metric
    dataset = app.session_state["own"].dataset
    assert dataset.outcomes[1] == outcome
    assert not {"Sample code number"} & set(dataset.feature_names)


def buttons(app: AppTest, label: str):
    return next(group for group in app.get("button_group") if group.label == label)


def test_how_a_file_was_read_is_shown_and_corrected_by_a_click():
    rows = [f"{i * 37 % 97 + 1}.2{i % 10}4;{i % 7};{i % 2}" for i in range(60)]
    raw = "\n".join(["Report <b>", "income;b;y", *rows, "Total;;30"]).encode()
    app = own(raw=raw, width=2)
    text = words(app)
    for said in (
        "Cells are separated by semicolons. Line 2 holds the names",
        r"Line 1 is a title and was skipped: “Report \<b\>”.",
        "Line 63 sums up other rows and was skipped: “Total 30”.",
        "say which decimal mark the file has",
    ):
        assert said in text
    assert app.session_state["own"].dataset.feature_names == ("b",)
    buttons(app, "Decimal mark").set_value(",").run()
    use(app)
    assert app.session_state["own"].dataset.feature_names == ("income", "b")
    assert app.session_state["own"].dataset.X[0, 0] == 1204.0


def test_a_refused_file_can_be_corrected():
    rows = [f"{i % 9 + 1}.1{i % 10}1;{i % 2}" for i in range(1, 61)]
    app = own(raw="\n".join(["income;y", *rows]).encode())
    assert "say which decimal mark" in app.error[0].value
    buttons(app, "Decimal mark").set_value(",").run()
    assert not app.error
    use(app)
    assert "own" in app.session_state


def test_copies_are_dropped_or_kept_in_one_part():
    head, *rows = csv().decode().split("\n")
    raw = "\n".join([head, *rows * 3]).encode()
    app = own(raw=raw, width=2)
    assert "120 rows repeat an earlier one" in words(app)
    assert len(app.session_state["own"].dataset) == 60
    buttons(app, "Rows that repeat others").set_value("together").run()
    use(app)
    assert len(app.session_state["own"].dataset) == 180
    assert app.session_state["own"].dataset.groups is not None
