"""Backup and restore: one archive with everything that can't be made anew (docs/decisions/0014)."""

from bot.backups.archive import Archive, Manifest
from bot.backups.making import make_backup
from bot.backups.restoring import restore_backup

__all__ = ["Archive", "Manifest", "make_backup", "restore_backup"]
