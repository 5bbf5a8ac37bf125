"""Accepting an import proposal: official text, dated versions, and what has to be reviewed, in one transaction."""

from knowledge.acceptance.amending import Change, Effect
from knowledge.acceptance.choices import Choices
from knowledge.acceptance.impact import Dependent
from knowledge.acceptance.store import Acceptance, accept_proposal, preview_acceptance

__all__ = ["Acceptance", "Change", "Choices", "Dependent", "Effect", "accept_proposal", "preview_acceptance"]
