"""Text that only Prickle can read: whoever holds the database alone, or a copy of it, can not."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

# Not at the top: the library is a tenth of a replica's memory, and without a key nothing is sealed or opened.
if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

MARK = "2."  # before what is bound to its row; what earlier versions sealed has none, and is bound to its people only


class Unreadable(Exception):
    """No key of ours opens this text."""


class Misplaced(Unreadable):
    """A key of ours opens this text, but it was sealed for something else: somebody moved it, or changed its row."""


class Vault:
    """Seals text under the first of its keys, and opens what was sealed under any of them. Without keys it is closed.

    It is made from the settings in `bot.app`, and handed to whoever reads or writes what is sealed; nothing keeps it.
    """

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._fernet = _opening_with(keys) if keys else None

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be sealed or opened here: there is no key."""
        return self._fernet is None

    def seal(self, text: str, *, bound_to: str) -> str:
        """`text` for the database. It opens for nothing but `bound_to`: what somebody moved elsewhere stays shut."""
        return MARK + self._keys().encrypt(json.dumps([bound_to, text]).encode()).decode()

    def open(self, sealed: str, *, bound_to: str, formerly: str) -> str:
        """The text that was sealed for `bound_to`, or by an earlier version for what it bound to `formerly`.

        Raises Unreadable when no key of ours opens it, and Misplaced when it was sealed for something else.
        """
        from cryptography.fernet import InvalidToken

        try:
            owner, text = json.loads(self._keys().decrypt(sealed.removeprefix(MARK)))
        except InvalidToken:
            raise Unreadable("no key in FEEDBACK_KEYS opens it") from None
        if owner not in (bound_to, formerly):
            raise Misplaced("it was sealed for something else")
        return str(text)

    def _keys(self) -> "MultiFernet":
        if self._fernet is None:
            raise Unreadable("FEEDBACK_KEYS is not set")
        return self._fernet


def _opening_with(keys: Sequence[str]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(key) for key in keys])


def is_key(text: str) -> bool:
    """Whether this can be one of FEEDBACK_KEYS."""
    try:
        _opening_with([text])
    except ValueError:
        return False
    return True


def new_key() -> str:
    """A key made of chance, for FEEDBACK_KEYS."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()
