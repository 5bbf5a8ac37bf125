# make run   everything from a bare clone to a serving chat on http://127.0.0.1:$(PORT)
# make test  all tests and checks, from a bare clone too
PORT ?= 8000
export PORT
AWARD := .venv/bin/award

.PHONY: run test setup lint lock clean help
.DEFAULT_GOAL := help

help:
	@sed -n '1,2p' Makefile | sed 's/^# //'

run: .venv/.made .venv-rasa/.made
	@$(AWARD) serve --setup --port $(PORT)

setup: .venv/.made .venv-rasa/.made
	@$(AWARD) setup

test: .venv/.made .venv-rasa/.made
	@$(AWARD) setup
	@deploy/browser.sh
	@deploy/checkers.sh
	@$(MAKE) --no-print-directory lint
	.venv/bin/pytest --numprocesses 2 --dist loadfile

lint:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

.venv/.made: deploy/locks/chat.txt pyproject.toml deploy/environments.sh
	@deploy/environments.sh chat
	@touch $@

.venv-rasa/.made: deploy/locks/dialogue.txt deploy/environments.sh
	@deploy/environments.sh dialogue
	@touch $@

# New versions on purpose only: writes both lock files anew.
lock: .venv/.made
	deploy/lock.sh

clean:
	rm -rf .venv .venv-rasa var
