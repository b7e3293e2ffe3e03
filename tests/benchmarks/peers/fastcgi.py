"""Serves a FastCGI program as its documents advise: nginx in front of processes that stay.

python -m tests.benchmarks.peers.fastcgi --port=8001 /usr/lib/cgi-bin/mapserv
"""

import argparse
import signal
import socket
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.benchmarks.peers.nginx import written

PROCESSES = 2
_LOCATION = """
    location / {{
        fastcgi_pass unix:{socket};
        fastcgi_keep_conn on;
        fastcgi_buffers 256 64k;
        fastcgi_param REQUEST_METHOD $request_method;
        fastcgi_param QUERY_STRING $args;
        fastcgi_param REQUEST_URI $request_uri;
        fastcgi_param SCRIPT_NAME "";
        fastcgi_param PATH_INFO $uri;
        fastcgi_param SERVER_NAME 127.0.0.1;
        fastcgi_param SERVER_PORT {port};
        fastcgi_param SERVER_PROTOCOL $server_protocol;
        fastcgi_param HTTP_HOST $host:{port};
    }}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("program")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        started = _start(Path(folder), options.program, options.port)
        try:
            started[0].wait()
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()


def _start(folder: Path, program: str, port: int) -> list[subprocess.Popen]:
    """nginx, and the processes of the program, which take turns at one socket."""
    place = folder / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen(64)
        place.chmod(0o777)
        # By FastCGI 1.0 a program finds the socket it listens at as its standard input.
        # What they say of themselves is much, and of errors nginx tells.
        start = partial(subprocess.Popen, [program], stdin=listening, stderr=subprocess.DEVNULL)
        workers = [start() for _each in range(PROCESSES)]
    location = _LOCATION.format(socket=place, port=port)
    return [subprocess.Popen(written(folder, port, location)), *workers]


if __name__ == "__main__":
    main()
