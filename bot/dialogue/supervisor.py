"""Keeps one Rasa process running beside the chat server, and says how it is.

Rasa is frozen upstream and lives in its own environment, so it runs as a child: watched by its health page (a hung
process does not exit), restarted with growing pauses, and never left behind (inside/boot.py ties its life to ours). It listens
on a free loopback port with a fresh token.
"""

import asyncio
import contextlib
import enum
import logging
import os
import secrets
import signal
import socket
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path

import httpx
import psutil

from bot.dialogue.environment import rasa_command, rasa_environment
from bot.dialogue.settings import DialogueSettings
from bot.errors import DialogueError

LOG_BYTES = 2_000_000
LOG_FILES = 3

logger = logging.getLogger(__name__)


class DialogueState(enum.StrEnum):
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class RasaSupervisor:
    """Runs Rasa from `start` to `stop`. `base_url` and `token` hold for its whole life, also across restarts."""

    def __init__(self, settings: DialogueSettings, model: Path, actions_url: str, actions_token: str) -> None:
        self.base_url = f"http://127.0.0.1:{_free_port()}"
        self.token = secrets.token_hex(32)
        self.state = DialogueState.STOPPED
        self.restarts = 0
        self.last_failure: str | None = None
        self._settings = settings
        self._timing = settings.timing
        self._model = model
        # What endpoints.yml names.
        self._endpoints = {
            "AWARD_ACTIONS_URL": actions_url,
            "AWARD_ACTIONS_TOKEN": actions_token,
            "AWARD_STATES_URL": settings.database_url,
            "AWARD_STATES_DAYS": str(settings.keep_days),
        }
        self._process: asyncio.subprocess.Process | None = None
        self._runner: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The running process, if any."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    @property
    def memory_mb(self) -> int:
        """What Rasa holds in memory; 0 when it isn't running."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss / 2**20) if self.pid else 0
        except psutil.Error:
            return 0

    async def start(self) -> None:
        """Begin to keep Rasa running, and return at once. Raises DialogueError when it can't be started at all."""
        if self._runner is not None:
            raise DialogueError("this supervisor has been started already")
        rasa_command(self._settings)  # a missing environment is told here, not in the background
        if not self._model.exists():
            raise DialogueError(f"there is no trained model at {self._model}; run award setup")
        self.state = DialogueState.STARTING
        self._runner = asyncio.create_task(self._keep_running(), name="rasa-supervisor")

    async def wait_ready(self, timeout: float | None = None) -> None:
        """Return once Rasa answers. Raises DialogueError when that takes longer than `timeout` seconds."""
        try:
            await asyncio.wait_for(self._ready.wait(), timeout or self._timing.start_timeout)
        except TimeoutError as error:
            raise DialogueError(f"Rasa is not ready; see {self._settings.logs / 'rasa.log'}") from error

    async def stop(self) -> None:
        """End Rasa and its watch; may be called more than once."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await runner
        self._ready.clear()
        self.state = DialogueState.STOPPED

    async def _keep_running(self) -> None:
        delay = self._timing.first_delay
        async with httpx.AsyncClient(trust_env=False, timeout=self._timing.health_timeout) as http:
            while True:
                steady = await self._run_once(http)
                if steady:
                    delay = self._timing.first_delay
                self._ready.clear()
                self.state = DialogueState.RESTARTING
                self.restarts += 1
                logger.warning("Rasa %s; starting it again in %.0f s", self.last_failure, delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, self._timing.longest_delay)

    async def _run_once(self, http: httpx.AsyncClient) -> bool:
        """Start Rasa, watch it to its end, leave nothing of it, and tell whether it had been ready for long."""
        try:
            process = await self._spawn()
        except (OSError, DialogueError) as error:
            self.last_failure = f"can't be started: {error}"
            return False
        self._process = process
        log = asyncio.create_task(_keep_log(process, self._settings.logs / "rasa.log"))
        exited = asyncio.create_task(process.wait())
        try:
            ready_at = await self._wait_until_healthy(http, exited)
            if ready_at is None:
                return False
            self.state = DialogueState.READY
            self._ready.set()
            await self._watch(http, exited)
            return time.monotonic() - ready_at >= self._timing.steady_after
        finally:
            await _end(process, exited, self._timing.stop_timeout)
            await asyncio.wait({log}, timeout=1)  # its last words
            log.cancel()

    async def _spawn(self) -> asyncio.subprocess.Process:
        settings = self._settings
        settings.home.mkdir(parents=True, exist_ok=True)
        command = rasa_command(
            settings,
            *("run", "--enable-api", "--interface", "127.0.0.1", "--port", self.base_url.rpartition(":")[2]),
            *("--model", str(self._model.resolve()), "--endpoints", str(settings.endpoints_file.resolve())),
            *("--credentials", str((settings.sources / "credentials.yml").resolve())),
        )
        environment = rasa_environment(settings) | self._endpoints | {"AWARD_RASA_TOKEN": self.token}
        return await asyncio.create_subprocess_exec(
            *command,
            cwd=settings.home,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in our terminal is ours to handle
        )

    async def _wait_until_healthy(self, http: httpx.AsyncClient, exited: asyncio.Task[int]) -> float | None:
        """Return when Rasa became healthy, or None when it ended or took too long."""
        deadline = time.monotonic() + self._timing.start_timeout
        while time.monotonic() < deadline:
            if await self._healthy(http):
                return time.monotonic()
            if await _ended(exited, 0.1):
                self.last_failure = f"ended with {exited.result()} before it was ready"
                return None
        self.last_failure = f"was not ready after {self._timing.start_timeout:.0f} s"
        return None

    async def _watch(self, http: httpx.AsyncClient, exited: asyncio.Task[int]) -> None:
        """Return when Rasa has ended, hangs, or has grown beyond its limit."""
        failures = 0
        while failures < self._timing.failures_allowed:
            if await _ended(exited, self._timing.health_every):
                self.last_failure = f"ended with {exited.result()}"
                return
            failures = 0 if await self._healthy(http) else failures + 1
            if self.memory_mb > self._settings.memory_limit_mb:
                self.last_failure = f"holds more than {self._settings.memory_limit_mb} MB"
                return
        self.last_failure = "hangs"

    async def _healthy(self, http: httpx.AsyncClient) -> bool:
        """Tell whether Rasa answers and has its model."""
        try:
            response = await http.get(f"{self.base_url}/status", params={"token": self.token})
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK


async def _ended(exited: asyncio.Task[int], seconds: float) -> bool:
    done, _ = await asyncio.wait({exited}, timeout=seconds)
    return bool(done)


async def _end(process: asyncio.subprocess.Process, exited: asyncio.Task[int], patience: float) -> None:
    """End the process and whatever it has started: politely, then not."""
    _signal_group(process.pid, signal.SIGTERM)
    if not await _ended(exited, patience):
        _signal_group(process.pid, signal.SIGKILL)
    await exited


def _signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, number)


async def _keep_log(process: asyncio.subprocess.Process, path: Path) -> None:
    """Write the process's output to a log that stays small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", errors="replace")
    output = process.stdout
    if output is None:  # can't be: `_spawn` asks for a pipe
        return
    try:
        while chunk := await output.read(65_536):
            text = chunk.decode("utf-8", errors="replace").rstrip("\n")
            handler.emit(logging.makeLogRecord({"msg": text}))
    finally:
        handler.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
