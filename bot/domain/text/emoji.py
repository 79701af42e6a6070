"""The name of an emoji that somebody typed."""

from bot.platform.errors import Refusal

NAME_LENGTH = 100  # Slack's own limit


def name(typed: str, *, example: str, field: str) -> str:
    """`:retro:` without its colons. Raises Refusal for what can't be an emoji's name."""
    found = typed.strip().strip(":").casefold()
    if not found or len(found) > NAME_LENGTH or any(letter.isspace() or letter == ":" for letter in found):
        raise Refusal(f"Type an emoji's name as in Slack, such as `:{example}:`.", field=field)
    return found
