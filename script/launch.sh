# shellcheck shell=bash
# Finds a Python that is new enough and hands over to script/ops, where all the work is done:
# the first start happens on a machine that has nothing but Python itself.
set -euo pipefail

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

launch() {
  local here python
  here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
  for python in python3 python3.13 python3.12 python3.11; do
    if new_enough "$python"; then
      exec "$python" -I -B "$here/ops" "$@"
    fi
  done
  echo "Geoportal needs Python 3.11 or newer: install it (package python3) and start again." >&2
  exit 1
}
