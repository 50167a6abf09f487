"""Home: what the app is, one animated chart, and links to the pages."""

import streamlit as st

from regcore import PRESETS
from ui import charts, page
from ui.charts import animation, figure
from ui.charts.frames import curves, lowest, scores, wide
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import linked, say
from ui.navigation import HOME, PAGES
from ui.sections import tour
from ui.text import count, escape, score
from ui.theme import LOSS
from ui.training import progress, runs

page.header(HOME)
data = chosen.spec()
split, table = split_of(data), chosen.dataset()
n_train, n_test = len(split.train), len(split.test)
task = (
    f"to tell who has diabetes from the records of {n_train} women"
    if table.lesson
    else f"which of {n_train} {table.rows} are “{escape(table.outcomes[1])}”"
)
say(
    f"Here a small neural network learns {task}, until it has memorized them. Watch it happen, "
    "and stop it with mathematics that you can read, run and check."
)

with progress.bar(f"Training 64 units on {n_train} {table.rows}") as report:
    (run,) = runs.train([runs.Request(data, PRESETS["memorize"])], report)
epoch, best = lowest(run.history)
end, lines = scores(run.history), curves({"": run}, "loss", ("training", "test"))
st.subheader("The moment it starts to memorize", anchor=False)
drawing = charts.curves(lines, LOSS, marks=[(epoch, best, f"lowest at epoch {count(epoch)}")])
figure(
    animation.growing(drawing),
    f"Over {count(run.history.stopped_epoch)} epochs the loss on the training {table.rows} falls "
    f"to {score(end['training loss'])}. On {n_test} {table.rows} that the network never saw, it is "
    f"lowest at epoch {count(epoch)} with {score(best)}, and ends at {score(end['test loss'])}: "
    "the network grows ever more confident, even where it is wrong.",
    wide(lines),
)

st.subheader("The pages", anchor=False)
for number, lesson_page in enumerate(PAGES.values(), start=1):
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"**{number}. {lesson_page.title}**"
        st.page_link(lesson_page.path, label=label, icon=lesson_page.icon, width=220)
        say(lesson_page.idea)
if table.lesson:  # the tour is about patients
    with st.expander("For teachers: a ten-minute tour"):
        tour.show()

st.subheader(f"The {table.rows}", anchor=False)
if table.lesson:
    st.markdown(
        f"{len(table)} women of Pima heritage, {len(table.feature_names)} measurements each, and "
        f"one question: diabetes within five years, yes ({int(table.y.sum())}) or no "
        f"({int((1 - table.y).sum())})? {n_train} of them train the network, {n_test} test it. The "
        "table is as it was published in 1990, with one flaw: in five columns a zero means “not "
        "measured”. " + linked("Before it reaches the network, every column is standardized.")
    )
else:
    st.markdown(
        f"{len(table):,} {table.rows}, {len(table.feature_names)} features each: "
        f"{int(table.y.sum()):,} are “{escape(table.outcomes[1])}” and "
        f"{int((1 - table.y).sum()):,} “{escape(table.outcomes[0])}”. {n_train:,} of them train "
        f"the network, {n_test:,} test it."
    )

st.subheader("Who it is for", anchor=False)
st.markdown(
    "You know basic Python and NumPy, and have met the forward pass, backpropagation and "
    "gradient descent. You learn alone at a laptop, or your class looks at a projector. "
    "No account, no internet: everything runs here."
)

page.footer(HOME)
