"""The page Dropout: its figures are those of regcore, in both modes."""

import numpy as np
import pytest

from regcore import PRESETS, Config, Fit
from regcore.nn import dropout, network
from tests.pages.expected import DROPOUT, MEMORIZE, PRINTED, PRINTED_LINK, expected, trained
from tests.support.apps import accuracies, chart_rows, header, opened, sentence, words
from tests.support.helpers import diabetes_split, run
from ui.text import score, signed
from ui.training.cache import SHARED


def patient(number: int) -> np.ndarray:
    return diabetes_split().test.X[number : number + 1]


@pytest.mark.slow
@pytest.mark.parametrize(("p", "shown"), [("0.05", 0.05), ("0.5", 0.5), ("0.35", 0.35)])
def test_p_is_the_probability_of_dropping(p: str, shown: float) -> None:
    app = opened(DROPOUT, p=p, **PRINTED_LINK)
    assert header(app) == expected(trained(PRINTED.but(dropout=shown)))
    assert f"p = {shown:g}, the test loss ends at" in sentence(app, 0)
    assert "Keep probability" not in words(app)
    assert app.slider(key="p").label == "Dropout probability p"


@pytest.fixture(scope="module")
def dropped() -> Fit:
    return run(MEMORIZE.but(dropout=0.2))


def test_dropout_compares_with_and_without(dropped: Fit) -> None:
    app, plain = opened(DROPOUT, open_real="true"), run(MEMORIZE)
    assert header(app) == accuracies(dropped) == expected(dropped)
    ends = [(r.history.train_accuracy[-1], r.history.test_accuracy[-1]) for r in (plain, dropped)]
    train, test = (after - before for before, after in zip(*ends, strict=True))
    moves = [train, test, train - test]
    assert [m.delta for m in app.metric[:3]] == [f"{signed(m)} vs. no dropout" for m in moves]
    table = app.table[0].value.set_index("setting")
    for name, fitted in (("no dropout", plain), ("p = 0.2", dropped)):
        losses = [score(fitted.history.train_loss[-1]), score(fitted.history.test_loss[-1])]
        assert table.loc[name].tolist() == [*accuracies(fitted), *losses]
        assert table.loc[name, "training":"gap"].tolist() == expected(fitted)
        assert f"{name}, the test loss ends at {losses[1]}" in sentence(app, 0)


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("link", "config"),
    [
        ({"keep": "0.5", "width": "1", "batch": "128"}, Config((1,), dropout=0.5, batch_size=128)),
        ({"keep": "0.95", "width": "2"}, Config((2,), dropout=0.05)),
    ],
)
def test_old_links_with_a_keep_probability_reach_the_ends(link: dict, config: Config) -> None:
    assert header(opened(DROPOUT, preset="As printed", **link)) == accuracies(run(config))


def test_the_next_pass_draws_another_mask_and_trains_nothing(dropped: Fit) -> None:
    app = opened(DROPOUT)
    before, seen = SHARED.computed, []
    W1, b1 = dropped.params[:2]
    hidden = np.maximum(patient(0) @ W1 + b1, 0.0)[0]
    for number in range(2):
        (mask,) = dropout.draw_masks(np.random.default_rng(number), 1, (64,), 0.2)
        table = app.dataframe[1].value
        assert table["multiplied by"].tolist() == mask[0].tolist()
        assert table["activation"].tolist() == hidden.round(3).tolist()
        assert table["passed on"].tolist() == (hidden * mask[0]).round(3).tolist()
        kept = f"Kept: {np.count_nonzero(mask)} of 64 units"
        assert kept in sentence(app, 1)
        assert "1/(1 − p) = 1.250" in sentence(app, 1)
        assert any(f"pass {number + 1}" in text.value for text in app.markdown)
        whole = app.dataframe[2].value
        assert whole["passed on"].tolist() == hidden.round(3).tolist()
        seen.append(tuple(mask[0]))
        app = app.button(key="next_pass").click().run()
    assert len(set(seen)) == 2
    assert SHARED.computed == before
    assert header(app) == accuracies(dropped)


def test_dropout_says_how_the_mean_over_masks_meets_evaluation(dropped: Fit) -> None:
    app = opened(DROPOUT, open_agree="true").number_input(key="patient").set_value(192).run()
    x = patient(191)
    logits = dropout.masked_logits(x, dropped.params, 0.2, 20_000)
    exact = network.logits(x, dropped.params)[0, 0]
    mean, error = np.mean(logits), np.std(logits, ddof=1) / np.sqrt(20_000)
    text = sentence(app, 3)
    expected = f"20,000 masks the mean logit is {mean:.4f} ± {error:.4f};"
    assert expected.replace("-", "−") in text
    expected = f"evaluation mode gives {exact:.4f}, {abs(mean - exact) / error:.1f} standard"
    assert expected.replace("-", "−") in text
    shares = 1 / (1 + np.exp(-logits[:200]))
    low, high = np.quantile(shares, (0.05, 0.95))
    assert f"between {score(low)} and {score(high)}" in sentence(app, 4)
    assert f"Evaluation mode gives {score(1 / (1 + np.exp(-exact)))}." in sentence(app, 4)
    assert app.dataframe[4].value["masks"].sum() == 200


@pytest.mark.slow
def test_dropout_page_shows_losses_of_both_modes_at_equal_weights() -> None:
    lines = chart_rows(opened(DROPOUT, open_modes="true"), 3).set_index(["part", "epoch"])["value"]
    fitted, parts = run(PRESETS["memorize"].but(dropout=0.2), 0.2), diabetes_split(0.2)
    on, _ = dropout.training_mode_loss(parts.train.X, parts.train.y, fitted.params, 0.2, draws=10)
    assert lines["dropout on", 5000] == on
    for epoch in lines["training"].index:
        row = fitted.history.at(epoch)
        assert lines["training", epoch] == row["train_loss"]
        assert lines["validation", epoch] == row["validation_loss"]
