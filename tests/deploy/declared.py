"""The requirements that the app's requirements files declare."""

from tests.support import ROOT


def declared(name: str) -> list[str]:
    """Return the lines of a requirements file, without those that include another file."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("-r ")]


APP_LINES = [*declared("requirements.txt"), *declared("deploy/requirements-cluster.txt")]
