#!/usr/bin/env bash
# The browser tests drive Debian's Chromium with packages that npm fetches; both put in place here where they are missing and this user
# may install packages.
set -euo pipefail
missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium fonts-noto-core)
command -v npm >/dev/null || missing+=(npm)
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "✗ The browser tests need ${missing[*]}. Install with: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "→ For the browser tests: ${missing[*]}"
log=$(mktemp)
{ apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
    { tail -n 3 "$log" >&2; echo "✗ ${missing[*]} could not be installed; check the network, then run the same command again." >&2; exit 1; }
