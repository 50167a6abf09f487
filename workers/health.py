"""Check that the app on a port of this machine answers and can train.

    python -m workers.health 8501

If not, prints one sentence and exits with status 1. `/_stcore/health` checks only for an answer.
"""

import sys
from http.client import HTTPConnection, HTTPException

from workers import temporary

PATIENCE = 4.0  # seconds


def fault(port: int) -> str:
    """Return one sentence on what is wrong, or "". The app monitors its workers itself."""
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/_stcore/health")
        if (status := connection.getresponse().status) != 200:
            return f"The app says that it is not ready (status {status})."
    except (OSError, HTTPException) as error:
        return f"The app does not answer ({error!r})."
    if why := temporary.fault():
        return f"The folder for temporary files cannot be written ({why})."
    for file in temporary.trouble_files():
        return file.read_text(encoding="utf-8", errors="replace")
    return ""


if __name__ == "__main__":
    sys.exit(fault(int(sys.argv[1])) or None)
