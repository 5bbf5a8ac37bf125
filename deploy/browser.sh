#!/usr/bin/env bash
# The browser tests drive Debian's Chromium; put in place here where it is missing and this user may install packages.
set -euo pipefail
if [ -x /usr/bin/chromium ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "✗ The browser tests need /usr/bin/chromium. Install it with: apt-get install chromium fonts-noto-core" >&2
    exit 1
fi
echo "→ Chromium for the browser tests"
log=$(mktemp)
{ apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-core; } >"$log" 2>&1 ||
    { tail -n 3 "$log" >&2; echo "✗ Chromium could not be installed; check the network, then run the same command again." >&2; exit 1; }
