"""The summary: what a learner did beside the key concepts, whatever they typed."""

from base64 import b64decode

from regcore.exercises import TASKS
from ui.navigation import PAGES, TOPICS
from ui.page import summary
from ui.session import DrawnCurve

PREDICTED = {
    "l2": {"verdict": "near", "said": "smaller <script>", "was": "same"},
    "dropout": {"verdict": "skipped", "said": "", "was": ""},
}


def test_each_question_and_each_exercise_has_its_concept():
    assert set(summary.CONCEPTS) <= set(TOPICS)  # for the others, the page's idea stands in
    assert sorted(task.number for topic in TOPICS for task in summary.tasks_on(topic)) == [
        task.number for task in TASKS.values()
    ]


def test_it_shows_predictions_and_solutions_literally():
    page = summary.page(summary.Done(PREDICTED, {4: "if a < b: # </pre><b>", 8: ""}))
    assert "smaller &lt;script&gt;" in page
    assert "a &lt; b: # &lt;/pre&gt;&lt;b&gt;" in page
    assert "<script" not in page
    assert page.count("I predicted") == 1
    assert page.count("passed.") == 2


def test_it_shows_drawings_with_the_truth_beside_them():
    drawn = DrawnCurve((0.7,) * 12, "a digest", 5000, 2.5)
    drawings = {"l2": drawn, "dropout": drawn._replace(truth=(3.0,) * 12)}
    page = summary.page(summary.Done({}, {}, drawings))
    pictures = [b64decode(text.split('"')[0]).decode() for text in page.split("base64,")[1:]]
    assert [picture.count("<polyline") for picture in pictures] == [1, 2]
    assert page.count("Dotted: the loss that I drew, up to epoch 5,000") == 4


def test_it_is_whole_without_anything_done():
    page = summary.page(summary.Done({}, {}))
    assert all(PAGES[topic].title in page for topic in TOPICS)
    assert summary.WHY in page
    assert 'class="own"' not in page
