"""While a question is open a page shows what may be known, and nothing that answers it."""

import json

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from regcore import Fit
from tests.pages.expected import (
    DROPOUT,
    EARLY_ROWS,
    L2,
    MEMORIZE,
    OVERFITTING,
    PRINTED,
    QUICK,
    QUICK_CONFIG,
    STOPPING,
    TOGETHER,
    trained,
)
from tests.pages.questions import (
    TOPICS,
    answer,
    asked,
    asks,
    drawn,
    ends,
    record,
    shows_result,
    skip,
    verdicts_shown,
)
from tests.support.apps import accuracies, header, words
from tests.support.helpers import run
from ui.text import score
from ui.training.cache import SHARED

pytestmark = pytest.mark.slow

SETTINGS = ("slider", "select_slider", "number_input", "selectbox", "button_group", "toggle")
ALWAYS_OPEN = {"questions", "projector", "data", "flipped"}
PRINTED_4, PRINTED_64 = (PRINTED.but(hidden_sizes=(width,)) for width in (4, 64))


def disabled(app: AppTest) -> dict[str, bool]:
    """Key of each control of the experiment -> whether it is closed."""
    found = [widget for kind in SETTINGS for widget in app.get(kind)]
    return {
        w.key: w.disabled for w in found if w.key not in ALWAYS_OPEN and not w.key.startswith("ans")
    }


def said(app: AppTest) -> str:
    """All sentences and figures of a page; its tables and charts are drawn from `numbers`."""
    texts = [str(text.value) for text in (*app.markdown, *app.caption, *app.metric, *app.info)]
    return " ".join(texts + [chart.proto.alt for chart in app.get("vega_lite_chart")])


def drawn_lines(app: AppTest) -> list[np.ndarray]:
    """The lines that are shown where a curve is to be drawn."""
    parts = [p.proto for p in app.get("bidi_component") if p.proto.component_name == "drawing"]
    lines = [line for part in parts for line in json.loads(part.json)["lines"]]
    return [np.array(line["points"], float).ravel() for line in lines]


def numbers(app: AppTest) -> set[str]:
    """All numbers in a page's charts and in places to draw in, as the browser gets them."""
    tables = [
        pa.ipc.open_stream(dataset.data.data).read_pandas().select_dtypes("number")
        for chart in app.get("vega_lite_chart")
        for dataset in chart.proto.datasets
    ]
    values = np.concatenate([table.to_numpy(float).ravel() for table in tables] + drawn_lines(app))
    return {f"{value:.6g}" for value in np.unique(values)}


def known(path: str) -> tuple[dict[str, str], Fit, list[float]]:
    """Return a link, the run that may be shown, and the numbers that must not be."""
    if path == OVERFITTING:
        hidden = [*ends(run(PRINTED_4), "train", "test"), ends(run(PRINTED_64), "test")[0]]
        return {"preset": "As printed"}, run(PRINTED_64), hidden
    if path == L2:
        tamed = run(PRINTED.but(l2=0.05))
        return {"preset": "As printed"}, run(PRINTED), ends(tamed, "train", "test")
    if path == DROPOUT:
        dropped = run(PRINTED.but(dropout=0.2))
        return {"preset": "As printed"}, run(PRINTED), ends(dropped, "train", "test")
    if path == STOPPING:
        fitted = trained(MEMORIZE, EARLY_ROWS, 0.2)
        losses = fitted.history.validation_loss
        return {}, fitted, [*ends(fitted, "validation", "test"), float(losses.min())]
    rivals = [run(QUICK_CONFIG.but(**one), 0.2) for one in ({"dropout": 0.2}, {"l2": 0.05})]
    numbers = [end for fitted in rivals for end in ends(fitted, "train", "validation", "test")]
    return QUICK, run(QUICK_CONFIG, 0.2), numbers


@pytest.mark.parametrize("path", TOPICS)
def test_an_open_question_shows_only_the_run_that_may_be_known(path: str) -> None:
    link, fitted, _ = known(path)
    app = asked(path, **link)
    assert asks(app)
    assert not verdicts_shown(app)
    if path == STOPPING:  # its accuracies would tell of the restored epoch
        assert header(app) == ["?"] * 3
        assert drawn(app) == [{"training"}]
    else:
        part = "validation" if path == TOGETHER else "test"
        assert header(app) == accuracies(fitted, part=part)
        named = {L2: "no L2", DROPOUT: "no dropout"}.get(path, "")
        assert [metric.delta for metric in app.metric] == [named] * 3
    unseen = {OVERFITTING: set(), STOPPING: set(), TOGETHER: {"validation"}}.get(path, {"test"})
    (losses,) = [names for names in drawn(app) if "training accuracy" not in names]
    assert {name.partition(",")[0] for name in losses} == {"training"} | unseen
    assert len(losses) == 1 + len(unseen)  # one run


@pytest.mark.parametrize("path", TOPICS)
def test_nothing_that_is_sent_answers_an_open_question(path: str) -> None:
    link, fitted, hidden = known(path)
    app = asked(path, **link)
    own = ends(fitted, "train", "validation" if path == TOGETHER else "test")
    may_be_known = {score(value) for value in (*own, own[1] - own[3])}
    if path == STOPPING:
        may_be_known = {score(own[0])}
    if path == OVERFITTING:  # its test loss is to be drawn
        own.pop(2)
        may_be_known -= {score(hidden[-1])}
    hidden_words = {score(value) for value in hidden} - may_be_known
    assert hidden_words  # they differ in the digits that a page shows
    assert not [word for word in hidden_words if word in said(app)]
    assert not numbers(app) & ({f"{v:.6g}" for v in hidden} - {f"{v:.6g}" for v in own})


@pytest.mark.parametrize("path", TOPICS)
def test_an_open_question_closes_the_controls_and_what_follows(path: str) -> None:
    app = asked(path, **known(path)[0])
    assert len(disabled(app)) >= 3
    assert all(disabled(app).values())
    assert app.button(key="reset").disabled
    assert not app.table
    assert not app.header
    assert not [fold.label for fold in app.expander if fold.label not in WITHIN]
    links = [link.proto.label for link in app.main.get("page_link")]
    assert any(label.startswith("←") for label in links)
    assert any(label.endswith("→") for label in links)


WITHIN = {"More settings", "Network and training", "The numbers as a table"}


@pytest.mark.parametrize("path", TOPICS)
def test_a_skipped_question_shows_the_result_and_opens_the_controls(path: str) -> None:
    link, _, hidden = known(path)
    app = skip(asked(path, **link), path)
    assert shows_result(app)
    assert not asks(app)
    assert not verdicts_shown(app)
    assert "Measured: **" in words(app)
    assert numbers(app) & {f"{value:.6g}" for value in hidden}  # the other run is drawn
    assert record(app) == {TOPICS[path]: {"verdict": "skipped", "said": "", "was": ""}}
    assert not any(disabled(app).values())
    assert not app.button(key="reset").disabled


@pytest.mark.parametrize("fold", ["open_real", "open_widths", "open_printed"])
def test_a_link_opens_no_fold_while_a_question_is_open(fold: str) -> None:
    app = asked(OVERFITTING, preset="As printed", **{fold: "true"})
    assert not app.table
    assert len(app.get("vega_lite_chart")) == 1  # beside the place to draw in


@pytest.mark.parametrize(("path", "runs"), [(STOPPING, 1), (TOGETHER, 3)])
def test_the_training_is_done_while_the_learner_thinks(path: str, runs: int) -> None:
    before = SHARED.computed
    only_here = {"width": "16", "few_rows": "240", "all_seed": "7"}
    app = asked(path, preset="As printed", all_epochs="100", **only_here)
    assert SHARED.computed == before + runs
    app = answer(app, path, 1)
    assert SHARED.computed == before + runs
    assert shows_result(skip(app, path) if asks(app) else app)
    assert SHARED.computed == before + runs


WIDE = ("Here 64 units learn from 576 patients. Another network has 4.", {})
NARROW = ("Here 4 units learn from 576 patients. Another network has 64.", {"width": "4"})
ONE = ("Here 1 unit learns from 576 patients. Another network has 4.", {"width": "1"})


@pytest.mark.parametrize(("text", "link"), [WIDE, NARROW, ONE])
def test_the_question_is_about_the_settings_of_the_link(text: str, link: dict) -> None:
    assert text in words(asked(OVERFITTING, preset="As printed", **link))


def test_the_epochs_to_guess_end_with_the_run() -> None:
    slider = asked(STOPPING, preset="As printed").select_slider(key="answer_early stopping")
    assert slider.options[-1] == "2,000"
    assert slider.value == 2000


@pytest.mark.parametrize("link", [{"lr": "1000"}, {"lr": "1000", "all_l2": "1"}])
def test_no_question_is_asked_without_two_comparable_runs(link: dict) -> None:
    app = asked(TOGETHER, **QUICK, **link)
    assert not asks(app)
    assert app.button(key="pin").disabled is bool(app.error)
    assert not record(app)
    assert not any(disabled(app).values())
