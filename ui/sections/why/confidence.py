"""Sure and wrong: why the loss rises while accuracy stays, and one number that takes it back."""

from dataclasses import replace

import numpy as np
import streamlit as st

from regcore import Config, Fit, Split
from regcore.config import LESSON_L2
from regcore.experiments.calibration import BINS, GRID, HOTTEST, Sweep, sweep, wilson
from regcore.experiments.comparison import direction
from regcore.training.history import Figure
from ui import layout
from ui.charts import figure, player
from ui.charts.frames import lowest
from ui.charts.why import reliability, temperature
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import say
from ui.sections import results
from ui.text import count, escape, meant, noise, score, stated
from ui.training import progress, runs
from ui.verdicts import LOSS_BAND

TITLE = "Sure and wrong: why the loss rises while accuracy stays flat"
VALIDATION = 0.2
MOMENTS = 24  # whose weights are kept of the run
AS_TRAINED = 1 + GRID.index(1.0)  # the place in a Sweep of the temperature 1


def show(data: DataSpec, config: Config) -> None:
    """Draw the section for a run with this Config on these data, a fifth of them set aside."""
    data = with_validation(data)
    try:
        split = split_of(data)
    except ValueError as error:
        st.error(escape(str(error)))
        return
    _introduce(split)
    run, *regularized = _trained(data, config)
    epochs, networks = list(run.snapshots), [*run.snapshots.values()]
    networks += [each.last_params for each in regularized]
    swept = runs.computed(data, ("calibration", run.config), sweep, split, networks)
    player.show(epochs, key="calibration")
    left, right = layout.beside()
    with left:  # above the chart on a phone, where both are in sight then
        _turn(run, swept, epochs)
    with right:
        _draw(run, swept, epochs, len(split.test))
    _compare(run, regularized, swept, epochs)


def with_validation(data: DataSpec) -> DataSpec:
    """Return the data with a validation part; it leaves fewer rows to train on."""
    every = replace(data, validation_size=VALIDATION, train_rows=None)
    try:
        enough = data.train_rows is None or data.train_rows >= len(split_of(every).train)
    except ValueError:
        return every
    return every if enough else replace(every, train_rows=data.train_rows)


def _introduce(split: Split) -> None:
    rows, test = chosen.rows(), count(len(split.test))
    say(
        f"Accuracy counts right answers. Loss asks how **sure** each answer was: being "
        "99% sure and wrong costs five times as much as being 60% sure and wrong. Below, the "
        f"{test} test {rows} are sorted by their prediction into {BINS} bins of equal counts. "
        f"Across: the mean predicted probability of “{escape(chosen.dataset().outcomes[1])}”. Up: "
        "the share that has this outcome, with its 95% interval (Wilson). On the dashed line, "
        "predictions come true as often as they say."
    )
    say(
        "Play the epochs first. Then change the **temperature** T: it divides every logit (Guo et "
        "al., 2017). All points move sideways, none up or down, and no answer changes, "
        "because no logit changes its sign. The button picks the T with the lowest loss on "
        f"{chosen.some(len(split.validation or ()))} set aside from training, never on the test "
        f"{rows}. So this is a run of its own, on {chosen.some(len(split.train))}."
    )


def _trained(data: DataSpec, config: Config) -> list[Fit]:
    """Return the run with its snapshots, and the one with the lesson's L2 if its steps allow it."""
    keep = tuple(player.log_steps(config.epochs, MOMENTS))
    requests = [runs.Request(data, config, keep=keep)]
    if config.lr * LESSON_L2 < 1.0:
        requests.append(runs.Request(data, config.but(l2=LESSON_L2)))
    with progress.bar("Training with a fifth set aside") as report:
        return runs.train(requests, report)


def scores(run: Fit, epoch: int, swept: Sweep, network: int, place: int) -> dict[str, float]:
    """Return the test scores of a network at a temperature, by their places in a Sweep."""
    at = run.history.at(epoch)
    # what rounding does to the confidence and to the loss at another temperature is no more
    spread = getattr(at["test_loss"], "spread", 0.0)
    return {
        "accuracy": at["test_accuracy"],
        "mean confidence": Figure(swept.confidence[network, place], spread),
        "loss": Figure(swept.loss[network, place], spread),
    }


def _draw(run: Fit, swept: Sweep, epochs: list[int], n_test: int) -> None:
    drawn = _part(swept, slice(len(epochs)))
    figure(
        reliability.reliability(drawn, AS_TRAINED),
        tell(run, swept, epochs, n_test),
        reliability.bins_table(drawn, epochs, AS_TRAINED),
    )


def _part(swept: Sweep, networks: slice) -> Sweep:
    return Sweep(*(column[networks] for column in vars(swept).values()))


def _turn(run: Fit, swept: Sweep, epochs: list[int]) -> None:
    """Draw the knob, with the scores at each epoch and temperature."""
    told: dict[str, list[list[str]]] = {}
    for network, epoch in enumerate(epochs):
        at = [scores(run, epoch, swept, network, place) for place in range(len(GRID) + 1)]
        for name in at[0]:
            told.setdefault(name, []).append([score(row[name]) for row in at])
    best = swept.temperature[: len(epochs), 0]
    nearest = [1 + int(np.abs(np.log(np.divide(GRID, T))).argmin()) for T in best]
    temperature.show(
        [_number(T) for T in GRID],
        [_number(T) for T in best],
        nearest,
        told,
        AS_TRAINED,
        f"Choose on the validation {chosen.rows()}",
    )


def tell(run: Fit, swept: Sweep, epochs: list[int], n_test: int) -> str:
    """Say how sure and how right the network is at the end, and what the best temperature does."""
    last, when = len(epochs) - 1, f"After {count(epochs[-1])} epochs"
    if run.history.stop_reason == "diverged":
        when += ", the last one shown before training diverges,"
    raw, cooled = (scores(run, epochs[-1], swept, last, place) for place in (AS_TRAINED, 0))
    if not _known(*raw.values(), *cooled.values()):
        return (
            f"{when} rounding decides how sure this network is: on another processor it ends "
            "differently. Still no temperature changes an answer."
        )
    T = swept.temperature[last, 0]
    most = ", the highest that is tried" if T > 0.999 * HOTTEST else ""
    return (
        f"{when} the mean confidence is {stated(raw['mean confidence'])}, and "
        f"{stated(raw['accuracy'])} of the answers are right: the network is "
        f"{_judged(raw['mean confidence'], raw['accuracy'], n_test)}. With T = {_number(T)}{most}, "
        f"chosen on the validation {chosen.rows()}, its test loss goes from "
        f"{stated(raw['loss'])} to {stated(cooled['loss'])}, and no answer changes."
    )


def _judged(sure: float, right: float, n: int) -> str:
    """Say whether a mean confidence fits the share of n answers that are right."""
    low, high = wilson(np.array([right * n]), np.array([n]))
    if low - noise(right) <= sure <= high + noise(right):
        return "as sure as it should be, within chance"
    return "overconfident" if sure > right else "underconfident"


def _known(*figures: float) -> bool:
    """Whether rounding leaves a decimal of each figure."""
    return min(meant(value) for value in figures) >= 1


def _compare(run: Fit, regularized: list[Fit], swept: Sweep, epochs: list[int]) -> None:
    """Show the epoch with the lowest test loss, the end without and with T, and with L2 if any."""
    last, best = len(epochs) - 1, int(swept.loss[: len(epochs), AS_TRAINED].argmin())
    end, T = epochs[-1], _number(swept.temperature[last, 0])
    name = f"Epoch {count(end)}"
    rows = {
        f"Epoch {count(epochs[best])}, the lowest loss shown": scores(
            run, epochs[best], swept, best, AS_TRAINED
        ),
        name: scores(run, end, swept, last, AS_TRAINED),
        f"{name}, T = {T}": scores(run, end, swept, last, 0),
    }
    for each in regularized:
        ended = each.history.stopped_epoch
        shrunk = scores(each, ended, swept, last + 1, AS_TRAINED)
        rows[f"λ = {LESSON_L2:g}, epoch {count(ended)}"] = shrunk
    results.table(rows, "Test scores at the lowest loss, at the end, with a temperature, with L2")
    _, raw, cooled, *_ = (row["loss"] for row in rows.values())
    say(taken_back(lowest(run.history)[1], raw, cooled))


def taken_back(least: float, end: float, cooled: float) -> str:
    """Say how much of the rise of the test loss a temperature takes back."""
    rise, back = end - least, end - cooled
    if not _known(rise, back):
        return "Rounding decides these losses, so they say nothing about temperatures."
    if direction(rise, max(LOSS_BAND, noise(rise))) <= 0:
        return "The test loss hardly rises in this run, so a temperature has little to undo."
    risen = f"Since its lowest point the test loss has risen by {stated(rise)}."
    if direction(back, max(LOSS_BAND, noise(back))) <= 0:
        return f"{risen} The temperature undoes none of it."
    part = "all of it" if back >= rise else stated(back)
    if back > rise / 2.0:
        return f"{risen} One number, T, undoes {part}: most of it was **overconfidence**."
    return f"{risen} One number, T, undoes {part}; the rest is in the answers themselves."


def _number(T: float) -> str:
    return f"{T:.3g}"
