"""Dropout: a fresh mask in each pass, none at evaluation, and why the two agree."""

import numpy as np
import pandas as pd
import streamlit as st

from regcore import PRESETS, Config, Fit, lesson
from regcore.checks import Array
from regcore.nn import dropout, network
from regcore.nn.backprop import Gate
from ui import charts, controls, layout, page, session
from ui.charts import distributions, figure, network_diagram
from ui.charts.frames import column_of, curves, scores, wide
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import say
from ui.navigation import PAGES
from ui.sections import quiz, results, significance, source_code
from ui.sections.experiment import Experiment
from ui.terms import meaning
from ui.text import count, score
from ui.theme import LOSS
from ui.training import progress, runs

PAGE = PAGES["dropout"]
MASKS, PREDICTIONS, MODE_DRAWS, MODE_EPOCHS = 20_000, 200, 10, 24
BATCHES = {"full": None, "128": 128, "64": 64, "32": 32}
ROUNDING = 1e-9  # logits closer than this differ by rounding only


def settings() -> tuple[Config, Config]:
    """Draw the controls; return the settings without and with dropout."""
    name = controls.preset()
    help = meaning("keep probability")
    keep = controls.slider("Keep probability 1 − p", 0.5, 0.95, 0.8, 0.05, key="keep", help=help)
    st.caption(f"Each hidden unit is dropped with p = {1 - keep:.2f}.")
    width = controls.width()
    batch = controls.choice("Batch size", list(BATCHES), "full", key="batch")
    without = PRESETS[name].but(hidden_sizes=(width,), batch_size=BATCHES[batch])
    return without, without.but(dropout=round(1.0 - keep, 2))


def draw_curves(named: dict[str, Fit]) -> None:
    """Training and test loss of both runs on the same axes."""
    without, dropped = (scores(run.history) for run in named.values())
    lines = curves(named, "loss", ("training", "test"))
    figure(
        charts.curves(lines, LOSS, top=results.loss_top(*named.values())),
        f"Without dropout test loss ends at {score(without['test loss'])} and training loss at "
        f"{score(without['training loss'])}; with dropout at {score(dropped['test loss'])} and "
        f"{score(dropped['training loss'])}. All are measured with dropout off.",
        wide(lines),
    )


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
    drawn = f"Drawn: the {shown} units that this {chosen.row()} activates most."
    with left:
        st.markdown(f"**Training mode**, pass {number + 1}")
        kept = f"Kept: {(mask > 0).sum()} of {len(before)} units, each multiplied by"
        draw_mode(before, mask[0], x.shape[1], f"{kept} 1/(1 − p) = {1 / (1 - p):.3f}. {drawn}")
    with right:
        st.markdown("**Evaluation mode**")
        kept = f"Kept: all {len(before)} units, each multiplied by 1."
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
        f"{score(low)} and {score(high)} nine times in ten. Evaluation mode gives "
        f"{score(unmasked)}.",
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
        f"at {len(above)} of the {len(epochs)} epochs drawn, last at {epochs[above[-1]]:,}"
        if len(above)
        else "at none of the epochs drawn"
    )
    figure(
        charts.curves(lines, LOSS, top=results.loss_top(run), log=True),
        f"The same weights, the same training {chosen.rows()}: with dropout on, their loss ends at "
        f"{score(losses[-1])}, with dropout off at {score(off[-1])}. With dropout on, it lies "
        f"above the validation loss {where}.",
        wide(lines),
    )


page.header(PAGE)
say(
    "On every training pass each hidden unit may be silenced. No unit can become a crutch for the "
    "others, so the network spreads what it knows. At test time all of them work."
)
data = chosen.spec()
split = split_of(data)
experiment = Experiment(0.29)
with experiment.controls:
    without, config = settings()
question = quiz.lower(
    "dropout",
    f"One run without dropout, one that drops each hidden unit with p = {config.dropout:g} on "
    f"every pass. After {count(config.epochs)} epochs, which has the lower test loss?",
    "test loss",
    ("without dropout", "with dropout"),
    about=(data, config),
)
experiment.ask(question)
requests = [runs.Request(data, c) for c in (without, config)]
run_without, dropped = experiment.train(requests, "Training without and with dropout")
named = {"no dropout": run_without, f"p = {config.dropout:g}": dropped}
scores_of = {name: scores(run.history) for name, run in named.items()}
with experiment.result(question, *(row["test loss"] for row in scores_of.values())):
    results.header(scores(dropped.history), split, scores_of["no dropout"], name="no dropout")
with experiment.picture:
    draw_curves(named)
results.table(scores_of, alt="Training and test accuracy, gap and losses without and with dropout")
say(results.moved(run_without, dropped, split))

significance.panel(data, dict(zip(named, (without, config), strict=True)), scores_of, "dropout")

st.header(f"One {chosen.row()}, one pass", anchor=False)
say(
    f"Below is the trained network at work on one test {chosen.row()}. In training mode a mask "
    "decides which hidden units pass on their output; in evaluation mode all do. The outputs that "
    "are kept are scaled up, so that the next layer's input stays the same on average."
)
label, key = f"Test {chosen.row()}", chosen.key("patient")
number = int(
    st.number_input(
        label,
        1,
        len(split.test),
        1,
        key=session.register_control(key),
        width=200,
        persist_state="session",
    )
)
x = split.test.X[number - 1 : number]
draw_passes(dropped, x)

st.header("Why the two modes agree", anchor=False)
say(
    "Each mask gives a different logit. Over many masks their mean converges to that of evaluation "
    "mode, within a few standard errors."
)
st.latex(r"\mathbb{E}[m_j a_j] = (1-p)\cdot\frac{a_j}{1-p} + p\cdot 0 = a_j")
logits = masked_logits(data, number, x, dropped)
exact = float(network.logits(x, dropped.params)[0, 0])
if np.ptp(logits) < ROUNDING:
    st.info(
        f"No hidden unit is active for this {chosen.row()}: every mask gives the same prediction."
    )
else:
    left, right = layout.beside()
    with left:
        draw_convergence(logits, exact)
    with right:
        draw_predictions(logits[:PREDICTIONS], exact)

st.header("Training mode vs. evaluation mode", anchor=False)
say(
    "Many tools report the training loss as measured during training, with dropout on. Then it can "
    "lie *above* the validation loss, and nothing is wrong. Here a fifth of the training "
    f"{chosen.rows()} is set aside for validation."
)
watched = chosen.spec(validation_size=0.2)
keep = tuple(np.unique(np.geomspace(1, config.epochs, MODE_EPOCHS).astype(int)).tolist())
with progress.bar("Training with a validation set") as report:
    (run,) = runs.train([runs.Request(watched, config, keep=keep)], report)
draw_modes(run, training_mode(watched, run))

st.header("In code", anchor=False)
say("The mask, drawn anew for every batch:")
source_code.show(dropout.dropout_mask)
st.markdown("During training it multiplies the output of the ReLU; without masks nothing changes:")
source_code.show(network.logits, highlight=("A * masks[level]",))
st.markdown("The engine keeps the product of both as `S`, for the backward pass:")
source_code.show(Gate.close, highlight=("S *= mask",))

page.footer(PAGE)
