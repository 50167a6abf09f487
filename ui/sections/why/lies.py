"""Lie to the network: what it does with flipped labels, alone and with each tool.

The share of flipped labels is that of the menu, or 30% while the menu flips none.
"""

from collections.abc import Mapping
from dataclasses import replace

from regcore import Config, Fit, replay
from ui import charts, controls, layout
from ui.charts import animation, figure, frames, player
from ui.charts.frames import lowest, lowest_epoch, scores, wide
from ui.data import chosen
from ui.data.spec import DataSpec, split_of
from ui.glossary import note, say
from ui.sections import memorizing, results
from ui.text import count, counted, score, share_of, stated
from ui.training import progress, runs

DEFAULT, HALF = 30, 50  # percent of the training labels
ALL_RIGHT = 0.9995  # an accuracy that is shown as 1.000
CLEARLY_MORE = 0.2  # of the lies
THREE = "share predicted as labeled, or in truth"
FITTED = "fraction of the flipped labels that is fitted"
TRAINING = "Training on flipped labels"


def overfitted(data: DataSpec, config: Config, drawn: DataSpec | None) -> None:
    """Show on Overfitting how a network learns the truth first, and the lies later.

    drawn  the data of the network of two features; None draws none
    """
    share = _asked_share()
    data, drawn = replace(data, flipped=share), drawn and replace(drawn, flipped=share)
    requests = [runs.Request(data, config)]
    requests += [memorizing.request(drawn, config)] if drawn else []
    run, *network = _trained(requests)
    if run.history.lies_fitted is None:
        say(f"There are too few training {chosen.rows()} to flip a label.")
        return
    steps = memorizing.steps(config, run)
    player.show(steps, key="lies")
    columns, name = layout.beside(1 + len(network)), counted(config.hidden_sizes[0], "unit")
    with columns[0]:
        memorizing.draw_beside(drawn, dict.fromkeys([name], *network), [name])
    with columns[-1]:
        _draw_three(data, run, steps)
    say(_meaning_of_half(run) if share >= HALF else _meaning(run))


def compared(data: DataSpec, configs: Mapping[str, Config]) -> None:
    """Show how many lies a tool leaves unfitted, and what that does to the test score.

    configs  name -> settings, those without the tool first
    """
    data = _with_lies(data)
    found = _trained([runs.Request(data, config) for config in configs.values()])
    named = dict(zip(configs, found, strict=True))
    lines, told = frames.lies(named), [_ending(data, f"with {n}", r) for n, r in named.items()]
    if lines.empty:
        return
    drawing = charts.curves(lines, FITTED, against=[next(iter(named))])
    figure(drawing, f"{_flipped(data)}: {'; '.join(told)}.", wide(lines))
    if results.says_one_thing(found[-1], split_of(data)):
        say("The last one predicts one outcome for everyone: it believes neither lies nor truth.")
    _add_notes()


def stopped(data: DataSpec, config: Config, patience: int, min_delta: float) -> None:
    """Show how many lies are fitted where early stopping restores the weights, and at the end."""
    data = _with_lies(data)
    (run,) = _trained([runs.Request(data, config)])
    lines, losses = frames.lies({"": run}), run.history.validation_loss
    if lines.empty or losses is None:
        return
    best = replay(losses, patience, min_delta).best
    value = run.history.at(best)["lies_fitted"]
    marks = [(best, value, f"restored: {count(best)}")] if best else []
    told = _ending(data, f"with the weights restored, those of epoch {count(best)}", run, best)
    never = f"without the rule, after {count(run.history.stopped_epoch)} epochs"
    sentence = f"{_flipped(data)}: {told}; {_ending(data, never, run)}."
    figure(charts.curves(lines, FITTED, marks=marks), sentence, wide(lines))
    _add_notes()


def _with_lies(data: DataSpec) -> DataSpec:
    return replace(data, flipped=chosen.flipped() or DEFAULT)


def _asked_share() -> int:
    """Draw a switch for half of the labels; return how many percent are to be flipped."""
    share = chosen.flipped() or DEFAULT
    say(
        f"With flipped labels, the network is told the opposite of the truth about some training "
        f"{chosen.rows()}. The test labels stay true. Does it believe the lies?"
    )
    if share < HALF and controls.toggle(
        f"Flip half of the labels instead of {share}%",
        False,
        "lies_half",
        "With half of them flipped, the labels say nothing about the measurements.",
    ):
        share = HALF
    return share


def _trained(requests: list[runs.Request]) -> list[Fit]:
    with progress.bar(TRAINING) as report:
        return runs.train(requests, report)


def _draw_three(data: DataSpec, run: Fit, steps: list[int]) -> None:
    lines = frames.honest_and_flipped(run.history)
    drawing = charts.curves(lines, THREE, against=["in truth"])
    told = _tell_half if data.flipped >= HALF else _tell
    figure(animation.growing(drawing, steps), told(data, run), wide(lines))


def _tell(data: DataSpec, run: Fit) -> str:
    """Say how many flipped rows are right in truth where test loss is lowest, and at the end."""
    history, (epoch, _), n = run.history, lowest(run.history), _n_lies(data)
    first, end = history.at(epoch), history.at(history.stopped_epoch)
    when = f"at epoch {lowest_epoch(history)}" if epoch else "before training begins"
    return (
        f"With all features and {data.flipped}% of the training labels flipped, test loss is "
        f"lowest {when}. There "
        f"the network predicts the truth for {share_of(first['flipped_right'], n)} {chosen.rows()} "
        "with a flipped label, although it is told the opposite. At the end, it does so for "
        f"{share_of(end['flipped_right'], n)}, and test accuracy has gone from "
        f"{stated(first['test_accuracy'])} to {stated(end['test_accuracy'])}."
    )


def _tell_half(data: DataSpec, run: Fit) -> str:
    """Say what is learned from labels of which half are wrong: nothing, and all by heart."""
    end, test = scores(run.history), split_of(data).test
    reached = "still reaches" if end["training"] > ALL_RIGHT else "ends at"
    return (
        f"With half of the labels flipped, they say nothing: there is nothing to learn. Test "
        f"accuracy ends at {stated(end['test'])}, and always predicting the majority class scores "
        f"{score(results.majority(test))}. Training accuracy {reached} {stated(end['training'])}."
    )


def _meaning(run: Fit) -> str:
    """Say what the curves mean, as far as they show it."""
    history, rows = run.history, chosen.rows()
    first, end = history.at(lowest(history)[0]), history.at(history.stopped_epoch)
    if first["flipped_right"] <= 0.5:
        return (
            f"Here the network does not find the truth about most {rows} with a flipped label, "
            "not even where test loss is lowest: there are too many lies, or the pattern is hard."
        )
    truth = (
        f"The truth is learned first, even about most {rows} with a flipped label: it "
        f"is what many {rows} have in common. "
    )
    if end["lies_fitted"] - first["lies_fitted"] < CLEARLY_MORE:
        return f"{truth}With these settings it then fits few more lies: it lacks capacity or time."
    return f"{truth}The lies come later, one by one, because each must be memorized on its own."


def _meaning_of_half(run: Fit) -> str:
    """Say what it means to fit labels that say nothing, as far as the network does."""
    if scores(run.history)["training"] <= ALL_RIGHT:
        return "Whatever it gets right about its training labels, it has learned by heart."
    return (
        "It has learned every label by heart, true or flipped. So a perfect training accuracy "
        f"says nothing about new {chosen.rows()}: it is a warning."
    )


def _ending(data: DataSpec, name: str, run: Fit, epoch: int | None = None) -> str:
    """Say how many lies are fitted at an epoch (None: the last), and the test accuracy there."""
    row = run.history.at(run.history.stopped_epoch if epoch is None else epoch)
    fitted = share_of(row["lies_fitted"], _n_lies(data))
    return f"{name}, {fitted} lies are fitted, and test accuracy is {stated(row['test_accuracy'])}"


def _flipped(data: DataSpec) -> str:
    return f"{data.flipped}% of the training labels are flipped"


def _n_lies(data: DataSpec) -> int:
    mask = split_of(data).flipped
    return 0 if mask is None else int(mask.sum())


def _add_notes() -> None:
    """Say why some lies are always fitted, and where many splits are compared."""
    note(
        f"A network that knows only the truth fits some lies, too: those about {chosen.rows()} "
        "that it would get wrong anyway. This is one split; while “Flip labels” is on in the menu, "
        "“Is it real?” compares many."
    )
