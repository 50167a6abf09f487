"""What the browser keeps: after a reload, a restart of the server, an address typed, two tabs."""

import json
import os
from contextlib import contextmanager

import pytest

from regcore.exercises import numbered
from tests.benchmarks.load.server import Server
from tests.browser.browsing import PATIENCE, answer, settle
from ui.navigation import PAGES

KEPT = "JSON.parse(localStorage['reglab-kept'] ?? '{}')"
CODE = "x = 'kept'"


@contextmanager
def browser_of(chromium, address, script: str = ""):
    """A browser of one person; a restart is no fault, so the console is not watched."""
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    if script:
        context.add_init_script(script)
    yield context
    context.close()


def opened(context, address: str):
    page = context.new_page()
    go(page, address)
    return page


def go(page, address: str) -> None:
    page.goto(address)
    settle(page)


def follow(page, name: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=name).click()
    page.get_by_role("heading", level=1, name=name, exact=True).wait_for()
    settle(page)


def editor(page):
    return page.locator("textarea[data-part=text]")


def strength(page) -> str:
    return page.locator(".st-key-l2 input").first.input_value()


def stored(page, *names: str) -> dict:
    """What is stored, as soon as it has these names."""
    page.wait_for_function(f"{json.dumps(names)}.every(name => name in {KEPT})")
    return page.evaluate(KEPT)


def work(page) -> None:
    """Pass a task by code, pin a run, answer a question, and change a setting."""
    go(page, "/Exercises?task=4")
    editor(page).fill(numbered(4).solution)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("✓ passed").first.wait_for()
    settle(page)
    page.get_by_role("button", name="Hint 1 of 3").click()
    page.get_by_role("button", name="Hint 2 of 3").wait_for()
    settle(page)
    follow(page, "L2 weight decay")
    answer(page, "Cannot tell")
    page.get_by_text("Measured:").wait_for()
    settle(page)
    page.locator(".st-key-l2 input").first.press("Home")
    settle(page)
    go(page, "/All_Together?use_l2=true&questions=false")
    page.get_by_role("button", name="Pin this run").click()
    page.get_by_role("heading", name="Pinned runs").wait_for()
    stored(page, "task/4", "prediction/l2", "guess/l2", "page/L2", "pin/run 1")


def is_all_there(page) -> None:
    """Whatever `work` did is there, page by page."""
    assert page.get_by_role("heading", name="Pinned runs").count() == 1
    follow(page, "L2 weight decay")
    assert strength(page) == "0"
    assert page.get_by_text("Predict first").count() == 0
    follow(page, "Exercises")
    assert editor(page).input_value() == numbered(4).solution
    assert "✓ passed" in page.get_by_text("✓ passed").first.inner_text()
    assert page.get_by_role("button", name="Hint 2 of 3").count() == 1


def test_all_that_was_done_outlives_reload_restart_and_a_typed_address(chromium):
    with Server() as server:
        address = f"http://{server.host}:{server.port}"
        with browser_of(chromium, address) as context:
            page = context.new_page()
            work(page)
            page.reload()
            settle(page)
            is_all_there(page)
            go(page, "/All_Together")  # typed, in the same tab
            is_all_there(page)
            go(page, "/All_Together")
            # another process on the same port: the page connects anew, to a session without memory
            server.process.kill()
            server.process.wait()
            connected = page.locator("[data-test-connection-state=CONNECTED]")
            connected.wait_for(state="detached")
            with (server.folder / "again").open("wb") as log:
                server.process = server.start(log)
                connected.wait_for(state="attached")
                settle(page)
                is_all_there(page)


# Streamlit ends a session whose socket was closed for two minutes, here for one second. With
# REGLAB_SOCKET_CLOSED=150 the test waits as long as a person with a closed lid would.
CLOSED_SECONDS = int(os.environ.get("REGLAB_SOCKET_CLOSED", "4"))


class Lid:
    """The socket between page and server; while it is closed, every try to connect fails."""

    def __init__(self, page) -> None:
        self.is_closed, self._sockets = False, []
        page.route_web_socket(lambda url: "_stcore/stream" in url, self._connect)

    def _connect(self, socket) -> None:
        if self.is_closed:
            socket.close()
        else:
            self._sockets += [socket, socket.connect_to_server()]

    def close(self) -> None:
        self.is_closed = True
        for socket in self._sockets:
            socket.close()


def test_all_that_was_done_outlives_a_closed_lid(chromium, monkeypatch):
    if CLOSED_SECONDS < 120:
        monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "1")
    with Server() as server:
        address = f"http://{server.host}:{server.port}"
        with browser_of(chromium, address) as context:
            page = context.new_page()
            lid = Lid(page)
            work(page)
            connected = page.locator("[data-test-connection-state=CONNECTED]")
            lid.close()
            connected.wait_for(state="detached")
            page.wait_for_timeout(1000 * CLOSED_SECONDS)
            lid.is_closed = False
            connected.wait_for(state="attached")
            settle(page)
            is_all_there(page)


def test_a_link_has_precedence_and_nothing_of_another_browser(chromium, address):
    with browser_of(chromium, address) as context:
        page = opened(context, "/Early_Stopping?questions=false&patience=7")
        follow(page, "Exercises")  # after one run: what came by the link goes along
        assert "questions=false" in page.url
        follow(page, "Early stopping")
        assert "patience=7" in page.url and "questions=false" in page.url
        go(page, "/Early_Stopping?all_rows=false")
        assert "patience" not in page.url
    with browser_of(chromium, address) as other:
        page = opened(other, "/Early_Stopping?patience=9")
        assert page.get_by_text("Predict first").count() == 1
        assert set(stored(page, "place")) == {"visited/Early_Stopping", "place", *PAGE_KEPT}


PAGE_KEPT = {"page/Early_Stopping"}


def test_back_leads_to_the_page_and_the_data_that_were_there(chromium, address):
    with browser_of(chromium, address) as context:
        page = opened(context, "/Exercises?questions=false")
        follow(page, "Early stopping")
        before = page.url
        page.get_by_test_id("stSidebar").get_by_role("combobox", name="Data").click()
        page.get_by_role("option", name="Two moons").click()
        page.wait_for_function("location.search.includes('moons')")
        settle(page)
        moons = page.url
        follow(page, "Exercises")
        page.go_back()
        page.get_by_role("heading", level=1, name="Early stopping").wait_for()
        settle(page)
        assert sorted(moons.split("?")[1].split("&")) == sorted(page.url.split("?")[1].split("&"))
        assert before != moons
        page.go_back()
        page.get_by_role("heading", level=1, name="Exercises").wait_for()


def test_two_tabs_add_up_and_one_button_forgets_all(chromium, address):
    with browser_of(chromium, address) as context:
        one, two = opened(context, "/Exercises?task=4"), opened(context, "/Exercises?task=4")
        for page, number in ((one, 1), (two, 2)):
            for hint in range(1, number + 1):
                page.get_by_role("button", name=f"Hint {hint} of 3").click()
                page.get_by_role("button", name=f"Hint {hint + 1} of 3").wait_for()
                settle(page)
        one.wait_for_function(f"{KEPT}['task/4']?.hints === 2")
        one.get_by_role("button", name="Show the solution").click()
        one.wait_for_function(f"{KEPT}['task/4']?.solution")
        assert one.evaluate(KEPT)["task/4"]["hints"] == 2
        editor(one).fill(CODE)
        two.wait_for_function("localStorage['reglab-code-4']")
        assert editor(two).input_value() == CODE
        settle(one)
        one.get_by_role("button", name="Forget what").click()
        with one.expect_navigation():
            one.get_by_role("button", name="Forget all of it").click()
        for page in (one, two):
            settle(page)
            assert page.get_by_role("button", name="Hint 1 of 3").count() == 1
            assert editor(page).input_value() != CODE
        assert not [n for n in one.evaluate(KEPT) if n.startswith(("task", "pin", "guess"))]


FORBIDDEN = """Object.defineProperty(window, 'localStorage',
  {get() { throw new DOMException('no', 'SecurityError') }})"""
FULL = (
    """Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"""
)
NONSENSE = """if (!sessionStorage.once) {
  sessionStorage.once = localStorage['reglab-kept'] = '%s'
  localStorage['reglab-code-4'] = '{"text": 3'
}"""
TROUBLES = {
    "forbidden": (FORBIDDEN, "store nothing"),
    "full": (FULL, "storage is full"),
    "no JSON": (NONSENSE % "{{{", "cannot be read"),
    "another type": (NONSENSE % "[1, 2]", "cannot be read"),
    "wrong items": (NONSENSE % '{"task/4": 7, "pin/x": {"lr": []}, "__proto__": 1}', "cannot be"),
}


@pytest.mark.parametrize(("script", "sentence"), TROUBLES.values(), ids=TROUBLES)
def test_trouble_with_the_storage_is_one_sentence_and_no_loss(chromium, address, script, sentence):
    with browser_of(chromium, address, script) as context:
        page = context.new_page()
        page.goto("/Exercises?task=4")
        page.get_by_text(sentence).first.wait_for()
        settle(page)
        editor(page).fill(CODE)
        page.get_by_role("button", name="Hint 1 of 3").click()
        page.get_by_role("button", name="Hint 2 of 3").wait_for()
        settle(page)
        assert editor(page).input_value() == CODE


def test_a_lost_upload_is_announced_and_named(chromium, address):
    rows = "".join(f"{i % 7},{i % 5},{i % 2}\n" for i in range(80))
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": b"a,b,ill\n" + rows.encode()}
    with browser_of(chromium, address) as context:
        page = opened(context, "/Early_Stopping?questions=false&data=Your+file")
        assert page.get_by_text("When you reload or close the page it is gone").count() == 1
        page.locator("input[type=file]").set_input_files(file)
        page.wait_for_function(f"{KEPT}.file === 'mine.csv'")
        page.reload()
        settle(page)
        assert page.get_by_text("mine.csv").count() == 1


@pytest.mark.parametrize("place", [page.place for page in PAGES.values()])
def test_small_letters_in_an_address_work(chromium, address, place):
    with browser_of(chromium, address) as context:
        page = context.new_page()
        page.goto(f"/{place.lower()}?questions=false")
        page.wait_for_url(f"**/{place}?questions=false")
