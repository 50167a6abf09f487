"""Home: what this is, one live picture, the way through the lesson."""

import streamlit as st

from regcore import PRESETS
from ui import charts, page, results, runs
from ui.look import count, score
from ui.records import curves, lowest, wide

page.frame(page.HOME)
st.markdown(
    "Here you train real neural networks on real patients, watch them learn the patients by "
    "heart, and stop them with L2, dropout and early stopping. "
    "Every figure comes from a run on this machine, and every line of the mathematics can be read."
)

memorize = PRESETS["memorize"]
with runs.progress("Training 64 units on 576 patients") as report:
    (run,) = runs.train([runs.Request(runs.Data(), memorize)], report)

history = run.history
epoch, best = lowest(history)
st.subheader("The moment it starts to memorize", anchor=False)
lines = curves({"": run}, "loss", ("training", "test"))
end = results.scores(history)
charts.figure(
    charts.curves(lines, "loss (nats a patient)", mark=(epoch, best, f"lowest at epoch {epoch}")),
    f"The loss on the training patients falls to {score(end['training loss'])}. On patients that "
    f"the network never saw it is lowest at epoch {count(epoch)} with {score(best)}, and ends at "
    f"{score(end['test loss'])}: from there on the network learns names, not medicine.",
    wide(lines),
)

st.subheader("The way through", anchor=False)
for number, room in enumerate(page.PAGES, start=1):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(room.path, label=f"**{number}. {room.title}**", icon=room.icon, width=220)
        st.markdown(room.idea)

st.subheader("Who it is for", anchor=False)
st.markdown(
    "You know basic Python and NumPy, and have met forward pass, backpropagation and gradient "
    "descent. You learn alone at a laptop, or your class looks at a projector. No account, no "
    "network: everything runs here."
)
