"""The first screen of a page: the picture and what decides about it, seen without scrolling."""

from typing import NamedTuple

import pytest

from tests.browser.browsing import answer, charts, settle, visit

SCREENS = ((1280, 720), (1920, 1080))
WIDE = 0.45  # of the main area, which a picture or a pair of them takes at least
ALONE, HIGH = ("Dropout", "Early_Stopping", "All_Together"), 0.4  # of the screen


class Room(NamedTuple):
    """A page with a question: the keys of its decisive controls, and answers that are wrong first.

    wrong  a wrong answer for which the page gives a second try
    """

    controls: tuple[str, ...]
    answers: tuple[str, ...]
    wrong: str


WAYS = ("-1", "0", "1")
ROOMS = {
    "Overfitting": Room(("width",), WAYS, "With 4 units"),
    "L2": Room(("l2",), WAYS, "Without L2"),
    "Dropout": Room(("p",), WAYS, "Without dropout"),
    "Early_Stopping": Room(("patience",), ("", "set"), "That is my guess"),
    "All_Together": Room(("use_l2", "use_p", "stop_early"), WAYS, "With dropout"),
}


def screen(page, size: tuple[int, int]) -> None:
    """Another screen, from its top."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.get_by_test_id("stMain").evaluate("e => e.scrollTo(0, 0)")
    page.wait_for_timeout(400)  # the charts follow their columns
    settle(page)


def is_seen(page, box: dict[str, float]) -> bool:
    """Whether a box is wholly inside the screen."""
    size = page.viewport_size
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    return box["x"] >= 0 <= box["y"] and right <= size["width"] and bottom <= size["height"]


def assert_picture(page, path: str) -> None:
    """The first picture is above the middle and whole, and no blank is beside or below it."""
    first, *more = charts(page)
    assert first["y"] < 400
    assert is_seen(page, first), first
    if path in ALONE:
        assert first["height"] >= HIGH * page.viewport_size["height"], first
    row = [first, *(box for box in more if abs(box["y"] - first["y"]) < 20)]
    width = max(box["x"] + box["width"] for box in row) - first["x"]
    main = page.get_by_test_id("stMain").bounding_box()["width"]
    assert width >= WIDE * main, (width, main)


def assert_seen(page, *keys: str) -> None:
    """The elements with these keys are wholly inside the screen."""
    for key in keys:
        box = page.locator(f".st-key-{key}").bounding_box()
        assert is_seen(page, box), (key, box)


def answers(path: str) -> list[str]:
    """The keys of the answers to the question of a page."""
    topic = path.lower().replace("_", "-")
    return [f"answer_{topic}_{way}".removesuffix("_") for way in ROOMS[path].answers]


@pytest.mark.parametrize("path", ROOMS)
def test_picture_and_answers_then_clue_then_controls(chromium, address, path):
    room = ROOMS[path]
    with visit(chromium, address, path) as page:
        for size in SCREENS:
            screen(page, size)
            assert_picture(page, path)
            assert_seen(page, *answers(path))
        screen(page, SCREENS[0])
        place = charts(page)[0]["y"]
        answer(page, room.wrong)
        clue = page.get_by_text("Not quite.")
        clue.wait_for()
        settle(page)
        assert is_seen(page, clue.bounding_box())
        assert_seen(page, *answers(path))
        assert_picture(page, path)
        page.get_by_role("button", name=room.wrong, exact=True).click()
        page.get_by_text("Measured:").wait_for()
        settle(page)
        assert abs(charts(page)[0]["y"] - place) < 2
        for size in SCREENS:
            screen(page, size)
            assert_picture(page, path)
            assert_seen(page, *room.controls)
        if path in ("Overfitting", "L2", "Dropout"):
            control = page.locator(f".st-key-{room.controls[0]}")
            place = control.bounding_box()["y"]
            control.locator("input").first.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(300)
            settle(page)
            assert page.get_by_text("Measured:").is_visible()  # what was said of the answer
            assert abs(control.bounding_box()["y"] - place) < 2


@pytest.mark.parametrize("path", ["", *ROOMS])
def test_picture_and_controls_without_questions(chromium, address, path):
    with visit(chromium, address, path, questions="false") as page:
        for size in SCREENS:
            screen(page, size)
            assert_picture(page, path)
            assert_seen(page, *(ROOMS[path].controls if path else ("start",)))


PHONE = (390, 844)


def assert_in_order(page, *keys: str) -> None:
    """Those of these elements that are shown stand one below the other."""
    boxes = [page.locator(f".st-key-{key}").first.bounding_box() for key in keys]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops), dict(zip(keys, boxes, strict=True))


@pytest.mark.parametrize("path", ROOMS)
def test_on_a_phone_the_question_and_then_the_control_stand_above_the_picture(
    chromium, address, path
):
    with visit(chromium, address, path) as page:
        screen(page, PHONE)
        picture, answer = "experiment-picture", answers(path)[0]
        assert_in_order(page, "experiment-header", answer, picture)
        assert_seen(page, *answers(path))
        page.get_by_role("button", name="Skip").click()
        settle(page)
        control = ROOMS[path].controls[0]
        assert_in_order(page, "experiment-header", control, picture)
        assert_seen(page, control)
        first, *others = sorted(charts(page), key=lambda box: box["y"])
        above = page.locator(f".st-key-{control}").bounding_box()["y"]
        assert first["y"] + first["height"] - above < PHONE[1]
        unchanged = page.locator(".st-key-experiment-plain")
        if unchanged.count():  # its picture comes after the one that λ changes and the curves
            top = unchanged.bounding_box()["y"]
            assert others[0]["y"] < top <= others[1]["y"]


def test_the_picture_stays_in_sight_of_the_last_tool(chromium, address):
    on = dict.fromkeys(("use_l2", "use_p", "stop_early"), "true")
    with visit(chromium, address, "All_Together", questions="false", **on) as page:
        screen(page, SCREENS[0])
        top = page.locator(".st-key-all_patience").bounding_box()["y"]
        page.get_by_test_id("stMain").evaluate("(e, top) => e.scrollTo(0, top - 300)", top)
        page.wait_for_timeout(300)
        assert_seen(page, "all_patience")
        assert is_seen(page, charts(page)[0]), charts(page)
