"""With no channel configured, no process of the product opens a connection to another host."""

from __future__ import annotations

import subprocess

import pytest

from running_server import RunningServer, _tracer, foreign

QUESTIONS = [
    "chào ad",
    "điều kiện dự giải là gì",
    "Giải Vàng cần bao nhiêu điểm?",
    "thời tiết hôm nay",
    "gặp nhân viên",
]


def test_no_connection_leaves_this_machine(award_server: RunningServer) -> None:
    """Looked at many times a second since before the start."""
    for question in QUESTIONS:
        assert award_server.ask(question)["text"]
    assert len(award_server.tree()) >= 2, "Rasa is watched too"
    assert award_server.looks > 20
    assert award_server.connections, "nothing was seen at all, not even Rasa's calls to the actions"
    assert foreign(award_server.connections) == set()


def test_no_connection_is_even_tried(award_server: RunningServer) -> None:
    """By the system calls of every process since its start, so that one that fails at once is seen as well."""
    if award_server.trace is None:
        pytest.skip("strace is not installed or not allowed to trace")
    for question in QUESTIONS:
        assert award_server.ask(question)["text"]
    tried = award_server.traced()
    assert tried, "nothing was traced at all, not even Rasa's calls to the actions"
    assert foreign(tried) == set()


def test_nothing_listens_to_the_network(award_server: RunningServer) -> None:
    listening = {c.laddr.ip for one in award_server.tree() for c in one.net_connections("inet") if c.status == "LISTEN"}
    assert listening
    assert foreign(listening) == set()


def test_the_trace_would_see_an_attempt(award_server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> None:
    trace = tmp_path_factory.mktemp("trace") / "trace"
    tracer = _tracer(trace)
    if not tracer:
        pytest.skip("strace is not installed or not allowed to trace")
    code = (
        "import socket\ns = socket.socket()\ns.settimeout(0.2)\ntry: s.connect(('192.0.2.1', 9))\nexcept OSError: pass"
    )
    subprocess.run([*tracer, "python3", "-c", code], check=True)
    other = RunningServer("", award_server.process, trace, trace, award_server.database_url)
    assert foreign(other.traced()) == {"192.0.2.1"}
