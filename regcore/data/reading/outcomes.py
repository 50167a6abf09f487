"""What the names say: which column is likely the outcome, and which of two values is positive."""

import re
from collections.abc import Sequence

from regcore.data.reading.cells import tokens, words

OUTCOMES = (  # a name as a whole, the most certain first
    "target",
    "outcome",
    "class",
    "label",
    "y",
    "response",
    "result",
    "diagnosis",
    "dependent",
    "ziel",
    "zielvariable",
    "klasse",
    "ergebnis",
    "diagnose",
)
WORDS = (  # a word of a name
    *("target", "outcome", "label", "class", "response", "diagnosis", "disease", "default"),
    *("ill", "sick", "krank", "died", "dead", "death", "mortality", "survived", "churn", "exited"),
    *("deposit", "subscribed", "fraud", "spam", "stroke", "attrition", "readmitted", "result"),
    *("condition", "attack", "potability", "event", "complication", "recurrence", "relapse"),
    *("hospitalized", "admitted", "hired", "malignant", "severity", "failure", "responder"),
    *("converted", "purchased", "approved", "status", "income", "num", "positive", "cancelled"),
)
POSITIVE = words("""
ill sick bad died dead death default defaulted yes true positive pos malignant abnormal case
disease diseased present churn churned exited fraud fraudulent spam severe fail failed failure
attack stroke cancer tumor diabetes diabetic relapse recurrence event infected lost cancelled
canceled late left risk high deceased y t p krank ja schlecht positiv gestorben verstorben
oui malade si sí wahr + patient patients risky faulty defect defective unhealthy
unpaid overdue poor
""")
NEGATIVE = words("""
no not non none never false negative neg healthy well good alive survived survivor benign normal
control controls absent absence without ok okay pass passed paid stayed retained legitimate
legit genuine ham low active fine n f free 0 - gesund nein kein keine negativ lebt falsch
gut ohne lebend normale sain non- nondiabetic nonrecurrence cured recovered
""")
NEGATIONS = ("not", "no", "non", "un", "nicht", "kein", "keine")
SHORT = frozenset({"y", "n", "t", "f", "p"})  # they mean yes and no only beside each other


def rank(name: str) -> int:
    """How likely the name is that of the outcome: the smaller the likelier."""
    words = tokens(name)
    whole = " ".join(words)
    if whole in OUTCOMES:
        return OUTCOMES.index(whole)
    if set(words) & set(WORDS[:4]):
        return len(OUTCOMES)
    return len(OUTCOMES) + (1 if set(words) & set(WORDS) else 2)


def is_named(name: str) -> bool:
    """Whether the name is that of an outcome."""
    return rank(name) < len(OUTCOMES) + 2


def positive_by_name(values: Sequence[str]) -> str | None:
    """Which of two values means that the outcome has occurred; None if the names do not tell."""
    first, second = values
    scores = [_score(first, second), _score(second, first)]
    if scores[0] != scores[1]:
        return values[int(scores[1] > scores[0])]
    for value, other in ((first, second), (second, first)):
        if (value == "1" and other == "-1") or _negates(other, value):
            return value
    return None


def _negates(value: str, other: str) -> bool:
    """Whether `value` is the other with a "not" before it: "notckd" beside "ckd"."""
    letters = [re.sub(r"[\W_]", "", text.casefold()) for text in (value, other)]
    return letters[0] in [no + letters[1] for no in NEGATIONS]


def is_negative(value: str) -> bool:
    """Whether the value means that nothing has occurred: "none", "healthy"."""
    return _meaning(value) < 0


def _score(value: str, other: str) -> int:
    short = {value.casefold(), other.casefold()}
    if short & SHORT and short not in ({"y", "n"}, {"t", "f"}, {"p", "n"}):
        return 0
    return _meaning(value)


def _meaning(value: str) -> int:
    """1 for "ill" or "tested positive", -1 for "well" or "not ill", 0 for others."""
    if value[0] in "<≤>≥":  # of an amount
        return 1 if value[0] in ">≥" else -1
    words = tokens(value) or [value]
    if set(words) & NEGATIVE:
        return -1
    return int(bool(set(words) & POSITIVE))
