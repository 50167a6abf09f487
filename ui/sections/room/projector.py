"""The room on the teacher's page, above the experiment: word, votes, talk, second vote, reveal.

if projector.is_open(): ...                   whether this session has a room
projector.offer(ballot)                       the button that opens one
place = projector.show(ballot, skip)          while the page's question is open
projector.offer_drawing(curve)                in that place: they may draw instead
projector.reveal(ballot, truth, curve)        once the page shows what was measured
"""

from collections.abc import Callable, Sequence
from secrets import token_hex

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import session
from ui.sections.room import tally, waking
from ui.sections.room.address import address, qr_code
from ui.sections.room.ballots import Ballot, Curve, Vote, is_asked
from ui.sections.room.rooms import AGAIN, REVEAL, ROOMS, TALK, VOTE, Refused, Standing

TALK_SECONDS = 120
# the button that was pressed may be further down; each phase begins in sight
INTO_SIGHT = """<script>
if (sessionStorage.roomPhase !== "%s") {
  sessionStorage.roomPhase = "%s";
  document.querySelector(".st-key-room")?.scrollIntoView({block: "start"});
}
</script>"""
WORD = """<style>
.room-word { margin: 0; font: 700 4.5rem/1.1 monospace; letter-spacing: 0.15em; }
.st-key-room code { white-space: nowrap; /* no line ends within a command */
  display: inline-block; max-width: 100%%; overflow-x: auto; vertical-align: middle; }
</style><p class="room-word">%s</p>"""
QR_CODE = '<img alt="QR code of this room" src="%s" style="width: min(14rem, 100%%)">'
# counts down in the browser; a page drawn again goes on where it was; each talk runs it, so in {}
CLOCK = """<style>
#room-clock { font-size: 3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
</style><span id="room-clock" role="timer" aria-label="time left to talk"></span><script>{
  clearInterval(window.roomClock);
  const end = sessionStorage["room-%s"] ??= Date.now() + 1000 * %d;
  const tick = () => {
    const place = document.getElementById("room-clock");
    if (!place) return clearInterval(window.roomClock);
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    place.textContent = `${Math.floor(left / 60)}:${String(left %% 60).padStart(2, "0")}`;
  };
  window.roomClock = setInterval(tick, 250);
  tick();
}</script>"""
ALONE = (
    "Phones cannot reach this app yet: it listens on this machine only. Start it with "
    "`streamlit run streamlit_app.py --server.address=0.0.0.0`. It then runs no learner's code."
)
GUESSED = (
    "If phones cannot reach it: are they on the same network as this machine, and does its "
    "firewall let them in? Some networks keep guests apart; a phone's hotspot does not."
)


def is_open() -> bool:
    """Whether this session has a room; forget one that is gone."""
    room = session.state().get("room")
    if room is not None and not ROOMS.is_owner(*room):
        del session.state()["room"]
    return "room" in session.state()


def offer(ballot: Ballot) -> None:
    """Draw the button that opens a room and asks the class this question."""
    if not is_open():
        label, icon = "Open a room for the class", ":material/groups:"
        st.button(
            label, type="tertiary", icon=icon, key="room_open", on_click=_open, args=(ballot,)
        )
    if why := session.state().pop("room_trouble", ""):
        st.warning(why)


def show(ballot: Ballot, skip: Callable[[], None]) -> DeltaGenerator | None:
    """Draw the room while the question is open; `skip` shows the page's result.

    Return the place of a button that asks for a drawing instead, if there is one.
    """
    standing = ROOMS.standing(*_room())
    asked = standing.ballot
    if asked is None or not is_asked(asked, ballot) or standing.phase == REVEAL:
        _show_idle(standing, ballot, "Ask the class this question")
        return None
    with st.container(border=True, key="room"):
        _into_sight(standing, standing.phase)
        if standing.phase == TALK:
            _show_talk(asked, skip, standing)
            return None
        return _show_vote(asked, ballot, skip, standing)


def offer_drawing(curve: Curve) -> None:
    """Draw the button that has the class draw instead of tapping an answer."""
    st.button("Let them draw", type="tertiary", key="room_draw", on_click=_ask, args=(curve,))


def reveal(
    ballot: Ballot, truth: Vote, curve: tuple[float, ...], reopen: Callable[[], None]
) -> None:
    """Draw both votes with the truth on them, or what leads to a vote on an answered question.

    curve   the truth for a drawing
    reopen  asks the page's question again
    """
    standing = ROOMS.standing(*_room())
    if standing.ballot is None or not is_asked(standing.ballot, ballot):
        _show_idle(standing, ballot, "Ask the class this page's question", reopen)
        return
    ballot = standing.ballot
    waking.wake(ROOMS.reveal(*_room(), curve if isinstance(ballot, Curve) else truth))
    rounds = [given for given in ROOMS.votes(*_room()) if given]
    with st.container(border=True, key="room"):
        _into_sight(standing, REVEAL)
        st.subheader(ballot.text, anchor=False)
        if rounds:
            tally.show(ballot, rounds, ROOMS.truth(*_room()))
        else:
            st.markdown("Nobody has voted.")
        _close_button()


def _into_sight(standing: Standing, phase: str) -> None:
    name = f"{_room()[0]}-{standing.number}-{phase}"
    with st._event:  # takes no place on the page
        st.html(INTO_SIGHT % (name, name), unsafe_allow_javascript=True)


def _show_idle(
    standing: Standing, ballot: Ballot, label: str, before: Callable[[], None] | None = None
) -> None:
    """Draw one line: the room, and a button that asks its class this question."""
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="room"):
        word, there = _room()[0], _phones(standing.present)
        st.markdown(f"Room **{word}** · {there}", width="content")
        st.button(label, type="primary", key="room_ask", on_click=_ask, args=(ballot, before))
        _close_button()


def _show_vote(
    asked: Ballot, ballot: Ballot, skip: Callable[[], None], standing: Standing
) -> DeltaGenerator | None:
    """Draw a vote; `asked` is the page's ballot, or a drawing in its place."""
    _show_way_in()
    is_second, place = standing.phase == AGAIN, None
    st.subheader(f"{'Second vote: ' if is_second else ''}{asked.text}", anchor=False)
    st.fragment(_show_count, run_every=1.0)()
    with st.container(horizontal=True):
        if is_second:
            st.button("Reveal", type="primary", key="room_reveal", on_click=skip)
        else:
            _next_button("Close the vote", VOTE, "primary")
            st.button("Reveal now", type="tertiary", key="room_reveal", on_click=skip)
            if asked == ballot:
                place = st.container(width="content")
            else:
                label, args = "Let them tap an answer", (ballot,)
                st.button(label, type="tertiary", key="room_tap", on_click=_ask, args=args)
        _close_button()
    return place


def _show_way_in() -> None:
    """Draw the word, the address and its QR code."""
    where, word = address(), _room()[0]
    left, right = st.columns([0.7, 0.3], vertical_alignment="center")
    with left:
        st.html(WORD % word)
        st.markdown(f"Open **`{where.short()}`** on your phone and type these letters.")
        if where.is_here_alone:
            st.warning(ALONE)
        elif where.is_guessed:
            st.caption(GUESSED)
    right.html(QR_CODE % qr_code(where.of(word)))


def _show_count() -> None:
    """Draw how many have voted; this alone asks the server once a second."""
    if is_open():
        standing = ROOMS.standing(*_room())
        told = f"{standing.voted} of {_phones(standing.present)} voted"
        st.subheader(told if standing.present else "No phone is in the room yet", anchor=False)


def _show_talk(ballot: Ballot, skip: Callable[[], None], standing: Standing) -> None:
    st.subheader(ballot.text, anchor=False)
    left, right = st.columns([0.7, 0.3], vertical_alignment="center")
    with left:
        tally.show(ballot, ROOMS.votes(*_room())[:1])
    with right:
        st.subheader("Talk for two minutes", anchor=False)
        st.markdown("Find somebody who said something else. What are their reasons?")
        name = f"{_room()[0]}-{standing.number}"
        st.html(CLOCK % (name, TALK_SECONDS), unsafe_allow_javascript=True)
    with st.container(horizontal=True):
        _next_button("Vote again", TALK, "primary")
        st.button("Reveal", type="tertiary", key="room_reveal", on_click=skip)
        _close_button()


def _next_button(label: str, phase: str, kind: str) -> None:
    st.button(label, type=kind, key="room_next", on_click=_advance, args=(phase,))  # type: ignore[arg-type]


def _close_button() -> None:
    st.button("Close the room", type="tertiary", key="room_close", on_click=_close)


def _phones(number: int) -> str:
    return f"{number} phone" + ("" if number == 1 else "s")


def _room() -> tuple[str, str]:
    return session.state()["room"]


def _open(ballot: Ballot) -> None:
    owner = token_hex(16)
    try:
        session.state()["room"] = ROOMS.open(owner), owner
    except Refused as refused:
        session.state()["room_trouble"] = str(refused)
    else:
        _ask(ballot)


def _ask(ballot: Ballot, before: Callable[[], None] | None = None) -> None:
    if before is not None:
        before()
    _tell(lambda word, owner: ROOMS.ask(word, owner, ballot))


def _advance(phase: str) -> None:
    _tell(lambda word, owner: ROOMS.advance(word, owner, phase))


def _close() -> None:
    _tell(ROOMS.close)
    session.state().pop("room", None)


def _tell(change: Callable[[str, str], Sequence[str]]) -> None:
    """Change the room, and have its phones show it. One that is gone meanwhile stays gone."""
    if is_open():
        waking.wake(change(*_room()))
