"""Dropout: a fresh mask at each pass, none at evaluation, and why the two agree."""

import numpy as np
import pandas as pd
import streamlit as st

from regcore import PRESETS, Config, Fit, dropout, lesson, network
from regcore.passes import Gate
from ui import (
    charts,
    controls,
    drawing,
    layout,
    page,
    predict,
    results,
    runs,
    source,
    spread,
    tables,
    verdict,
)
from ui.glossary import meaning, say
from ui.look import LOSS, count, score
from ui.records import curves, scores, wide
from ui.template import figure

ROOM = page.PAGES[2]
MASKS, PREDICTIONS, MODE_DRAWS, MODE_EPOCHS = 20_000, 200, 10, 24
BATCHES = {"full": None, "128": 128, "64": 64, "32": 32}
TINY = 1e-9  # logits closer than this differ by rounding only


def settings() -> tuple[Config, Config]:
    """The same run without and with dropout."""
    name = controls.preset()
    told = meaning("keep probability")
    keep = controls.slider("Keep probability 1 − p", 0.5, 0.95, 0.8, 0.05, key="keep", help=told)
    st.caption(f"Each hidden unit is dropped with p = {1 - keep:.2f}.")
    width = controls.width()
    batch = controls.choice("Batch size", list(BATCHES), "full", key="batch")
    plain = PRESETS[name].but(hidden_sizes=(width,), batch_size=BATCHES[batch])
    return plain, plain.but(dropout=round(1.0 - keep, 2))


def draw_curves(named: dict[str, Fit]) -> None:
    """Training and test loss of both runs on the same axes."""
    plain, dropped = (scores(run.history) for run in named.values())
    lines = curves(named, "loss", ("training", "test"))
    figure(
        charts.curves(lines, LOSS, top=results.loss_top(*named.values())),
        f"Without dropout test loss ends at {score(plain['test loss'])} and training loss at "
        f"{score(plain['training loss'])}; with dropout at {score(dropped['test loss'])} and "
        f"{score(dropped['training loss'])}. All are measured with dropout off.",
        wide(lines),
    )


def draw_mode(before: np.ndarray, mask: np.ndarray, inputs: int, sentence: str) -> None:
    """The drawn network in one mode, and its units as a table."""
    table = pd.DataFrame({"unit": range(1, len(before) + 1), "activation": before})
    table["multiplied by"], table["passed on"] = mask, before * mask
    figure(drawing.network(inputs, before, mask), sentence, table.round(3))


@st.fragment  # the next pass draws this part alone
def draw_passes(run: Fit, x: np.ndarray) -> None:
    """Training mode with a fresh mask at each press, evaluation mode beside it."""
    _, A1, *_ = lesson.forward(x, *run.params)
    p, before = run.config.dropout, A1[0]
    if st.button("Next pass: draw a fresh mask", type="primary", key="next_pass"):
        st.session_state.passes = st.session_state.get("passes", 0) + 1
    number = st.session_state.get("passes", 0)
    (mask,) = dropout.draw_masks(np.random.default_rng(number), 1, (len(before),), p)
    left, right = layout.beside()
    shown = min(drawing.SHOWN, len(before))
    drawn = f"Drawn: the {shown} units that this {tables.row()} activates most."
    with left:
        st.markdown(f"**Training mode**, pass {number + 1}")
        kept = f"Kept: {(mask > 0).sum()} of {len(before)} units, each times"
        draw_mode(before, mask[0], x.shape[1], f"{kept} 1/(1 − p) = {1 / (1 - p):.3f}. {drawn}")
    with right:
        st.markdown("**Evaluation mode**")
        kept = f"Kept: all of {len(before)}, times 1."
        draw_mode(before, np.ones(len(before)), x.shape[1], f"{kept} {drawn}")


def draw_convergence(logits: np.ndarray, exact: float) -> None:
    """The mean logit over more and more masks, with its standard error, runs into the exact one."""
    mean, error = dropout.running_mean(logits)
    rows = np.unique(np.geomspace(2, len(logits), 150).astype(int)) - 1
    table = pd.DataFrame({"masks": rows + 1, "mean": mean[rows], "error": error[rows]})
    table["low"], table["high"] = table["mean"] - table["error"], table["mean"] + table["error"]
    away = abs(mean[-1] - exact) / error[-1]
    figure(
        spread.convergence(table, exact, f"logit of this {tables.row()}, mean over masks"),
        f"Over {len(logits):,} masks the mean logit is {mean[-1]:.4f} ± {error[-1]:.4f}; "
        f"evaluation mode gives {exact:.4f}, {away:.1f} standard errors away.".replace("-", "−"),
        table.round(4),
    )


def draw_predictions(logits: np.ndarray, exact: float) -> None:
    """This row's probability under single masks, and the one of evaluation mode."""
    shares, bins = network.sigmoid(logits), np.linspace(0.0, 1.0, 41)
    certain = float(network.sigmoid(np.array(exact)))
    table = spread.binned(shares, bins, "masks")
    low, high = np.quantile(shares, (0.05, 0.95))
    figure(
        spread.histogram(table, "predicted probability", "masks", mark=(certain, "evaluation")),
        f"Under {len(shares)} masks this {tables.row()}'s probability lies between {score(low)} "
        f"and {score(high)} nine times in ten. Evaluation mode says {score(certain)}.",
        table.round(3),
    )


def masked_logits(data: runs.Data, number: int, x: np.ndarray, run: Fit) -> np.ndarray:
    """The logit of test row x (1, d), of this number, under many masks."""
    p = run.config.dropout
    return runs.kept(
        data,
        ("masks", run.config, number),
        lambda: dropout.masked_logits(x, run.params, p, MASKS),
    )


def training_mode(data: runs.Data, run: Fit) -> np.ndarray:
    """The training loss with dropout on, at every snapshot of the run."""
    part, p = runs.prepare(data).train, run.config.dropout

    def losses() -> np.ndarray:
        found = run.snapshots.values()
        return np.array([dropout.training_mode_loss(part, w, p, MODE_DRAWS)[0] for w in found])

    return runs.kept(data, ("training mode", run.config), losses)


def draw_modes(run: Fit, losses: np.ndarray) -> None:
    """Training loss with dropout on and off, and validation loss, at the snapshots."""
    epochs = list(run.snapshots)
    rows = np.isin(run.history.epoch, epochs)
    off, unseen = run.history.train_loss[rows], run.history.validation_loss[rows]
    lines = pd.concat(
        pd.DataFrame({"epoch": epochs, "value": values, "part": part, "run": ""})
        for part, values in (("training", off), ("dropout on", losses), ("validation", unseen))
    )
    above = np.flatnonzero(losses > unseen)
    where = (
        f"at {len(above)} of the {len(epochs)} epochs drawn, the last of them {epochs[above[-1]]:,}"
        if len(above)
        else "at none of the epochs drawn"
    )
    figure(
        charts.curves(lines, LOSS, top=results.loss_top(run), log=True),
        f"The same weights, the same training {tables.rows()}: with dropout on their loss ends at "
        f"{score(losses[-1])}, with dropout off at {score(off[-1])}. With dropout on it lies above "
        f"the validation loss {where}.",
        wide(lines),
    )


page.frame(ROOM)
say(
    "On every training pass each hidden unit may be silenced. No unit can become a crutch for the "
    "others, so the network spreads what it knows. At test time all of them work."
)
data = tables.data()
split = runs.prepare(data)
top = st.container()
left, right = layout.bench(0.29)
with left:
    without, config = settings()
question = predict.lower(
    "dropout",
    f"One run without dropout, one that drops each hidden unit with p = {config.dropout:g} on "
    f"every pass. After {count(config.epochs)} epochs, which has the lower test loss?",
    "test loss",
    ("without dropout", "with dropout"),
    about=(data, config),
)
with top:
    asked = predict.ask(question)
    header = results.place(not asked, compared=True)
with left, runs.progress("Training without and with dropout") as report:
    plain, dropped = runs.train([runs.Request(data, c) for c in (without, config)], report)
named = {"no dropout": plain, f"p = {config.dropout:g}": dropped}
found = {name: scores(run.history) for name, run in named.items()}
with header.container():
    if asked:
        predict.reveal(question, *(row["test loss"] for row in found.values()))
    results.header(scores(dropped.history), split, found["no dropout"], name="no dropout")
with right:
    draw_curves(named)
results.table(found, alt="Training and test accuracy, gap and losses without and with dropout")
say(results.moved(plain, dropped, split))

verdict.panel(data, dict(zip(named, (without, config), strict=True)), found, "dropout")

st.header(f"One {tables.row()}, one pass", anchor=False)
say(
    f"Below is the trained network at work on one test {tables.row()}. In training mode a mask "
    "decides who passes on, in evaluation mode all do. The kept ones are scaled up, so that the "
    "next layer gets as much as before, on average."
)
label, key = f"Test {tables.row()}", tables.key("patient")
number = int(
    st.number_input(label, 1, len(split.test), 1, key=key, width=200, persist_state="session")
)
x = split.test.X[number - 1 : number]
draw_passes(dropped, x)

st.header("Why the two modes agree", anchor=False)
say(
    "Each mask gives another logit. Over many masks their mean runs into that of evaluation mode, "
    "within a few standard errors."
)
st.latex(r"\mathbb{E}[m_j a_j] = (1-p)\cdot\frac{a_j}{1-p} + p\cdot 0 = a_j")
logits = masked_logits(data, number, x, dropped)
exact = float(network.logits(x, dropped.params)[0, 0])
if np.ptp(logits) < TINY:
    st.info(
        f"No hidden unit is active for this {tables.row()}: every mask gives the same prediction."
    )
else:
    left, right = layout.beside()
    with left:
        draw_convergence(logits, exact)
    with right:
        draw_predictions(logits[:PREDICTIONS], exact)

st.header("Training mode against evaluation mode", anchor=False)
say(
    "Many tools report the training loss as it was while training, with dropout on. Then it can "
    "lie *above* the validation loss, and nothing is wrong. Here a fifth of the training "
    f"{tables.rows()} is set aside for validation."
)
watched = tables.data(validation_size=0.2)
keep = tuple(np.unique(np.geomspace(1, config.epochs, MODE_EPOCHS).astype(int)).tolist())
with runs.progress("Training with a validation set") as report:
    (run,) = runs.train([runs.Request(watched, config, keep=keep)], report)
draw_modes(run, training_mode(watched, run))

st.header("In code", anchor=False)
say("The mask, drawn anew for every batch:")
source.show(network.dropout_mask)
st.markdown("In training it multiplies what the ReLU lets through; without masks nothing happens:")
source.show(network.logits, highlight=("A * masks[level]",))
st.markdown("The engine keeps the product of both as `S`, since the way back needs it again:")
source.show(Gate.close, highlight=("S *= mask",))

page.way_on(ROOM)
