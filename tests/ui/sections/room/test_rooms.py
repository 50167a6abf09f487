"""The rooms of a server: who may do what, what is counted, and how much memory they take."""

import tracemalloc

import pytest

from ui.sections.room import rooms, words
from ui.sections.room.ballots import HANDLES, Choice, Curve, Moment
from ui.sections.room.limits import Bucket
from ui.sections.room.rooms import (
    AGAIN,
    CLOSED,
    FULL,
    NO_PLACE,
    NO_ROOM,
    TALK,
    TOO_MANY,
    TOO_OFTEN,
    VOTE,
    Refused,
    Rooms,
)

GAP = Choice("l2", "Which way?", ("smaller", "about the same", "larger"))
LOWEST = Moment("early stopping", "At which epoch?", 5000)
DRAWN = Curve("overfitting", "Draw the loss.", tuple(range(1, HANDLES + 1)), 2.5)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr("ui.sections.room.rooms.monotonic", made)
    monkeypatch.setattr("ui.sections.room.limits.monotonic", made)
    return made


@pytest.fixture
def asked(clock):
    """Rooms, one of them with a question and two voters."""
    made = Rooms()
    word = made.open("teacher")
    made.ask(word, "teacher", GAP)
    for voter in ("ann", "ben"):
        made.enter(word, voter, f"tab of {voter}")
    return made, word


def test_a_second_tap_changes_a_vote_and_counts_once(asked):
    made, word = asked
    assert (
        made.vote(word, "ann", 1, 0)
        and made.vote(word, "ann", 1, 2)
        and made.vote(word, "ben", 1, 2)
    )
    assert made.votes(word, "teacher") == ([2, 2], [])
    assert made.standing(word, "teacher")[:3] == (2, 2, VOTE)


def test_two_votes_are_kept_apart_and_none_is_taken_between(asked):
    made, word = asked
    made.vote(word, "ann", 1, 0)
    made.advance(word, "teacher", VOTE)
    assert made.advance(word, "teacher", VOTE)  # a second press
    assert made.standing(word, "teacher").phase == TALK
    assert not made.vote(word, "ben", 1, 1)
    made.advance(word, "teacher", TALK)
    assert made.standing(word, "teacher")[1:3] == (0, AGAIN)
    made.vote(word, "ann", 1, 1)
    assert made.enter(word, "ann", "tab").mine == (0, 1)
    made.reveal(word, "teacher", 2)
    assert not made.vote(word, "ben", 1, 1)
    assert made.votes(word, "teacher") == ([0], [1])
    assert made.truth(word, "teacher") == 2


def test_a_vote_on_the_question_before_is_not_counted(asked):
    made, word = asked
    assert made.ask(word, "teacher", LOWEST) == ["tab of ann", "tab of ben"]
    assert not made.vote(word, "ann", 1, 1)
    assert made.vote(word, "ann", 2, 240)
    assert made.votes(word, "teacher") == ([240], [])


def test_a_reload_finds_the_vote_and_wakes_the_new_tab(asked):
    made, word = asked
    made.vote(word, "ann", 1, 1)
    assert made.enter(word, "ann", "new tab").mine == (1, None)
    assert set(made.advance(word, "teacher", VOTE)) == {"new tab", "tab of ben"}


OWNERS = {
    "close": lambda made, word, owner: made.close(word, owner),
    "ask": lambda made, word, owner: made.ask(word, owner, LOWEST),
    "advance": lambda made, word, owner: made.advance(word, owner, VOTE),
    "reveal": lambda made, word, owner: made.reveal(word, owner, 0),
    "count": lambda made, word, owner: made.standing(word, owner),
    "read": lambda made, word, owner: made.votes(word, owner),
    "truth": lambda made, word, owner: made.truth(word, owner),
}


@pytest.mark.parametrize("act", OWNERS.values(), ids=OWNERS)
@pytest.mark.parametrize("stranger", ["", "ann", "Teacher", "\ud800", "x" * 10**7])
def test_nobody_but_the_owner_can_read_or_change_a_room(act, stranger, asked):
    made, word = asked
    made.vote(word, "ann", 1, 2)
    with pytest.raises(Refused, match=NO_ROOM):
        act(made, word, stranger)
    assert not made.is_owner(word, stranger)
    assert made.votes(word, "teacher") == ([2], [])
    assert made.standing(word, "teacher")[1:4] == (1, VOTE, GAP)


@pytest.mark.parametrize("voter", ["", "Ann", "teacher", "cid"])
def test_nobody_votes_for_another_or_without_having_come_in(voter, asked):
    made, word = asked
    made.vote(word, "ann", 1, 0)
    assert not made.vote(word, voter, 1, 2)
    assert made.votes(word, "teacher") == ([0], [])


NO_VOTES = [None, True, 1.0, -1, 3, 10**9, "0", "x" * 10**7, [0], {"0": 0}, float("nan"), b"0"]
NO_DRAWINGS = [
    *([1.0] * (HANDLES + 1), [1.0] * (HANDLES - 1), ["1"] * HANDLES, [True] * HANDLES),
    *([float("nan")] * HANDLES, [float("inf")] * HANDLES, [-0.1] * HANDLES, [2.6] * HANDLES),
    *("1" * HANDLES, b"1" * HANDLES, [0.0] * 10**6, None, 3, dict.fromkeys(range(HANDLES), 1.0)),
]


@pytest.mark.parametrize(
    ("ballot", "votes"),
    [(GAP, NO_VOTES), (LOWEST, [0, 5001, *NO_VOTES[:5], *NO_VOTES[6:]]), (DRAWN, NO_DRAWINGS)],
    ids=["choice", "epoch", "drawing"],
)
def test_what_is_no_vote_is_not_counted(ballot, votes, asked):
    made, word = asked
    made.ask(word, "teacher", ballot)
    for vote in votes:
        if not (ballot is LOWEST and type(vote) is int and 1 <= vote <= 5000):
            assert not made.vote(word, "ann", 2, vote), str(vote)[:50]
    assert made.votes(word, "teacher") == ([], [])


def test_a_drawing_is_kept_as_its_twelve_numbers(asked):
    made, word = asked
    made.ask(word, "teacher", DRAWN)
    assert made.vote(word, "ann", 2, [1, *[0.5] * (HANDLES - 1)])
    assert made.votes(word, "teacher") == ([(1.0, *[0.5] * (HANDLES - 1))], [])


def test_who_does_not_draw_again_keeps_the_first_drawing(asked):
    made, word = asked
    made.ask(word, "teacher", DRAWN)
    low, high, new = ((height,) * HANDLES for height in (0.5, 2.0, 1.0))
    assert made.vote(word, "ann", 2, low) and made.vote(word, "ben", 2, high)
    made.advance(word, "teacher", VOTE)
    made.advance(word, "teacher", TALK)
    assert made.votes(word, "teacher") == ([low, high], [])
    assert made.vote(word, "ben", 2, new)
    assert made.votes(word, "teacher") == ([low, high], [low, new])
    assert made.standing(word, "teacher").voted == 1


def test_guessing_words_is_limited_for_the_whole_server(asked, clock):
    made, word = asked
    for _ in range(60):
        with pytest.raises(Refused, match=NO_ROOM):
            made.enter("BBBB" if word != "BBBB" else "CCCC", "eve", "tab")
    with pytest.raises(Refused, match=TOO_MANY):
        made.enter(word, "eve", "tab")
    made.enter(word, "ann", "tab")  # who is in stays in
    clock.now += 1.0
    made.enter(word, "eve", "tab")


def test_a_room_that_is_closed_is_no_wrong_guess(asked):
    made, word = asked
    assert made.close(word, "teacher") == ["tab of ann", "tab of ben"]
    for _ in range(100):
        with pytest.raises(Refused, match=CLOSED):
            made.enter(word, "ann", "tab", is_back=True)
    with pytest.raises(Refused, match=NO_ROOM):
        made.enter(word, "cid", "tab")


def test_an_idle_room_makes_way_but_none_in_use(asked, clock):
    made, word = asked
    for number in range(rooms.MAX_ROOMS - 1):
        clock.now += 6.0
        made.open(f"other {number}")
    made.enter(word, "ann", "tab")
    clock.now += 6.0
    with pytest.raises(Refused, match=NO_PLACE):
        made.open("one more")
    clock.now += rooms.IDLE
    made.vote(word, "ann", 1, 0)
    made.open("one more")
    assert len(made) == rooms.MAX_ROOMS
    assert made.votes(word, "teacher") == ([0], [])


def test_rooms_are_opened_only_so_often_and_one_each(asked, clock):
    made, word = asked
    second = made.open("teacher")
    assert len(made) == 1 and not made.is_owner(word, "teacher")
    with pytest.raises(Refused, match=TOO_OFTEN):
        for number in range(30):
            made.open(f"eve {number}")
    assert made.is_owner(second, "teacher")


def test_a_room_ends_after_two_hours(asked, clock):
    made, word = asked
    clock.now += rooms.LIFE - 1.0
    assert made.vote(word, "ann", 1, 0)
    clock.now += 2.0
    assert len(made) == 0
    with pytest.raises(Refused):
        made.votes(word, "teacher")


def test_a_full_room_lets_voters_stay_and_the_silent_make_way(asked):
    made, word = asked
    made.vote(word, "ann", 1, 0)
    for number in range(2 * rooms.MAX_VOTERS):
        made.enter(word, f"silent {number}", "tab")
    assert made.standing(word, "teacher").present == rooms.MAX_VOTERS
    assert made.enter(word, "ann", "tab").mine == (0, None)
    for number in range(rooms.MAX_VOTERS - 1):
        made.enter(word, f"voter {number}", "tab")
        assert made.vote(word, f"voter {number}", 1, 1)
    with pytest.raises(Refused, match=FULL):
        made.enter(word, "one more", "tab")
    assert made.standing(word, "teacher").voted == rooms.MAX_VOTERS


@pytest.mark.slow
def test_full_rooms_take_twenty_megabytes(clock):
    made = Rooms()
    tracemalloc.start()
    for number in range(rooms.MAX_ROOMS):
        clock.now += 6.0
        word = made.open(f"{number:032x}")
        made.ask(word, f"{number:032x}", DRAWN)
        for phase in (VOTE, TALK):
            for voter in range(rooms.MAX_VOTERS):
                name = f"{number:016x}{voter:016x}"
                made.enter(word, name, f"{voter:036x}")
                curve = [1e-6 * (voter + handle) for handle in range(HANDLES)]
                assert made.vote(word, name, 1, curve)
            for step in (VOTE, TALK) if phase == VOTE else ():
                made.advance(word, f"{number:032x}", step)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert taken < 25e6


def test_a_question_is_bounded():
    with pytest.raises(ValueError, match="1000 characters"):
        Choice("l2", "x" * 1001, ("a", "b"))
    with pytest.raises(ValueError, match="9 answers"):
        Choice("l2", "x", tuple("abcdefghi"))
    with pytest.raises(ValueError, match="11 epochs"):
        Curve("l2", "x", tuple(range(11)), 1.0)


@pytest.mark.parametrize("last", [1, 9, 10, 100, 239, 5000])
def test_each_epoch_belongs_to_the_bar_with_its_name(last):
    ballot = Moment("early stopping", "When?", last)
    for epoch in (0, *ballot.choices()):
        low, _, high = ballot.labels()[ballot.place(epoch)].replace(",", "").partition(" to ")
        assert int(low) <= max(epoch, 1) <= int(high or low)


# ---- Words


TYPED = {
    "bcdf": "BCDF",
    " b c-d f ": "BCDF",
    "BCD": "",
    "BCDFG": "",
    "BCDA": "",
    "ΒCDF": "",
    "<b>x": "",
    "B" * 10**7: "",
    "": "",
}


@pytest.mark.parametrize(("typed", "word"), TYPED.items(), ids=lambda text: text[:9])
def test_a_word_is_read_however_it_is_typed(typed, word):
    assert words.read(typed) == word
    assert words.read(None) == words.read(["BCDF"]) == ""


def test_words_have_no_vowels_and_differ():
    drawn = {words.draw() for _ in range(200)}
    assert len(drawn) > 190
    assert not set("".join(drawn)) & set("AEIOUYQ")


def test_a_copys_letter_begins_its_words(monkeypatch):
    monkeypatch.setenv(words.VARIABLE, "c")
    assert {words.draw()[0] for _ in range(20)} == {"C"}
    assert words.is_elsewhere("BCDF") and not words.is_elsewhere("CBDF")
    monkeypatch.setenv(words.VARIABLE, "")
    assert not words.is_elsewhere("BCDF")
    for wrong in ("a", "bc", "1"):
        monkeypatch.setenv(words.VARIABLE, wrong)
        with pytest.raises(ValueError, match="must be one letter of BCD"):
            words.copy()


def test_a_bucket_fills_again_up_to_its_size(clock):
    bucket = Bucket(2, 0.5)
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.now += 2.0
    assert bucket.has_one() and bucket.take() and not bucket.take()
    clock.now += 100.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
