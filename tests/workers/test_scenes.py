"""Pages open with a sentence and the right figures while a resource is really missing.

Each test takes the resource away with a namespace or limits.
"""

import json
import os
import subprocess
import sys

import pytest

from tests.support import ROOT

pytestmark = pytest.mark.slow

MOUNT = "for p in / /tmp /var/tmp; do mount --bind $p $p; mount -o remount,ro,bind $p; done"
SCENES = {  # name -> number of pages, code that takes away, code that gives back, words shown
    "no /dev/shm": (
        7,
        'run("mount -t tmpfs -o ro tmpfs /dev/shm")',
        'run("mount -o remount,rw /dev/shm")',
        "(Read-only file system). Training goes on inside the app",
    ),
    "a full /dev/shm": (
        2,
        'run("mount -t tmpfs -o size=256k tmpfs /dev/shm; head -c 256K /dev/zero >/dev/shm/full")',
        'run("rm /dev/shm/full")',
        "(No space left on device). Training goes on inside the app",
    ),
    "no writable folder": (
        7,
        f'run("{MOUNT}"); import os; os.chdir("/"); tempfile.tempdir = None',
        'run("mount -o remount,rw,bind /var/tmp; mount -o remount,rw,bind /tmp")',
        "(there is none). Pages and training work",
    ),
    "a full disk": (
        2,
        'run("mount -t tmpfs -o size=4k tmpfs /var/tmp; head -c 4K /dev/zero >/var/tmp/full");'
        'tempfile.tempdir = "/var/tmp"',
        'run("rm /var/tmp/full")',
        "(No space left on device). Pages and training work",
    ),
    "few descriptors": (
        2,
        "resource.setrlimit(resource.RLIMIT_NOFILE, (20, 1000))",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 1000))",
        "(Too many open files). Training goes on inside the app",
    ),
}
SCENES |= {  # the process has 5 or 6 threads of its own: another one is refused each time
    f"{n} processes": (
        2,
        f"import sklearn.neural_network; resource.setrlimit(resource.RLIMIT_NPROC, ({n}, 500))",
        "resource.setrlimit(resource.RLIMIT_NPROC, (500, 500))",
        "Training goes on inside the app",
    )
    for n in (9, 10, 11, 12)
}
FIGURES = [[], ["1.000", "0.719", "0.281"], ["0.786", "0.724", "0.062"]]


def ordinary(scene: str) -> list[str]:
    """A user who may read this folder and Python, wherever they are.

    Each scene has its own, as the limit counts what is left of another scene, too.
    """
    user = str(12300 + int(scene.partition(" ")[0]))
    return [
        *("setpriv", "--reuid", user, "--regid", user, "--clear-groups"),
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
    ]


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may take resources away"
)
@pytest.mark.parametrize("scene", SCENES)
def test_every_page_reports_a_lack_until_it_ends(scene):
    pages, take, give, words = SCENES[scene]
    run = [sys.executable, "-m", "tests.workers.infrastructure_child", str(pages), take, give]
    run = [*ordinary(scene), *run] if "processes" in scene else ["unshare", "-m", *run]
    added = {"PYTHONPATH": str(ROOT), "REGLAB_WORKERS": "2", "HOME": "/"}
    done = subprocess.run(
        run, cwd=ROOT, env=os.environ | added, capture_output=True, text=True, timeout=300
    )
    # the app itself prints the secret for the person who started it
    printed = [line for line in done.stdout.splitlines() if line.startswith(("[", "{"))]
    assert len(printed) == 2, done.stderr
    lacking, mended = map(json.loads, printed)
    for page in lacking:
        assert [words in sentence for sentence in page["menu"]] == [True]
        assert page["toast"] == page["menu"]
        assert page["error"] == []
    assert [page["header"] for page in lacking][:3] == FIGURES[: len(lacking)]
    assert mended == {"toast": [], "menu": [], "error": [], "header": []}
