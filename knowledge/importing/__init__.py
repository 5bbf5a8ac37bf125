"""Official documents from files: read with limits, proposed with a report, accepted by a person elsewhere."""

from knowledge.importing.errors import ImportRefused, Situation
from knowledge.importing.isolation import import_bytes, import_file
from knowledge.importing.proposal import ImportProposal
from knowledge.importing.report import Code, Finding, ImportReport, Outcome, Severity
from knowledge.importing.upload import parse_upload

__all__ = [
    "Code",
    "Finding",
    "ImportProposal",
    "ImportRefused",
    "ImportReport",
    "Outcome",
    "Severity",
    "Situation",
    "import_bytes",
    "import_file",
    "parse_upload",
]
