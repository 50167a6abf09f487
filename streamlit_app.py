"""Home: what this is, one live picture, the way through the lesson."""

import streamlit as st

from regcore import PRESETS
from ui import charts, page, runs
from ui.look import LOSS, count, score
from ui.records import curves, lowest, scores, wide

page.frame(page.HOME)
st.markdown(
    "Here a small neural network learns from the records of 576 women who has diabetes, until it "
    "knows them by heart. Watch it happen, and stop it with mathematics that you can read, run "
    "and check."
)

with runs.progress("Training 64 units on 576 patients") as report:
    (run,) = runs.train([runs.Request(runs.Data(), PRESETS["memorize"])], report)
epoch, best = lowest(run.history)
end, lines = scores(run.history), curves({"": run}, "loss", ("training", "test"))
st.subheader("The moment it starts to memorize", anchor=False)
charts.figure(
    charts.curves(lines, LOSS, marks=[(epoch, best, f"lowest at epoch {count(epoch)}")]),
    f"The loss on the training patients falls to {score(end['training loss'])}. On 192 patients "
    f"that the network never saw it is lowest at epoch {count(epoch)} with {score(best)}, and ends "
    f"at {score(end['test loss'])}: the network grows ever surer, also where it is wrong.",
    wide(lines),
)

st.subheader("The way through", anchor=False)
for number, room in enumerate(page.PAGES, start=1):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(room.path, label=f"**{number}. {room.title}**", icon=room.icon, width=220)
        st.markdown(room.idea)

st.subheader("The patients", anchor=False)
table = runs.dataset()
st.markdown(
    f"{len(table)} women of Pima heritage, {len(table.feature_names)} measurements each, and one "
    f"question: diabetes within five years, yes ({int(table.y.sum())}) or no "
    f"({int((1 - table.y).sum())})? 576 of them train the network, 192 test it. The table is as it "
    "was published in 1990, with a wart: in five columns a zero means “not measured”."
)

st.subheader("Who it is for", anchor=False)
st.markdown(
    "You know basic Python and NumPy, and have met forward pass, backpropagation and gradient "
    "descent. You learn alone at a laptop, or your class looks at a projector. No account, no "
    "network: everything runs here."
)
