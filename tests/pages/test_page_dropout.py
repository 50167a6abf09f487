"""The page Dropout: its figures are those of regcore, in both modes."""

import pytest

from regcore import PRESETS
from tests.pages.expected import DROPOUT, MEMORIZE, PRINTED, expected, trained
from tests.support.apps import header, opened, sentence, words
from tests.support.helpers import diabetes_split
from ui.text import score

PRINTED_LINK = {"preset": "As printed"}


@pytest.mark.parametrize(("p", "shown"), [("0.05", 0.05), ("0.5", 0.5), ("0.35", 0.35)])
def test_p_is_the_probability_of_dropping(p: str, shown: float) -> None:
    app = opened(DROPOUT, p=p, **PRINTED_LINK)
    assert header(app) == expected(trained(PRINTED.but(dropout=shown)))
    assert f"p = {shown:g}, the test loss ends at" in sentence(app, 0)
    assert "Keep probability" not in words(app)
    assert app.slider(key="p").label == "p: probability of dropping a hidden unit"


def test_dropout_compares_with_and_without() -> None:
    app = opened(DROPOUT, open_real="true")
    without, dropped = trained(MEMORIZE), trained(MEMORIZE.but(dropout=0.2))
    assert header(app) == expected(dropped)
    table = app.table[0].value.set_index("setting").loc[:, "training":"gap"]
    assert table.loc["no dropout"].tolist() == expected(without)
    assert table.loc["p = 0.2"].tolist() == expected(dropped)
    losses = [score(run.history.test_loss[-1]) for run in (without, dropped)]
    assert f"no dropout, the test loss ends at {losses[0]}" in sentence(app, 0)
    assert f"p = 0.2, the test loss ends at {losses[1]}" in sentence(app, 0)


@pytest.mark.parametrize(
    ("key", "value", "batch"),
    [pytest.param("batch", "32", 32, marks=pytest.mark.slow), ("batch", "full", None)],
)
def test_dropout_controls_reach_their_ends(key: str, value: str, batch: int | None) -> None:
    app = opened(DROPOUT, width="2", **{key: value}, **PRINTED_LINK)
    run = trained(PRINTED.but(hidden_sizes=(2,), batch_size=batch, dropout=0.2))
    assert [m.label for m in app.metric] == ["Training accuracy", "Test accuracy", "Gap"]
    if batch is None:  # small batches amplify rounding, so that a page may show fewer digits
        assert header(app) == expected(run)


def test_one_pass_keeps_some_units_and_evaluation_all() -> None:
    app = opened(DROPOUT, **PRINTED_LINK)
    assert 30 < int(sentence(app, 1).split()[1]) < 64
    assert "each multiplied by 1/(1 − p) = 1.250" in sentence(app, 1)
    assert sentence(app, 2).startswith("Kept: all 64 units, each multiplied by 1.")
    again = app.button(key="next_pass").click().run()
    assert not again.exception
    assert any("pass 2" in text.value for text in again.markdown)


def test_the_mean_over_masks_is_that_of_evaluation_mode() -> None:
    app = opened(DROPOUT, open_agree="true", **PRINTED_LINK)
    x = diabetes_split().test.X[:1]
    run = trained(PRESETS["as printed"].but(dropout=0.2))
    probability = float(run.predict_proba(x)[0, 0])
    assert f"Evaluation mode gives {score(probability)}." in words(app)
    (mean,) = [alt for alt in words(app).split("\n") if "masks the mean logit is" in alt][:1]
    distance = float(mean.split(" standard errors")[0].rsplit(" ", 1)[1])
    assert distance < 5


def test_the_code_marks_where_the_mask_multiplies() -> None:
    app = opened(DROPOUT, open_code="true", **PRINTED_LINK)
    marked = [html.proto.body for html in app.main.get("html") if "<mark>" in html.proto.body]
    assert len(marked) == 1
    assert "mask" in marked[0].split("<mark>")[1]


def test_the_loss_with_dropout_on_is_the_higher_one() -> None:
    text = words(opened(DROPOUT, open_modes="true", **PRINTED_LINK))
    told = next(line for line in text.split("\n") if "with dropout on, their loss" in line)
    on = float(told.split(" ends at ")[1][:5])
    off = float(told.split("dropout off at ")[1][:5])
    assert on > off
