"""A drawing on its page: judged, shown behind the result, and gone with its settings."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from regcore.experiments import drawn_curve
from regcore.experiments.drawn_curve import IDEAS, SHAPES, Judgment
from tests.pages.expected import DROPOUT, STOPPING
from tests.pages.questions import asked, asks, record, skip
from tests.support.apps import words
from ui.sections.drawing import component, sentences
from ui.session import DrawnCurve
from ui.verdicts import NEAR, RIGHT, WRONG, checked

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
    assert tables(app).count("drawn") == 0 and "our curve" not in words(app)
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
    assert place["top"] == pytest.approx(3.5 * start, abs=0.01)
    assert place["epochs"] == list(drawn_curve.drawn_epochs(5000))
    app = skip(app, STOPPING)
    assert not drawings(app) and tables(app).count("drawn") == 0
