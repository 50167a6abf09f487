"""Whose code runs: the secret, the pass of a browser, and when the secret is asked for."""

from ipaddress import ip_address

import pytest

import sandbox
from regcore.exercises import numbered
from tests.support.apps import opened, words
from ui.exercises import code_access, owner, peer
from ui.exercises.code_access import NotHere
from ui.exercises.peer import Connection, End

PAGE = "pages/6_Exercises.py"


@pytest.fixture
def secret(monkeypatch):
    fresh = owner.Secret()
    monkeypatch.setattr(owner, "SECRET", fresh)
    return fresh


def test_each_start_has_a_new_secret_over_fifty_bits():
    some = {owner.Secret().text for _ in range(100)}
    assert len(some) == 100
    assert len(set(owner.ALPHABET)) ** (owner.GROUPS * owner.LENGTH) > 2**50
    assert all(set(text) <= {*owner.ALPHABET, "-"} for text in some)


WRONG = ["", " ", "-", "abcd-abcd-abcd", "x" * 10**6, "\ud800", "ñ", "\x00", None, 7, b"", [], {}]


@pytest.mark.parametrize("typed", WRONG, ids=lambda typed: repr(typed)[:20])
def test_a_wrong_secret_gives_one_sentence(secret, typed):
    why = secret.why_not(typed)
    assert why.endswith(".")
    assert "\n" not in why
    assert not secret.is_pass(typed)


def test_the_secret_ignores_case_and_hyphens(secret):
    for typed in (
        secret.text,
        secret.text.upper(),
        secret.text.replace("-", ""),
        f" {secret.text} ",
    ):
        assert secret.why_not(typed) is None


def test_secret_and_pass_differ_and_are_new_at_each_start(secret):
    assert secret.is_pass(secret.kept)
    assert not secret.is_pass(secret.text)
    assert secret.why_not(secret.kept)
    earlier = owner.Secret()
    assert secret.why_not(earlier.text)
    assert not secret.is_pass(earlier.kept)


def test_guesses_are_limited_without_locking_the_owner_out(secret, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(owner, "monotonic", lambda: now[0])
    secret._at = now[0]
    whys = [secret.why_not("a guess") for _ in range(1000)]
    assert sum("Too many" in why for why in whys) == 1000 - owner.BURST
    assert "Too many" in secret.why_not(secret.text)
    now[0] += 1.0
    assert secret.why_not(secret.text) is None


def test_the_terminal_shows_the_secret_and_its_link_once(secret, capsys):
    for _ in range(3):
        secret.print_once("http://127.0.0.1:8501")
    printed = capsys.readouterr().out
    assert printed.count(f"http://127.0.0.1:8501/Exercises?key={secret.text}") == 1
    assert printed.count(secret.text) == 2


V4 = Connection(End(ip_address("127.0.0.1"), 5), End(ip_address("127.0.0.1"), 8502))
V6 = Connection(End(ip_address("::1"), 5), End(ip_address("::1"), 8502))
URLS = [
    (None, {}, "http://localhost:8501"),
    (V4, {}, "http://127.0.0.1:8502"),
    (V6, {}, "http://[::1]:8502"),
    (V4, {"server.baseUrlPath": "/lab/"}, "http://127.0.0.1:8502/lab"),
    (V4, {"server.sslCertFile": "a.pem"}, "https://localhost:8501"),
]


@pytest.mark.parametrize(("connection", "options", "url"), URLS)
def test_the_link_leads_to_the_address_that_answers(connection, options, url, monkeypatch):
    option = owner.st.get_option
    told = {"server.address": "localhost", "server.port": 8501} | options
    monkeypatch.setattr(owner.st, "get_option", lambda key: told.get(key) or option(key))
    monkeypatch.setattr(peer, "connection", lambda: connection)
    assert owner._url() == url


def test_a_shared_server_has_no_secret_to_show(secret, monkeypatch, capsys):
    monkeypatch.setattr(code_access, "is_loopback", lambda address: False)
    app = opened(PAGE, task=4, key=secret.text)
    assert secret.text not in capsys.readouterr().out
    assert "is_owner" not in app.session_state


def may_run(app) -> bool:
    return not app.button(key="run_4").disabled and not app.button(key="check_4").disabled


def test_code_runs_only_after_the_secret(secret, monkeypatch):
    app = opened(PAGE, task=4, plain="true")
    app.text_area(key="code_4").set_value("print(6 * 7)").run()
    assert not may_run(app)
    app.text_input(key="secret").set_value(owner.Secret().text).run()
    assert not may_run(app)
    assert app.warning[0].value.startswith("This is not the secret")
    app.text_input(key="secret").set_value(secret.text).run()
    assert may_run(app)
    assert not app.text_input
    assert not app.warning
    app.button(key="run_4").click().run()
    assert "42" in [block.value for block in app.code]


def test_the_link_is_enough_and_loses_the_secret(secret):
    app = opened("streamlit_app.py", key=secret.text)
    assert "key" not in app.query_params
    app.switch_page(PAGE)
    app.query_params["task"] = 4
    assert may_run(app.run())
    assert secret.text not in words(app)


def test_a_secret_is_valid_in_its_session_only(secret):
    assert may_run(opened(PAGE, task=4, key=secret.text))
    other = opened(PAGE, task=4, key=owner.Secret().text)
    assert "key" not in other.query_params
    assert not may_run(other)
    assert other.text_input(key="secret").value == ""


def test_everything_but_code_works_without_the_secret(secret):
    app = opened(PAGE, task=8)
    assert not app.text_input
    app = opened(PAGE, task=1)
    app.segmented_control(key="by_Form_Lines").set_value("Form").run()
    assert not app.text_input
    assert not app.button(key="check_form_1").disabled


def test_code_without_permission_is_refused_for_every_caller(secret, monkeypatch):
    monkeypatch.setattr(sandbox, "running", lambda *args: pytest.fail("learner code was run"))
    for call in (lambda: code_access.run("1"), lambda: code_access.check(numbered(4), "1")):
        with pytest.raises(NotHere):
            call()


@pytest.mark.parametrize("kept", ["", "x", None, 7, [], {}, "secret", "\ud800", "x" * 10**6])
def test_the_pass_of_a_browser_is_checked(secret, monkeypatch, kept):
    state = {owner.KEPT: {"kept": secret.text if kept == "secret" else kept}}
    monkeypatch.setattr(owner.st, "session_state", state)
    owner._take_pass()
    assert "is_owner" not in state
    state[owner.KEPT]["kept"] = secret.kept
    owner._take_pass()
    assert "is_owner" in state
