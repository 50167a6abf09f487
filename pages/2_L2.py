"""L2 weight decay: one added term in the gradient, and what it does."""

import math

import numpy as np
import pandas as pd
import streamlit as st

from regcore import Config, Fit, lesson, network
from ui import charts, controls, page, results, runs, source
from ui.look import PARTS, PLAIN, REGULARIZED, count, score
from ui.records import curves, last, lowest, objective, wide

ROOM = page.PAGES[1]
LAMBDAS = (0.0, 0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.2)
PRINTED = {
    0.0: {"training": 1.000, "test": 0.719, "gap": 0.281},
    0.05: {"training": 0.790, "test": 0.724, "gap": 0.066},
}


def settings() -> tuple[Config, Config]:
    """The same run without and with L2."""
    preset = controls.preset("preset")
    l2 = controls.strength("l2")
    width = st.slider("Width: units in the hidden layer", 1, 256, 64, key="width")
    plain = preset.but(hidden_sizes=(width,))
    return plain, plain.but(l2=l2)


def show_curves(named: dict[str, Fit]) -> None:
    """Training and test loss of both runs on the same axes."""
    plain, decayed = named.values()
    lines = curves(named, "loss", ("training", "test"))
    ends = [results.scores(run.history) for run in (plain, decayed)]
    epoch, best = lowest(plain.history)
    charts.figure(
        charts.curves(lines, "loss (nats a patient)"),
        f"Without L2 the test loss turns at epoch {count(epoch)} ({score(best)}) and ends at "
        f"{score(ends[0]['test loss'])}, training at {score(ends[0]['training loss'])}. "
        f"With L2 they end at {score(ends[1]['test loss'])} and "
        f"{score(ends[1]['training loss'])}.",
        wide(lines),
    )


def show_table(named: dict[str, Fit]) -> None:
    """The lesson's table, printed and measured."""
    rows: dict[str, object] = {f"{name}, measured": run for name, run in named.items()}
    for run in named.values():
        if run.config.l2 in PRINTED:
            name = f"λ = {run.config.l2:g}" if run.config.l2 else "no L2"
            rows[f"{name}, as the lesson prints it"] = PRINTED[run.config.l2]
    results.table(rows, alt="Training and test accuracy, gap and losses without and with L2")
    plain, decayed = (results.scores(run.history)["test"] for run in named.values())
    patients = round(abs(decayed - plain) * 192)
    people = "1 test patient" if patients == 1 else f"{patients} test patients"
    st.markdown(
        f"The gap is what L2 changes for sure. The difference in test accuracy is {people} of 192 "
        "on this one split: too few to call it better or worse."
    )


def derive(config: Config) -> None:
    """From the loss to the update in four steps, beside the code that does it."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**1. The loss** gains a price on every weight. Biases are left out.")
        st.latex(r"J = L + \frac{\lambda}{2} \sum W^2")
        st.markdown(
            "**2. The gradient** gains one term: the square brings a 2, the ½ takes it away."
        )
        st.latex(r"\frac{\partial J}{\partial W} = \frac{\partial L}{\partial W} + \lambda W")
        st.markdown("**3. The update** is one step against that gradient.")
        st.latex(r"W \leftarrow W - \eta\left(\frac{\partial L}{\partial W} + \lambda W\right)")
        st.markdown("**4. Sorted by W**, each step first shrinks the weight by a constant factor.")
        st.latex(r"W \leftarrow (1 - \eta\lambda)\,W - \eta\,\frac{\partial L}{\partial W}")
    with right:
        st.markdown("**In code** it is one term for each weight matrix, and none for the biases:")
        source.show(lesson.train, highlight=("+ l2 * W2", "+ l2 * W1"))
        show_decay(config)


def show_decay(config: Config) -> None:
    """The decay factor of this λ, and how long a weight lasts under it."""
    decay = 1.0 - config.lr * config.l2
    half_life = math.log(0.5) / math.log(decay)
    st.markdown(
        f"Here 1 − ηλ = 1 − {config.lr:g} · {config.l2:g} = **{decay:.6g}**. A weight that the "
        f"data do not defend is half as large after **{half_life:,.0f} steps** of plain descent."
    )
    if config.momentum:
        pull = 1.0 / (1.0 - config.momentum)
        st.markdown(
            f"With momentum the term goes through the velocity: in the long run it pulls "
            f"1/(1 − {config.momentum:g}) = {pull:.0f} times as hard."
        )


def check(config: Config) -> None:
    """The formula of step 2 beside a measurement of the slope, at the starting weights."""
    st.markdown(
        "**Do not believe it, measure it.** Move one starting weight by ±0.00001, see how much J "
        "changes, and divide:"
    )
    part = runs.prepare(runs.Data()).train
    params = network.init_params(part.X.shape[1], config.hidden_sizes, config.seed)
    formula = network.gradients(part.X, part.y, params, config.l2)[0]
    rows = []
    for feature in (1, 5, 7):  # glucose, bmi, age
        measured = slope(params, feature, config.l2)
        difference = abs(formula[feature, 0] - measured)
        rows.append((f"W1[{feature}, 0]", formula[feature, 0], measured, difference))
    table = pd.DataFrame(rows, columns=["weight", "formula", "measured", "difference"])
    for name, digits in (("formula", ".10f"), ("measured", ".10f"), ("difference", ".0e")):
        table[name] = table[name].map(("{:" + digits + "}").format)
    st.table(table, hide_index=True, border="horizontal", alt="Formula and measured slope")


def slope(params: network.Params, feature: int, l2: float, step: float = 1e-5) -> float:
    """∂J/∂W1[feature, 0] by a central difference."""
    part, ends = runs.prepare(runs.Data()).train, []
    for move in (step, -step):
        W1 = params[0].copy()
        W1[feature, 0] += move
        moved = (W1, *params[1:])
        loss = network.cross_entropy(network.logits(part.X, moved), part.y).mean()
        ends.append(loss + network.penalty(moved, l2))
    return (ends[0] - ends[1]) / (2 * step)


def show_objective(run: Fit) -> None:
    """Data loss, penalty and their sum."""
    lines = objective(run.history)
    end = run.history.at(run.history.stopped_epoch)
    total = end["train_loss"] + end["penalty"]
    charts.figure(
        charts.curves(lines, "loss (nats a patient)"),
        f"At the end the data loss is {score(end['train_loss'])} and the penalty "
        f"{score(end['penalty'])}; descent makes their sum small, {score(total)}. Test loss is "
        "always reported without the penalty.",
        wide(lines),
    )


def show_weights(named: dict[str, Fit]) -> None:
    """Histograms of all weights on the same axis, and the mean size of those in W1."""
    weights = {n: np.concatenate([W.ravel() for W in run.params[::2]]) for n, run in named.items()}
    reach = max(np.abs(values).max() for values in weights.values())
    bins = np.linspace(-reach, reach, 41)
    pairs = zip(st.columns(2, gap="medium"), named.items(), (PLAIN, REGULARIZED), strict=True)
    for column, (name, run), colour in pairs:
        mean = float(np.abs(run.params[0]).mean())
        counts, _ = np.histogram(weights[name], bins)
        with column:
            st.metric(f"Mean |W1|, {name}", score(mean))
            charts.figure(
                charts.histogram(weights[name], bins, colour, "number of weights"),
                f"{name}: the mean size of a weight in W1 is {score(mean)}; "
                f"{np.mean(np.abs(weights[name]) < 0.05):.0%} of all weights are within ±0.05.",
                pd.DataFrame({"from": bins[:-1], "to": bins[1:], "weights": counts}).round(3),
            )


def choose(found: list[Fit]) -> None:
    """Loss of every part over λ; the lowest validation loss chooses."""
    losses = [last(run, "validation", "loss") for run in found]
    best = losses.index(min(losses))
    charts.figure(
        charts.sweep(
            results.sweep_lines(LAMBDAS, found, "loss", PARTS),
            "λ",
            "loss (nats a patient)",
            chosen=f"{LAMBDAS[best]:g}",
        ),
        f"The validation loss is lowest at λ = {LAMBDAS[best]:g}. The test accuracy there is "
        f"{score(last(found[best], 'test', 'accuracy'))}; it had no say.",
        results.sweep_table("λ", LAMBDAS, found, PARTS),
    )


page.frame(ROOM)
st.markdown(
    "A network that memorizes needs large weights. L2 makes each weight pay for its size, "
    "and the two curves that fanned apart stay together."
)


top = st.container()
left, right = st.columns([1, 3], gap="medium")
with left:
    without, config = settings()
    with runs.progress("Training without and with L2") as report:
        asked = [runs.Request(runs.Data(), c) for c in (without, config)]
        plain, decayed = runs.train(asked, report)
named = {"no L2": plain, f"λ = {config.l2:g}": decayed}
with top:
    results.header(decayed, runs.prepare(runs.Data()), against=plain)
with right:
    show_curves(named)

st.header("The lesson's table", anchor=False)
show_table(named)

st.header("Where the decay comes from", anchor=False)
derive(config)
check(config)

st.header("What the descent makes small", anchor=False)
show_objective(decayed)

st.header("What happens to the weights", anchor=False)
show_weights(named)

st.header("Choosing λ: a job for validation patients", anchor=False)
st.markdown(
    "The test set may be opened once, at the very end. So a fifth of the training patients are set "
    "aside, **they** choose λ, and the test accuracy is only read off."
)
left, right = st.columns([1, 3], gap="medium", vertical_alignment="bottom")
with left:
    base = controls.preset("sweep_preset")
with right, runs.progress(f"Training {len(LAMBDAS)} networks") as report:
    data = runs.Data(validation_size=0.2)
    asked = [runs.Request(data, base.but(l2=l2), record_every=base.epochs) for l2 in LAMBDAS]
    found = runs.train(asked, report)
choose(found)

page.way_on(ROOM)
