"""File locks: the kernel lets go of them when a process ends, however it ends."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path

SHARED = fcntl.LOCK_SH
EXCLUSIVE = fcntl.LOCK_EX


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(path: Path, mode: int = EXCLUSIVE) -> bool:
    """Whether a lock of this kind could be had now; it is let go of at once."""
    descriptor = open_lock(path)
    try:
        return try_lock(descriptor, mode)
    finally:
        os.close(descriptor)


@contextmanager
def holding(path: Path, mode: int = EXCLUSIVE):
    """Hold a lock on a file, or on a directory that stands for what lies in it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if path.is_dir() else open_lock(path)
    try:
        fcntl.flock(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)
