"""What it means to generalize, why capacity memorizes, and what the gap says."""

from collections.abc import Callable

from regcore import Fit, Split, lesson
from regcore.nn.parameters import parameter_count
from ui import controls
from ui.charts.frames import lowest_epoch, scores
from ui.data import chosen
from ui.glossary import say
from ui.sections import results
from ui.sections.story import source_code
from ui.text import count, stated

TITLE = "Read on: what it means to generalize"
FUNCTIONS: dict[Callable, str] = {
    lesson.sigmoid: "turns the last sum into a probability.",
    lesson.relu: "lets a hidden unit answer only when its sum is positive.",
    lesson.init_params: "draws small random weights: units with equal weights would learn "
    "the same thing.",
    lesson.forward: "computes a prediction for every row: the forward pass.",
    lesson.train: "compares the predictions with the outcomes, follows the error back to each "
    "weight, and takes a small step downhill; then it repeats.",
    lesson.accuracy: "counts how many predictions are on the right side of 0.5.",
}


def tell(run: Fit, split: Split) -> None:
    """Tell the story with the figures of this run."""
    end, rows, n = scores(run.history), chosen.rows(), count(len(split.train))
    parameters = parameter_count(split.train.X.shape[1], run.config.hidden_sizes)
    say(
        f"**The goal is new {rows}.** The {n} training {rows} are only examples. What counts is "
        f"the prediction for {rows} that nobody has seen yet. A network **generalizes** if it does "
        f"about as well on new {rows} as on those it learned from. New ones are not available yet, "
        f"so {count(len(split.test))} are set aside before training starts: the test set stands in "
        "for them."
    )
    say(
        f"**Why capacity memorizes.** In every training {chosen.row()} there is a pattern that "
        "many share, and noise that nobody shares. Gradient descent cannot tell them apart: it "
        "lowers the training loss wherever it can. The shared pattern comes first, since it helps "
        f"with many {rows} at once. What remains is noise, and a network with "
        f"{count(parameters)} parameters for {n} {rows} may have room for that, too. A key filed "
        "to fit one rusty lock, flake by flake, turns in that lock better than any other key, and "
        "in no other lock."
    )
    say(
        f"**What the gap says.** Here it is {stated(end['gap'])}: about that much of the training "
        f"accuracy does not carry over to new {rows}. It does not say which network is better. One "
        f"that always answers “{results.majority_class(split.test)}” has almost no gap, and is of "
        "no use. Diagnose with the gap; judge with the test score. And take a training accuracy of "
        "1.000 as a warning, not as a success: nobody predicts real life without a mistake."
    )
    say(
        "**Why does the loss rise while accuracy stays flat?** Accuracy only asks on which side of "
        "0.5 a prediction falls. Loss punishes confident mistakes: being 99% sure and wrong "
        "costs five times as much as being 60% sure and wrong. It rises as the network grows more "
        "confident, even where it is wrong: “Sure and wrong” below measures it."
    )
    say(
        "**Capacity is not the enemy.** A smaller network memorizes less, but it also learns less "
        "of the pattern. A thick notebook does no harm; what matters is what is written in it. "
        "So the next pages keep all the units and restrain what they learn."
    )


def code() -> None:
    """Show the lesson's six functions, whole, their docstrings and checks on request."""
    say(
        "This is the whole network. Shapes: n rows, d features, h hidden units; `X` is (n, d), `y` "
        "(n, 1), `W1` (d, h), `W2` (h, 1)."
    )
    whole = controls.switch(
        "With docstrings and checks", False, "whole", "What is left out to make reading easier."
    )
    for function, does in FUNCTIONS.items():
        say(f"`{function.__name__}` {does}")
        (source_code.show if whole else source_code.brief)(function)


def known(run: Fit, split: Split) -> list[str]:
    """Return the key points of the page, with the figures of this run."""
    end = scores(run.history)
    return [
        "A network with enough capacity memorizes: here training accuracy is "
        f"{stated(end['training'])}, and accuracy on test {chosen.rows()} {stated(end['test'])}.",
        f"The gap, here {stated(end['gap'])}, is the sign of overfitting. It is a diagnosis, not "
        "the goal.",
        f"Test loss was lowest at epoch {lowest_epoch(run.history)}: what the network learned "
        f"after that did not generalize to these {count(len(split.test))} {chosen.rows()}.",
    ]
