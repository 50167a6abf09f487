"""What a phone in a room shows: the question alone, and answers to tap.

It asks for nothing by itself: the projector wakes it when there is something new.
"""

import re
from functools import partial
from secrets import token_hex

import streamlit as st

from ui import session
from ui.sections.drawing.component import Wanted, canvas
from ui.sections.room import asked, waking, words
from ui.sections.room.ballots import Ballot, Choice, Curve, Moment, Vote
from ui.sections.room.limits import Bucket
from ui.sections.room.rooms import AGAIN, CLOSED, REVEAL, ROOMS, TALK, TOO_MANY, VOTE, Refused, Seen
from ui.text import count

COOKIE = "reglab-voter"
TOKEN = re.compile(r"[0-9a-f]{32}")
# A phone that loads the page again is the same voter. The cookie ends with the browser.
REMEMBER = "<script>document.cookie = '%s=%s; path=/; SameSite=Lax'</script>"
# Another copy of the app has this room: load the page anew, so that nginx leads there.
GO_THERE = "<script>location.replace(location.pathname + '?room=%s&at=%s')</script>"
TRIES = 10, 0.2  # wrong words of one session: at once, then each second
TAP = "Tap your answer. Nobody sees who said what."
DRAW = "Draw with a finger, from left to right. Nobody sees who drew what."
COUNTED = "**Counted.** You can change it until the vote closes."
DRAWN_BEFORE = "Your first drawing counts unless you draw again."
LATE = "That was too late: the vote was closed or the question had changed."


def show() -> None:
    """Draw the whole page: the way into a room, or what its phones see."""
    seen = _enter(_word())
    if seen is None:
        _ask_for_word()
    elif seen.ballot is None:
        st.header("You are in.", anchor=False)
        st.markdown("Look at the projector. The first question will appear here on its own.")
    else:
        _draw(seen.ballot, seen)
    if seen is not None:
        st.button("Anything new?", type="tertiary", key="room_look")


def _word() -> str:
    """Return the word of the room where this phone is or wants to go; "" if there is none."""
    asked = words.read(st.query_params.get("room"))
    return asked or session.state().get("joined", "")


def _enter(word: str) -> Seen | None:
    state = session.state()
    if not word or _goes_elsewhere(word):
        return None
    is_back = state.get("joined") == word
    tries = state.setdefault("room_tries", Bucket(*TRIES))
    try:
        if not is_back and not tries.has_one():
            raise Refused(TOO_MANY)
        seen = ROOMS.enter(word, _voter(), waking.tab(), is_back=is_back)
    except Refused as refused:
        _leave(str(refused), tries)
        return None
    state["joined"] = word
    st.query_params.from_dict({"room": word})
    return seen


def _goes_elsewhere(word: str) -> bool:
    """Lead to the copy of the app that has this room, unless that has led here."""
    if not words.is_elsewhere(word) or "at" in st.query_params:
        return False
    st.html(GO_THERE % (word, words.copy()), unsafe_allow_javascript=True)
    return True


def _leave(why: str, tries: Bucket) -> None:
    """Forget a room that is not open, and say why."""
    session.state().pop("joined", None)
    st.query_params.clear()
    if why != CLOSED:
        tries.take()
    st.warning(why)


def _voter() -> str:
    """Return the secret that is this phone's name, the same one after a reload."""
    kept = str(st.context.cookies.get(COOKIE))
    voter = session.state().setdefault("voter", kept if TOKEN.fullmatch(kept) else token_hex(16))
    if voter != kept:
        with st._event:  # takes no place on the page
            st.html(REMEMBER % (COOKIE, voter), unsafe_allow_javascript=True)
    return voter


def _ask_for_word() -> None:
    st.header("Vote with your class", anchor=False)
    label = f"The {words.LENGTH} letters on the projector"
    st.text_input(label, key="room_word", max_chars=10, autocomplete="off", on_change=_type)
    st.button("Go", type="primary", width="stretch", key="room_go", on_click=_type)


def _type() -> None:
    typed = st.session_state["room_word"]
    if word := words.read(typed):
        st.query_params["room"] = word
    elif typed:
        st.toast(f"A word has {words.LENGTH} letters, and no vowels.")


def _draw(ballot: Ballot, seen: Seen) -> None:
    first, second = seen.mine
    is_drawing = isinstance(ballot, Curve)
    st.subheader(ballot.text, anchor=False)
    if seen.phase in (VOTE, AGAIN):
        if seen.phase == AGAIN and first is not None:
            before = f"Before, you said: **{ballot.told(first)}**."
            st.markdown(f"**Second vote.** {DRAWN_BEFORE if is_drawing else before}")
        _answers(ballot, seen, second if seen.phase == AGAIN else first)
        return
    said = [ballot.told(vote) for vote in (first, second) if vote is not None]
    if said:
        told = f"You said: **{', then '.join(said)}**."
        st.markdown("Your drawing was counted." if is_drawing else told)
    st.info(
        {
            TALK: "The vote is closed. Talk with your neighbors: what are their reasons?",
            REVEAL: "Look at the projector to see what was measured.",
        }[seen.phase]
    )


def _answers(ballot: Ballot, seen: Seen, mine: Vote | None) -> None:
    """Draw the answers, the present one marked."""
    number, tap = seen.number, DRAW if isinstance(ballot, Curve) else TAP
    late = session.state().pop("room_late", False)
    with st.container(key="room_answers"):
        if isinstance(ballot, Choice):
            for place, option in enumerate(ballot.options):
                _answer(option, place, number, is_mine=place == mine)
        elif isinstance(ballot, Moment):
            key, choices = f"vote_{number}", ballot.choices()
            st.select_slider("Epoch", choices, mine or ballot.last, format_func=count, key=key)
            st.button(
                "That is my vote",
                width="stretch",
                key=f"{key}_set",
                on_click=_vote,
                args=(number,),
                type="primary",
            )
        else:
            _canvas(ballot, seen, is_drawn=mine is not None)
    said = COUNTED if mine is not None else tap
    st.markdown(LATE if late else said)


def _canvas(ballot: Curve, seen: Seen, *, is_drawn: bool) -> None:
    """Draw the place to draw in, empty for each vote and each new attempt."""
    about = f"{seen.number} {seen.phase} {session.state().get('room_attempts', 0)}"
    wanted = Wanted(ballot.topic, about, ballot.part, ballot.name)
    take = partial(_vote_curve, seen.number)
    canvas(wanted, asked.lines(ballot), ballot.epochs[-1], ballot.top, take)
    if is_drawn:
        st.button("Draw again", width="stretch", key="room_redraw", on_click=_redraw)


def _redraw() -> None:
    session.state()["room_attempts"] = session.state().get("room_attempts", 0) + 1


def _answer(option: str, place: int, number: int, *, is_mine: bool) -> None:
    st.button(
        option[0].upper() + option[1:],
        width="stretch",
        key=f"vote_{number}_{place}",
        type="primary" if is_mine else "secondary",
        icon=":material/check:" if is_mine else None,
        on_click=_vote,
        args=(number, place),
    )


def _vote(number: int, place: int | None = None) -> None:
    # read the slider at the tap: the value of the last run may be outdated
    _send(number, st.session_state[f"vote_{number}"] if place is None else place)


def _vote_curve(number: int, values: tuple[float, ...], top: float) -> None:
    _send(number, values)


def _send(number: int, vote: Vote) -> None:
    word = session.state().get("joined", "")
    session.state()["room_late"] = not ROOMS.vote(word, _voter(), number, vote)
