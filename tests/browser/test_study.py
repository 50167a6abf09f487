"""A long study leaves its page usable: nothing moves, and another control does not stop it."""

from tests.browser.browsing import settle, visit

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
