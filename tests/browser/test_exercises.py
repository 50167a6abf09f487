"""The code editor: typed code is never lost, and Python is typed as in any editor."""

import json
import os
import re
from collections.abc import Iterator

import pytest

from regcore.exercises import MAX_SOURCE, TASKS, numbered, parsons
from tests.browser.browsing import answer, picture, settle, visit

expect = pytest.importorskip("playwright.sync_api", reason="needs requirements-dev.txt").expect
expect.set_options(timeout=25_000)
ROUNDS = int(os.environ.get("REGLAB_ROUNDS", "4"))  # over each link; ten take two minutes more
CODING = [task for task in TASKS.values() if not task.wide]
LINKS = {  # where and how it is called -> title of its page
    ("stSidebar", "Home"): "Regularization Lab",
    ("stSidebar", "Overfitting"): "Overfitting",
    ("stSidebar", "L2 weight decay"): "L2 weight decay",
    ("stSidebar", "Dropout"): "Dropout",
    ("stSidebar", "Early stopping"): "Early stopping",
    ("stSidebar", "All together"): "All together",
    ("stMain", "Read on: L2 weight decay"): "L2 weight decay",
    ("stMain", "← All together"): "All together",
}
PASTE = """(text, pasted) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', pasted);
  text.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true, cancelable: true}));
}"""
SET = """(text, value) => {  // as a drop, or a tool that fills in
  text.value = value;
  text.dispatchEvent(new Event('input', {bubbles: true}));
}"""
PRIMARY = ("color-contrast", "<p>Check</p>")  # on the dark theme: see test_every_page.py
IN_EDITOR = "document.activeElement?.shadowRoot?.activeElement?.ariaLabel === 'Your code'"
AT = "([x, y]) => document.elementFromPoint(x, y).closest('label')?.textContent"
FOCUSED = "document.activeElement.textContent.trim()"


@pytest.fixture
def page(chromium, address) -> Iterator:
    with visit(chromium, address, "Exercises", task=4) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        yield page


def editor(page):
    """The editor, once it listens."""
    found = page.get_by_label("Your code", exact=True)
    expect(found).to_be_enabled()
    return found


def type_after(page, text: str) -> None:
    """Type at the end of the code, on a line of its own."""
    editor(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(f"\n{text}")


def type_code(page, code: str) -> None:
    """Type code in place of all that is there, as one does: the editor indents, and Tab more."""
    text = editor(page)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    for number, line in enumerate(code.splitlines()):
        if number:
            page.keyboard.press("Enter")
        indent = len(line) - len(line.lstrip())
        there = len(text.input_value().rpartition("\n")[2])
        for _ in range(abs(indent - there) // 4 if line else 0):
            page.keyboard.press("Tab" if indent > there else "Backspace")
        page.keyboard.type(line.lstrip())


def go(page, place: str, name: str, title: str) -> None:
    """Follow a link with one click."""
    page.get_by_test_id(place).get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()


def solve_task_4(page) -> None:
    editor(page).fill(numbered(4).solution)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("✓ passed").first.wait_for()
    settle(page)


def back(page) -> None:
    go(page, "stSidebar", "Exercises", "Exercises")


@pytest.mark.parametrize("link", LINKS, ids=" ".join)
def test_typed_code_is_kept_and_the_first_click_works(page, link):
    for number in range(ROUNDS):
        settle(page)
        type_after(page, f"x = {number}")
        page.wait_for_timeout((0, 0, 290, 320)[number % 4])  # also as the pause ends
        go(page, *link, LINKS[link])
        back(page)
        assert editor(page).input_value().endswith(f"x = {number}")


def test_a_link_opened_with_the_keyboard_keeps_the_code(page):
    type_after(page, "x = 1")
    page.get_by_role("link", name="Read on").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="L2 weight decay")).to_be_visible()
    back(page)
    assert editor(page).input_value().endswith("x = 1")


def test_another_task_a_reload_and_another_page_keep_the_code(page):
    type_after(page, "x = 1")
    page.get_by_role("radio", name="6", exact=False).check(force=True)
    page.get_by_role("heading", name="6. ").wait_for()
    settle(page)
    expect(editor(page)).to_have_value(numbered(6).starter)
    type_after(page, "x = 2")
    page.reload()
    settle(page)
    assert editor(page).input_value().endswith("x = 2")
    page.get_by_test_id("stRadioCaption").get_by_text("Write the L2 gradient").click()
    page.get_by_role("heading", name="4. ").wait_for()
    settle(page)  # until then the editor of the other task may be there, too
    expect(editor(page)).to_have_value(numbered(4).starter + "\nx = 1")


def test_what_is_typed_before_a_press_is_what_runs(page):
    type_after(page, "print(6 * 7)")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_test_id("stCode").get_by_text("42", exact=True).first).to_be_visible()
    settle(page)
    type_after(page, "print(6 * 8)")
    page.get_by_role("button", name="Back to the starter").click()
    expect(editor(page)).to_have_value(numbered(4).starter)
    page.get_by_role("button", name="Back to my code").click()
    expect(editor(page)).to_have_value(f"{numbered(4).starter}\nprint(6 * 7)\nprint(6 * 8)")


def open_task(page, number: int) -> None:
    page.get_by_role("radio", name=str(number), exact=True).check(force=True)
    page.get_by_role("heading", name=f"{number}. ").wait_for()
    settle(page)


def passes(page, number: int):
    """Wait until the task is passed; return what says so."""
    row = page.get_by_test_id("stTable").locator("tr").filter(has_text=numbered(number).title)
    row.get_by_text("✓ passed").wait_for()
    settle(page)
    return page.get_by_test_id("stAlert").filter(has_text="Correct")


def test_each_coding_task_is_solved_by_typing_with_the_keyboard_alone(page):
    for task in CODING:
        open_task(page, task.number)
        tab_until(page, IN_EDITOR)
        page.keyboard.press("ArrowDown")
        type_code(page, task.solution)
        page.keyboard.press("Tab")
        assert page.evaluate(IN_EDITOR)
        page.keyboard.press("Control+Z")
        page.keyboard.press("Escape")
        tab_until(page, f"{FOCUSED} === 'Check'", 3)
        page.keyboard.press("Enter")
        # the list above may get a line more, with the sign of the task, after the scroll
        expect(passes(page, task.number)).to_be_in_viewport(ratio=0.5)


def test_each_coding_task_is_solved_in_the_plain_box(page):
    page.get_by_role("switch", name="Plain text box").check(force=True)
    for task in CODING:
        open_task(page, task.number)
        page.locator("textarea:not([data-part])").fill(task.solution)
        page.get_by_role("button", name="Check", exact=True).click()
        expect(passes(page, task.number)).to_be_visible()


def test_a_task_is_solved_by_its_lines_put_in_order_on_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("radio", name="Lines").click()
    wanted = [piece.strip() for piece in parsons.pieces(numbered(4))]
    lines = page.locator("li pre")
    lines.first.wait_for()
    for place, line in enumerate(wanted):
        now = lines.all_inner_texts().index(line)
        page.locator("li").nth(now).get_by_role("button").first.focus()
        for _ in range(now - place):
            page.keyboard.press("ArrowUp")  # the focus goes along
    assert lines.all_inner_texts() == wanted
    settle(page)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("✓ passed").first.wait_for()
    settle(page)
    assert page.get_by_test_id("stMain").evaluate("e => e.scrollWidth") <= 390
    assert lines.all_inner_texts() == wanted


def tab_until(page, reached: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"Tab does not reach: {reached}")


def test_tab_walks_through_the_editor_until_something_is_typed(page):
    tab_until(page, IN_EDITOR)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(IN_EDITOR)
    assert editor(page).input_value() == numbered(4).starter


KEYS = {  # what is there, keys pressed at its end, what is then there
    "Enter keeps the indentation": ("    x = 1", ["Enter"], "    x = 1\n    "),
    "Enter goes deeper after a colon": ("if x:  # why", ["Enter"], "if x:  # why\n    "),
    "Enter leaves a block": ("    return x", ["Enter"], "    return x\n"),
    "Tab fills up to a level": ("ab", ["Tab"], "ab  "),
    "Tab indents the lines chosen": (
        "a\n\n    b",
        ["Control+A", "Tab"],
        "    a\n\n        b",
    ),
    "Shift+Tab takes a level away": ("        a", ["Shift+Tab"], "    a"),
    "Shift+Tab takes no more than there is": (" a\n     b", ["Control+A", "Shift+Tab"], "a\n b"),
    "Backspace takes a level away": ("        ", ["Backspace"], "    "),
    "Backspace takes a letter away": ("  ab", ["Backspace"], "  a"),
    "undo takes Tab back": ("ab", ["Tab", "Control+Z"], "ab"),
}


def test_keys_work_as_in_an_editor_of_python(page):
    text = editor(page)
    for name, (there, keys, then) in KEYS.items():
        text.fill(there)
        for key in ("ArrowRight", "Control+End", *keys):
            page.keyboard.press(key)
        assert text.input_value() == then, name


PASTED = {
    "CRLF": ("x = 1\r\ny = 2\r", "x = 1\ny = 2\n"),
    "tabs": ("if x:\n\ty\n  \tz", "if x:\n    y\n    z"),
    "as much as is run": ("x = 1\n" * (MAX_SOURCE // 6), "x = 1\n" * (MAX_SOURCE // 6)),
}


def test_pasted_code_is_plain_and_up_to_20_000_characters_run(page):
    text = editor(page)
    for name, (pasted, then) in PASTED.items():
        for way in ("paste", "set"):
            text.fill("")
            text.focus()
            if way == "paste":
                text.evaluate(PASTE, pasted)
            else:
                text.evaluate(SET, pasted)
            assert text.input_value() == then, (name, way)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Finished; no output.")).to_be_in_viewport(ratio=1)
    text.evaluate(SET, "x" * (MAX_SOURCE + 1))
    expect(page.get_by_text("Your code has 20,001 characters")).to_be_visible()
    text.fill("x = 1")
    expect(page.get_by_text("Your code has 20,001 characters")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_error_is_marked_at_its_line_seen_and_spoken(chromium, address, theme, pictures):
    from axe_playwright_python.sync_playwright import Axe

    with visit(chromium, address, "Exercises", theme=theme, task=4) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        type_after(page, "y = 1 / 0  # oh")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_test_id("stAlert").filter(has_text="ZeroDivision")).to_be_in_viewport(
            ratio=1
        )
        line = numbered(4).starter.count("\n") + 2
        expect(page.get_by_role("status").filter(has_text=f"error in line {line}.")).to_be_visible()
        settle(page)
        picture(page, pictures, f"editor-{theme}")
        serious = [
            (violation["id"], node["html"][:200])
            for violation in Axe().run(page).response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]
        assert not [found for found in serious if found != PRIMARY], serious
        type_after(page, "x")
        expect(page.get_by_text("There is an error")).to_have_count(0)


def test_on_a_phone_code_scrolls_sideways_in_its_box(page, pictures):
    page.set_viewport_size({"width": 400, "height": 800})
    settle(page)
    box = editor(page).evaluate_handle("text => text.closest('[data-part=page]')")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth + 50")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 400
    picture(page, pictures, "editor-phone")


def test_the_plain_box_has_the_same_code(page):
    type_after(page, "print(6 * 7)")
    page.get_by_role("switch", name="Plain text box").check(force=True)
    plain = page.locator("textarea:not([data-part])")
    expect(plain).to_have_value(numbered(4).starter + "\nprint(6 * 7)")
    plain.fill("print(6 * 8)")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("48", exact=True).first).to_be_visible()
    settle(page)
    page.get_by_role("switch", name="Plain text box").uncheck(force=True)
    expect(editor(page)).to_have_value("print(6 * 8)")


def test_what_is_typed_in_the_plain_box_is_kept_as_well(page):
    page.get_by_role("switch", name="Plain text box").check(force=True)
    plain = page.locator("textarea:not([data-part])")
    for number in range(4):
        plain.wait_for()
        settle(page)
        plain.focus()
        page.keyboard.press("Control+End")
        page.keyboard.type(f"\nx = {number}")
        page.reload()
        settle(page)
        expect(plain).to_have_value(re.compile(rf"x = {number}$"))
    page.get_by_role("button", name="Back to the starter").click()
    expect(plain).to_have_value(numbered(4).starter)
    settle(page)
    page.reload()
    settle(page)
    expect(plain).to_have_value(numbered(4).starter)


def downloaded(page) -> dict:
    """The progress file, as it is a moment after the press."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download progress").click()
    assert download.value.suggested_filename == "progress.json"
    return json.loads(download.value.path().read_bytes())


def test_the_progress_file_has_the_record_on_the_page(page):
    solve_task_4(page)
    go(page, "stSidebar", "L2 weight decay", "L2 weight decay")
    settle(page)
    answer(page, "Cannot tell")
    page.get_by_text("Measured:").wait_for()
    settle(page)
    back(page)
    settle(page)
    page.get_by_role("button", name="Hint 1 of 3").click()
    page.get_by_role("button", name="Hint 2 of 3").wait_for()
    settle(page)
    file = downloaded(page)
    assert file["tasks"] == {"4": {"passed": True, "hints": 1, "solution": False}}
    assert file["code"] == {"4": numbered(4).solution}
    shown = page.get_by_role("table").last.locator("tbody tr td").all_inner_texts()
    said = file["predictions"]["l2"]
    assert shown == ["L2", said["verdict"], "fairly", said["said"], said["was"]]


def test_the_progress_file_has_the_code_as_it_is_at_the_press(page):
    for name, wait in (("x = 1", 600), ("x = 2", 0)):  # after the editor has sent it, and before
        type_after(page, name)
        page.wait_for_timeout(wait)
        assert downloaded(page)["code"]["4"].endswith(name)
    page.get_by_role("button", name="Back to the starter").click()
    expect(editor(page)).to_have_value(numbered(4).starter)
    settle(page)
    assert downloaded(page)["code"] == {}


def test_the_title_of_a_task_selects_it(page):
    box = page.get_by_test_id("stRadioCaption").filter(has_text=numbered(6).title).bounding_box()
    up, down = box["y"] + 1, box["y"] + max(box["height"], 24) - 1
    assert [page.evaluate(AT, [box["x"] + 5, y]) for y in (up, down)] == ["6", "6"]
    page.mouse.click(box["x"] + 5, down)
    page.get_by_role("heading", name="6. ").wait_for()
    settle(page)


def test_code_that_runs_on_says_for_how_long_it_may(page):
    editor(page).fill("while True: pass")
    page.keyboard.press("Control+Enter")
    card = page.locator("[class*=st-key-progress_card]")
    expect(card).to_contain_text(re.compile(r"Running your code, [12] s so far"))
    expect(card).to_contain_text(re.compile(r"[3-9] s so far, at most about \d+ s more"))
    stop(page)


def stop(page) -> None:
    """Stop the code that runs: its card goes at once."""
    card = page.locator("[class*=st-key-progress_card]")
    expect(card).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(card).to_have_count(0, timeout=3_000)
    settle(page)


def test_after_stop_the_code_is_there_and_runs_again(page):
    endless = "while True: pass"
    editor(page).fill(endless)
    for button in ("Check", "Run"):
        page.get_by_role("button", name=button, exact=True).click()
        stop(page)
        expect(editor(page)).to_have_value(endless)
    editor(page).fill("print(6 * 7)")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_test_id("stCode").get_by_text("42", exact=True).first).to_be_visible()
    settle(page)


def test_a_solved_task_keeps_its_link(page):
    solve_task_4(page)
    go(page, "stSidebar", "Dropout", "Dropout")
    settle(page)
    page.go_back()
    for _ in range(2):
        page.get_by_role("heading", name="4. ").wait_for()
        settle(page)
        assert page.url.endswith("/Exercises?task=4")
        page.reload()
