"""A server that runs the best SQL and does nothing else: what any in Python could reach.

`/{statement}/{place}`: the bytes of a statement for one of its boxes or tiles.
"""

import json
import os
import threading
from pathlib import Path

import psycopg2

_told = json.loads(Path(os.environ["BENCH_BARE"]).read_text())
_here = threading.local()


def _cursor():
    if not hasattr(_here, "cursor"):
        connection = psycopg2.connect(**_told["database"])
        connection.autocommit = True
        _here.cursor = connection.cursor()
        psycopg2.extensions.register_type(psycopg2.extensions.BYTES, _here.cursor)
        _here.cursor.execute("SET jit = off; SET max_parallel_workers_per_gather = 0")
        for number, sql in enumerate(_told["statements"]):
            text = sql.replace(":place", "$1")
            _here.cursor.execute(f"PREPARE best_{number} (int) AS {text}")
    return _here.cursor


def application(environ, start_response):
    """The answer, without a look at anything but the path."""
    _empty, number, place = environ["PATH_INFO"].split("/")
    cursor = _cursor()
    cursor.execute(f"EXECUTE best_{int(number)} ({int(place)})")
    body = bytes(cursor.fetchone()[0] or b"")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
