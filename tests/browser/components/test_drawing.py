"""A loss curve drawn before it is seen: with the mouse, by touch, by keys alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from tests.browser.browsing import COUNT_MESSAGES, charts, settle, visit

PATHS = ("Overfitting", "L2", "Dropout", "Early_Stopping")
QUICK = {"preset": "As printed", "questions": "true"}
DOWN_AND_UP = ((0.02, 0.7), (0.3, 0.8), (0.6, 0.85), (0.98, 0.3))  # shares of width and height

# the names of lines that a line runs through
STRUCK = """box => [...box.querySelectorAll(".name")].filter(name => {
  const {x, y, width, height} = name.getBBox()
  return [...box.querySelectorAll(".known")].some(line => {
    for (let s = 0; s < line.getTotalLength(); s += 2) {
      const at = line.getPointAtLength(s)
      if (x < at.x && at.x < x + width && y + 2 < at.y && at.y < y + height - 2) return true
    }
  })
}).map(name => name.textContent)"""


@pytest.fixture
def theme() -> str:
    return "light"


@contextmanager
def place(chromium, address, path: str = "Dropout", **more: str) -> Iterator:
    with visit(chromium, address, path, **more, **QUICK) as page:
        page.locator(".canvas").wait_for()
        page.evaluate(COUNT_MESSAGES)
        yield page


def points(page) -> list[tuple[float, float]]:
    """Where on the screen a curve is drawn that falls and rises."""
    page.locator(".canvas").scroll_into_view_if_needed()
    box = page.locator(".canvas").bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in DOWN_AND_UP]


def stroke(page) -> None:
    first, *others = points(page)
    page.mouse.move(*first)
    page.mouse.down()
    for point in others:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def verdict(page) -> str:
    shown(page).wait_for()
    settle(page)
    return shown(page).inner_text()


def shown(page):
    """The sentence on the drawing."""
    return page.get_by_test_id("stMarkdown").filter(has_text="our curve").first


def handles(page):
    return page.get_by_role("slider", name="at epoch")


def test_one_stroke_of_the_mouse_is_one_rerun_and_stays_with_its_settings(chromium, address):
    with place(chromium, address) as page:
        top = page.locator(".box").bounding_box()["y"]
        stroke(page)
        assert "turns" in verdict(page)
        # the press, and where the tab is, which the browser's storage may add
        assert page.evaluate("messages") <= 2
        assert abs(page.get_by_test_id("stVegaLiteChart").first.bounding_box()["y"] - top) < 2
        assert not page.locator(".canvas").count()
        told, link = verdict(page), page.url
        page.goto(link)
        assert verdict(page) == told
        slider = page.locator(".st-key-p input")
        slider.focus()
        named = page.locator("svg.marks text").filter(has_text="your curve").first
        page.keyboard.press("ArrowRight")
        named.wait_for(state="detached")
        assert verdict(page) == told  # what was said stays, and the slider with it
        page.keyboard.press("ArrowLeft")
        named.wait_for()


@pytest.mark.parametrize("path", ["Overfitting", "L2"])
def test_a_drawing_stays_in_sight_where_it_was_made(chromium, address, path):
    with place(chromium, address, path) as page:
        top = page.locator(".box").bounding_box()["y"]
        stroke(page)
        verdict(page)
        named = page.locator("svg.marks text").filter(has_text="your curve").first
        assert abs(charts(page)[0]["y"] - top) < 40  # the title of the axis is above it
        assert named.bounding_box()["y"] < page.viewport_size["height"]


def test_a_curve_is_drawn_by_touch_and_the_page_scrolls_beside_it(chromium, address):
    with place(chromium, address, "Early_Stopping") as page:
        page.set_viewport_size({"width": 400, "height": 800})
        settle(page)
        sizes = page.locator(".target").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).map(b => Math.min(b.width, b.height))"
        )
        assert len(sizes) == 12 and min(sizes) >= 24
        lefts = page.locator(".target").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).map(b => (b.left + b.right) / 2)"
        )
        assert min(b - a for a, b in pairwise(lefts)) >= 24
        touch = page.context.new_cdp_session(page)
        touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

        def send(kind: str, *at: tuple[float, float]) -> None:
            touches = [{"x": x, "y": y} for x, y in at]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        first, *others = points(page)
        top = page.get_by_test_id("stMain").evaluate("e => e.scrollTop")
        send("touchStart", first)
        for point in others:
            send("touchMove", point)
        assert page.get_by_test_id("stMain").evaluate("e => e.scrollTop") == top
        send("touchEnd")
        assert "turns" in verdict(page)


def test_a_curve_is_drawn_by_keys_alone(chromium, address):
    with place(chromium, address) as page:
        first = handles(page).first
        assert first.get_attribute("aria-label") == "test loss with p = 0.2 at epoch 0"
        assert first.get_attribute("aria-valuetext").endswith("not drawn yet")
        first.focus()
        for key in ("ArrowDown", *["Tab", "PageDown"] * 2, *["Tab", "PageUp"] * 8, "Tab", "End"):
            page.keyboard.press(key)
        assert page.evaluate("messages") == 0
        last = handles(page).last
        assert last.get_attribute("aria-valuenow") == last.get_attribute("aria-valuemax")
        page.keyboard.press("Enter")
        assert "turns" in verdict(page)
        assert page.evaluate("messages") <= 2


def test_half_a_curve_waits_and_a_button_takes_it(chromium, address):
    with place(chromium, address) as page:
        first, middle, *_ = points(page)
        page.mouse.move(*first)
        page.mouse.down()
        page.mouse.move(*middle, steps=8)
        page.mouse.up()
        page.get_by_text("points left").wait_for()
        assert page.evaluate("messages") == 0
        page.get_by_role("button", name="That is my curve").click()
        assert verdict(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_place_to_draw_in_is_accessible_and_skipping_is_one_click(chromium, address, theme):
    from axe_playwright_python.sync_playwright import Axe

    with place(chromium, address, "Overfitting", theme=theme) as page:
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 800})
            settle(page)
            wrong = [
                v
                for v in Axe()
                .run(page, context=".st-key-experiment-picture")
                .response["violations"]
                if v["impact"] in ("serious", "critical")
            ]
            assert not wrong, [(v["id"], v["nodes"][0]["html"]) for v in wrong]
            main = page.get_by_test_id("stMain")
            assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
        page.get_by_role("button", name="Skip").click()
        page.locator(".canvas").wait_for(state="detached")
        settle(page)
        assert not shown(page).count()


@pytest.mark.parametrize("path", PATHS)
def test_the_picture_to_draw_in_is_on_the_first_screen(chromium, address, path):
    with place(chromium, address, path) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        settle(page)
        box = page.locator(".canvas").bounding_box()
        assert box["y"] + box["height"] < 720
        dots = page.locator(".dot").evaluate_all("all => all.map(e => getComputedStyle(e))")
        assert {dot["strokeOpacity"] for dot in dots} == {"1"}
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 720})
            settle(page)
            assert page.locator(".box").evaluate(STRUCK) == []
