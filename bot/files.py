"""Hands out the files that answers bring (actions/files.py): whoever has the address may read, nobody else finds it.

What a file holds must not act in our name: it is sandboxed, its type is not guessed, and no cache on the way keeps it.
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from actions.files import ADDRESS, Files

GONE = "Tệp này không còn hoặc đã hết hạn. Bạn nhắn lại trong khung chat để mình tạo tệp mới nhé."
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def file_routes(files: Files) -> APIRouter:
    """GET and HEAD /tep/ID."""
    router = APIRouter()

    @router.api_route(ADDRESS + "{identity}", methods=["GET", "HEAD"], include_in_schema=False)
    async def hand_out(identity: str) -> Response:
        found = await asyncio.to_thread(files.find, identity)
        if found is None:
            return PlainTextResponse(GONE, 404, HEADERS)
        shown = "inline" if found.media_type.startswith("image/") else "attachment"
        disposition = f"{shown}; filename*=UTF-8''{quote(found.name)}"
        return Response(found.content, 200, {**HEADERS, "Content-Disposition": disposition}, found.media_type)

    return router
