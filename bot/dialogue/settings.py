"""Where the dialogue layer finds Rasa and keeps what it makes, and how patient its supervisor is."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SupervisorTiming:
    """Seconds, unless the name says otherwise."""

    start_timeout: float = 120.0  # a first start compiles 4,000 modules
    health_every: float = 5.0
    health_timeout: float = 3.0
    failures_allowed: int = 3  # health checks in a row; then Rasa counts as hung
    first_delay: float = 1.0  # before the first restart; doubles up to `longest_delay`
    longest_delay: float = 30.0
    steady_after: float = 60.0  # ready this long: the next restart waits `first_delay` again
    stop_timeout: float = 5.0  # between TERM and KILL


@dataclass(frozen=True, slots=True)
class DialogueSettings:
    """Paths of the dialogue layer; all that it writes lies under `var`."""

    python: Path  # of Rasa's own environment
    config: Path  # config.yml; only Rasa's keys are read
    sources: Path  # domain/, nlu/, rules/, credentials.yml
    var: Path
    database_url: str = ""  # where Rasa keeps the state of conversations (endpoints.yml)
    keep_days: int = 30  # a state that nobody has touched for so long is deleted
    endpoints: Path | None = None  # another endpoints.yml, for a shared lock store
    memory_limit_mb: int = 1500  # beyond this Rasa is restarted, which no conversation notices
    timing: SupervisorTiming = field(default_factory=SupervisorTiming)

    @classmethod
    def of_project(cls, root: Path, database_url: str = "", keep_days: int = 30) -> "DialogueSettings":
        """Return the settings of a checkout that the set-up has prepared."""
        return cls(
            python=root / ".venv-rasa/bin/python",
            config=root / "config.yml",
            sources=root / "bot/dialogue",
            var=root / "var",
            database_url=database_url,
            keep_days=keep_days,
        )

    @property
    def home(self) -> Path:
        """Rasa's working folder: it puts caches where it stands and imports from there."""
        return self.var / "rasa"

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def endpoints_file(self) -> Path:
        return self.endpoints or self.sources / "endpoints.yml"
