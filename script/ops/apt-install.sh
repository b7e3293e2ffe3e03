#!/usr/bin/env bash
# Run as root by script/ops/system.py with the names of the missing Debian packages.
# The word "postgis-server" stands for the newest PostGIS this machine can install: which one
# that is can only be told once the package lists are there.
set -euo pipefail

drop_in=/etc/postgresql-common/createcluster.d/geoportal.conf
apt=(apt-get -y -o DPkg::Lock::Timeout=300)

newest_postgis() {
  apt-cache pkgnames postgresql | grep -E '^postgresql-[0-9]+-postgis-3$' | sort -V | tail -n 1
}

# Installing the server package makes Debian create and start a cluster of its own on a network
# port; Geoportal brings its own and wants nothing left running, so it is asked not to.
without_main_cluster() {
  if compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || [[ -e $drop_in ]]; then
    return
  fi
  trap remove_drop_in EXIT
  mkdir -p "${drop_in%/*}"
  echo 'create_main_cluster = false' >"$drop_in"
}

remove_drop_in() {
  rm -f "$drop_in"
  rmdir --ignore-fail-on-non-empty "${drop_in%/*}" 2>/dev/null || true
}

# The tests start a Redis of their own; the one that Debian's package would run is not wanted.
without_redis_service() {
  if [[ -d /run/systemd/system ]]; then
    systemctl disable --now redis-server.service || true
  elif [[ -x /etc/init.d/redis-server ]]; then
    /etc/init.d/redis-server stop || true
  fi
}

resolved=()
resolve() {
  local name postgis
  for name in "$@"; do
    if [[ $name != postgis-server ]]; then
      resolved+=("$name")
      continue
    fi
    postgis=$(newest_postgis || true)
    if [[ -z $postgis ]]; then
      echo "E: no package postgresql-*-postgis-3 is known to apt" >&2
      exit 1
    fi
    without_main_cluster
    resolved+=("$postgis" "$postgis-scripts")
  done
}

export DEBIAN_FRONTEND=noninteractive
# A list that cannot be fetched is no reason to stop yet: the packages may still be had.
"${apt[@]}" update || true
resolve "$@"
"${apt[@]}" install --no-install-recommends "${resolved[@]}"
if [[ " $* " == *" redis-server "* ]]; then
  without_redis_service
fi
