"""One learner's way through the lesson, a class's first ten minutes, and others who come by."""

import csv
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from regcore.exercises import numbered
from tests.browser.browsing import Watch, figures, sentence, settle, unfold, visit
from tests.browser.browsing import answer as press_answer
from tests.support import ROOT
from ui.text import score


def go(page, room: str) -> None:
    """Follow a link of the menu."""
    page.get_by_test_id("stSidebar").get_by_role("link", name=room).click()
    page.get_by_role("heading", level=1, name=room).wait_for()
    settle(page)


def press(page, slider: str, key: str, times: int = 1) -> None:
    """Move a slider with the keyboard."""
    page.get_by_role("slider", name=slider).focus()
    for _ in range(times):
        page.keyboard.press(key)


def answer(page, said: str) -> None:
    """Answer the question of the page, and wait for the result."""
    press_answer(page, said)
    page.get_by_text("Measured:").wait_for()
    settle(page)


def saved(page, button: str, folder: Path) -> Path:
    """The file behind a download button."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def printed_by(script: Path) -> dict[str, str]:
    """The scores that an exported script prints, started as its first line says."""
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split() for line in done.stdout.splitlines()[1:])


def test_a_learner_walks_through_the_lesson(chromium, address, tmp_path):
    with visit(chromium, address) as page:
        assert "2.019" in sentence(page)
        predicts_and_memorizes(page)
        decays(page)
        travels_in_time(page)
        solves_an_exercise(page)
        link, shown, script, table = pins_and_exports(page, tmp_path)
    (row,) = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
    assert (row["run"], row["l2"]) == ("decayed", "0.02")
    assert [score(float(row[key])) for key in ("training", "validation", "gap")] == shown
    printed = printed_by(script)
    assert printed["validation_loss"] == row["validation loss"]
    with visit(chromium, address, link) as page:
        page.get_by_role("button", name="Skip").click()
        page.get_by_test_id("stMetricValue").first.wait_for()
        settle(page)
        assert figures(page) == shown
        assert score(float(row["validation loss"])) in sentence(page)


def predicts_and_memorizes(page) -> None:
    page.get_by_test_id("stMain").get_by_role("link", name="1. Overfitting").click()
    page.get_by_text("Predict first.").wait_for()
    settle(page)
    assert figures(page) == ["1.000", "0.719", "0.281"]
    answer(page, "Cannot tell")
    assert figures(page) == ["1.000", "0.719", "0.281"]
    unfold(page, "More settings")
    first_figure = page.get_by_test_id("stMetricValue").first
    for preset, trained in 3 * (("As printed", "0.840"), ("Memorize", "1.000")):
        page.get_by_role("radio", name=preset).first.check(force=True)
        first_figure.filter(has_text=trained).wait_for()
        settle(page)
    assert figures(page) == ["1.000", "0.719", "0.281"]


def decays(page) -> None:
    go(page, "L2 weight decay")
    answer(page, "Cannot tell")
    assert "With L2 the test loss ends at" in sentence(page)
    press(page, "L2 strength", "ArrowRight")
    page.wait_for_url("**l2=0.1*")
    settle(page)
    assert "With λ = 0.1, " in sentence(page)


def travels_in_time(page) -> None:
    go(page, "Early stopping")
    press_answer(page, "That is my guess")
    page.get_by_text("Not quite.").wait_for()  # the last epoch: too late
    settle(page)
    page.get_by_role(
        "button", name="That is my guess"
    ).click()  # a second try is not asked how sure
    page.get_by_text("Measured:").wait_for()
    settle(page)
    assert "the rule stops 50 epochs later" in sentence(page)
    press(page, "Patience", "ArrowRight", times=10)
    page.get_by_text("the rule stops 60 epochs later").first.wait_for()
    settle(page)


def solves_an_exercise(page) -> None:
    go(page, "Exercises")
    page.get_by_role("radiogroup", name="Task").get_by_role("radio", name="6").check(force=True)
    page.get_by_role("heading", name="6. ").wait_for()
    page.wait_for_url("**task=6*")
    settle(page)
    page.get_by_label("Your code").fill(numbered(6).solution)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("✓ passed").first.wait_for()
    settle(page)


def pins_and_exports(page, folder: Path) -> tuple[str, list[str], Path, Path]:
    """The link of the page, the figures on it, a script and a table of the pinned run."""
    go(page, "All together")
    answer(page, "With L2")
    page.get_by_role("switch", name="L2", exact=True).press("Space")
    page.get_by_role("slider", name="λ").wait_for()
    settle(page)
    press(page, "λ", "ArrowLeft")
    page.wait_for_url("**all_l2=0.02*")
    settle(page)
    page.get_by_role("textbox", name="Name", exact=True).fill("decayed")
    page.get_by_role("button", name="Pin this run").click()
    page.get_by_role("heading", name="Pinned runs").wait_for()
    settle(page)
    table = saved(page, "Comparison as CSV", folder)
    page.get_by_role("button", name="Take this run with you").last.click()
    script = saved(page, "Script", folder)
    return page.url, figures(page), script, table


def test_a_class_votes_talks_and_votes_again(chromium, address):
    with ExitStack() as stack:
        teacher = stack.enter_context(visit(chromium, address, projector="true"))
        teacher.get_by_text("For teachers").click()
        teacher.get_by_role("link", name="Start the tour").click()
        teacher.get_by_text("Step 1 of").wait_for()
        goes_on(teacher, 2)
        teacher.get_by_role("button", name="Open a room for the class").click()
        word = teacher.locator(".room-word").inner_text()
        opened = [stack.enter_context(visit(chromium, address, "Room", room=word))]
        opened += [stack.enter_context(visit(chromium, address, "Room")) for _ in range(2)]
        for phone in opened:
            phone.set_viewport_size({"width": 400, "height": 800})
        for phone in opened[1:]:  # the letters are typed, in small ones
            phone.get_by_label("letters on the projector").fill(word.lower())
            phone.get_by_role("button", name="Go").click()
        teacher.get_by_role("button", name="Let them draw").click()
        draws(opened[0])
        teacher.get_by_text("1 of 3 phones voted").wait_for()
        teacher.get_by_role("button", name="Let them tap an answer").click()
        votes(teacher, opened, (0, 1, 1))
        assert not wrong_for_all(opened[0]) + wrong_for_all(teacher)
        talks(teacher)
        teacher.get_by_role("button", name="Reveal", exact=True).click()
        teacher.get_by_text("Measured:").first.wait_for()
        opened[0].get_by_text("Look at the projector").wait_for()
        goes_on(teacher, 3)
        goes_on(teacher, 4)
        teacher.get_by_role("button", name="Ask the class").click()
        votes(teacher, opened, (0, 2, 2))
        opened[2].reload()  # is the same voter
        opened[2].get_by_text("Counted.").wait_for()
        talks(teacher)
        assert "First vote, 3 answers" in sentence(teacher)
        opened[1].get_by_text("The vote is closed.").wait_for()
        teacher.get_by_role("button", name="Vote again").click()
        for phone in opened:
            phone.get_by_text("Second vote.").wait_for()  # by itself
        votes(teacher, opened, (0, 0, 2))
        teacher.get_by_role("button", name="Reveal", exact=True).click()
        teacher.get_by_text("Measured:").first.wait_for()
        settle(teacher)
        assert re.search(r"First vote, 3 answers.* Second vote, 3 answers", sentence(teacher))
        teacher.get_by_role("button", name="Close the room").click()
        opened[0].get_by_text("This room is closed.").wait_for()


def goes_on(teacher, step: int) -> None:
    teacher.get_by_role("link", name="Next →").click()
    teacher.get_by_text(f"Step {step} of").wait_for()
    settle(teacher)


def talks(teacher) -> None:
    """The vote is closed, and a clock counts down."""
    teacher.get_by_role("button", name="Close the vote").click()
    clock = teacher.get_by_role("timer", name="time left to talk")
    clock.filter(has_text=re.compile("^[12]:[0-9]{2}$")).wait_for()


def votes(teacher, phones, places: tuple[int, ...]) -> None:
    """Each phone taps an answer, and the projector counts it within two seconds."""
    for number, (phone, place) in enumerate(zip(phones, places, strict=True), start=1):
        phone.locator(".st-key-room_answers button").nth(place).click()
        phone.get_by_text("Counted.").wait_for()
        teacher.get_by_text(f"{number} of {len(phones)} phones voted").wait_for(timeout=4000)


def draws(phone) -> None:
    """A phone draws a curve that rises, with handles that a finger hits."""
    phone.locator(".canvas").wait_for()
    settle(phone)
    boxes = [handle.bounding_box() for handle in phone.locator(".target").all()]
    assert len(boxes) == 12
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24
    assert not wrong_for_all(phone)
    place = phone.locator(".canvas").bounding_box()
    left, low = place["x"], place["y"] + place["height"]
    phone.mouse.move(left + 4, low - 40)
    phone.mouse.down()
    phone.mouse.move(left + place["width"] - 4, low - 150, steps=12)
    phone.mouse.up()
    phone.get_by_text("Counted.").wait_for()


def wrong_for_all(page) -> list[str]:
    """What axe finds that is serious."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]


def test_what_a_page_asks_elsewhere_and_complains_of_is_noticed(chromium, address):
    page = chromium.new_page(base_url=address)
    watch = Watch(page)
    page.goto("/L2")
    with page.expect_console_message(lambda message: message.text == "lost"):
        page.evaluate("fetch('https://example.org/x').catch(() => console.error('lost'))")
    assert watch.foreign == ["https://example.org/x"]
    assert any("lost" in complaint for complaint in watch.complaints)
    page.close()
