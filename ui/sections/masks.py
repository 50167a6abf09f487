"""Dropout's masks at work: one pass, the mean over many, and the loss in both modes."""

import numpy as np
import pandas as pd
import streamlit as st

from regcore import Config, Fit, lesson
from regcore.checks import Array
from regcore.nn import dropout, network
from ui import charts, layout, session
from ui.charts import distributions, figure, network_diagram
from ui.charts.frames import column_of, wide
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import say
from ui.sections import results
from ui.text import count, counted, stated
from ui.theme import LOSS
from ui.training import progress, runs

MASKS, PREDICTIONS, MODE_DRAWS, MODE_EPOCHS = 20_000, 200, 10, 24
ROUNDING = 1e-9  # logits closer than this differ by rounding only


def choose_row(n_test: int) -> int:
    """Draw the field for the number of a test row, from 1; return it."""
    key = session.register_control(chosen.key("patient"))
    label = f"Test {chosen.row()}"
    field = st.number_input(label, 1, n_test, 1, key=key, width=200, persist_state="session")
    return int(field)


def draw_mode(before: Array, mask: Array, inputs: int, sentence: str) -> None:
    """Draw the network in one mode, with its units as a table."""
    table = pd.DataFrame({"unit": range(1, len(before) + 1), "activation": before})
    table["multiplied by"], table["passed on"] = mask, before * mask
    figure(network_diagram.network(inputs, before, mask), sentence, table.round(3))


@st.fragment  # the button redraws only this part
def draw_passes(run: Fit, x: Array) -> None:
    """Training mode with a fresh mask at each click, evaluation mode beside it."""
    _, A1, *_ = lesson.forward(x, *run.params)
    p, before = run.config.dropout, A1[0]
    if st.button("Next pass: draw a fresh mask", type="primary", key="next_pass"):
        session.state()["passes"] = session.state().get("passes", 0) + 1
    number = session.state().get("passes", 0)
    (mask,) = dropout.draw_masks(np.random.default_rng(number), 1, (len(before),), p)
    left, right = layout.beside()
    shown = min(network_diagram.SHOWN, len(before))
    drawn = f"Shown: the {counted(shown, 'unit')} most active for this {chosen.row()}."
    units = counted(len(before), "unit")
    with left:
        st.markdown(f"**Training mode**, pass {number + 1}")
        kept = f"Kept: {(mask > 0).sum()} of {units}, each multiplied by"
        draw_mode(before, mask[0], x.shape[1], f"{kept} 1/(1 − p) = {1 / (1 - p):.3f}. {drawn}")
    with right:
        st.markdown("**Evaluation mode**")
        kept = f"Kept: all {units}, each multiplied by 1."
        draw_mode(before, np.ones(len(before)), x.shape[1], f"{kept} {drawn}")


def draw_convergence(logits: Array, exact: float) -> None:
    """Draw how the mean logit over masks, with its standard error, converges to the exact one."""
    running = dropout.convergence(logits, exact)
    low, high = running.mean - running.error, running.mean + running.error
    table = pd.DataFrame({"masks": running.masks, "mean": running.mean, "error": running.error})
    table = table.assign(low=low, high=high)
    figure(
        distributions.convergence(table, exact, f"logit of this {chosen.row()}, mean over masks"),
        f"Over {len(logits):,} masks the mean logit is {running.mean[-1]:.4f} ± "
        f"{running.error[-1]:.4f}; evaluation mode gives {exact:.4f}, {running.distance:.1f} "
        "standard errors away.".replace("-", "−"),
        table.round(4),
    )


def draw_predictions(logits: Array, exact: float) -> None:
    """Draw this row's probability under single masks, and that of evaluation mode."""
    probabilities, bins = network.sigmoid(logits), np.linspace(0.0, 1.0, 41)
    unmasked = float(network.sigmoid(np.array(exact)))
    table = distributions.binned(probabilities, bins, "masks")
    low, high = np.quantile(probabilities, (0.05, 0.95))
    figure(
        distributions.histogram(
            table, "predicted probability", "masks", mark=(unmasked, "evaluation")
        ),
        f"Under {len(probabilities)} masks this {chosen.row()}'s probability is between "
        f"{stated(low)} and {stated(high)} nine times in ten. Evaluation mode gives "
        f"{stated(unmasked)}.",
        table.round(3),
    )


def masked_logits(data: DataSpec, number: int, x: Array, run: Fit) -> Array:
    """Return the logits of x (1, d), test row `number`, under many masks."""
    key, p = ("masks", run.config, number), run.config.dropout
    return runs.computed(data, key, dropout.masked_logits, x, run.params, p, MASKS)


def training_mode(data: DataSpec, run: Fit) -> Array:
    """Return the training loss with dropout on, at every snapshot of the run."""
    key, train = ("training mode", run.config), split_of(data).train
    snapshots, p = list(run.snapshots.values()), run.config.dropout
    measure = dropout.training_mode_losses
    return runs.computed(data, key, measure, train.X, train.y, snapshots, p, MODE_DRAWS)


def draw_modes(run: Fit, losses: Array) -> None:
    """Training loss with dropout on and off, and validation loss, at the snapshots."""
    epochs = list(run.snapshots)
    rows = np.isin(run.history.epoch, epochs)
    off = run.history.train_loss[rows]
    unseen = column_of(run.history, "validation", "loss")[rows]
    lines = pd.concat(
        pd.DataFrame({"epoch": epochs, "value": values, "part": part, "run": ""})
        for part, values in (("training", off), ("dropout on", losses), ("validation", unseen))
    )
    above = np.flatnonzero(losses > unseen)
    where = (
        "lies above the validation loss "
        f"at {len(above)} of {len(epochs)} points, last at epoch {count(epochs[above[-1]])}"
        if len(above)
        else "never lies above the validation loss"
    )
    figure(
        charts.curves(lines, LOSS, top=results.loss_top(run)),
        f"The same weights, the same training {chosen.rows()}: with dropout on, their loss ends at "
        f"{stated(losses[-1])}, with dropout off at {stated(off[-1])}. With dropout on, it "
        f"{where}.",
        wide(lines),
    )


def show_pass(dropped: Fit, x: Array) -> None:
    """One row through the network, in training mode and in evaluation mode."""
    say(
        f"The trained network at work on one test {chosen.row()}. In training mode a mask decides "
        "which hidden units pass on their output; in evaluation mode all do. What is kept is "
        "scaled up, so that the next layer's input stays the same on average."
    )
    draw_passes(dropped, x)


def show_agreement(data: DataSpec, dropped: Fit, number: int, x: Array) -> None:
    """Why the mean over masks is the prediction of evaluation mode."""
    say(
        "Each mask gives a different logit. Over many masks their mean converges to that of "
        "evaluation mode, within a few standard errors."
    )
    st.latex(r"\mathbb{E}[m_j a_j] = (1-p)\cdot\frac{a_j}{1-p} + p\cdot 0 = a_j")
    logits = masked_logits(data, number, x, dropped)
    exact = float(network.logits(x, dropped.params)[0, 0])
    if np.ptp(logits) < ROUNDING:
        st.info(
            f"No hidden unit is active for this {chosen.row()}: every mask gives the same "
            "prediction."
        )
        return
    left, right = layout.beside()
    with left:
        draw_convergence(logits, exact)
    with right:
        draw_predictions(logits[:PREDICTIONS], exact)


def show_modes(config: Config) -> None:
    """Training loss with dropout on and off, beside the validation loss."""
    say(
        "Many libraries report the training loss as measured during training, with dropout on. "
        "Then it can lie *above* the validation loss, and nothing is wrong. Here a fifth of the "
        f"training {chosen.rows()} are set aside for validation."
    )
    watched = chosen.spec(validation_size=0.2)
    keep = tuple(np.unique(np.geomspace(1, config.epochs, MODE_EPOCHS).astype(int)).tolist())
    with progress.bar("Training with a validation set") as report:
        (run,) = runs.train([runs.Request(watched, config, keep=keep)], report)
    draw_modes(run, training_mode(watched, run))
