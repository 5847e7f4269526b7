#!/usr/bin/env bash
# Where does a PostgreSQL with PostGIS come from that belongs to this run alone?
#   house/postgis.sh start durable|throwaway [OWNER_PID]   prints postgresql://postgres@/postgres?host=/...
#   house/postgis.sh stop URL
# Debian's or Ubuntu's packages (installed when missing, as root), a data directory and a unix socket under one new
# folder in /tmp, no network port, and never a cluster that was there before. `throwaway` turns disk safety off and lies in
# memory where there is room: for tests, whose databases nobody needs after a power cut. When OWNER_PID ends without `stop`, even by kill -9, the
# cluster is stopped and removed all the same. Exit 3: PostGIS cannot be had here, and why.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" # runuser, and what apt's scripts call

say() { printf '%s\n' "$*" >&2; }
refuse() { say "没有 PostGIS / no PostGIS: $*"; exit 3; }

# The newest server that has PostGIS beside it. Prints its bin folder.
installed_server() {
  local bin major best=""
  for bin in $(compgen -G "/usr/lib/postgresql/*/bin" | sort -V); do
    major=$(basename "$(dirname "$bin")")
    if [ -x "$bin/initdb" ] && [ -f "/usr/share/postgresql/$major/extension/postgis.control" ]; then best=$bin; fi
  done
  [ -n "$best" ] && echo "$best"
}

# Debian makes and starts a cluster "main" when a server is installed. Its own switch is turned off for the length of
# the installation, and put back as it was.
install_server() {
  local package conf=/etc/postgresql-common/createcluster.conf saved="" status=0
  say "      用 apt 装 PostGIS，约 1 分钟 / installing PostGIS by apt, about a minute"
  apt-get update </dev/null >"$1" 2>&1 || refuse "apt-get update 失败 / failed: $(tail -n 1 "$1")"
  package=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 | sort -V | tail -n 1)
  [ -n "$package" ] || refuse "软件源里没有 / the package sources have no postgresql-NN-postgis-3"
  mkdir -p "${conf%/*}"
  if [ -f "$conf" ]; then
    saved=$(mktemp)
    cp -p "$conf" "$saved"
  fi
  echo "create_main_cluster = false" >>"$conf"
  # postgis-3 alone: it brings its server, and does not upgrade (and so restart) one that is already there.
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$package" </dev/null >>"$1" 2>&1 || status=$?
  if [ -n "$saved" ]; then
    mv "$saved" "$conf"
  elif [ -f "$conf.ucf-dist" ]; then # the package's own, laid beside ours
    mv "$conf.ucf-dist" "$conf"
  else
    sed -i '/^create_main_cluster = false$/d' "$conf"
  fi
  [ "$status" = 0 ] || refuse "apt-get install $package 失败 / failed: $(tail -n 3 "$1")"
}

# PostgreSQL refuses to run as root: then `postgres`, whom the package made, owns folder and server.
as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

remove() { # remove FOLDER: stop what runs from it, then the folder
  local bin
  if [ -f "$1/data/postmaster.pid" ]; then
    bin=$(<"$1/bin")
    as_server "$bin/pg_ctl" -D "$1/data" -m fast -w -t 60 stop >/dev/null 2>&1 ||
      as_server "$bin/pg_ctl" -D "$1/data" -m immediate -w stop >/dev/null 2>&1 || true
  fi
  rm -rf "$1"
}

roomy() { # roomy FOLDER: it lies in memory, and 4 GB of it are free (a container often has 64 MB)
  [ "$(stat -f -c %T "$1" 2>/dev/null)" = tmpfs ] && [ -w "$1" ] && [ "$(df -k --output=avail "$1" | tail -n 1)" -ge 4194304 ]
}

start() {
  local safety=${1:-} owner=${2:-} parent=/tmp bin folder log
  [ "$safety" = durable ] || [ "$safety" = throwaway ] || { say "start durable|throwaway [OWNER_PID]"; exit 2; }
  # A database of a test is 600 new files: most of its cost on a disk, nothing in memory.
  if [ "$safety" = throwaway ] && roomy /dev/shm; then parent=/dev/shm; fi
  folder=$(mktemp -d "$parent/sanquan-postgis.XXXXXX") # short: a unix socket's path has at most 107 bytes
  trap 'remove "$folder"' EXIT                    # until it is handed over
  trap 'exit 130' INT
  trap 'exit 143' TERM
  log="$folder/log"
  if ! bin=$(installed_server); then
    [ "$(id -u)" = 0 ] || refuse "请管理员装 / ask an administrator for: apt-get install postgresql-NN-postgis-3"
    command -v apt-get >/dev/null || refuse "这里没有 apt / there is no apt here"
    install_server "$folder/apt.log"
    bin=$(installed_server) || refuse "装了却找不到 / installed, yet not found under /usr/lib/postgresql"
  fi
  mkdir -m 700 "$folder/socket"
  echo "$bin" >"$folder/bin"
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$folder"; fi
  cd "$folder"
  as_server "$bin/initdb" -D "$folder/data" -U postgres -E UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=trust --auth-host=reject --no-instructions >"$log" 2>&1 || { cat "$log" >&2; refuse "initdb"; }
  {
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$folder/socket'"
    echo "unix_socket_permissions = 0700"
    echo "shared_buffers = 256MB"
    echo "max_connections = 100"
    if [ "$safety" = throwaway ]; then
      echo "fsync = off"
      echo "synchronous_commit = off"
      echo "full_page_writes = off"
      echo "max_wal_size = 128MB" # of memory
    fi
  } >>"$folder/data/postgresql.conf"
  as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 start >"$log" 2>&1 8>&- ||
    { cat "$log" "$folder/server.log" >&2; refuse "pg_ctl start"; }
  as_server "$bin/psql" -qXd "host=$folder/socket user=postgres dbname=postgres" -v ON_ERROR_STOP=1 \
    -c "CREATE EXTENSION postgis" >"$log" 2>&1 || { cat "$log" >&2; refuse "CREATE EXTENSION postgis"; }
  if [ -n "$owner" ]; then
    setsid "$SELF" outlive "$owner" "$folder" </dev/null >/dev/null 2>&1 8>&- &
  fi
  trap - EXIT INT TERM
  echo "postgresql://postgres@/postgres?host=$folder/socket"
}

stop() {
  local folder=${1-}
  folder=${folder#*host=}
  folder=${folder%/socket}
  case "$folder" in
    /tmp/sanquan-postgis.?????? | /dev/shm/sanquan-postgis.??????) remove "$folder" ;;
    *) say "不是这里起的 / not started here: ${1-}"; exit 2 ;;
  esac
}

# The second pair of eyes on OWNER_PID: outlives it, cleans up after it, and goes when `stop` came first.
outlive() {
  while kill -0 "$1" 2>/dev/null && [ -d "$2" ]; do sleep 1; done
  [ ! -d "$2" ] || remove "$2"
}

SELF=$(readlink -f "${BASH_SOURCE[0]}")
case "${1:-}" in
  start | stop | outlive) "$@" ;;
  *) sed -n '2,4p' "$SELF" >&2; exit 2 ;;
esac
