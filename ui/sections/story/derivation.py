"""The term that L2 adds to the gradient: derived, shown in code, and measured."""

import pandas as pd
import streamlit as st

from regcore import Config, lesson
from regcore.nn.network import check_gradient
from regcore.nn.parameters import init_params
from regcore.nn.regularizers import half_life
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import say
from ui.sections.story import source_code
from ui.text import escape


def derive(config: Config) -> None:
    """Derive the update from the loss in four steps, beside the code that does it."""
    left, right = st.columns([2, 3], gap="medium")  # the lines of the code are long
    with left:
        say("**1. The loss** gains a penalty: a price on every weight. Biases are left out.")
        st.latex(r"J = L + \frac{\lambda}{2} \sum W^2")
        say(
            "**2. The gradient** gains one term: the square brings a factor of 2, which the ½ "
            "cancels."
        )
        st.latex(r"\frac{\partial J}{\partial W} = \frac{\partial L}{\partial W} + \lambda W")
        st.markdown("**3. The update** is one step against that gradient.")
        st.latex(r"W \leftarrow W - \eta\left(\frac{\partial L}{\partial W} + \lambda W\right)")
        st.markdown("**4. Rearranged**, each step first shrinks the weight by a constant factor.")
        st.latex(r"W \leftarrow (1 - \eta\lambda)\,W - \eta\,\frac{\partial L}{\partial W}")
    with right:
        st.markdown("**In code** it is one term for each weight matrix, and none for the biases:")
        source_code.marked(lesson.train, "+ l2 * W2", "+ l2 * W1")
        show_decay(config)


def show_decay(config: Config) -> None:
    """Show the decay factor of this λ and the half-life of a weight."""
    decay = config.lr * config.l2
    st.markdown(
        f"Here 1 − ηλ = 1 − {config.lr:g} · {config.l2:g} = **{1 - decay:.6g}**. A weight that the "
        "data do not support halves in "
        f"**{half_life(config.lr, config.l2):,.0f} steps** of plain gradient descent."
    )
    if config.momentum:
        steps = half_life(config.lr, config.l2, config.momentum)
        say(
            f"This run has momentum {config.momentum:g}: the decay adds up in the velocity, and "
            f"the half-life is **{steps:,.0f} steps**."
        )


def check(config: Config) -> None:
    """Compare the formula of step 2 with a measured slope, at the starting weights."""
    st.markdown(
        "**Don't take it on faith: measure it.** Move one starting weight by ±0.00001, see how "
        "much J changes, and divide:"
    )
    train, names = split_of(chosen.spec()).train, chosen.dataset().feature_names
    params = init_params(len(names), config.hidden_sizes, config.seed)
    rows = []
    features = ("glucose", "bmi", "age") if chosen.is_lesson() else names[:3]
    for feature in map(names.index, features):
        gradient = check_gradient(train.X, train.y, params, 0, feature, 0, config.l2)
        values = (gradient.data, gradient.penalty, gradient.formula, gradient.measured)
        figures = [f"{value:.10f}".replace("-", "−") for value in values]
        difference = f"{abs(gradient.formula - gradient.measured):.0e}"
        rows.append((f"{escape(names[feature])} → unit 1", *figures, difference))
    columns = ["weight", "∂L/∂W", "λW", "sum", "measured slope of J", "difference"]
    table = pd.DataFrame(rows, columns=columns)
    st.table(table, hide_index=True, border="horizontal", alt="Formula and measured slope")
