"""Ids of provisions and the words by which people cite them.

An id reads `ND37-2026:61.1.đ`: document, article (điều), clause (khoản), point (điểm). A bare `TT27-2019` is the whole document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.errors import ContentError

_FORM = re.compile(r"(?P<document>[A-ZĐ]{1,3}\d+(?:-\d{4})?)(?::(?P<place>\d+[a-zđ]?(?:\.\d+[a-zđ]?)?(?:\.[a-zđ])?))?")


@dataclass(frozen=True, slots=True)
class ProvisionId:
    """One place in a regulation; the parts that are not named are empty."""

    document: str
    article: str = ""
    clause: str = ""
    point: str = ""

    @classmethod
    def parse(cls, text: str) -> ProvisionId:
        """Raises ContentError where the text is not of the form `ND37-2026:61.1.đ`."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ContentError(f"«{text}» is no id of a provision; write it like ND37-2026:61.1.đ")
        article, clause, point = [*(match["place"] or "").split("."), "", "", ""][:3]
        if clause and clause[0].isalpha():  # «12.a» does not occur: a point stands in a clause
            clause, point = "", clause
        return cls(match["document"], article, clause, point)

    def __str__(self) -> str:
        place = ".".join(part for part in (self.article, self.clause, self.point) if part)
        return f"{self.document}:{place}" if place else self.document

    def parent(self) -> ProvisionId | None:
        """The clause of a point, the article of a clause, the document of an article; None for a document."""
        if self.point:
            return ProvisionId(self.document, self.article, self.clause)
        if self.clause:
            return ProvisionId(self.document, self.article)
        return ProvisionId(self.document) if self.article else None

    def within(self, other: ProvisionId) -> bool:
        """True for the same place and for everything below it."""
        here: ProvisionId | None = self
        while here is not None and here != other:
            here = here.parent()
        return here is not None

    def label(self, document_name: str) -> str:
        """How a person cites it: «điểm đ khoản 1 Điều 61 Nghị định 37/2026/NĐ-CP»."""
        parts = [
            f"điểm {self.point}" if self.point else "",
            f"khoản {self.clause}" if self.clause else "",
            f"Điều {self.article}" if self.article else "",
            document_name,
        ]
        return " ".join(part for part in parts if part)
