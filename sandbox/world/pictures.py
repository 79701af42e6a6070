"""Files of the app that an image block may show."""

import mimetypes
from collections.abc import Callable

from sandbox.world.core import Core
from sandbox.world.store import File
from sandbox.world.values import Json

_SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
"""Slack: reference/block-kit/blocks/image-block, "Supported file types"."""
UNKNOWN = "application/octet-stream"


def mimetype(name: str, content: bytes) -> str:
    """What a file is: a picture by its bytes, whatever its name says, and anything else by its name."""
    for kind, signatures in _SIGNATURES.items():
        if content.startswith(signatures):
            return kind
    guess = mimetypes.guess_type(name)[0] or UNKNOWN
    return UNKNOWN if guess in _SIGNATURES else guess


def checker(ws: Core) -> Callable[[Json], bool]:
    """For the checks of blocks: may this `slack_file` be shown?"""
    return lambda slack_file: _can_be_shown(ws, slack_file)


def _can_be_shown(ws: Core, slack_file: Json) -> bool:
    file = _named(ws, slack_file)
    if file is None or not file.completed or file.mimetype not in _SIGNATURES:
        return False
    # Slack looks through a file after the upload is complete, and refuses it for a moment: python-slack-sdk#1521.
    return ws.faults.draw(file.id, {}, kind="unprocessed_file") is None


def _named(ws: Core, slack_file: Json) -> File | None:
    url = slack_file.get("url")
    if url is None:
        return ws.store.files.get(slack_file["id"])
    return next((file for file in ws.store.files.values() if link(ws, file) == url), None)


def link(ws: Core, file: File) -> str:
    """Where the page gets the file's bytes."""
    return f"{ws.base_url}/files/{file.id}/{file.name}"
