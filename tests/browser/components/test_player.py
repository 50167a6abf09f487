"""The player moves all animated charts at once, in the browser; nothing is asked of the server."""

from itertools import pairwise

import pytest

from regcore import PRESETS, fit, load_diabetes, split
from tests.browser.browsing import COUNT_MESSAGES, PATIENCE, settle, unfold, visit
from ui.charts.frames import curves, wide
from ui.charts.player import log_steps

# a second chart to follow: an input such as Vega makes for an animated chart
SECOND_CHART = """last => {
  const form = document.createElement("form");
  form.className = "vega-bindings";
  form.innerHTML = `<input name="moment" type="range" min="1" max="${last}">`;
  document.body.append(form);
}"""
MOMENTS = "[...document.querySelectorAll('.vega-bindings input[name=moment]')].map(e => +e.value)"


def player(page):
    """The slider and the words beside it."""
    page.evaluate(COUNT_MESSAGES)
    return page.get_by_role("slider", name="Epoch shown"), page.locator(".player .epoch")


def drawn(page) -> str:
    """All pixels of the surface."""
    return page.locator("canvas.marks").first.evaluate("e => e.toDataURL()")


def test_the_surface_is_moved_through_with_the_keyboard(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false") as page:
        slider, epoch = player(page)
        last = int(slider.get_attribute("max"))
        seen = []
        slider.focus()
        moves = (("Home", 1), ("End", last), ("Home", 1), ("ArrowRight", 2))
        for key, moment in moves:
            page.keyboard.press(key)
            page.wait_for_timeout(300)
            assert page.evaluate(MOMENTS)[-1] == moment
            assert slider.get_attribute("aria-valuetext") == epoch.inner_text().lower()
            seen.append(drawn(page))
            earlier = "" if moment == last else "scores: epoch 5,000"
            assert (epoch.get_attribute("data-scores") or "") == earlier
            faint = page.evaluate("'earlier' in document.documentElement.dataset")
            assert faint == bool(earlier)
        assert seen[0] == seen[2]
        assert len(set(seen)) == 3
        assert page.evaluate("messages") == 0
        unfold(page, "More settings")
        page.get_by_role("radio", name="60", exact=True).check(force=True)
        settle(page)
        assert page.evaluate("messages") > 0  # a rerun would have been noticed
        assert epoch.inner_text() == "Epoch 1"
        assert page.evaluate(MOMENTS)[-1] == 2  # a chart that was drawn anew is told


def test_play_moves_all_charts_pauses_and_begins_anew_after_its_end(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false") as page:
        slider, epoch = player(page)
        last = int(slider.get_attribute("max"))
        page.evaluate(SECOND_CHART, last)
        page.wait_for_function(f"{MOMENTS}.every(moment => moment === {last})")
        page.get_by_role("button", name="Play").press("Space")
        page.wait_for_function(f"{MOMENTS}.every(moment => 2 < moment && moment < {last})")
        page.get_by_role("button", name="Pause").press("Space")
        paused = page.evaluate(MOMENTS)
        words = epoch.inner_text()
        page.wait_for_timeout(1500)
        assert page.evaluate(MOMENTS) == paused
        assert len(set(paused)) == 1
        assert epoch.inner_text() == words
        slider.fill(str(last - 1))
        page.get_by_role("button", name="Play").click()
        page.wait_for_function(f"{MOMENTS}.every(moment => moment === {last})")
        assert page.get_by_role("button", name="Play").count() == 1
        assert page.evaluate("messages") == 0


def test_names_stand_beside_the_last_points_while_it_plays(chromium, address):
    with visit(chromium, address, "", questions="false") as page:
        slider, _ = player(page)
        last, places = int(slider.get_attribute("max")), []
        chart = page.get_by_test_id("stVegaLiteChart").first
        name = chart.locator("text", has_text="training: ").last
        for moment in (last // 4, last // 2, last):
            slider.fill(str(moment))
            page.wait_for_timeout(300)
            end = chart.locator(".mark-symbol path[fill='#0072B2']").last.bounding_box()
            place = name.bounding_box()
            assert 0 < place["x"] - end["x"] - end["width"] < 20
            places.append(place["x"])
        assert places == sorted(set(places))


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_home_plays_once_on_arrival_unless_motion_is_reduced(chromium, address, motion):
    context = chromium.new_context(reduced_motion=motion, base_url=address)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("")
    if motion == "no-preference":
        page.get_by_role("button", name="Pause").wait_for()
        page.wait_for_function(f"{MOMENTS}.some(moment => moment > 1)")
        page.reload()
    settle(page)
    page.get_by_role("button", name="Play").wait_for()
    assert page.locator(".player .epoch").inner_text() == "Epoch 5,000"
    context.close()


def test_the_curves_on_home_grow_with_their_names(chromium, address):
    run = fit(split(load_diabetes()), PRESETS["memorize"])
    lines = curves({"": run}, "loss", ("training", "test"))
    losses, steps = wide(lines).set_index("epoch"), log_steps(5000)
    with visit(chromium, address, questions="false") as page:
        slider, epoch = player(page)
        chart = page.get_by_test_id("stVegaLiteChart").first
        for moment in (1, 30, len(steps)):
            slider.fill(str(moment))
            page.wait_for_timeout(300)
            assert epoch.inner_text() == f"Epoch {steps[moment - 1]:,}"
            last = losses[losses.index <= steps[moment - 1]].iloc[-1]
            texts = [chart.get_by_text(f"{part}: {last[part]}", exact=True) for part in last.index]
            one, other = (text.last.bounding_box()["y"] for text in texts)  # the first is a halo
            assert abs(one - other) > 12  # pixels: no name on another
            marked = chart.get_by_text("lowest at epoch 42").count() > 0
            assert marked == (steps[moment - 1] >= 42)
        assert page.evaluate("messages") == 0


def test_names_at_the_ends_of_lines_stay_apart_in_their_order(chromium, address):
    settings = {"questions": "false", "width": "2", "l2": "0.0001", "preset": "As printed"}
    with visit(chromium, address, "L2", **settings) as page:
        chart = page.get_by_test_id("stVegaLiteChart").last
        names = chart.locator("text:not([stroke])").filter(has_text=": 0.").all()
        boxes = [name.bounding_box() for name in names]
        values = [float(name.text_content().rpartition(": ")[2]) for name in names]
    assert len(names) == 4
    from_below = sorted(zip((-box["y"] for box in boxes), values, strict=True))
    assert all(other - one > 12 for (one, _), (other, _) in pairwise(from_below))  # pixels
    assert [value for _, value in from_below] == sorted(values)


def test_a_chart_has_no_tab_stop_and_its_buttons_come_with_the_mouse(chromium, address):
    with visit(chromium, address, questions="false") as page:
        button = page.get_by_role("button", name="Download as PNG")
        assert button.count() == 0  # out of sight is out of the Tab order
        page.get_by_test_id("stVegaLiteChart").first.hover()
        button.wait_for()


def test_a_fold_plays_alone_and_its_temperature_moves_points_sideways_only(chromium, address):
    link = {"questions": "false", "open_confidence": "true", "epochs_memorize": "1000"}
    with visit(chromium, address, "Overfitting", **link) as page:
        fold = page.get_by_test_id("stExpander").filter(has=page.locator(".temperature")).first
        points = fold.locator("g.mark-symbol path")
        slider, button = fold.get_by_role("slider", name="Temperature"), fold.get_by_role("button")
        chosen = button.filter(has_text="Choose on the validation patients")
        page.evaluate(COUNT_MESSAGES)

        def seen() -> tuple[list[float], list[float], list[str]]:
            page.wait_for_timeout(300)
            moves = [point.get_attribute("transform") for point in points.all()]
            x, y = zip(*(move[len("translate(") : -1].split(",") for move in moves), strict=True)
            cells = fold.locator(".temperature td:last-child").all_inner_texts()
            return [*map(float, x)], [*map(float, y)], cells

        trained = seen()
        slider.press("End")
        assert slider.get_attribute("aria-valuetext").startswith("T = 100, accuracy ")
        hot = seen()
        chosen.press("Space")
        assert chosen.get_attribute("aria-pressed") == "true"
        best = seen()
        assert trained[1] == hot[1] == best[1]  # heights
        assert max(hot[0]) - min(hot[0]) < max(trained[0]) - min(trained[0])
        accuracies, _, losses = zip(trained[2], hot[2], best[2], strict=True)
        assert len(set(accuracies)) == 1
        assert losses[2] < min(losses[:2])
        *above, _ = page.evaluate(MOMENTS)
        fold.get_by_role("slider", name="Epoch shown").press("Home")
        assert seen()[1] != best[1]  # other predictions, other bins
        assert page.evaluate(MOMENTS)[:-1] == above  # the player of the page has its own moment
        fold.get_by_role("button", name="Play").click()
        fold.locator(".epoch").filter(has_text="Epoch 1,000").wait_for()
        assert seen() == best
        assert page.evaluate("messages") == 0


def test_a_player_in_a_fold_moves_the_charts_of_that_fold_only(chromium, address):
    link = {"questions": "false", "preset": "As printed", "width": "4", "open_lies": "true"}
    with visit(chromium, address, "Overfitting", **link) as page:
        sliders = page.get_by_role("slider", name="Epoch shown")
        last = int(sliders.first.get_attribute("max"))
        page.wait_for_function(f"{MOMENTS}.length === 4")
        for number, moments in ((1, [last, last, 3, 3]), (0, [3, 3, 3, 3])):
            sliders.nth(number).fill("3")
            page.wait_for_timeout(300)
            assert page.evaluate(MOMENTS) == moments


def test_a_page_without_a_player_shows_its_scores_in_full(chromium, address):
    with visit(chromium, address, "Overfitting", questions="false") as page:
        page.get_by_role("slider", name="Epoch shown").press("Home")
        page.wait_for_function("'earlier' in document.documentElement.dataset")
        page.get_by_test_id("stSidebar").get_by_role("link", name="Dropout").click()
        page.get_by_role("heading", level=1, name="Dropout").wait_for()
        settle(page)
        assert not page.evaluate("'earlier' in document.documentElement.dataset")
