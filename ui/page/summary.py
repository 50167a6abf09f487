"""The summary after the last exercise: key concepts beside what the learner did, and the way on.

One HTML page without scripts, to read, print or keep.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

from regcore.exercises import TASKS, Task
from ui import verdicts
from ui.navigation import PAGES, TOPICS
from ui.page.kept import progress_file
from ui.sections.drawing import picture
from ui.session import DrawnCurve


class Done(NamedTuple):
    """What a learner did: topic -> prediction; number of a task passed -> its code, if any.

    drawings  topic -> drawn curve
    """

    predictions: Mapping[str, Mapping[str, str]]
    passed: Mapping[int, str]
    drawings: Mapping[str, DrawnCurve] = {}


CONCEPTS = {  # topic -> its key concept; for a page without one, its idea stands in
    "overfitting": "A network with enough capacity learns noise as well as the pattern: training "
    "accuracy keeps rising, but test accuracy does not. The gap between the two is the diagnosis. "
    "Perfect training accuracy is a warning.",
    "l2": "The loss gains (λ/2) ΣW², and each weight matrix's gradient gains λW; biases are left "
    "out. Weights stay small, so the prediction stays smooth. λ is chosen on validation data.",
    "dropout": "In training, a fresh mask drops each hidden unit with probability p and multiplies "
    "the others by 1/(1 − p), so that no unit can rely on another. In evaluation nothing is "
    "dropped.",
    "early stopping": "Watch the validation loss, stop when it has not improved for a number of "
    "epochs (patience), and restore the best weights. It costs rows for validation and saves time.",
    "all together": "The tools act on the loss, the network and the training time, so they "
    "work together. Choose every setting on validation data, and open the test set once.",
}
WHY = (
    "A model is built for cases that are still to come. One that has memorized looks best exactly "
    "where nobody needs it: on cases whose outcome is known. In medicine, lending or justice "
    "such a model is trusted for its training score and fails on the first new person. Seeing "
    "overfitting, and stopping it, is what makes a score worth believing."
)
NEXT = (
    "Train the same network in PyTorch: the All together page shows the two side by side, line "
    "by line. L2 is "
    "weight_decay there, dropout is nn.Dropout(p).",
    "Bring your own table (menu, Data), and find good settings for it.",
    "Read about tools that this lesson leaves out: data augmentation, batch normalization, label "
    "smoothing, ensembles; and about AdamW, whose decay is not the L2 of this lesson.",
)
STYLE = """body { font: 11pt/1.45 system-ui, sans-serif; max-width: 46em; margin: 2em auto;
  padding: 0 1em; color: #111; background: #fff; }
h1 { font-size: 1.6em; } h2 { font-size: 1.15em; margin: 1.2em 0 0.3em; }
pre { font-size: 0.8em; background: #f4f4f2; padding: 0.6em; white-space: pre-wrap; }
section { break-inside: avoid-page; }
.own { border-left: 3px solid currentcolor; padding-left: 0.8em; }
"""


def show() -> None:
    """Show the summary, and offer it as a page to print or keep."""
    progress = progress_file.of_session()
    solved = [number for number, record in progress["tasks"].items() if record["passed"]]
    code = progress["code"]
    passed = {number: code.get(number, "") for number in solved}
    done = Done(progress["predictions"], passed, progress["drawings"])
    st.html(body(done, "h3"))
    label, name = "Download to print or keep", "regularization.html"
    st.download_button(label, page(done), name, "text/html", on_click="ignore")


def page(done: Done) -> str:
    """Return the summary as one HTML page; whatever the learner typed is shown literally."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Regularization: a summary</title><style>{STYLE}</style></head>"
        f"<body><h1>Regularization: what I learned</h1>{body(done, 'h2')}</body></html>"
    )


def body(done: Done, heading: str) -> str:
    """Return the sections of that page; `heading` is the tag of their titles."""
    sections = [
        *("".join(_concept(topic, done, heading)) for topic in TOPICS),
        _sureness(done),
        f"<{heading}>Why it matters</{heading}><p>{escape(WHY)}</p>",
        f"<{heading}>Where to go next</{heading}><ul>{_items(NEXT)}</ul>",
    ]
    return "".join(f"<section>{section}</section>" for section in sections if section)


def _concept(topic: str, done: Done, heading: str) -> Iterator[str]:
    """A key concept: that of a page, of its question and of its exercises."""
    page = PAGES[topic]
    text = CONCEPTS.get(topic, page.idea)
    yield f"<{heading}>{escape(page.title)}</{heading}><p>{escape(text)}</p>"
    own = [*_prediction(topic, done), *_solutions(topic, done)]
    if own:
        yield f'<div class="own">{"".join(own)}</div>'


def _sureness(done: Done) -> str:
    """Return how often the learner was right, by how sure, as a paragraph."""
    text = verdicts.calibration(done.predictions)
    return f"<p class='own'>{escape(text)}</p>" if text else ""


def _prediction(topic: str, done: Done) -> Iterator[str]:
    made = done.predictions.get(topic)
    if made and made["verdict"] != "skipped":
        said, was = escape(made["said"]), escape(made["was"])
        yield f"<p>I predicted: <b>{said}</b>. Measured: <b>{was}</b>.</p>"
    if topic in done.drawings:
        yield f"<p>{picture.image(done.drawings[topic])}</p>"


def _solutions(topic: str, done: Done) -> Iterator[str]:
    for task in tasks_on(topic):
        if task.number in done.passed:
            yield f"<p>Exercise {task.number}, {escape(task.title)}: passed.</p>"
            if code := done.passed[task.number]:
                yield f"<pre>{escape(code)}</pre>"


def tasks_on(topic: str) -> list[Task]:
    """Return the exercises that belong to a topic."""
    return [task for task in TASKS.values() if task.topic == topic]


def _items(texts: Sequence[str]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)
