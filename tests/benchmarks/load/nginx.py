"""Debian's nginx with deploy/nginx.conf in front of copies of the app, and what its log tells."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from types import TracebackType

from .server import ROOT, START_SECONDS, Server, free_port

CONF = ROOT / "deploy" / "nginx.conf"
COPIES = ("127.0.0.1:8501", "127.0.0.1:8502")  # as deploy/nginx.conf names them
LINE = (  # an object of JSON for each request
    '{"end": $msec, "took": $request_time, "learner": "$learner", '
    '"copies": "$upstream_addr", "path": "$uri"}'
)
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str | None:
    """Where nginx is, if it is installed; an ordinary user's PATH often leaves sbin out."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@dataclass(frozen=True)
class Served:
    """A request that has ended; one WebSocket is one request."""

    learner: str
    copies: tuple[str, ...]  # asked for it, in this order; the last one has answered
    path: str
    begin: float  # as time.time()


class Nginx:
    """`with Nginx(copies) as nginx:` listens at nginx.host, nginx.port until the end."""

    def __init__(self, copies: Sequence[Server]) -> None:
        self.host, self.port = "127.0.0.1", free_port()
        self.addresses = [f"127.0.0.1:{copy.port}" for copy in copies]
        self._folder = tempfile.TemporaryDirectory(prefix="reglab-nginx-")
        self._log = Path(self._folder.name) / "served"

    def __enter__(self) -> "Nginx":
        folder, nginx = Path(self._folder.name), program()
        if nginx is None:
            raise FileNotFoundError("nginx is not installed.")
        folder.chmod(0o755)  # started by root, its workers are another user
        conf = folder / "nginx.conf"
        conf.write_text(self._adapted(CONF.read_text(encoding="utf-8")), encoding="utf-8")
        command = [nginx, "-p", str(folder), "-c", str(conf), "-e", f"{folder}/errors"]
        with (folder / "said").open("wb") as said:
            self._process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=said)
        end = perf_counter() + START_SECONDS
        while not (folder / "pid").exists():  # it is written once the port is open
            if self._process.poll() is not None or perf_counter() > end:
                raise RuntimeError(f"nginx did not start: {(folder / 'said').read_text()}")
            sleep(0.02)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(10.0)
        self._folder.cleanup()

    def served(self) -> list[Served]:
        """What has ended so far, in the order in which it did."""
        rows = [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]
        return [
            Served(
                row["learner"],
                tuple(row["copies"].split(", ")),
                row["path"],
                row["end"] - row["took"],
            )
            for row in rows
        ]

    def _adapted(self, conf: str) -> str:
        """The same file with ports and folders of its own, and a log that names the learner."""
        folder = self._folder.name
        paths = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
        changes = {
            "listen 80;": f"listen {self.host}:{self.port};",
            "pid /run/nginx.pid;": f"pid {folder}/pid;",
            "error_log /var/log/nginx/error.log;": f"error_log {folder}/errors;",
            "access_log /var/log/nginx/access.log reglab;": (
                f"log_format served escape=json '{LINE}';\n"
                f"    access_log {folder}/served served;\n{paths}"
            ),
            **dict(zip(COPIES, self.addresses, strict=True)),
        }
        for there, here in changes.items():
            if conf.count(there) != 1:
                raise RuntimeError(f"{CONF} should say {there!r} once.")
            conf = conf.replace(there, here)
        return conf
