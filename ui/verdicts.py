"""Verdicts on a learner's predictions: right, near or wrong, with stated bands."""

from collections.abc import Collection, Mapping

from regcore.checks import MAX_EPOCHS, MAX_FLOAT, names, number, real, shown, whole
from regcore.experiments.comparison import direction

RIGHT, NEAR, WRONG, SKIPPED = VERDICTS = ("right", "near", "wrong", "skipped")
SURE, FAIRLY, GUESS = SURENESS = ("sure", "fairly", "guess")  # said before the verdict
RIGHT_FACTOR, NEAR_FACTOR = 1.1, 2.0  # factors by which an epoch may be too early or too late
LOSS_BAND = 0.01  # closer losses are too close to call: another seed may swap them
MAX_TEXT_LENGTH = 120  # of an entry in the record

_AT_LEAST_ZERO = (MAX_FLOAT, "at least 0 and finite")
_STEPS = (10, 12, 14, 16, 18, 20, 23, 26, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90)

Record = dict[str, dict[str, str]]


def judge_direction(said: int, change: float, band: float, near: float | None = None) -> str:
    """Return the verdict on a predicted direction, -1, 0 or 1.

    Near: a change larger or smaller by `near`, at first one `band`, would have made it right. For
    two losses, the direction is that of the second minus the first. Raises ValueError as
    `direction` does, and if `said` is not a direction or `near` is below 0.
    """
    said = whole("said", said, -1, 1)
    change, band = number("change", change), real("band", band, 0.0, *_AT_LEAST_ZERO)
    near = band if near is None else real("near", near, 0.0, *_AT_LEAST_ZERO)
    if said == direction(change, band):
        return RIGHT
    close = (direction(change - near, band), direction(change + near, band))
    return NEAR if said in close else WRONG


def judge_epoch(said: int, was: int) -> str:
    """Return the verdict on a predicted epoch, by the ratio to the true one; 0 counts as 1.

    Right: off by a factor of at most 1.1. Near: by at most 2. Raises ValueError unless both are
    epochs.
    """
    said, was = whole("said", said, 0, MAX_EPOCHS), whole("was", was, 0, MAX_EPOCHS)
    low, high = sorted((max(said, 1), max(was, 1)))
    factor = high / low
    return RIGHT if factor <= RIGHT_FACTOR else NEAR if factor <= NEAR_FACTOR else WRONG


def epoch_choices(last: int) -> tuple[int, ...]:
    """Return round epochs from 1 to `last`, dense enough that one is right for any epoch.

    Raises ValueError unless last is an epoch.
    """
    last = whole("last", last, 0, MAX_EPOCHS)
    decades = (step * 10**power for power in range(len(str(last))) for step in _STEPS)
    return (*(epoch for epoch in (*range(1, 10), *decades) if epoch < last), last)


def checked(record: object, topics: Collection[str]) -> Record:
    """Return a validated copy of `record`: topic -> {"verdict", "said", "was"}, perhaps "sure".

    It may come from a file that anybody wrote: "said" and "was" may be any short text. Raises
    ValueError with one sentence.
    """
    if not isinstance(record, dict):
        raise ValueError(f"The predictions are {shown(record)}; they must be topics with entries.")
    topics = names("topics", topics)
    return {_topic(topic, topics): _entry(topic, entry) for topic, entry in record.items()}


def _topic(topic: object, topics: Collection[str]) -> str:
    if not isinstance(topic, str) or topic not in topics:
        raise ValueError(f"The topic is {shown(topic)}; it must be one of {', '.join(topics)}.")
    return topic


def _entry(topic: str, entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or set(entry) - {"sure"} != {"verdict", "said", "was"}:
        allowed = "it must have verdict, said and was, perhaps sure, and nothing else"
        raise ValueError(f"The prediction on {topic} is {shown(entry)}; {allowed}.")
    if not isinstance(entry["verdict"], str) or entry["verdict"] not in VERDICTS:
        allowed = f"it must be one of {', '.join(VERDICTS)}"
        raise ValueError(f"The verdict on {topic} is {shown(entry['verdict'])}; {allowed}.")
    if entry.get("sure", SURE) not in SURENESS:
        allowed = f"it must be one of {', '.join(SURENESS)}"
        raise ValueError(f"How sure you were on {topic} is {shown(entry['sure'])}; {allowed}.")
    for name in ("said", "was"):
        text = entry[name]
        if not isinstance(text, str) or len(text) > MAX_TEXT_LENGTH or not text.isprintable():
            allowed = f"it must be one line of text, at most {MAX_TEXT_LENGTH} characters"
            raise ValueError(f"The entry {name} on {topic} is {shown(entry[name])}; {allowed}.")
    return dict(entry)


def grasp(first: Mapping[str, str], twin: Mapping[str, str]) -> str:
    """Return what a question and its twin show together; "" if one of them was skipped."""
    if SKIPPED in (first["verdict"], twin["verdict"]):
        return ""
    guessed = "guessed" if first["verdict"] == RIGHT else "not yet"
    return {RIGHT: "understood", NEAR: "nearly"}.get(twin["verdict"], guessed)


def both(first: Mapping[str, str], twin: Mapping[str, str]) -> str:
    """Say in a sentence what a question and its twin show together."""
    was_right, sure = first["verdict"] == RIGHT, first.get("sure")
    as_said = {SURE: ", though you were sure", GUESS: ", as you said"}.get(sure or "", "")
    return {
        "understood": f"{'Right both times' if was_right else 'Right this time'}: understood.",
        "nearly": "Nearly understood.",
        "guessed": f"Right at first, wrong now: the first answer looks like a guess{as_said}.",
        "not yet": "Not understood yet: look at the page once more.",
    }.get(grasp(first, twin), "")


def calibration(record: Mapping[str, Mapping[str, str]]) -> str:
    """Return how often predictions were right, by how sure they were; "" if that was never said."""
    parts = []
    for sure, name in {SURE: "sure", FAIRLY: "fairly sure", GUESS: "guessing"}.items():
        verdicts = [entry["verdict"] for entry in record.values() if entry.get("sure") == sure]
        if verdicts:
            parts.append(f"{name}: {verdicts.count(RIGHT)} of {len(verdicts)} right")
    return f"When you were {'; '.join(parts)}." if parts else ""
