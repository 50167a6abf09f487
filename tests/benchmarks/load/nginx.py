"""Debian's nginx with deploy/nginx.conf in front of copies of the app, and what its log tells."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from .program import Program, free_port
from .server import ROOT, Server

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


class Nginx(Program):
    """`with Nginx(copies) as nginx:` listens at nginx.host, nginx.port until the end."""

    def __init__(self, copies: Sequence[Server]) -> None:
        super().__init__()
        self.host, self.port = "127.0.0.1", free_port()
        self.addresses = [f"127.0.0.1:{copy.port}" for copy in copies]
        self._served = self.folder / "served"

    def start(self, log: IO[bytes]) -> subprocess.Popen:
        """With deploy/nginx.conf as it is, but for places. Raises FileNotFoundError without it."""
        nginx = program()
        if nginx is None:
            raise FileNotFoundError("nginx is not installed.")
        self.folder.chmod(0o755)  # started by root, its workers are another user
        conf = self.folder / "nginx.conf"
        conf.write_text(self._adapted(CONF.read_text(encoding="utf-8")), encoding="utf-8")
        command = [nginx, "-p", str(self.folder), "-c", str(conf), "-e", f"{self.folder}/errors"]
        return subprocess.Popen([*command, "-g", "daemon off;"], stderr=log)

    def ready(self) -> bool:
        """Whether its port is open; then it writes its number down."""
        return (self.folder / "pid").exists()

    def served(self) -> list[Served]:
        """What has ended so far, in the order in which it did."""
        rows = [json.loads(line) for line in self._served.read_text(encoding="utf-8").splitlines()]
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
        folder = self.folder
        paths = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in TEMPORARY)
        changes = {
            "listen 80;": f"listen {self.host}:{self.port};",
            "pid /run/nginx.pid;": f"pid {folder}/pid;",
            "error_log /var/log/nginx/error.log;": f"error_log {folder}/errors;",
            "access_log /var/log/nginx/access.log reglab;": (
                f"log_format served escape=json '{LINE}';\n"
                f"    access_log {folder}/served served;\n{paths}"
            ),
        }
        for there, here in changes.items():
            if conf.count(there) != 1:
                raise RuntimeError(f"{CONF} should say {there!r} once.")
            conf = conf.replace(there, here)
        for there, here in zip(COPIES, self.addresses, strict=True):
            conf = conf.replace(f"server {there}", f"server {here}")
        return conf
