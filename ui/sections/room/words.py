"""The words that lead to rooms: four letters, of which the first may name a copy of the app."""

import os
import secrets

ALPHABET = "BCDFGHJKLMNPRSTVWXZ"  # without look-alikes, and without vowels no word is a bad one
LENGTH = 4
VARIABLE = "REGLAB_COPY"


def draw() -> str:
    """Return a word that nobody can predict. It begins with this copy's letter, if that has one."""
    first = copy() or secrets.choice(ALPHABET)
    return first + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))


def copy() -> str:
    """Return the letter of this copy of the app, or "" if it is the only one.

    Raises ValueError with one sentence if REGLAB_COPY is anything else.
    """
    letter = os.environ.get(VARIABLE, "").strip().upper()
    if letter and (len(letter) > 1 or letter not in ALPHABET):
        raise ValueError(f"{VARIABLE} is {letter!r:.120}; it must be one letter of {ALPHABET}.")
    return letter


def read(typed: object) -> str:
    """Return the word that somebody typed, in capitals; "" if it cannot be one."""
    if not isinstance(typed, str) or len(typed) > 10 * LENGTH:
        return ""
    word = "".join(filter(str.isalnum, typed)).upper()
    return word if len(word) == LENGTH and set(word) <= set(ALPHABET) else ""


def is_elsewhere(word: str) -> bool:
    """Whether a word names another copy of the app."""
    return bool(copy()) and word[:1] != copy()
