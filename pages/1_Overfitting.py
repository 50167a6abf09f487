"""Overfitting: capacity, the gap, and memorizing made visible."""

import streamlit as st

from regcore import PRESETS, Config, Fit
from regcore.network import parameter_count
from ui import charts, controls, page, results, runs, surface
from ui.look import count, score
from ui.records import curves, lowest, scores, wide

ROOM = page.PAGES[0]
ACCURACY, LOSS = "accuracy (share of patients)", "loss (nats a patient)"
BOTH = ("training", "test")
WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
PRINTED = {"training": 1.000, "test": 0.719, "gap": 0.281}
SNAPSHOTS = (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 400, 500, 700, 1000, 1400, 2000, 3000)


def settings() -> tuple[runs.Data, Config]:
    """The controls of the experiment."""
    preset = controls.preset("preset", epochs_key="epochs")
    width = st.slider("Width: units in a hidden layer", 1, 256, 64, key="width")
    depth = controls.choice("Depth: hidden layers", (1, 2, 3), 1, key="depth")
    with st.expander("More settings"):
        epochs = controls.epochs("epochs", preset)
        rows = st.slider("Training patients", 20, runs.TRAIN_ROWS, runs.TRAIN_ROWS, 4, key="rows")
        seed = st.number_input("Seed of the starting weights", 0, 9999, 1, key="seed")
        lr = controls.learning_rate("lr")
    config = preset.but(hidden_sizes=(width,) * depth, epochs=epochs, seed=int(seed), lr=lr)
    return runs.Data(train_rows=None if rows == runs.TRAIN_ROWS else rows), config


def draw_curves(run: Fit) -> None:
    """Loss curves and accuracy curves side by side."""
    epoch, best = lowest(run.history)
    end = scores(run.history)
    left, right = st.columns(2, gap="medium")
    with left:
        lines = curves({"": run}, "loss", BOTH)
        mark = (epoch, best, f"lowest at {count(epoch)}")
        charts.figure(
            charts.curves(lines, LOSS, mark=mark, top=results.top(run)),
            f"Test loss is lowest at epoch {count(epoch)} with {score(best)} and ends at "
            f"{score(end['test loss'])}; training loss ends at {score(end['training loss'])}.",
            wide(lines),
        )
    with right:
        lines = curves({"": run}, "accuracy", BOTH)
        charts.figure(
            charts.curves(lines, ACCURACY),
            f"Training accuracy ends at {score(end['training'])}, test accuracy at "
            f"{score(end['test'])}: a gap of {score(end['gap'])}.",
            wide(lines),
        )


def draw_widths(found: list[Fit]) -> None:
    """Both accuracies over the width of the hidden layer."""
    small, large = (scores(run.history) for run in (found[0], found[-1]))
    lines = results.sweep_lines(WIDTHS, found, "accuracy", BOTH)
    charts.figure(
        charts.sweep(lines, "units in the hidden layer", ACCURACY),
        f"With 1 unit training and test accuracy are {score(small['training'])} and "
        f"{score(small['test'])}; with 256 units {score(large['training'])} and "
        f"{score(large['test'])}: the gap grows from {score(small['gap'])} to "
        f"{score(large['gap'])}.",
        results.sweep_table("units", WIDTHS, found, BOTH),
    )


@st.fragment  # moving through the snapshots draws this part alone
def draw_snapshot(data: runs.Data, run: Fit) -> None:
    """The surface of one recorded epoch, which the learner chooses."""
    left, right = st.columns([1, 3], gap="medium")
    with left:
        epochs = list(run.snapshots)
        epoch = st.select_slider("Epoch", epochs, epochs[-1], format_func=count, key="snapshot")
        now = scores(run.history, epoch)
        st.metric("Training accuracy", score(now["training"]))
        st.metric("Test accuracy", score(now["test"]))
    split, params = runs.prepare(data), run.snapshots[epoch]
    patients = len(split.train)
    with right:
        charts.figure(
            surface.surface(split, params),
            f"After {count(epoch)} epochs {round(now['training'] * patients)} of {patients} "
            f"training patients lie on the right side of the surface, and "
            f"{round(now['test'] * len(split.test))} of {len(split.test)} test patients.",
            surface.patients(split, params),
        )


page.frame(ROOM)
st.markdown(
    "Every weight is a free parameter. Enough of them can fit every training patient, "
    "**noise included**. The warning sign is the gap: training accuracy minus test accuracy."
)
top = st.container()
left, right = st.columns([1, 3], gap="medium")
with left:
    data, config = settings()
    patients = data.train_rows or runs.TRAIN_ROWS
    weights = parameter_count(8, config.hidden_sizes)
    st.markdown(
        f"**{count(weights)} parameters** for {patients} patients: {weights / patients:.1f} for "
        "each."
    )
    with runs.progress("Training") as report:
        (run,) = runs.train([runs.Request(data, config)], report)
with top:
    results.header(run, runs.prepare(data))
with right:
    results.what_happened(run)
    draw_curves(run)

st.header("What the lesson prints, and what was measured", anchor=False)
with runs.progress("Training both presets") as report:
    asked = [runs.Request(runs.Data(), preset) for preset in PRESETS.values()]
    plain, memorized = runs.train(asked, report)
results.table(
    {
        "The lesson prints": PRINTED,
        "As printed, measured": plain,
        "Memorize, measured": memorized,
    },
    alt="Scores that the lesson prints beside those measured with both presets",
)
st.markdown(
    "64 units, no regularization. The lesson's code, run as it is printed, stops too early: "
    f"2,000 plain steps reach a training accuracy of {score(scores(plain.history)['training'])}, "
    "not 1.000. Plain descent needs about 20,000 epochs to learn 576 patients by heart. With "
    "momentum 0.9 and 5,000 epochs the printed figures come true to the digit."
)

st.header("Too small, too large: a sweep over the width", anchor=False)
st.markdown(
    "Few units **underfit**: both scores are low. Many units **memorize**: the two lines part. "
    "The answer is rarely a smaller network. It is plenty of capacity *and* regularization."
)
left, right = st.columns([1, 3], gap="medium", vertical_alignment="bottom")
with left:
    base = controls.preset("sweep_preset")
with right, runs.progress(f"Training {len(WIDTHS)} networks") as report:
    asked = [
        runs.Request(runs.Data(), base.but(hidden_sizes=(width,)), record_every=base.epochs)
        for width in WIDTHS
    ]
    found = runs.train(asked, report)
draw_widths(found)

st.header("Memorizing made visible", anchor=False)
st.markdown(
    "A network of two hidden layers sees two measurements only. Move the epoch and watch its "
    "belief bend around single patients, one island at a time."
)
names = runs.dataset().feature_names
columns = st.columns(3, gap="medium")
with columns[0]:
    x = st.selectbox("Across", names, names.index("glucose"), key="across")
with columns[1]:
    others = [name for name in names if name != x]
    y = st.selectbox("Up", others, others.index("bmi" if x != "bmi" else "glucose"), key="up")
with columns[2]:
    rows = controls.choice("Training patients", (60, 120, 240), 120, key="surface_rows")
data = runs.Data(features=(x, y), train_rows=rows)
config = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=SNAPSHOTS[-1])
with runs.progress("Training on two measurements") as report:
    (run,) = runs.train([runs.Request(data, config, keep=SNAPSHOTS)], report)
draw_snapshot(data, run)
zeros = results.zeros_sentence(runs.dataset(), (x, y))
if zeros:
    st.caption(zeros)

page.way_on(ROOM)
