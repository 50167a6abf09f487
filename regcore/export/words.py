"""What a notebook says about a run in words."""

from regcore.config import LESSON_L2
from regcore.export.recipe import Recipe


def added(recipe: Recipe) -> str:
    """What was added to the lesson's loop, as the end of a sentence and a list."""
    config, told = recipe.config, []
    if config.momentum:
        told.append(
            "**Momentum**: a step follows the velocity `v`, which keeps a fraction of its "
            "previous value: "
            "v ← momentum · v + gradient."
        )
    if recipe.batch_size is not None:
        told.append(
            "**Mini-batches**: each epoch shuffles the training rows and takes a step for every "
            f"{recipe.batch_size} of them."
        )
    if recipe.has_dropout:
        told.append(
            "**Dropout**: in every step a new mask silences each hidden unit with probability "
            "`dropout` and scales the others up, so that `losses` needs no mask."
        )
    if config.patience:
        told.append(
            "**Early stopping**: the loop ends after `patience` epochs without a lower validation "
            "loss, and returns the best weights instead of the last."
        )
    if not told:
        return "."
    return ", and these are added for this run:\n\n- " + "\n- ".join(told)


def suggestion(recipe: Recipe) -> str:
    """One thing to change, with its line of code."""
    config = recipe.config
    if not config.l2:
        l2, why = LESSON_L2, "Does L2 keep the two losses together?"
    elif recipe.has_dropout or config.patience or config.l2 >= LESSON_L2:
        l2, why = 0.0, "What does the same run do without L2?"
    else:
        l2, why = round(10 * config.l2, 6), "What does ten times the λ do?"
    return f'{why} Try `train(*parts["training"], **settings | {{"l2": {l2!r}}})`.'
