#!/usr/bin/env bash
set -euo pipefail

migrations=$(cd "$(dirname "$0")/../../migrations" && pwd)
shopt -s inherit_errexit

usage() {
  cat >&2 <<'USAGE'
A native TimescaleDB for tests and benchmarks, without Docker (Debian 12 or 13, as root).

  timescaledb.sh start DIR [PORT]    start a server on DIR/data, print its superuser URL
  timescaledb.sh stop DIR [MODE]     stop it and keep the data; MODE is that of pg_ctl, fast by default
  timescaledb.sh replica DIR OF      start a streaming replica of the server on OF, print its URL
  timescaledb.sh promote DIR         let a replica follow nobody any more, and take writes
  timescaledb.sh run DIR TOOL ARGS…  run psql, pg_dump … of the same installation
  timescaledb.sh versions DIR        print the versions of the running server
USAGE
  exit 2
}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "timescaledb.sh: $*"
  exit 1
}

cache=$(realpath -m -- "${KRONICLE_NATIVE_CACHE:-/var/cache/kronicle}")
bin=/usr/lib/postgresql/17/bin
debian=$(. /etc/os-release 2>/dev/null && echo "${ID:-}${VERSION_ID:-}") || true

require_platform() {
  [[ $EUID == 0 && $debian =~ ^debian1[23]$ ]] ||
    die "a native TimescaleDB needs Debian 12 or 13 and root. Anywhere else, set" \
      "KRONICLE_TEST_DATABASE_URL to a TimescaleDB server of your own."
  [[ $debian == debian13 ]] || unshare --mount true ||
    die "on Debian 12 the server runs in a chroot, which needs the right to mount (CAP_SYS_ADMIN)." \
      "Without it, set KRONICLE_TEST_DATABASE_URL to a TimescaleDB server of your own."
}

# Sets `root` (where the installation is), `base` (where it sees DIR) and `as_postgres` (a command
# prefix). Debian 12 has no TimescaleDB package, so there everything runs in a Debian 13 chroot. Its
# mounts are made in a mount namespace of each command's own: they end with the last process that
# uses them, so nothing can be left mounted, and DIRs cannot get in each other's way.
use_dir() {
  dir=$(realpath -m -- "$1")
  as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups
    env HOME=/tmp LC_ALL=C.UTF-8)
  if [[ $debian == debian13 ]]; then
    root='' base=$dir
  else
    root=$cache/trixie base=/srv
    # "slave": an unmount on the host must reach a running server's namespace, or the device stays busy.
    as_postgres=(unshare --mount --propagation slave bash -ec '
      root=$1 dir=$2
      mount --rbind /proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount --bind "$dir" "$root/srv"
      exec chroot "$root" "${@:3}"' enter "$root" "$dir" "${as_postgres[@]}")
  fi
}

installed() { [[ -x $root$bin/initdb && -e $root/usr/share/postgresql/17/extension/timescaledb.control ]]; }

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y "$1" >&2 ||
    { apt-get update >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y "$1" >&2; }
}

provision() {
  installed && return
  if [[ $debian == debian13 ]]; then
    # Before the package: it would otherwise start a cluster of its own on port 5432.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/kronicle.conf
    apt_install postgresql-17-timescaledb
  else
    command -v debootstrap >/dev/null || apt_install debootstrap
    rm -rf "$root.partial"
    # In a mount namespace, so that an interrupted debootstrap leaves no /proc mounted for that rm.
    unshare --mount debootstrap --variant=minbase --include=postgresql-17-timescaledb,locales \
      trixie "$root.partial" >&2
    mv -T "$root.partial" "$root"
  fi
  installed || die "the installation has no TimescaleDB for PostgreSQL 17"
}

# The working directory tells a server of this DIR from a stranger (or a zombie) that has the process
# id an earlier, killed server left in postmaster.pid.
running() {
  local pid
  pid=$(head -n 1 "$dir/data/postmaster.pid" 2>/dev/null) && [[ /proc/$pid/cwd -ef $dir/data ]]
}

# One start or stop at a time on this machine: two must not install, or choose a port, at once.
# Descriptor 9 is closed for every server process, which would hold the lock for its lifetime.
lock() {
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the ports the kernel gives to outgoing connections.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && taken "$port"; do :; done
  echo "$port"
}

write_url() {
  (umask 077 && echo "$1" >"$dir/url.new")
  mv "$dir/url.new" "$dir/url"
}

# Built under another name: an interrupted one is never taken for a finished one.
create_data() {
  local new=$dir/data.new password
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  rm -rf "$new"
  mkdir "$new"
  chown "$("${as_postgres[@]}" id -u 9>&-)" "$new"
  # The pipe for --pwfile must be made by postgres: it may not open one that root made.
  "${as_postgres[@]}" bash -c 'read -r password; exec "$@" --pwfile=<(echo "$password")' initdb \
    "$bin/initdb" -D "$base/data.new" --username=postgres --auth=scram-sha-256 \
    --locale=C.UTF-8 --encoding=UTF8 --no-instructions <<<"$password" >&2 9>&-
  cat >>"$new/postgresql.conf" <<'CONF'

# Kronicle
shared_preload_libraries = 'timescaledb'
timescaledb.telemetry_level = off
listen_addresses = '127.0.0.1'
# A socket has a lock file of its own, which a killed server would leave behind, too.
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  write_url "postgres://postgres:$password@127.0.0.1:$1/postgres"
  mv -T "$new" "$dir/data"
}

# The same role, password and settings as its primary; only the port is its own.
copy_data() {
  local new=$dir/data.new url=$1 port
  port=$(free_port)
  rm -rf "$new"
  mkdir "$new"
  chown "$("${as_postgres[@]}" id -u 9>&-)" "$new"
  "${as_postgres[@]}" "$bin/pg_basebackup" -d "$url" -D "$base/data.new" --checkpoint=fast \
    --write-recovery-conf --create-slot --slot="replica_$port" >&2 9>&-
  chmod 700 "$new"
  write_url "${url%:*}:$port/postgres"
  mv -T "$new" "$dir/data"
}

prepare_dir() {
  provision
  mkdir -p "$dir"
  chmod a+x "$dir" # mktemp -d makes directories that postgres may not enter
}

start_server() {
  local wanted=$1
  prepare_dir
  [[ -d $dir/data ]] || create_data "${wanted:-$(free_port)}"
  run_server "$wanted"
}

run_server() {
  local wanted=$1 url port
  url=$(<"$dir/url")
  port=${url##*:} port=${port%/postgres}
  if [[ -n $wanted ]]; then
    port=$wanted
  elif taken "$port"; then
    port=$(free_port)
  fi

  # PostgreSQL refuses to start when any process has the id in this file. Should parts of the old
  # server still live, it notices them by its shared memory.
  rm -f "$dir/data/postmaster.pid"
  "${as_postgres[@]}" "$bin/pg_ctl" start -D "$base/data" -l "$base/data/server.log" -o "-p $port" \
    -w -t 600 >&2 9>&- || {
    tail -n 20 "$dir/data/server.log" >&2
    die "the server did not start, see $dir/data/server.log"
  }
  write_url "${url%:*}:$port/postgres"
}

start() {
  local url
  require_platform
  lock
  running || start_server "${1:-}"
  url=$(<"$dir/url")
  # A replica has it all from its primary.
  [[ ! -e $dir/data/standby.signal ]] || { echo "$url" && return; }
  # In template1 too, so that databases made by an ordinary user have it from the start; and what only a superuser can revoke.
  local prepare
  prepare=$(printf 'create extension if not exists timescaledb;\n%s\n' "$(<"$migrations/000011-timescaledb-walls.sql")")
  PGOPTIONS='-c client_min_messages=warning' "${as_postgres[@]}" "$bin/psql" -qX \
    -v ON_ERROR_STOP=1 "$url" >&2 9>&- <<<"$prepare"$'\n''\connect template1'$'\n'"$prepare"
  echo "$url"
}

stop() {
  require_platform
  lock
  running || return 0
  "${as_postgres[@]}" "$bin/pg_ctl" stop -D "$base/data" -m "${1:-fast}" -w -t 600 >&2 9>&-
}

replica() {
  local of
  of=$(realpath -m -- "$1")
  require_platform
  [[ -e $of/url ]] || die "there is no server in $of, start it first"
  lock
  prepare_dir
  [[ ! -e $dir/data ]] || die "there is a server in $dir already"
  copy_data "$(<"$of/url")"
  run_server ""
  cat "$dir/url"
}

promote() {
  require_platform
  lock
  "${as_postgres[@]}" "$bin/pg_ctl" promote -D "$base/data" -w -t 600 >&2 9>&-
}

run() {
  require_platform
  installed && [[ -d $dir ]] || die "there is no server in $dir, start it first"
  exec "${as_postgres[@]}" "$bin/$1" "${@:2}"
}

versions() {
  running || die "no server is running in $dir"
  run psql -qXAt "$(<"$dir/url")" -c "
    SELECT format('PostgreSQL %s, TimescaleDB %s (%s)',
      split_part(current_setting('server_version'), ' ', 1),
      extversion, current_setting('timescaledb.license'))
    FROM pg_extension WHERE extname = 'timescaledb'"
}

command=${1:-} arguments=$#
case $command in
  start) ((arguments == 2 || arguments == 3)) || usage ;;
  stop) ((arguments == 2 || arguments == 3)) || usage ;;
  replica) ((arguments == 3)) || usage ;;
  promote | versions) ((arguments == 2)) || usage ;;
  run) ((arguments >= 3)) || usage ;;
  *) usage ;;
esac
use_dir "$2"
"$command" "${@:3}"
