"""A teacher's page and the phones of a class, in Streamlit's test runner."""

import json
import re
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.questions import asked, press
from tests.support.apps import opened, words
from ui.sections.room import rooms
from ui.sections.room.address import address, in_network, qr_code
from ui.sections.room.rooms import ROOMS

L2, STOPPING, ROOM = "pages/2_L2.py", "pages/4_Early_Stopping.py", "pages/7_Room.py"
QUICK = {"preset": "As printed", "width": "1"}


@pytest.fixture(autouse=True)
def no_rooms(monkeypatch):
    """Each test has a server without rooms."""
    fresh = rooms.Rooms()
    for name in vars(fresh):
        monkeypatch.setattr(ROOMS, name, getattr(fresh, name))


def room_of(teacher: AppTest) -> str:
    (body,) = [h.proto.body for h in teacher.main.get("html") if "room-word" in h.proto.body]
    return re.search(r'"room-word">(\w+)<', body)[1]


def has_room(page: str = L2, **link: str) -> AppTest:
    return press(asked(page, **QUICK | link), "room_open")


def phone(word: str = "") -> AppTest:
    return opened(ROOM, **({"room": word} if word else {}))


def buttons(app: AppTest) -> set[str]:
    return {button.key for button in app.main.button}


@pytest.mark.slow
def test_a_class_votes_talks_votes_again_and_sees_the_truth() -> None:
    teacher = has_room()
    one, other, third = ROOMS.standing(*teacher.session_state["room"]).ballot.options
    phones = [phone(room_of(teacher)) for _ in range(3)]
    assert "No phone is in the room yet" in words(teacher)
    assert all("Tap your answer" in words(each) for each in phones)
    phones = [press(each, f"vote_1_{place}") for each, place in zip(phones, (0, 2, 2), strict=True)]
    phones[0] = press(phones[0], "vote_1_1")  # a second tap changes the vote
    assert all("**Counted.**" in words(each) for each in phones)
    teacher.run()
    assert "3 of 3 phones voted" in words(teacher)
    assert "First vote" not in words(teacher)  # nothing but the count
    teacher = press(teacher, "room_next")
    assert f"First vote, 3 answers, most for “{third}”." in words(teacher)
    assert "Talk for two minutes" in words(teacher)
    assert "The vote is closed" in words(phones[1].run())
    teacher = press(teacher, "room_next")
    assert f"Before, you said: **{third}**" in words(phones[1].run())
    phones = [press(each.run(), "vote_1_0") for each in phones[:2]]
    teacher = press(teacher, "room_reveal")
    said = words(teacher)
    assert "First vote, 3 answers" in said and "Second vote, 2 answers" in said
    assert " right" in said and "Measured: " in said
    assert teacher.session_state["predictions"]["l2"]["verdict"] == "skipped"
    assert f"You said: **{other}, then {one}**" in words(phones[0].run())
    assert "room_next" not in buttons(teacher)


@pytest.mark.slow
def test_an_epoch_is_voted_for_with_a_slider() -> None:
    teacher = has_room(STOPPING)
    voter = phone(room_of(teacher))
    voter.select_slider(key="vote_1").set_value(200).run()
    assert "**Counted.**" in words(press(voter, "vote_1_set"))
    teacher = press(teacher.run(), "room_next")
    assert "First vote, 1 answer, most for “200 to 499”." in words(teacher)
    teacher = press(teacher, "room_reveal")
    assert "Measured: epoch " in words(teacher)


FALLS = tuple(0.7 - 0.05 * at for at in range(12))
NO_DRAWINGS = (0, None, "x" * 12, FALLS[1:], (*FALLS, 0.1), ("0.5",) * 12, (float("nan"),) * 12)


@pytest.mark.slow
def test_a_class_draws_and_sees_all_curves_before_the_truth() -> None:
    teacher = press(has_room(), "room_draw")
    word, owner = teacher.session_state["room"]
    voter = phone(word)
    assert "Draw the test loss with λ = 0.05 that you expect." in words(voter)
    (place,) = (json.loads(part.proto.json) for part in voter.get("bidi_component"))
    assert {line["name"] for line in place["lines"]} == {"training, no L2", "test, no L2"}
    curve = ROOMS.standing(word, owner).ballot
    assert (tuple(place["epochs"]), place["top"]) == (curve.epochs, curve.top)
    secret = voter.session_state["voter"]
    too_high = (*FALLS[:-1], curve.top + 1.0)
    assert not any(ROOMS.vote(word, secret, 2, bad) for bad in (*NO_DRAWINGS, too_high))
    assert ROOMS.vote(word, secret, 2, FALLS)
    voter.run()
    assert "**Counted.**" in words(voter) and "room_redraw" in buttons(voter)
    teacher = press(teacher.run(), "room_next")
    assert "1 drawing. It is lowest" in words(teacher) and "Measured" not in words(teacher)
    teacher = press(teacher, "room_next")
    assert "Your first drawing counts unless you draw again" in words(voter.run())
    assert ROOMS.vote(word, secret, 2, FALLS[::-1])
    said = words(teacher := press(teacher.run(), "room_reveal"))
    assert "First vote, 1 drawing. It is" in said and "second vote, 1 drawing. It is" in said
    assert "Measured, the loss ends at" in said
    assert "Your drawing was counted." in words(voter.run())


def test_a_class_that_was_to_draw_taps_an_answer_after_all() -> None:
    teacher = press(press(has_room(), "room_draw"), "room_tap")
    assert "room_draw" in buttons(teacher)
    assert "vote_3_0" in buttons(phone(room_of(teacher)))


def test_the_next_page_asks_the_same_room() -> None:
    teacher = has_room()
    voter = press(phone(room_of(teacher)), "vote_1_0")
    teacher = teacher.switch_page(STOPPING).run()
    assert "1 phone" in words(teacher)
    assert "Counted" in words(voter.run())  # the teacher has not asked yet
    teacher = press(teacher, "room_ask")
    assert "vote_2_set" in buttons(voter.run())
    assert not voter.exception


@pytest.mark.slow
def test_a_class_is_asked_what_the_teacher_has_answered_before() -> None:
    teacher = press(has_room(), "room_close")
    teacher = press(press(teacher, "skip_l2"), "again_l2")
    teacher = press(press(teacher, "room_open"), "room_close")
    teacher = press(teacher, "answer_l2_0")
    other = has_room(STOPPING)
    word, owner = other.session_state["room"]
    teacher.session_state["room"] = word, owner
    teacher = press(teacher.run(), "room_ask")
    assert "l2" not in teacher.session_state["predictions"]
    assert ROOMS.standing(word, owner).ballot.topic == "l2"


def test_a_closed_room_is_gone_for_the_teacher_and_the_phones() -> None:
    teacher = has_room()
    voter = phone(room_of(teacher))
    teacher = press(teacher, "room_close")
    assert "room" not in teacher.session_state
    assert "room_open" in buttons(teacher)
    assert [w.value for w in voter.run().warning] == [rooms.CLOSED]
    assert "room_go" in buttons(voter)


def test_a_word_can_be_typed_and_a_wrong_one_gets_a_sentence() -> None:
    teacher = has_room()
    word = room_of(teacher)
    wrong = "BBBB" if word != "BBBB" else "CCCC"
    voter = phone()
    voter.text_input(key="room_word").set_value(wrong).run()
    assert [w.value for w in voter.warning] == [rooms.NO_ROOM]
    voter.text_input(key="room_word").set_value("x" * 10**5).run()
    assert not voter.exception and not voter.warning
    voter.text_input(key="room_word").set_value(word.lower()).run()
    assert "Tap your answer" in words(voter)


@pytest.mark.slow
def test_one_phone_cannot_guess_on() -> None:
    teacher = has_room()
    word, voter = room_of(teacher), phone()
    for place in range(10):
        voter.text_input(key="room_word").set_value(f"BBB{'CDFGHJKLMN'[place]}").run()
    voter.text_input(key="room_word").set_value(word).run()
    assert [w.value for w in voter.warning] == [rooms.TOO_MANY]
    assert "Tap your answer" in words(phone(word))


def test_a_page_without_questions_offers_no_room_and_hides_nothing() -> None:
    app = opened(L2, **QUICK)
    assert not {"room_open", "room_ask"} & buttons(app)
    assert app.header


def test_a_phone_shows_no_menu() -> None:
    app = phone()
    assert not app.sidebar.children
    assert not app.get("page_link")


# ---- Where the phones go


def at(monkeypatch, url: str | None, server: str | None = "localhost", found: str | None = None):
    options = {"server.address": server, "server.baseUrlPath": ""}
    module = "ui.sections.room.address"
    monkeypatch.setattr(f"{module}.st.get_option", options.get)
    monkeypatch.setattr(f"{module}.st.context", type("Context", (), {"url": url}))
    monkeypatch.setattr(f"{module}.in_network", lambda: found)
    return address()


def test_phones_are_sent_where_they_reach_this_machine(monkeypatch) -> None:
    here = at(monkeypatch, "http://localhost:8501/L2", None, "192.168.1.20")
    assert here.of("BCDF") == "http://192.168.1.20:8501/Room?room=BCDF"
    assert here.short() == "192.168.1.20:8501/Room"
    assert (here.is_here_alone, here.is_guessed) == (False, True)
    assert at(monkeypatch, "http://127.0.0.1:8501/").is_here_alone
    server = at(monkeypatch, "https://lab.example.org/L2", "localhost")
    assert server == ("https://lab.example.org/Room", False, False)
    assert at(monkeypatch, "http://[fd00::1]:80/L2").url == "http://[fd00::1]:80/Room"
    assert at(monkeypatch, None).url == "http://localhost:8501/Room"


def test_this_machines_address_is_not_one_of_its_own() -> None:
    found = in_network()
    assert found is None or not found.startswith("127.")


def test_a_qr_code_is_drawn_black_on_white_with_its_margin() -> None:
    picture = unquote(qr_code("http://192.168.1.20:8501/Room?room=BCDF"))
    assert picture.startswith("data:image/svg+xml")
    assert picture.count("<path") == 2 and "#fff" in picture and '"' not in qr_code("http://x/")
