"""The rooms of this server: in memory alone, bounded, and each with one owner.

ROOMS.open(owner)                      -> the word of a new room
ROOMS.ask(word, owner, ballot)         a question; then `advance` and `reveal`
ROOMS.enter(word, voter, tab)          -> what a phone may see
ROOMS.vote(word, voter, number, vote)  counted once for each voter, question and round

`owner` and `voter` are secrets of 128 bits that only their own sessions know. Whoever lacks the
owner's can neither read votes nor change the room.
"""

import hmac
from threading import RLock
from time import monotonic
from typing import NamedTuple

from ui.sections.room import words
from ui.sections.room.ballots import Ballot, Curve, Vote
from ui.sections.room.limits import Bucket

VOTE, TALK, AGAIN, REVEAL = PHASES = ("vote", "talk", "vote again", "reveal")
MAX_ROOMS, MAX_VOTERS = 50, 250  # 250 drawings, twice, in each of 50 rooms: some 20 MB
LIFE, IDLE = 7200.0, 600.0  # seconds from opening; without use, until it may make way for another
NO_ROOM = "There is no room with this word. Look at the projector again."
CLOSED = "This room is closed."
TOO_MANY = "Too many wrong words were tried. Try again in a few seconds."
FULL = f"This room is full: it holds {MAX_VOTERS} voters."
NO_PLACE = "All rooms on this server are in use. Try again in a few minutes."
TOO_OFTEN = "Too many rooms were opened. Try again in a minute."


class Refused(Exception):
    """What was asked for is not possible; its text is a sentence for the visitor."""


class Seen(NamedTuple):
    """What a phone may see.

    number  of the question; 0 before the first one
    mine    this voter's votes in both rounds
    """

    number: int
    ballot: Ballot | None
    phase: str
    mine: tuple[Vote | None, Vote | None]


class Standing(NamedTuple):
    """How far a vote is, for the projector: how many phones are in the room and have voted."""

    present: int
    voted: int
    phase: str
    ballot: Ballot | None
    number: int


class Room:
    """One room; `Rooms` alone changes it, under its lock."""

    def __init__(self, owner: str) -> None:
        self.owner, self.number = owner, 0
        self.opened = self.used = monotonic()
        self.present: dict[str, str] = {}  # voter -> the tab where a browser shows the room
        self.set(None)

    def set(self, ballot: Ballot | None) -> None:
        """Begin with a question; the votes on the one before are gone."""
        self.ballot, self.phase = ballot, VOTE
        self.votes: tuple[dict[str, Vote], dict[str, Vote]] = ({}, {})
        self.truth: Vote | None = None

    def round(self) -> int:
        """Return the place of the present or last round: 0 or 1."""
        return 0 if self.phase in (VOTE, TALK) else 1


class Rooms:
    """All rooms of this server, by their words."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._lock = RLock()
        self._wrong, self._opened = Bucket(60, 1.0), Bucket(20, 0.2)

    def __len__(self) -> int:
        with self._lock:
            self._drop_old()
            return len(self._rooms)

    # for the owner

    def open(self, owner: str) -> str:
        """Open a room and return its word; an owner has one room. Raises Refused."""
        with self._lock:
            self._drop_old()
            if not self._opened.take():
                raise Refused(TOO_OFTEN)
            for word in [w for w, room in self._rooms.items() if _same(room.owner, owner)]:
                del self._rooms[word]
            if len(self._rooms) >= MAX_ROOMS:
                self._make_way()
            word = next(w for w in iter(words.draw, "") if w not in self._rooms)
            self._rooms[word] = Room(owner)
            return word

    def is_owner(self, word: str, owner: str) -> bool:
        """Whether the room exists and belongs to this owner."""
        with self._lock:
            room = self._alive(word)
            return room is not None and _same(room.owner, owner)

    def close(self, word: str, owner: str) -> list[str]:
        """Close the room; return the tabs that showed it. Raises Refused."""
        with self._lock:
            tabs = [*self._owned(word, owner).present.values()]
            del self._rooms[word]
            return tabs

    def ask(self, word: str, owner: str, ballot: Ballot) -> list[str]:
        """Ask the class a question; return the tabs to wake. Raises Refused."""
        with self._lock:
            room = self._owned(word, owner)
            room.number += 1
            room.set(ballot)
            return [*room.present.values()]

    def advance(self, word: str, owner: str, before: str) -> list[str]:
        """Go on to the next phase, if the present one is `before`: a second press does nothing.

        Return the tabs to wake. Raises Refused.
        """
        with self._lock:
            room = self._owned(word, owner)
            if room.phase == before and before in (VOTE, TALK):
                room.phase = PHASES[PHASES.index(before) + 1]
            return [*room.present.values()]

    def reveal(self, word: str, owner: str, truth: Vote) -> list[str]:
        """End the votes with what was measured; return the tabs to wake. Raises Refused."""
        with self._lock:
            room = self._owned(word, owner)
            is_news = room.phase != REVEAL
            room.phase, room.truth = REVEAL, truth
            return [*room.present.values()] if is_news else []

    def standing(self, word: str, owner: str) -> Standing:
        """Return how far the vote is; not what was voted. Raises Refused."""
        with self._lock:
            room = self._owned(word, owner)
            voted = len(room.votes[room.round()])
            return Standing(len(room.present), voted, room.phase, room.ballot, room.number)

    def votes(self, word: str, owner: str) -> tuple[list[Vote], list[Vote]]:
        """Return both rounds, without voters; a drawing not redrawn stays. Raises Refused."""
        with self._lock:
            room = self._owned(word, owner)
            first, second = room.votes
            kept = first if second and isinstance(room.ballot, Curve) else {}
            return [*first.values()], [*(kept | second).values()]

    def truth(self, word: str, owner: str) -> Vote | None:
        """Return what was measured, once it is revealed. Raises Refused."""
        with self._lock:
            return self._owned(word, owner).truth

    # for voters

    def enter(self, word: str, voter: str, tab: str, *, is_back: bool = False) -> Seen:
        """Return what a phone may see, and remember its tab. Raises Refused.

        is_back  whether its session was in this room before: then the word is no new guess. Wrong
                 guesses are limited for the whole server.
        """
        with self._lock:
            room = self._alive(word)
            if room is None and is_back:
                raise Refused(CLOSED)
            if room is None or not (is_back or voter in room.present):
                room = self._guessed(room)
            if voter not in room.present and len(room.present) >= MAX_VOTERS:
                _leave_one(room)
            room.present[voter], room.used = tab, monotonic()
            first, second = (votes.get(voter) for votes in room.votes)
            return Seen(room.number, room.ballot, room.phase, (first, second))

    def vote(self, word: str, voter: str, number: int, vote: object) -> bool:
        """Count a vote of somebody who is in the room, or change it; return whether it was taken.

        It is not once the vote is closed or the question another one.
        """
        with self._lock:
            room = self._alive(word)
            if room is None or room.ballot is None or voter not in room.present:
                return False
            checked = room.ballot.checked(vote)
            if checked is None or number != room.number or room.phase not in (VOTE, AGAIN):
                return False
            room.votes[room.round()][voter] = checked
            room.used = monotonic()
            return True

    def _guessed(self, room: Room | None) -> Room:
        """Return the room, unless the word was wrong or too many were. Raises Refused."""
        if not self._wrong.has_one():
            raise Refused(TOO_MANY)
        if room is None:
            self._wrong.take()
            raise Refused(NO_ROOM)
        return room

    def _alive(self, word: str) -> Room | None:
        self._drop_old()
        return self._rooms.get(word)

    def _owned(self, word: str, owner: str) -> Room:
        room = self._alive(word)
        if room is None or not _same(room.owner, owner):
            raise Refused(NO_ROOM)
        room.used = monotonic()
        return room

    def _drop_old(self) -> None:
        now = monotonic()
        for word in [w for w, room in self._rooms.items() if now - room.opened > LIFE]:
            del self._rooms[word]

    def _make_way(self) -> None:
        """Drop the room that was used longest ago, if that is idle. Raises Refused."""
        oldest = min(self._rooms, key=lambda word: self._rooms[word].used)
        if monotonic() - self._rooms[oldest].used < IDLE:
            raise Refused(NO_PLACE)
        del self._rooms[oldest]


def _leave_one(room: Room) -> None:
    """Make place for one more: the first who came and has not voted leaves. Raises Refused."""
    voters = room.votes[0].keys() | room.votes[1].keys()
    quiet = next((voter for voter in room.present if voter not in voters), None)
    if quiet is None:
        raise Refused(FULL)
    del room.present[quiet]


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


ROOMS = Rooms()
