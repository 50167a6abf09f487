"""Home: what the app is, one animated chart, and links to the pages."""

import streamlit as st

from regcore import PRESETS
from ui import charts, layout, navigation, page
from ui.charts import animation, figure, player
from ui.charts.frames import curves, lowest, scores, wide
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import linked, say
from ui.navigation import HOME, PAGES
from ui.sections import tour
from ui.sections.story import data as story
from ui.text import count, escape, stated
from ui.theme import LOSS, enlarged
from ui.training import progress, runs

page.header(HOME)
data = chosen.spec()
split, table = split_of(data), chosen.dataset()
n_train, n_test = len(split.train), len(split.test)
task = (
    f"to predict diabetes from the records of {n_train} women"
    if table.lesson
    else f"which of {n_train} {table.rows} are “{escape(table.outcomes[1])}”"
)
is_tour, is_projected = tour.is_at(HOME.path), enlarged() > 1.0
shares = [1.0, 0.01] if is_tour else [0.74, 0.26]
left, right = st.columns(shares, gap="medium", vertical_alignment="center")
promise = "Watch it happen, then fix it with mathematics that you can read, run and check."
with left:
    page.lead(
        f"A small neural network learns {task}, and "
        + ("ends up memorizing them. " if table.lesson else "sooner or later memorizes instead. ")
        + ("" if is_projected else promise)
    )
icon = ":material/play_lesson:"
begin = navigation.last_place() or PAGES["overfitting"]
label = f"Continue: {begin.title}" if navigation.last_place() else "Start the lesson"
if not is_tour and right.button(label, type="primary", icon=icon, key="start"):
    st.switch_page(begin.path)

config = PRESETS["memorize"]
with progress.bar(f"Training 64 units on {n_train} {table.rows}") as report:
    (run,) = runs.train([runs.Request(data, config)], report)
epoch, best = lowest(run.history)
end, lines = scores(run.history), curves({"": run}, "loss", ("training", "test"))
if not is_projected:  # the picture needs the room
    st.header("The moment it starts to memorize", anchor=False)
mark = epoch, best, f"lowest at epoch {count(epoch)}"
drawing = charts.curves(lines, LOSS, marks=[mark])
steps = player.log_steps(run.history.stopped_epoch)
player.show(steps, key="home", autoplay=True)
figure(
    animation.growing(drawing, steps),
    f"Over {count(run.history.stopped_epoch)} epochs the loss on the training {table.rows} falls "
    f"to {stated(end['training loss'])}. On {n_test} {table.rows} that the network never saw, it "
    f"is lowest at epoch {count(epoch)} ({stated(best)}), and ends at "
    f"{stated(end['test loss'])}: the network grows more and more confident, even where it is "
    "wrong.",
    wide(lines),
)

st.header("The lesson", anchor=False)
say(
    "**Goals**: explain why large networks overfit; diagnose overfitting by the gap between "
    "training and test accuracy; derive the L2 term and write it in NumPy; explain what "
    "dropout and early stopping do instead.  \n"
    "**You need** basic Python and NumPy, and a first look at backpropagation and gradient "
    "descent. The app works offline.  \n"
    "**The code** that you read is the code that runs: six functions. Each page changes one thing "
    "in them."
)
for number, lesson_page in enumerate(PAGES.values(), start=1):
    with st.container(horizontal=True, vertical_alignment="center"):
        label = f"**{number}. {lesson_page.title}**"
        st.page_link(lesson_page.path, label=label, icon=lesson_page.icon, width=220)
        say(lesson_page.idea)
if table.lesson:  # the tour is about patients
    with st.expander("For teachers: a ten-minute tour"):
        tour.show()

st.header(f"The {table.rows}", anchor=False)
if table.lesson:
    st.markdown(
        f"{len(table)} women of Pima heritage, {len(table.feature_names)} measurements each, and "
        f"one question: diabetes within five years, yes ({int(table.y.sum())}) or no "
        f"({int((1 - table.y).sum())})? {n_train} of these records train the network, {n_test} "
        "test it. The table is as it was published in 1990, with one flaw: in five columns a zero "
        "means “not measured”. "
        + linked("Before it reaches the network, every column is standardized.")
    )
    for _ in layout.fold("The data in code: read, look, split, scale", "data_code"):
        story.show()
else:
    st.markdown(
        f"{len(table):,} {table.rows}, {len(table.feature_names)} features each: "
        f"{int(table.y.sum()):,} are “{escape(table.outcomes[1])}” and "
        f"{int((1 - table.y).sum()):,} “{escape(table.outcomes[0])}”. {n_train:,} of them train "
        f"the network, {n_test:,} test it."
    )

page.footer(HOME)
