#!/usr/bin/env bash
# Makes the two Python environments from their lock files: .venv (ours) and .venv-rasa (Rasa, Python 3.10).
# Why two: Rasa 3.6 is frozen on pins that nothing current can share an environment with (docs/decisions/0001).
# usage: environments.sh chat|dialogue
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf '✗ %s\n' "$*" >&2; exit 1; }
say() { printf '→ %s\n' "$*"; }

# The network, the disk and a missing interpreter fail in many words; a person needs one line with the remedy.
explain() {
    local log=$1 what=$2
    if grep -qiE 'no space left|disk quota' "$log"; then
        fail "$what: the disk is full. Free about 6 GB, then run the same command again."
    elif grep -qiE 'dns error|failed to lookup|connection refused|network is unreachable|timed? ?out|failed to fetch|temporary failure|error sending request' "$log"; then
        fail "$what: the package registry can't be reached. Check the network (or pip's index settings), then run the same command again."
    fi
    tail -n 5 "$log" >&2
    fail "$what failed; the whole output is in $log"
}

quietly() {
    local log=$1 what=$2
    shift 2
    "$@" >"$log" 2>&1 || explain "$log" "$what"
}

find_uv() {
    if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
    if [ ! -x var/tools/bin/uv ]; then
        python3 -m venv var/tools >var/log/uv.log 2>&1 ||
            fail "python3 can't make an environment. Install it with: apt-get install python3-venv"
        var/tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9' >>var/log/uv.log 2>&1 ||
            explain var/log/uv.log "Installing uv"
    fi
    echo "$PWD/var/tools/bin/uv"
}

room_left() {
    local free_kb
    free_kb=$(df -Pk . | awk 'NR == 2 {print $4}')
    [ "$free_kb" -gt "$1" ] || fail "Only $((free_kb / 1024)) MB are free on this disk and the environment needs about $(($1 / 1024)) MB. Free some space, then run the same command again."
}

make_chat() {
    say "[1/2] Python environment of the chat server (.venv)"
    room_left 2500000
    quietly var/log/venv.log "Making .venv" "$uv" venv --quiet --clear --python '>=3.11,<3.14' .venv
    # torch first by itself: a wheel house named in pip's settings may hold a build without CUDA, whose hash no lock knows.
    local links
    links=$(python3 -m pip config get global.find-links 2>/dev/null || true)
    quietly var/log/venv.log "Installing the locked packages" \
        "$uv" pip install --python .venv/bin/python --no-deps --require-hashes -r deploy/locks/chat.txt
    quietly var/log/venv.log "Installing torch" \
        "$uv" pip install --python .venv/bin/python ${links:+--find-links "$links"} torch==2.13.0
    quietly var/log/venv.log "Installing this project" "$uv" pip install --python .venv/bin/python --no-deps --editable .
}

make_dialogue() {
    say "[2/2] Python 3.10 environment of the dialogue server, Rasa (.venv-rasa)"
    room_left 3000000
    "$uv" venv --quiet --clear --python 3.10 .venv-rasa >var/log/venv-rasa.log 2>&1 ||
        fail "Rasa needs Python 3.10, which is neither installed nor could be fetched. Install it (for instance: pyenv install 3.10), then run the same command again."
    quietly var/log/venv-rasa.log "Installing Rasa's locked packages" \
        "$uv" pip sync --python .venv-rasa/bin/python --require-hashes deploy/locks/dialogue.txt
}

mkdir -p var/log
uv=$(find_uv)
case "${1:-}" in
    chat) make_chat ;;
    dialogue) make_dialogue ;;
    *) fail "usage: environments.sh chat|dialogue" ;;
esac
