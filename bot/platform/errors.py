"""The errors that somebody is told of in words: a "no", a second delivery, and that too many write at once."""


class Refusal(Exception):
    """A "no" in words for the person who asked, with what to do next.

    `field` names the form field the words belong under: the name of the form's dataclass field, which is also its block id.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Outdated(Refusal):
    """A payload carries what this version does not read: an older one wrote it, or somebody forged it."""

    def __init__(self) -> None:
        super().__init__("This is from an older version. Open `/prickle`.")


class Repeated(Exception):
    """What somebody sent was acted on before: this is a second delivery of the same, and changes nothing."""


class Busy(Exception):
    """The database had no room in time, since too many write at once. Nothing was written: trying again is right."""
