"""The code keeps the rules of pyproject.toml, so that no review has to speak of them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["rules", "format"])
def test_ruff_finds_nothing(command):
    ruff = Path(sys.executable).with_name("ruff")
    told = subprocess.run(
        [ruff, *command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout
