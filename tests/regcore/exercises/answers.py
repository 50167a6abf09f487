"""Typical wrong answers in code, each with the sentence of its mistake."""

from regcore.exercises import TASKS, Task

_, _, _, GRADIENT, DROPOUT, STOPPING, CHOOSING, *_ = TASKS.values()


def defined(task: Task, source: str):
    """The answer that this source defines, run in this process."""
    names: dict = {}
    exec(source, names)
    functions = tuple(names[name] for name in task.functions)
    return names["answer"] if not functions else functions if len(functions) > 1 else functions[0]


def edited(task: Task, *changes: str) -> str:
    """The solution, with every other string replaced by the one after it."""
    source = task.solution
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in source
        source = source.replace(old, new)
    return source


MISTAKES = [  # task, sentence, what is changed in the solution
    (GRADIENT, "gradient of the data loss alone", " + l2 * W1", "", " + l2 * W2", ""),
    (GRADIENT, "biases are penalized", "db1 = ", "db1 = l2 * b1 + ", "db2 = ", "db2 = l2 * b2 + "),
    (GRADIENT, "term with W²", "l2 * W1", "l2 * W1**2", "l2 * W2", "l2 * W2**2"),
    (GRADIENT, "term with W²/2", "l2 * W1", "l2 / 2 * W1**2", "l2 * W2", "l2 / 2 * W2**2"),
    (
        GRADIENT,
        "added the whole penalty",
        "l2 * W1",
        "l2 / 2 * (W1**2).sum()",
        "l2 * W2",
        "l2 / 2 * (W2**2).sum()",
    ),
    (GRADIENT, "twice as large", "l2 * W", "2 * l2 * W"),
    (GRADIENT, "half as large", "l2 * W", "l2 / 2 * W"),
    (GRADIENT, "wrong sign", "+ l2 * W", "- l2 * W"),
    (GRADIENT, "That is L1", "l2 * W1", "l2 * np.sign(W1)", "l2 * W2", "l2 * np.sign(W2)"),
    (GRADIENT, "loses the sign", "l2 * W1", "l2 * np.abs(W1)", "l2 * W2", "l2 * np.abs(W2)"),
    (GRADIENT, "added λ itself", "l2 * W1", "l2", "l2 * W2", "l2"),
    (GRADIENT, "divided by the number of rows", "l2 * W", "l2 / len(X) * W"),
    (GRADIENT, "W2 has none yet", " + l2 * W2", ""),
    (GRADIENT, "W1 has none yet", " + l2 * W1", ""),
    (GRADIENT, "measured slope of J", "* (Z1 > 0)", ""),
    (GRADIENT, "four arrays", "return dW1, db1, dW2, db2", "return dW1, dW2"),
    (GRADIENT, "dW1 is None", "return dW1,", "return None,"),
    (GRADIENT, "shape (4,)", "db1 = dZ1.sum(axis=0, keepdims=True)", "db1 = dZ1.sum(axis=0)"),
    (GRADIENT, "raised ZeroDivisionError", "return dW1", "1 / 0\n    return dW1"),
    (GRADIENT, "must be a NumPy array", "return dW1, db1", "return dW1.tolist(), db1"),
    (GRADIENT, "not finite", "return dW1, db1", "return dW1 * np.nan, db1"),
    (GRADIENT, "biases are penalized, too", "db1 = ", "db1 = l2 * b1 + "),
    (GRADIENT, "biases are penalized, too", "db2 = ", "db2 = l2 * b2 + "),
    (
        GRADIENT,
        "other way around",
        "db1 = ",
        "db1 = l2 * b1 + ",
        "db2 = ",
        "db2 = l2 * b2 + ",
        " + l2 * W1",
        "",
        " + l2 * W2",
        "",
    ),
    (GRADIENT, "λ is squared", "l2 * W", "l2**2 * W"),
    (GRADIENT, "measured slope of J", "l2 * W", "0.3 * W"),
    (GRADIENT, "measured slope of J", "+ l2 * W", "+ (l2 if l2 < 0.1 else 0.3) * 1.01 * W"),
    (DROPOUT, "Nothing is dropped", "if training:", "if False:"),
    (DROPOUT, "are not scaled up", "1.0 / (1.0 - p)", "1.0"),
    (DROPOUT, "divided by p", "1.0 / (1.0 - p)", "1.0 / p"),
    (DROPOUT, "scaled down", "1.0 / (1.0 - p)", "1.0 - p"),
    (DROPOUT, "does not preserve the mean", "1.0 / (1.0 - p)", "3.7"),
    (DROPOUT, "You use it as that of keeping", "(A.shape) < p", "(A.shape) > p"),
    (DROPOUT, "of the entries are dropped", "(A.shape) < p", "(A.shape) < p / 2"),
    (
        DROPOUT,
        "rows or columns are dropped",
        "rng.random(A.shape)",
        "rng.random((1, 30)).repeat(200, 0)",
    ),
    (DROPOUT, "holds 0 and 1 only", "return A * mask, mask", "return A * mask, np.sign(mask)"),
    (DROPOUT, "not A times the mask", "return A * mask, mask", "return A * mask, 2 * mask"),
    (DROPOUT, "dropped in evaluation", "if training:", "if True:"),
    (
        DROPOUT,
        "Evaluation changes A",
        "    return A * mask, mask",
        "    return A * mask * (1 if training else 1 - p), mask",
    ),
    (DROPOUT, "Two different rngs", "rng.random", "np.random.default_rng(0).random"),
    (DROPOUT, "The same rng", "rng.random", "np.random.default_rng().random"),
    (DROPOUT, "With p = 0", "1.0 / (1.0 - p))", "1.0 / (1.0 - p)) if p else 0 * A"),
    (DROPOUT, "lacks the mask", "return dA * mask", "return dA"),
    (DROPOUT, "lacks the factor", "return dA * mask", "return dA * (mask > 0)"),
    (DROPOUT, "factor twice", "return dA * mask", "return dA * mask * mask"),
    (DROPOUT, "must return dA times", "return dA * mask", "return dA + mask"),
    (DROPOUT, "must return two arrays", "return A * mask, mask", "return A * mask"),
    (STOPPING, "one epoch too long", "wait >= patience", "wait > patience"),
    (STOPPING, "one epoch too early", "wait >= patience", "wait >= patience - 1"),
    (
        STOPPING,
        "best loss moves although nothing improved",
        "            wait += 1",
        "            best, wait = loss, wait + 1",
    ),
    (STOPPING, "only equals the best", "loss < best - min_delta", "loss <= best - min_delta"),
    (STOPPING, "min_delta has no effect", "best - min_delta", "best"),
    (STOPPING, "min_delta has the wrong sign", "best - min_delta", "best + min_delta"),
    (
        STOPPING,
        "still moves the best loss",
        "            wait += 1",
        "            best, wait = min(best, loss), wait + 1",
    ),
    (STOPPING, "never reset", "best_epoch, wait = loss, epoch, 0", "best_epoch = loss, epoch"),
    (
        STOPPING,
        "cannot know what comes after",
        "return best_epoch, epoch",
        "return losses.index(min(l for l in losses if l == l)), epoch",
        "return best_epoch, len",
        "return losses.index(min(l for l in losses if l == l)), len",
    ),
    (
        STOPPING,
        "swapped",
        "return best_epoch, epoch",
        "return epoch, best_epoch",
        "return best_epoch, len(losses) - 1",
        "return len(losses) - 1, best_epoch",
    ),
    (
        STOPPING,
        "last epoch is returned as the best",
        "return best_epoch, epoch",
        "return epoch, epoch",
        "return best_epoch, len(losses) - 1",
        "return len(losses) - 1, len(losses) - 1",
    ),
    (
        STOPPING,
        "counted from 0",
        "return best_epoch, epoch",
        "return best_epoch + 1, epoch + 1",
        "return best_epoch, len(losses) - 1",
        "return best_epoch + 1, len(losses)",
    ),
    (
        STOPPING,
        "exactly min_delta",
        "loss < best - min_delta",
        "loss < best and best - loss >= min_delta",
    ),
    (STOPPING, "not a number became", "loss < best - min_delta", "not loss >= best - min_delta"),
    (
        STOPPING,
        "one epoch late",
        "            wait += 1\n            if wait >= patience:",
        "            wait += 1\n            if 0:",
        "        if loss < best",
        "        if wait >= patience:\n            return best_epoch, epoch\n"
        "        if loss < best",
    ),
    (STOPPING, "never stops", "wait >= patience", "False"),
    (STOPPING, "returns nothing", "    return best_epoch, len(losses) - 1\n", ""),
    (STOPPING, "whole numbers", "return best_epoch, epoch", "return best_epoch + 0.5, epoch"),
    (STOPPING, "not what the text says", "wait += 1", "wait += 2"),
    (CHOOSING, "lowest test loss", "validation_loss", "test_loss"),
    (CHOOSING, "highest test accuracy", 'row["validation_loss"]', '-row["test_accuracy"]'),
    (CHOOSING, "lowest training loss", "validation_loss", "train_loss"),
    (
        CHOOSING,
        "highest training accuracy",
        'row["validation_loss"]',
        '-row["train_accuracy"]',
    ),
    (
        CHOOSING,
        "smallest gap",
        'row["validation_loss"]',
        'row["train_accuracy"] - row["test_accuracy"]',
    ),
    (
        CHOOSING,
        "highest validation accuracy",
        'row["validation_loss"]',
        '-row["validation_accuracy"]',
    ),
    (CHOOSING, "highest validation loss", "min(", "max("),
    (CHOOSING, "is the largest", "min(sweep, ", "max(sweep, ", "validation_loss", "l2"),
    (CHOOSING, "is the smallest", "validation_loss", "l2"),
    (CHOOSING, "not in the sweep", '["l2"]', '["l2"] + 1'),
    (CHOOSING, "lower loss where it counts", "min(", "sorted(", ')["l2"]', ')[1]["l2"]'),
    (
        CHOOSING,
        "lower loss where it counts",
        'row["validation_loss"]',
        'row["validation_loss"] + row["test_loss"]',
    ),
]
