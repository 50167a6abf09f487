"""Controls: old names in links, what differs from a preset, and which uploaded bytes count."""

from types import SimpleNamespace

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from regcore import PRESETS
from ui import controls

WORD = UploadedFile(UploadedFileRec("1", "a.csv", "text/csv", b"a word"), FileURLs())


@pytest.mark.parametrize(
    ("file", "bytes_"), [(WORD, b"a w"), (None, None), (DeletedFile("never came"), None)]
)
def test_only_an_uploaded_file_is_read_up_to_the_limit(file, bytes_, monkeypatch):
    monkeypatch.setattr(controls, "st", SimpleNamespace(session_state={"own_file": file}))
    assert controls.uploaded_bytes("own_file", 3) == bytes_


@pytest.fixture
def link(monkeypatch) -> dict[str, str]:
    """The settings of a link, for controls that rerun the page when they change it."""
    query: dict[str, str] = {}

    def rerun():
        raise StopAsyncIteration

    monkeypatch.setattr(
        controls, "st", SimpleNamespace(query_params=query, session_state={}, rerun=rerun)
    )
    return query


def changes(call, *args) -> bool:
    """Whether the call asks for a rerun."""
    try:
        call(*args)
    except StopAsyncIteration:
        return True
    return False


def test_an_old_name_is_taken_over_with_its_value_in_new_terms(link):
    link["keep"] = "0.7"
    assert changes(controls.renamed, "keep", "p", lambda keep: f"{1 - keep:.2f}")
    assert link == {"p": "0.30"}
    assert not changes(controls.renamed, "keep", "p", str)


def test_a_new_name_wins_over_the_old_one(link):
    link.update(keep="0.7", p="0.1")
    assert not changes(controls.renamed, "keep", "p", str)
    assert link["p"] == "0.1"


@pytest.mark.parametrize("value", ["", "text", "0.7.1", "<b>"])
def test_an_old_name_without_a_number_is_left_alone(link, value):
    link["keep"] = value
    assert not changes(controls.renamed, "keep", "p", str)
    assert link == {"keep": value}


@pytest.mark.parametrize(
    ("strength", "on"),
    [("0.05", True), ("1", True), ("0", False), ("-1", False), ("nan", False), ("inf", False)],
)
def test_a_strength_in_a_link_implies_its_switch(link, strength, on):
    link["all_l2"] = strength
    assert changes(controls.implied, "all_l2", "use_l2") is on
    assert link.get("use_l2") == ("true" if on else None)


def test_a_switch_that_was_set_is_not_implied_again(link):
    link.update(all_l2="0.05", use_l2="false")
    assert not changes(controls.implied, "all_l2", "use_l2")
    del link["use_l2"]
    controls.st.session_state["use_l2"] = False
    assert not changes(controls.implied, "all_l2", "use_l2")


def test_a_preset_that_differs_has_a_key_of_its_own_for_a_control(monkeypatch):
    monkeypatch.setitem(PRESETS, "in batches", PRESETS["memorize"].but(batch_size=32))
    assert controls.of_preset("batch_size", "memorize", "batch") == (None, "batch")
    assert controls.of_preset("batch_size", "in batches", "batch") == (32, "batch_in_batches")


def test_only_settings_that_differ_from_the_preset_are_named(monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(controls, "st", SimpleNamespace(caption=told.append))
    config = PRESETS["memorize"]
    controls.changes("memorize", config)
    assert told == []
    controls.changes("memorize", config.but(lr=0.3, momentum=0.5))
    assert told == ["Memorize, but with η = 0.3."]
    controls.changes("memorize", config.but(hidden_sizes=(4, 4), batch_size=32))
    assert told[-1] == "Memorize, but with 4 × 4 units, batches of 32."
