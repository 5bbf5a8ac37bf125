"""What a member of staff may do: each role may do all that the ones before it may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """From least to most."""

    VIEWER = "viewer"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"

    def covers(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


WORDS = {
    Role.VIEWER: "Người xem",
    Role.EDITOR: "Biên tập viên",
    Role.REVIEWER: "Người duyệt",
    Role.ADMINISTRATOR: "Quản trị viên",
}
