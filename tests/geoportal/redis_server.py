"""A real Redis, reached through a socket, that can be made to fail as real ones do."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

_STARTS_WITHIN, _LOOKS = 10, 0.02


class RedisServer:
    """A server of its own folder; it writes nothing to the disk."""

    def __init__(self):
        self._program = shutil.which("redis-server")
        if self._program is None:
            pytest.fail("no redis-server: install Debian's package of that name")
        # A socket's path may have 107 bytes, which the folders of pytest come near.
        self._folder = tempfile.TemporaryDirectory(prefix="gp-")
        self._socket = Path(self._folder.name, "redis.sock")
        self.address = f"unix://{self._socket}?db=0"
        self._process: subprocess.Popen | None = None
        tries = int(_STARTS_WITHIN / _LOOKS)
        self.client = Redis.from_url(self.address, retry=Retry(ConstantBackoff(_LOOKS), tries))

    def __enter__(self) -> "RedisServer":
        self.start()
        return self

    def __exit__(self, *_fault) -> None:
        self.stop()
        self._folder.cleanup()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ("--port", "0", "--unixsocket", str(self._socket), "--save", "")
        self._process = subprocess.Popen(
            [self._program, *options, "--dir", self._folder.name], stdout=subprocess.DEVNULL
        )
        self.client.ping()

    def stop(self) -> None:
        """End it; nothing that it held is left."""
        self.go_on()
        self._process.terminate()
        self._process.wait(10)

    def hang(self) -> None:
        """It is there, and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After it hung."""
        self._process.send_signal(signal.SIGCONT)

    def commands(self) -> int:
        """How many commands it was given, by anybody but the one who asks here."""
        counted = self.client.info("commandstats")
        return sum(each["calls"] for name, each in counted.items() if name != "cmdstat_info")
