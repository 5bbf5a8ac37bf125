"""Addresses of the reading pages."""

from __future__ import annotations

from datetime import date

import pytest

from actions.addresses import reading_address
from small_corpus import pid


@pytest.mark.parametrize(
    ("identity", "day", "address"),
    [
        ("ND37-2026", None, "/van-ban/ND37-2026"),
        ("ND37-2026:59.1", None, "/van-ban/ND37-2026#59.1"),
        ("ND37-2026:59.1.đ", None, "/van-ban/ND37-2026#59.1.%C4%91"),
        ("ND37-2026:59.1", date(2026, 3, 12), "/van-ban/ND37-2026?ngay=2026-03-12#59.1"),
        ("ND132-2008", date(2020, 1, 1), "/van-ban/ND132-2008?ngay=2020-01-01"),
    ],
)
def test_addresses(identity: str, day: date | None, address: str) -> None:
    assert reading_address(pid(identity), day) == address
