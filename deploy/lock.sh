#!/usr/bin/env bash
# Resolves both environments anew and writes the lock files with hashes. Read the diff before committing it.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo var/tools/bin/uv)
links=$(python3 -m pip config get global.find-links 2>/dev/null || true)
"$uv" pip compile pyproject.toml --quiet --upgrade --extra dev --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-package torch ${links:+--find-links "$links"} -o deploy/locks/chat.txt
"$uv" pip compile deploy/locks/dialogue.in --quiet --upgrade --python-version 3.10 --generate-hashes --no-header --no-annotate \
    -o deploy/locks/dialogue.txt
