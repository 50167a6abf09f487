"""On a projector the picture of each page and step fills most of the screen, without scrolling."""

import pytest

from tests.browser.browsing import charts, settle, visit
from ui.sections.tour import MINUTES, STEPS, link

SCREENS = ((1280, 720), (1920, 1080))
TALL = 0.6  # of the screen's height
PAGES = ("", "Overfitting", "L2")  # with the most above the picture; the tour visits all
PAIRED = ("Overfitting", "L2")
# Code that is wider than its box.
OVERFLOWING = """() => [...document.querySelectorAll('[data-testid=stMain] pre')]
  .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth)
  .map(e => `${e.scrollWidth} > ${e.clientWidth}: ${e.textContent.slice(0, 80)}`)"""


def address_of(path: str) -> str:
    """The address of a page, from its file: pages/2_L2.py is L2."""
    return "" if "/" not in path else path.removesuffix(".py").partition("_")[2]


def assert_picture(page, *, paired: bool = False) -> None:
    """The first picture has its size and place on both screens; a pair stands side by side."""
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(400)  # the charts follow their columns
        first, *others = charts(page)
        assert first["height"] >= TALL * height - 1
        assert first["y"] + first["height"] <= height, (width, first)
        if paired:
            assert others[0]["y"] == first["y"] and others[0]["x"] > first["x"]


@pytest.mark.parametrize("path", PAGES)
def test_a_picture_takes_most_of_the_screen(chromium, address, path):
    with visit(chromium, address, path, questions="false", projector="true") as page:
        assert not page.get_by_role("link", name="Dropout", exact=True).count()  # menu is closed
        assert_picture(page, paired=path in PAIRED)
        page.set_viewport_size({"width": 1280, "height": 720})
        wide = page.evaluate(OVERFLOWING)
        assert not wide, "\n".join(wide)


def test_an_exercise_and_its_buttons_share_the_screen(chromium, address):
    with visit(chromium, address, "Exercises", projector="true") as page:
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            settle(page)
            check = page.get_by_role("button", name="Check", exact=True).bounding_box()
            assert check["y"] + check["height"] <= height, (width, check)


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_a_step_of_the_tour_is_a_screen_with_its_words_and_its_ways(chromium, address, number):
    step = STEPS[number - 1]
    path, settings = address_of(step.path), link(number)
    with visit(chromium, address, path, **settings, projector="true") as page:
        if step.ask:
            assert page.get_by_text("Let them predict:").is_visible()
            page.get_by_role("button", name="Skip").click()
            page.get_by_text(f"“{step.say[:20]}").first.wait_for()
            settle(page)
        assert_picture(page, paired=path in PAIRED)
        page.set_viewport_size({"width": 1280, "height": 720})
        settle(page)
        said = page.get_by_text(f"“{step.say[:20]}").first
        clock = page.get_by_role("timer")
        shown = [said, clock, page.get_by_role("button", name="End tour")]
        shown += [page.get_by_role("link", name="← Back")] * (number > 1)
        shown += [page.get_by_role("link", name="Next →")] * (number < len(STEPS))
        for element in shown:
            box = element.bounding_box()
            assert box["y"] + box["height"] < charts(page)[0]["y"], box
        assert page.get_by_text(f"minute {step.minute} of {MINUTES}").is_visible()
        before = clock.inner_text()
        page.wait_for_timeout(1100)
        assert clock.inner_text() != before


def test_a_class_is_led_from_step_to_step(chromium, address):
    with visit(chromium, address, "", **link(1), projector="true") as page:
        page.get_by_role("link", name="Next →").click()
        page.get_by_text("Step 2 of").wait_for()
        settle(page)
        page.get_by_role("link", name="← Back").click()
        page.get_by_text("Step 1 of").wait_for()
        settle(page)
        page.get_by_role("button", name="End tour").click()
        page.get_by_text("Step 1 of").wait_for(state="detached")
        settle(page)
        assert "tour" not in page.url
