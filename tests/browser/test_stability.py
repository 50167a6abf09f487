"""Nothing jumps: neither while a page is drawn nor when a control is moved; and pages are short."""

from collections.abc import Iterator

import pytest

from tests.browser.browsing import answer, figures, moved, settle, visit

LOAD, CONTROL = 0.1, 0.02  # of the screen, at most
HIGHEST = 2500  # px, with all folds closed
# key of a control, the key pressed on it; the new value must be trained
CHANGES = {
    "Overfitting": ("width", "ArrowLeft"),
    "L2": ("l2", "ArrowRight"),
    "Dropout": ("p", "ArrowRight"),
    "Early_Stopping": ("few_rows", "Space"),
    "All_Together": ("all_l2", "ArrowRight"),
}
# The least number of pictures and of figures in any frame from now on.
KEEP_COUNT = """() => {
  const drawn = '[data-testid=stVegaLiteChart] :is(svg, canvas), [data-testid=stMetricValue]';
  const seen = () => document.querySelectorAll(drawn).length;
  window.least = seen();
  const count = () => { least = Math.min(least, seen()); requestAnimationFrame(count); };
  count();
  return least;
}"""

ARE_NEW = """old => {
  const shown = [...document.querySelectorAll('[data-testid=stMetricValue]')].slice(0, 3);
  return shown.map(e => e.innerText).join() !== old.join();
}"""


@pytest.fixture(params=["", *CHANGES, "Exercises"], ids=lambda path: path or "Home")
def opened(request, chromium, address) -> Iterator:
    """A page with its question open."""
    with visit(chromium, address, request.param) as page:
        yield page


def test_a_page_is_drawn_in_its_place_and_is_short(opened):
    share, told = moved(opened)
    if share > LOAD:  # a busy machine may draw a page in more goes than there are
        opened.reload()
        settle(opened)
        share, told = moved(opened)
    assert share <= LOAD, told
    assert opened.get_by_test_id("stMain").evaluate("e => e.scrollHeight") <= HIGHEST


@pytest.mark.parametrize("path", CHANGES)
def test_a_changed_control_moves_nothing_and_keeps_what_is_shown(chromium, address, path):
    key, press = CHANGES[path]
    link = {"use_l2": "true"} if path == "All_Together" else {}
    with visit(chromium, address, path, questions="false", **link) as page:
        assert page.get_by_test_id("stMain").evaluate("e => e.scrollHeight") <= HIGHEST
        shown, before = page.evaluate(KEEP_COUNT), figures(page)
        page.locator(f".st-key-{key} :is(input, [role=radio])").last.focus()
        moved(page)
        page.keyboard.press(press)
        page.wait_for_function(ARE_NEW, arg=before)
        settle(page)
        assert page.evaluate("least") == shown
        share, told = moved(page)
        assert share <= CONTROL, told


@pytest.mark.parametrize("path", ["Overfitting", "L2"])
def test_a_reason_chosen_by_keyboard_moves_nothing(chromium, address, path):
    with visit(chromium, address, path) as page:
        answer(page, "Cannot tell")
        page.get_by_text("What should decide?").wait_for()
        settle(page)
        for reason, said in (("The smaller gap", "✗ Many"), ("Accuracy on new patients", "✓ Y")):
            moved(page)
            page.get_by_role("button", name=reason).press("Enter")
            page.get_by_text(said).wait_for()
            settle(page)
            share, told = moved(page)
            assert share <= CONTROL, told
            assert page.get_by_text("Measured:").is_visible()
            page.get_by_role("button", name="Another reason").press("Enter")
            page.get_by_role("button", name=reason).wait_for()
            settle(page)
