"""Who waits sees it: a slow training shows its progress, and a long study leaves its page usable."""

from tests.browser.browsing import figures, settle, visit

SHIFTS = """() => {
  window.shift = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.shift += entry.value;
  }).observe({type: 'layout-shift'});
}"""
LINK = {"questions": "false", "open_real": "true", "preset": "As printed", "width": 16}
TOO_HIGH = 0.02


def pressed(page):
    """The page while its study runs, at the study."""
    page.locator(".st-key-real_l2_go button").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    page.evaluate(SHIFTS)
    page.locator(".st-key-real_l2_go button").click()
    page.locator(".st-key-real_l2_stop").wait_for()


def test_a_study_moves_nothing_and_dims_nothing(chromium, address):
    with visit(chromium, address, "L2", l2=0.03, **LINK) as page:
        assert ": about " in page.locator(".st-key-real_l2_go").inner_text()
        pressed(page)
        bar = page.get_by_role("progressbar")
        bar.wait_for()
        assert bar.bounding_box()["y"] < 800
        page.wait_for_timeout(700)
        outside = page.locator("[data-stale=true]").filter(has_text="One term in the gradient")
        assert not outside.count()
        assert page.evaluate("shift") < TOO_HIGH
        page.locator(".st-key-real_l2_stop button").click()
        page.locator(".st-key-real_l2_go").wait_for()


def test_a_study_goes_on_while_another_control_is_moved(chromium, address):
    with visit(chromium, address, "L2", l2=0.02, **LINK) as page:
        pressed(page)
        page.locator(".st-key-projector label").click()
        settle(page)
        done = page.get_by_text("over 20 splits;").or_(page.locator(".st-key-real_l2_stop"))
        done.first.wait_for()  # not the button to start it again
        page.get_by_text("over 20 splits;").wait_for()
        settle(page)


def test_a_slow_training_shows_a_card_within_the_screen_and_keeps_the_page(chromium, address):
    settings = {"questions": "false", "preset": "As printed", "batch": "32"}
    with visit(chromium, address, "Dropout", **settings) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        before, scroll = figures(page), page.get_by_test_id("stMain")
        for place in ("0", "400"):
            page.locator(".st-key-p input").first.focus()
            scroll.evaluate(f"e => e.scrollTo(0, {place})")
            page.keyboard.press("ArrowRight")
            card = page.locator("[class*=st-key-progress_card]")
            card.wait_for()
            bar = card.get_by_role("progressbar")
            bar.wait_for()
            box = card.bounding_box()
            assert box["y"] >= 0 and box["y"] + box["height"] <= 720
            assert figures(page) == before
            card.get_by_role("button", name="Stop").wait_for()
            card.wait_for(state="detached")
            settle(page)
            after = figures(page)
            assert after != before
            before = after
