#!/bin/sh
# Makes a directory with a new secret in each file: the password of the superuser, and the URLs that the owner of the database and the four
# lanes log in with. Usage: make-secrets.sh [DIR [HOST[:PORT] [QUERY]]]; QUERY ends the URLs: '?sslmode=require'.
set -eu
dir=${1:-.secrets}
host=${2:-database:5432}
query=${3:-}
password() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Whoever may enter the directory may read its files: in their containers other users than this one have to.
umask 022
mkdir -m 700 "$dir"
password >"$dir/superuser_password"
printf 'postgres://kronicle:%s@%s/kronicle%s\n' "$(password)" "$host" "$query" >"$dir/database_url"
for lane in reader writer admin auth; do
  printf 'postgres://kronicle_%s:%s@%s/kronicle%s\n' "$lane" "$(password)" "$host" "$query" >"$dir/${lane}_database_url"
done
