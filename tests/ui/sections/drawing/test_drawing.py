"""A drawing on its page: judged, shown behind the result, and gone with its settings."""

import json

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from regcore.experiments import drawn_curve
from regcore.experiments.drawn_curve import IDEAS, SHAPES, Judgment
from tests.pages.expected import DROPOUT, STOPPING
from tests.pages.questions import asked, asks, record, skip
from tests.support.apps import words
from tests.support.images import contrast
from ui.charts import curves
from ui.sections.drawing import component, sentences
from ui.sections.drawing.behind import behind
from ui.session import DrawnCurve
from ui.theme import LOSS, SERIES
from ui.verdicts import NEAR, RIGHT, WRONG, checked

TINT = 0.06  # of the place to draw in, see drawing.css
FALLS = tuple(0.7 - 0.06 * at for at in range(12))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("idea", IDEAS)
def test_each_idea_has_its_sentence_and_its_place_in_the_record(idea: str, shape: str) -> None:
    if idea == shape:  # then what is judged is the height
        return
    judgment = Judgment(idea, shape, 220, 47)
    sentence = sentences.idea(judgment, "test loss")
    assert sentence.startswith(("Your curve", "The test loss")) and sentence.endswith(".")
    entry = {"said": sentences.said(judgment), "was": sentences.was(judgment)}
    assert checked({"l2": entry | {"verdict": sentences.verdict(judgment)}}, ["l2"])


def test_the_right_shape_in_a_wrong_place_is_near() -> None:
    verdicts = {idea: sentences.verdict(Judgment(idea, "turns", 1, 1)) for idea in IDEAS}
    assert verdicts["right"] == RIGHT
    assert {verdicts[idea] for idea in SHAPES} == {WRONG}
    assert {verdicts[idea] for idea in set(IDEAS) - {*SHAPES, "right"}} == {NEAR}


@pytest.mark.parametrize("sent", [None, [0.5] * 13, ["0.5"] * 12, [float("nan")] * 12, {}, 3])
def test_what_is_no_drawing_is_not_taken(monkeypatch, sent) -> None:
    taken: list[object] = []
    monkeypatch.setattr(component.st, "session_state", {"canvas": {"drawn": sent}})
    component._take("canvas", 2.5, lambda *values: taken.append(values))
    assert not taken


@pytest.mark.parametrize(("highest", "top"), [(0.5, 2.45), (2.3, 2.45), (2.4, 4.9), (9.0, 9.8)])
def test_the_axis_holds_the_true_curve_before_it_is_shown(highest: float, top: float) -> None:
    assert component.axis_top(0.7, highest) == top


def test_the_name_of_a_drawing_stands_clear_of_all_lines() -> None:
    true = pd.DataFrame({"epoch": [0, 10, 100, 1000], "value": [0.7, 0.5, 0.5, 3.0]})
    lines = true.assign(part="test", run="")
    drawing = curves(lines, LOSS, top=5.0)
    drawn = true.assign(true=true["value"], value=[0.7, 1.5, 1.5, 1.5])
    name = behind(drawing, drawn, "test").tables["drawn name"].iloc[0]
    at = np.log1p(name["epoch"]) / np.log1p(1000)
    covered = np.linspace(at - 0.15, at + 0.15)
    for line in (true, drawn):
        heights = np.interp(covered, np.log1p(line["epoch"]) / np.log1p(1000), line["value"])
        assert (heights < name["value"] - 0.1).all() or (heights > name["value"] + 0.1).all()


@pytest.mark.parametrize("part", ["test", "validation"])
def test_handles_are_seen_on_both_themes(part: str) -> None:
    style = SERIES[part]
    for line, page in ((style.line, "#FFFFFF"), (style.line_on_dark, "#171614")):
        assert contrast(line, _mixed(line, page, TINT)) >= 3.0


def _mixed(color: str, other: str, share: float) -> str:
    pairs = zip(bytes.fromhex(color[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(share * a + (1 - share) * b) for a, b in pairs).hex()


def drawings(app: AppTest) -> list[dict]:
    """What is sent to the places to draw in."""
    parts = [part.proto for part in app.get("bidi_component")]
    return [json.loads(part.json) for part in parts if part.component_name == "drawing"]


def tables(app: AppTest) -> list[str]:
    """The names of the tables behind the charts."""
    return [data.name for chart in app.get("vega_lite_chart") for data in chart.proto.datasets]


def draw(app: AppTest, topic: str, values: tuple[float, ...]) -> AppTest:
    (place,) = drawings(app)
    app.session_state["drawings"] = {
        topic: DrawnCurve(values, place["about"], place["epochs"][-1], place["top"])
    }
    return app.run()


@pytest.mark.slow
def test_a_drawing_answers_the_question_and_stays_as_long_as_its_settings() -> None:
    app = draw(asked(DROPOUT, preset="As printed"), "dropout", FALLS)
    assert not app.exception and not asks(app) and not drawings(app)
    assert record(app)["dropout"]["said"].startswith("a curve that falls")
    assert len(app.session_state["drawings"]["dropout"].truth) == 12
    assert "our curve" in words(app)
    assert tables(app).count("drawn") == 1
    app.slider(key="p").set_value(0.5).run()
    assert tables(app).count("drawn") == 0
    assert "our curve" in words(app)  # what was said stays where it stands
    app.slider(key="p").set_value(0.2).run()
    assert tables(app).count("drawn") == 1
    app.toggle(key="questions").set_value(False).run()
    assert tables(app).count("drawn") == 0


@pytest.mark.slow
def test_what_is_sent_to_draw_in_tells_nothing_of_the_curve() -> None:
    app = asked(STOPPING)
    (place,) = drawings(app)
    assert [line["name"] for line in place["lines"]] == ["training"]
    start = place["lines"][0]["points"][0][1]
    doubled = place["top"] / (3.5 * start)
    assert min(abs(doubled - times) for times in (1.0, 2.0, 4.0)) < 0.01
    assert place["epochs"] == list(drawn_curve.drawn_epochs(5000))
    app = skip(app, STOPPING)
    assert not drawings(app) and tables(app).count("drawn") == 0
