"""Official words in an answer: letter for letter, and where they are long, cut where a paragraph or a sentence ends."""

from __future__ import annotations

import re

MORE = "…"
MOST_QUOTED = 700  # characters under an answer; the reading page has the rest
MOST_SAID = 2_000  # characters of an answer that is nothing but the text
_STOP = re.compile(r"[.;:!?]”?(?=\s)")


def excerpt(text: str, most: int) -> str:
    """The text itself where it is no longer than `most` characters, else its beginning and «…».

    What stands before the «…» is the beginning of the text, letter for letter.
    """
    if len(text) <= most:
        return text
    head = text[:most]
    line = head.rfind("\n")
    if line >= most // 2:
        return f"{head[:line].rstrip()}\n{MORE}"
    stops = [match.end() for match in _STOP.finditer(head)]
    end = stops[-1] if stops and stops[-1] >= most // 3 else max(line, head.rfind(" "))
    return f"{head[: end if end > 0 else most].rstrip()} {MORE}"
