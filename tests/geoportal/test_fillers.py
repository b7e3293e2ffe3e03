"""Many readers of what nobody has made yet: the application is asked once, the others wait."""

import json
import subprocess
import sys
from pathlib import Path

import brotli
import pytest

from tests.geoportal.fillers import BODY

ROOT = Path(__file__).resolve().parents[2]
THREADS = 8


@pytest.fixture
def read(tmp_path):
    """Gives what the readers of some processes got, and how often the application was asked."""

    def read(processes: int, store: str) -> tuple[list, int]:
        command = [sys.executable, "-m", "tests.geoportal.fillers", str(tmp_path), store]
        command += [str(THREADS), str(processes * THREADS)]
        readers = [
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(processes)
        ]
        told = [reader.communicate(timeout=60)[0] for reader in readers]
        answers = [answer for each in told for answer in json.loads(each)]
        return answers, len((tmp_path / "asked").read_bytes())

    return read


@pytest.mark.parametrize("processes", [1, 2], ids=["threads", "processes"])
@pytest.mark.parametrize("kind", ["disk", "redis"])
def test_the_application_is_asked_once(read, kind, processes, tmp_path, request):
    if kind == "redis":
        store = request.getfixturevalue("redis_server").address
    else:
        store = str(tmp_path / "answers")
    answers, asked = read(processes, store)
    assert asked == 1
    assert len(answers) == processes * THREADS
    assert {status for status, _body in answers} == {"200 OK"}
    assert {brotli.decompress(bytes.fromhex(body)) for _status, body in answers} == {BODY}
