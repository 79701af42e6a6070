"""Pictures in blocks, by their address or as a file of Slack's own."""

import re

from sandbox.blocks.checks import Check
from sandbox.world.values import Json

_FILE_ID = re.compile(r"[F][A-Z0-9]{8,}")


def check_image(check: Check, image: Json, at: str) -> None:
    """An image element; the block of the same name adds a title."""
    check.known(image, ("type", "image_url", "alt_text", "slack_file"), at)
    check.required(image, ("alt_text",), at)
    check_image_source(check, image, at)


def check_image_source(check: Check, image: Json, at: str) -> None:
    """Where the picture comes from, and what stands in for it."""
    check.address(image, "image_url", at)
    check.string(image, "alt_text", 2000, at, least=1)
    if (image.get("image_url") is None) == (image.get("slack_file") is None):
        check.wrong("must define one of: image_url, slack_file", at)
    slack_file = image.get("slack_file")
    if isinstance(slack_file, dict):
        _slack_file(check, slack_file, f"{at}/slack_file")
    elif slack_file is not None:
        check.wrong("must provide an object", f"{at}/slack_file")


def _slack_file(check: Check, slack_file: Json, at: str) -> None:
    """A file by its id or its address (Slack: reference/block-kit/composition-objects/slack-file-object)."""
    before = len(check.problems)
    check.known(slack_file, ("id", "url"), at)
    if (slack_file.get("id") is None) == (slack_file.get("url") is None):
        check.wrong("must define one of: id, url", at)
    check.address(slack_file, "url", at)
    file_id = slack_file.get("id")
    if file_id is not None and not (isinstance(file_id, str) and _FILE_ID.fullmatch(file_id)):
        check.wrong(f"input must match regex pattern: ^{_FILE_ID.pattern}$", f"{at}/id")
    if len(check.problems) == before and not check.can_show(slack_file):
        check.wrong("invalid slack file", at)
