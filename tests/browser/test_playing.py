"""Pictures that play: they move in the browser, and nothing is asked of the server."""

from itertools import pairwise

from regcore import PRESETS, fit, load_diabetes, split
from tests.browser.browsing import settle, visit
from ui.charts.frames import curves, wide

COUNT_MESSAGES = """() => {
  const send = WebSocket.prototype.send;
  window.messages = 0;
  WebSocket.prototype.send = function (...sent) { messages++; return send.apply(this, sent); };
}"""
TICKS = 1500  # ms, more than two steps of a play


def surface(page):
    """The picture of the surface, its slider and its switch."""
    chart = page.get_by_test_id("stVegaLiteChart").last
    chart.scroll_into_view_if_needed()
    page.evaluate(COUNT_MESSAGES)
    return chart, chart.get_by_role("slider", name="Snapshot"), chart.get_by_role("checkbox")


def drawn(chart) -> str:
    """All pixels of the picture."""
    return chart.locator("canvas").evaluate("e => e.toDataURL()")


def moved_to(page, slider, value: int) -> None:
    page.wait_for_function(
        "([e, value]) => +e.value >= value", arg=[slider.element_handle(), value]
    )


def test_the_surface_is_moved_through_with_the_keyboard(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false") as page:
        chart, slider, _ = surface(page)
        seen = []
        slider.focus()
        for key, value in (("Home", "1"), ("End", "18"), ("Home", "1"), ("ArrowRight", "2")):
            page.keyboard.press(key)
            page.wait_for_timeout(300)
            assert slider.input_value() == value
            seen.append(drawn(chart))
        assert seen[0] == seen[2]
        assert len(set(seen)) == 3
        assert page.evaluate("messages") == 0
        page.get_by_role("radio", name="60", exact=True).check(force=True)
        settle(page)
        assert page.evaluate("messages") > 0  # a rerun would have been noticed


def test_the_surface_plays_pauses_and_begins_anew_after_its_end(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false") as page:
        chart, slider, play = surface(page)
        assert not play.is_checked()
        assert slider.input_value() == "18"
        slider.fill("1")
        slider.fill("18")  # drawn anew the picture's edge differs a little from the first time
        page.wait_for_timeout(300)
        last = drawn(chart)
        play.focus()
        page.keyboard.press("Space")
        page.wait_for_function("e => +e.value < 18", arg=slider.element_handle())
        moved_to(page, slider, 3)
        assert drawn(chart) != last
        page.keyboard.press("Space")
        paused = slider.input_value()
        page.wait_for_timeout(TICKS)
        assert slider.input_value() == paused
        slider.fill("16")
        play.check()
        moved_to(page, slider, 18)
        page.wait_for_timeout(TICKS)
        assert slider.input_value() == "18"
        assert not play.is_checked()
        assert drawn(chart) == last
        assert page.evaluate("messages") == 0


def test_the_curves_on_home_grow_with_their_names(chromium, address):
    run = fit(split(load_diabetes()), PRESETS["memorize"])
    losses = wide(curves({"": run}, "loss", ("training", "test"))).set_index("epoch")
    with visit(chromium, address, questions="false") as page:
        chart = page.get_by_test_id("stVegaLiteChart").first
        slider = chart.get_by_role("slider", name="Epoch")
        page.evaluate(COUNT_MESSAGES)
        for moment in (0, 2500, 5000):
            slider.fill(str(moment))
            page.wait_for_timeout(300)
            last = losses[losses.index <= moment].iloc[-1]
            names = [chart.get_by_text(f"{part}: {last[part]}", exact=True) for part in last.index]
            one, other = (name.bounding_box()["y"] for name in names)
            assert abs(one - other) > 12  # pixels: no name on another
        assert page.evaluate("messages") == 0
        assert not chart.get_by_role("checkbox", name="Play").is_checked()


def test_names_at_the_ends_of_lines_stay_apart_in_their_order(chromium, address):
    settings = {"questions": "false", "width": "2", "l2": "0.0001", "preset": "As printed"}
    with visit(chromium, address, "L2", **settings) as page:
        chart = page.get_by_test_id("stVegaLiteChart").first
        names = chart.locator("text").filter(has_text=": 0.").all()
        boxes = [name.bounding_box() for name in names]
        values = [float(name.text_content().rpartition(": ")[2]) for name in names]
    assert len(names) == 4
    from_below = sorted(zip((-box["y"] for box in boxes), values, strict=True))
    assert all(other - one > 12 for (one, _), (other, _) in pairwise(from_below))  # pixels
    assert [value for _, value in from_below] == sorted(values)
