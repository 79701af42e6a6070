"""Text that only Prickle can read: whoever holds the database alone, or a copy of it, can not."""

import json
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unreadable(Exception):
    """No key of ours opens this text, or it was not sealed for these people."""


class Vault:
    """Seals text under the first of its keys, and opens what was sealed under any of them. Without keys it is closed.

    It is made from the settings in `bot.app`, and handed to whoever reads or writes what is sealed; nothing keeps it.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be sealed or opened here: there is no key."""
        return self._fernet is None

    def seal(self, text: str, *, bound_to: str) -> str:
        """`text` for the database. It opens for nothing but `bound_to`: a row that somebody moved stays shut."""
        return self._keys().encrypt(json.dumps([bound_to, text]).encode()).decode()

    def open(self, sealed: str, *, bound_to: str) -> str:
        """The text that was sealed for `bound_to`. Raises Unreadable when no key of ours opens it, or it was not."""
        try:
            owner, text = json.loads(self._keys().decrypt(sealed))
        except InvalidToken:
            raise Unreadable("no key in FEEDBACK_KEYS opens it") from None
        if owner != bound_to:
            raise Unreadable("it was sealed for somebody else")
        return str(text)

    def reseal(self, sealed: str) -> str:
        """The same under the first key. Raises Unreadable when no key of ours opens it."""
        try:
            return self._keys().rotate(sealed).decode()
        except InvalidToken:
            raise Unreadable("no key in FEEDBACK_KEYS opens it") from None

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise Unreadable("FEEDBACK_KEYS is not set")
        return self._fernet


def new_key() -> str:
    """A key made of chance, for FEEDBACK_KEYS."""
    return Fernet.generate_key().decode()
