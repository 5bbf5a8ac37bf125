"""Files of deploy/, each checked by its own tool; what they name is what the program has. A tool that is missing skips its test."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.metrics import PROCESS, DialogueHealth, ServerCollector
from bot.settings import Settings
from knowledge.database import Database
from shipped import ROOT

DEPLOY = ROOT / "deploy"
MONITORING = DEPLOY / "monitoring"
# Exported only while something is there to tell.
LATER = {"award_cases", "award_publication_current", "award_publication_age_seconds", "award_index_bytes"}


def _tool(name: str) -> str:
    """Where the tool is: our environment, what deploy/checkers.sh fetched, or the system."""
    for path in (ROOT / ".venv/bin" / name, ROOT / "var/tools/checkers" / name):
        if path.is_file():
            return str(path)
    return shutil.which(name) or pytest.skip(f"{name} is not here; deploy/checkers.sh fetches it where it can")


def _run(*command: str, cwd: Path = ROOT, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", **environment}
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with programs that are there, so that nothing else is found wrong."""
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(
            text.replace("/opt/award/.venv/bin/award", "/bin/true").replace("User=award\nGroup=award\n", "")
        )
    return tmp_path


def test_systemd_takes_the_units(units: Path) -> None:
    analyze = _tool("systemd-analyze")
    names = [str(path) for path in sorted(units.iterdir()) if path.suffix in (".service", ".timer")]
    assert len(names) == 3
    said = _run(analyze, "verify", "--man=no", *names, HOME=str(units))
    assert not [line for line in said.splitlines() if "award" in line], said


@pytest.mark.parametrize("name", ["award.service", "award-backup.service"])
def test_the_units_give_away_little(units: Path, name: str) -> None:
    said = _run(
        _tool("systemd-analyze"), "security", "--offline=yes", "--threshold=30", "--no-pager", str(units / name)
    )
    assert "Overall exposure level" in said


def test_the_server_may_write_below_var_only() -> None:
    text = (DEPLOY / "systemd/award.service").read_text()
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    assert settings["ReadWritePaths"] == "/opt/award/var"
    assert (settings["ProtectSystem"], settings["NoNewPrivileges"], settings["CapabilityBoundingSet"]) == (
        "strict",
        "yes",
        "",
    )
    assert settings["User"] == "award"
    assert settings["ExecStartPre"].endswith("award check")


def test_caddy_takes_its_file() -> None:
    caddy, file = _tool("caddy"), str(DEPLOY / "proxy/Caddyfile")
    assert "Valid configuration" in _run(
        caddy, "validate", "--config", file, "--adapter", "caddyfile", HOME="/nonexistent", XDG_DATA_HOME="/nonexistent"
    )
    adapted = json.loads(
        _run(caddy, "adapt", "--config", file, HOME="/nonexistent", XDG_DATA_HOME="/nonexistent").split("\n")[0]
    )
    assert "flush_interval" in json.dumps(adapted)
    formatted = subprocess.run([caddy, "fmt", file], capture_output=True, text=True, check=False)
    assert formatted.stdout == Path(file).read_text(encoding="utf-8")


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    nginx, openssl = _tool("nginx"), _tool("openssl")
    subject = ["-subj", "/CN=tro-ly.example.vn", "-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "crt")]
    _run(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *subject)
    site = (DEPLOY / "proxy/nginx.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/ssl/award/fullchain.pem", str(tmp_path / "crt")).replace(
        "/etc/ssl/award/privkey.pem", str(tmp_path / "key")
    )
    site = site.replace("/var/log/nginx/award.log", str(tmp_path / "log"))
    site = re.sub(r"listen \[::\]:.*", "", site)  # not every machine has IPv6
    site = re.sub(r"listen (\d+)", lambda port: f"listen 127.0.0.1:{int(port[1]) + 20000}", site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}\n{site}\n}}\n"
    )
    said = _run(nginx, "-t", "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf"))
    assert "syntax is ok" in said
    assert "emerg" not in said


def test_both_proxies_keep_the_inside_inside_and_let_events_through() -> None:
    caddy, nginx = ((DEPLOY / "proxy" / name).read_text() for name in ("Caddyfile", "nginx.conf"))
    assert "path /metrics /actions/*" in caddy
    assert "flush_interval -1" in caddy
    for path in (
        "location = /metrics { return 404; }",
        "location /actions/ { return 404; }",
        "location /socket.io/",
        "proxy_buffering off",
    ):
        assert path in nginx
    assert "proxy_add_x_forwarded_for" not in nginx, "a client could choose the address that limits count by"


def test_the_dockerfile_is_clean() -> None:
    assert _run(_tool("hadolint"), str(DEPLOY / "containers/Dockerfile")) == ""


@pytest.mark.parametrize("path", sorted((DEPLOY / "containers").glob("compose*.yml")), ids=lambda path: path.name)
def test_compose_files_keep_to_the_schema_and_to_least_privilege(path: Path) -> None:
    _run(_tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(path))
    for name, service in yaml.safe_load(path.read_text(encoding="utf-8"))["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert "ports" not in service or name == "proxy", f"{name} is open to everybody"


def test_the_image_takes_nothing_that_is_made_or_secret() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", ".venv-rasa", "var"} <= set(ignored)


def test_prometheus_takes_the_rules_and_they_ring_when_they_should() -> None:
    promtool = _tool("promtool")
    assert "SUCCESS" in _run(promtool, "check", "rules", "alerts.yml", cwd=MONITORING)
    assert "SUCCESS" in _run(promtool, "test", "rules", "alerts.test.yml", cwd=MONITORING)
    assert "SUCCESS" in _run(promtool, "check", "config", "--syntax-only", "prometheus.yml", cwd=MONITORING)


def test_rules_and_dashboard_name_figures_that_are_there(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'award.db'}")
    database.upgrade()
    collector = ServerCollector(Settings(root=tmp_path), database, lambda: None, lambda: DialogueHealth(True, 0, 0))
    there = set(LATER)
    for family in (*PROCESS.collect(), *collector.collect()):
        suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(family.type, [""])
        there |= {family.name + suffix for suffix in suffixes}
    database.close()
    expressions = [
        rule["expr"]
        for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    ]
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    expressions += [target["expr"] for panel in panels for target in panel["targets"]]
    assert len(panels) == len({panel["id"] for panel in panels}) > 10
    named = {name for one in expressions for name in re.findall(r"\b(?:award|process)_\w+", one)}
    assert named <= there, named - there
    assert any("process_" in name for name in named)


def test_every_alert_is_explained() -> None:
    alerts = [
        rule["alert"]
        for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    ]
    guide = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    assert [alert for alert in alerts if f"`{alert}`" not in guide] == []


def test_shell_scripts_can_be_read() -> None:
    scripts = sorted(DEPLOY.glob("*.sh"))
    assert len(scripts) >= 4
    for script in scripts:
        _run("bash", "-n", str(script))
        assert script.stat().st_mode & 0o111, script.name
