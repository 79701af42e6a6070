"""The three ways in which something goes wrong here."""

from typing import Any


class SlackError(Exception):
    """The Web API says no: `code` is Slack's own, `extra` travels beside it in the answer."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class SandboxError(Exception):
    """Somebody tried what Slack's own client would not let them do; the message is a sentence for them."""


_TROUBLE = {
    "dispatch_failed": "The app could not be reached, or answered with an error (dispatch_failed).",
    "operation_timeout": "The app did not answer within 3 seconds (operation_timeout).",
}


class AppFailed(Exception):
    """The app did not answer as Slack expects; `trouble` is what Slack would show or log."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble

    @property
    def sentence(self) -> str:
        """The trouble in words for a person."""
        return _TROUBLE.get(self.trouble, f"The app's answer cannot be used: {self.trouble}")
