"""The preparation: what it makes, and what it says when it cannot."""

import os
import re
import shutil
import stat
import subprocess

import pytest

from .service import (
    END_SECONDS,
    ROOT,
    clean_environment,
    free_port,
    one_sentence,
    processes_of,
    run,
    until,
)


@pytest.fixture
def commands(tmp_path):
    """A directory that comes first on PATH, for commands that answer as the test wants."""
    directory = tmp_path / "bin"
    directory.mkdir()

    def add(name, script):
        (directory / name).write_text(f"#!/bin/sh\n{script}\n")
        (directory / name).chmod(0o755)
        return f"{directory}:{os.environ['PATH']}"

    return add


def test_ci_calls_the_tests_and_nothing_else():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert [line for line in lines if line.startswith("exec")] == [lines[-1]]
    assert lines[-1].endswith('/../script/test"')


def test_a_cluster_with_a_long_path_has_its_socket_in_tmp_and_ends_with_its_user(tmp_path):
    var = tmp_path / ("long-" * 20) / "var"
    result = run("manage", "dbshell", "--", "-c", r"\conninfo", GEOPORTAL_VAR=str(var))
    directory = re.search(r'"(/tmp/geoportal-\w+)"', result.stdout)[1]
    try:
        assert stat.S_IMODE(os.stat(directory).st_mode) == 0o700
        until(lambda: not processes_of(var), END_SECONDS, "the cluster ends with its last user")
    finally:
        shutil.rmtree(directory)


def test_packages_that_cannot_be_installed_are_said_in_one_sentence(tmp_path, commands):
    path = commands("dpkg-query", "exit 1")
    commands("apt-get", "echo 'E: Unable to locate package' >&2; exit 100")
    commands("sudo", "echo 'E: a password is required' >&2; exit 1")
    sentence = one_sentence(run("setup", PATH=path, GEOPORTAL_VAR=str(tmp_path / "var")))
    assert "fonts-noto-cjk could not be installed (E: " in sentence
    assert "start again" in sentence


def test_a_broken_download_is_said_in_one_sentence(tmp_path):
    for name in ("script", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    result = subprocess.run(
        [tmp_path / "script/setup"],
        env=clean_environment(PIP_INDEX_URL="http://127.0.0.1:1/", PIP_RETRIES="0"),
        capture_output=True,
        text=True,
        check=False,
    )
    sentence = one_sentence(result)
    assert sentence.startswith("The Python packages could not be installed (ERROR: ")
    assert "check the network" in sentence


@pytest.mark.parametrize("name", ["GEOPORTAL_HSTS_SECONDS", "GEOPORTAL_TIME_ZONE"])
def test_a_wrong_setting_of_the_application_is_said_in_one_sentence(name, tmp_path):
    settings = {"GEOPORTAL_VAR": str(tmp_path / "var"), name: "abc"}
    assert f"{name} is “abc”" in one_sentence(run("server", **settings, PORT=str(free_port())))


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("PORT", "70000"), ("GEOPORTAL_WORKERS", "0"), ("HOST", "256.1.1.1")],
)
def test_a_wrong_setting_is_said_in_one_sentence(name, value, tmp_path):
    settings = {"GEOPORTAL_VAR": str(tmp_path / "var"), name: value}
    assert f"{name} is “{value}”" in one_sentence(run("server", **settings))
    assert not processes_of(tmp_path / "var")
