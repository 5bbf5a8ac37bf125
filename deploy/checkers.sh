#!/usr/bin/env bash
# promtool and nginx check the files of deploy/; taken out of Debian's packages into var/tools/checkers, nothing is installed.
# Without the network their tests are skipped, so this never fails.
set -uo pipefail
cd "$(dirname "$0")/.."
target=$PWD/var/tools/checkers
if [ -x "$target/promtool" ] && [ -x "$target/nginx" ]; then exit 0; fi
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q prometheus nginx >/dev/null 2>&1 ||
    { apt-get update -q >/dev/null 2>&1; apt-get download -q prometheus nginx >/dev/null 2>&1; } ||
    { echo "→ promtool and nginx can't be fetched; the tests that need them are skipped" >&2; exit 0; }
mkdir -p "$target"
for package in prometheus_*.deb nginx_*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --wildcards './usr/bin/promtool' './usr/sbin/nginx' 2>/dev/null
done
mv usr/bin/promtool usr/sbin/nginx "$target/" 2>/dev/null || true
