"""What a hostile client tries against the room of a class: to guess, stuff, read and end it."""

import asyncio

from .room import ASKED, PAGE, ROOM, Projector, opened_room
from .server import Server
from .session import Session

MEGABYTE = 2**20
TRIES = 25  # rooms opened, and words guessed
GROWTH = 100  # MB that the server may take for all of it: sessions cost more than rooms
ANSWERS = ("vote_1_0", "vote_1_1", "vote_1_2")
OWNERS = ("room_next", "room_reveal", "room_close", "room_ask")


async def rooms(server: Server) -> list[str]:
    """A class votes; meanwhile somebody tries all that. The room must be as it was."""
    teacher, word = await opened_room(server)
    phone = await Session.start(server, ROOM, room=word)
    await phone.press("vote_1_1", True)
    before = server.megabytes()
    complaints = await crowd(server) + await guess(server)
    complaints += await meddle(server, teacher, word) + await shout(server, word)
    if server.megabytes() > before + GROWTH:
        complaints.append(f"{server.megabytes() - before:.0f} MB more")
    voted, _ = await teacher.look()
    # whoever knows the word is one more voter, however a vote is sent
    complaints += [] if voted <= 2 else [f"{voted} votes of two phones"]
    await phone.visit(ROOM, room=word)
    complaints += [] if any("Counted" in text for text in phone.texts) else ["the vote is gone"]
    await teacher.press("room_next", True)
    is_told = any(f"First vote, {voted} answer" in text for text in teacher.texts)
    complaints += [] if is_told else ["the votes are not shown"]
    await teacher.press("room_close", True)
    await asyncio.gather(teacher.close(), phone.close())
    return complaints + teacher.errors + phone.errors


async def crowd(server: Server) -> list[str]:
    """Open rooms, one in each session, as fast as it goes: at some point there are no more."""
    opened = 0
    for _ in range(TRIES):
        eve = await Projector.start(server, PAGE, **ASKED)
        await eve.press("room_open", True)
        opened += "room_close" in eve.controls
        await eve.close()
    return [f"{opened} rooms were opened"] if opened == TRIES else []


async def guess(server: Server) -> list[str]:
    """Try words, as one who types and as one who opens links."""
    eve = await Session.start(server, ROOM)
    words = [f"BBB{letter}" for letter in "BCDFGHJKLMNPRST"]
    for typed in (*words, "", "🧪" * 4, "../..", "x" * 100_000):
        if "room_word" in eve.controls:
            await eve.press("room_word", typed)
    for number in range(TRIES):
        await eve.visit(ROOM, room=f"C{words[number % len(words)][1:]}")
    await eve.visit(ROOM, room="B" * 100_000)
    await eve.close()
    got_in = [key for key in eve.controls if key.startswith("vote_")]
    return eve.errors + [f"a guess led to {key}" for key in got_in]


async def meddle(server: Server, teacher: Projector, word: str) -> list[str]:
    """Press the teacher's buttons from elsewhere, and give answers that are none."""
    eve = await Projector.start(server, PAGE, **ASKED)
    for key in OWNERS:
        if key in teacher.controls:
            eve.controls[key] = teacher.controls[key]
            await eve.press(key, True)
    await eve.visit(ROOM, room=word)
    for key in OWNERS:
        eve.controls |= {key: teacher.controls[key]} if key in teacher.controls else {}
        await eve.press(key, True) if key in eve.controls else None
    for field, value in (("string_value", "x" * 1000), ("int_value", 7), ("json_value", "[[")):
        await eve.move(ANSWERS[0], value, field)
        await eve.settled()
        eve.pressed.clear()
    read = [text for text in eve.texts if "First vote" in text or " voted" in text]
    await eve.close()
    return [f"a stranger read: {text[:80]}" for text in read]


async def shout(server: Server, word: str) -> list[str]:
    """Ten megabytes at once, in the room."""
    eve = await Session.start(server, ROOM, room=word)
    eve.controls["room_look"] = eve.controls["room_look"][0], "string_value"
    await eve.move("room_look", "x" * (10 * MEGABYTE))
    try:
        await asyncio.wait_for(eve.settled(), 20.0)
    except TimeoutError:
        return ["no answer to ten megabytes"]
    await eve.close()
    return []
