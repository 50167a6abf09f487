"""Other tables on every page: bundled ones, and a file that stays in its session."""

import pytest
from streamlit.testing.v1 import AppTest

from regcore import (
    PRESETS,
    fit,
    load_breast_cancer,
    make_two_moons,
    read_table,
    replay,
    split,
    to_dataset,
)
from tests.support.apps import accuracies, header, opened, words
from tests.support.own import QUICK, csv, own, use
from ui.data.upload import FILE_GONE
from ui.text import escape
from ui.training.cache import SHARED

pytestmark = pytest.mark.slow

PAGES = (
    "streamlit_app.py",
    "pages/1_Overfitting.py",
    "pages/2_L2.py",
    "pages/3_Dropout.py",
    "pages/4_Early_Stopping.py",
    "pages/5_All_Together.py",
)
LESSON_ONLY = ("diabetes", "Pima", "patient", "lesson prints", "glucose", "women")


@pytest.mark.parametrize("path", PAGES)
def test_other_data_get_no_text_about_the_lessons_table(path):
    app = opened(path, data="Two moons", width=4, **QUICK)
    text = words(app)
    assert "points" in text
    assert not [word for word in LESSON_ONLY if word in text]


def test_a_page_shows_the_figures_of_the_chosen_table():
    app = opened("pages/4_Early_Stopping.py", data="Breast cancer", width=4, patience=300)
    data = split(load_breast_cancer(), validation_size=0.2, train_rows=120)
    run = fit(data, PRESETS["memorize"].but(hidden_sizes=(4,)))
    stop = replay(run.history.validation_loss, 300)
    assert header(app) == accuracies(run, stop.best)
    assert "tumors" in words(app)


def test_the_moons_have_a_noise_control_and_their_truth():
    app = opened("pages/1_Overfitting.py", data="Two moons", noise=0.4, width=4, open_truth="true")
    run = fit(split(make_two_moons(0.4)), PRESETS["memorize"].but(hidden_sizes=(4,)))
    assert header(app) == accuracies(run)
    assert "The true probability with noise 0.4" in words(app)


def test_a_page_trains_on_an_uploaded_file():
    app = own("pages/2_L2.py", width=4)
    data = split(to_dataset(read_table(csv()), "sick", "yes"))
    config = PRESETS["as printed"].but(hidden_sizes=(4,), l2=0.05)
    assert header(app) == accuracies(fit(data, config))
    assert "rows" in words(app)


def test_an_uploaded_table_stays_in_its_own_session():
    before = SHARED.computed
    app = own(width=8)
    assert SHARED.computed == before
    assert app.session_state["own"].kept["cache"].computed == 3  # the run and its twins
    other = opened("pages/4_Early_Stopping.py", data="Your file")
    assert "own" not in other.session_state
    assert not other.metric


def test_names_from_a_file_are_escaped():
    app = own("pages/2_L2.py", width=4, open_slope="true")
    (table,) = app.table
    weights = table.value["weight"].tolist()
    assert weights == [r"a → unit 1", r"\<b\>bold\</b\> → unit 1", r"\*c\* → unit 1"]
    assert not any(m.allow_html for m in app.markdown if "bold" in m.value)


def test_the_loop_is_stepped_through_on_an_uploaded_file():
    app = own("pages/2_L2.py", width=4, open_loop="true")
    (steps,) = (box.value for box in app.dataframe if "statement" in box.value)
    assert steps.set_index("expression")["value"]["n"] == "45"
    assert "Up to the end of epoch 1, for row 0" in words(app)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [(b"", "empty"), (b"PK\x03\x04", "workbook"), (csv(8), "rows"), (b"x" * 2**20 + b"y", "1 MB")],
    ids=["empty", "zip", "short", "long"],
)
def test_a_bad_file_gives_one_error_and_no_table(raw, sentence):
    app = own(raw=raw)
    assert len(app.error) == 1
    assert sentence in app.error[0].value
    assert not app.metric
    assert "own" not in app.session_state
    assert "own_table" not in app.session_state


def test_a_bad_file_replaces_a_good_one():
    app = own(width=4)
    app.file_uploader(key="own_file").set_value(("bad.csv", b"\x00", "text/csv"))
    app.run()
    assert len(app.error) == 1
    assert "own" not in app.session_state


def test_odd_columns_are_reported_and_the_owner_decides():
    raw = b"id,a,zero,sick\n" + b"\n".join(
        b"%d,%d,%d,%d" % (i, i * i % 17, 0 if i % 9 == 0 else 50 + i % 9, i % 2) for i in range(60)
    )
    app = own(raw=raw)
    assert "like an ID; leave it out" in words(app)
    assert "let it count as missing" in words(app)
    out, zeros = app.multiselect
    assert out.value == ["id"]
    zeros.set_value(["zero"]).run()
    assert "own" not in app.session_state
    use(app)
    assert app.session_state["own"].dataset.missing


def test_the_description_of_a_file_is_kept_across_pages():
    app = own("pages/4_Early_Stopping.py", width=4)
    positive = next(box for box in app.selectbox if box.label == "Counts as positive")
    positive.set_value("no").run()
    app.multiselect[0].set_value(["a"]).run()
    use(app)
    key = app.session_state["own"].key
    app.switch_page("streamlit_app.py").run()
    app.switch_page("pages/2_L2.py").run()
    assert app.session_state["own"].key == key
    assert app.session_state["own"].dataset.outcomes == ("sick = yes", "sick = no")


def test_an_impossible_split_gives_one_error_message():
    lines = [f"{i % 7},{i % 11},{1 if i % 100 == 0 else 0}" for i in range(1100)]
    raw = "\n".join(["a,b,ill", *lines]).encode()
    app = own("pages/1_Overfitting.py", raw, width=2, rows_your_file=20)
    assert "20 rows" in app.error[0].value or "both outcomes" in app.error[0].value
    assert not app.metric


def scripts(app: AppTest) -> list:
    """Pin the run; return the scripts that the page offers, of the run and of its pin."""
    app.button(key="pin").click().run()
    assert not app.exception
    return [b for b in app.get("download_button") if b.proto.label == "Script"]


def test_no_script_is_offered_for_an_uploaded_file():
    assert len(scripts(opened("pages/5_All_Together.py", data="Two moons", width=2))) == 2
    assert not scripts(own("pages/5_All_Together.py", width=2))


def test_addresses_from_a_file_are_not_linked():
    assert escape("www.x.org a@b.org http://x.org") == (
        "www\u2060.x.org a@\u2060b.org http\\:\u2060//x.org"
    )


def test_the_exercises_use_the_lessons_table():
    app = opened("pages/6_Exercises.py", data="Two moons")
    assert "data" not in [box.key for box in app.selectbox]


def test_after_a_restart_the_page_asks_for_the_file_again():
    app = own()
    for name in ("own", "own_table"):  # the server forgets; the browser keeps the uploader's value
        del app.session_state[name]
    app.run()
    assert [box.value for box in app.warning] == [FILE_GONE.format("“mine.csv” ")]
    assert not app.metric
    app.file_uploader(key="own_file").set_value(("mine.csv", csv(61), "text/csv")).run()
    use(app)
    assert not app.warning
    assert app.metric


def test_without_an_upload_no_file_is_reported_gone():
    assert not opened("pages/4_Early_Stopping.py", data="Your file", **QUICK).warning
