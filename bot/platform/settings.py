"""Every setting: its type, its default and its meaning in one line."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.platform import crypto

EXAMPLE_HEAD = """\
# Copy this file to .env and fill it in, or set the same names in the environment, which come first.
# Made by `make env-example` from bot/settings.py.

"""


LAST_PORT = 65535
LETTERS_A_SLIP = 5  # in so many letters one may be wrong, and it is still clear what was meant


class SettingsError(Exception):
    """A setting is missing or malformed. The message names it and says what to do."""


class Secret:
    """A text that no log and no traceback prints by accident."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"


# What each setting takes; a ValueError says why not, in words that follow "is malformed:".


def _bot_token(text: str) -> Secret:
    if not text.startswith(("xoxb-", "xoxe.xoxb-")):
        raise ValueError('it is the "Bot User OAuth Token" and starts with xoxb-')
    return Secret(text)


def _app_token(text: str) -> Secret:
    if not text.startswith("xapp-"):
        raise ValueError("it is an app-level token and starts with xapp-")
    return Secret(text)


def _feedback_keys(text: str) -> Secret:
    if not all(map(crypto.is_key, _split(Secret(text)))):
        raise ValueError("make each key with `prickle feedback-key`, and put commas between them")
    return Secret(text)


def _split(keys: Secret | None) -> list[str]:
    return [key.strip() for key in keys.get_secret_value().split(",")] if keys else []


def _api_url(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("it is a web address and starts with https://")
    return text.rstrip("/") + "/"


def _database_url(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("write sqlite:///FILE or postgresql://USER@HOST/DATABASE") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("write sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("an SQLite database needs a file: write sqlite:///FILE")
    return url.render_as_string(hide_password=False)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise ValueError(f"it is a number from 0 to {LAST_PORT}")
    return int(text)


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'")
    return text.upper()


def _log_format(text: str) -> str:
    if text.lower() not in ("human", "json"):
        raise ValueError("input should be 'human' or 'json'")
    return text.lower()


def _about(read: Callable[[str], Any], meaning: str) -> dict[str, Any]:
    return {"read": read, "meaning": meaning}


@dataclass(frozen=True, kw_only=True)
class VaultSettings:
    """What is needed to seal feedback anew."""

    database_url: str = field(
        default="sqlite:///prickle.db",
        metadata=_about(_database_url, "sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE."),
    )
    feedback_keys: Secret | None = field(
        default=None,
        metadata=_about(
            _feedback_keys,
            "Turns feedback on and encrypts it: keys of `prickle feedback-key`, the newest first, with commas.",
        ),
    )

    @property
    def vault_keys(self) -> list[str]:
        """The keys that seal feedback: the first encrypts, all decrypt. None of them: feedback is switched off."""
        return _split(self.feedback_keys)


@dataclass(frozen=True, kw_only=True)
class Settings(VaultSettings):
    """What a deployment may choose, from the environment or from a file `.env`."""

    slack_bot_token: Secret = field(
        metadata=_about(_bot_token, 'The bot\'s token, from "OAuth & Permissions" of your Slack app (xoxb-…).')
    )
    slack_signing_secret: Secret | None = field(
        default=None,
        metadata=_about(
            Secret, 'Proves that a request is Slack\'s, from "Basic Information". Needed without SLACK_APP_TOKEN.'
        ),
    )
    slack_app_token: Secret | None = field(
        default=None,
        metadata=_about(
            _app_token, "Turns Socket Mode on: no public address is needed (xapp-…, scope connections:write)."
        ),
    )
    slack_api_url: str = field(
        default="https://slack.com/api/",
        metadata=_about(_api_url, "Where Slack's Web API is. Only the sandbox needs another one."),
    )
    host: str = field(default="127.0.0.1", metadata=_about(str, "The address to listen on for signed HTTP requests."))
    port: int = field(default=3000, metadata=_about(_port, "The port to listen on for signed HTTP requests."))
    log_level: str = field(
        default="INFO", metadata=_about(_log_level, "How much is logged: DEBUG, INFO, WARNING or ERROR.")
    )
    log_format: str = field(
        default="human", metadata=_about(_log_format, "human for a terminal, json for a log collector.")
    )


# In the order in which `.env.example` and the sentences of a refusal name them.
_ORDER = (
    "slack_bot_token", "slack_signing_secret", "slack_app_token", "slack_api_url", "database_url", "feedback_keys",
    "host", "port", "log_level", "log_format",
)  # fmt: skip
FIELDS: Mapping[str, Field[Any]] = {
    each.name: each for name in _ORDER for each in fields(Settings) if each.name == name
}


def of(**texts: str) -> Settings:
    """Settings as they are written, from nowhere else. Raises SettingsError with one sentence a problem."""
    return Settings(**_read(FIELDS, texts))


def _read(names: Iterable[str], texts: Mapping[str, str]) -> dict[str, Any]:
    """What these settings are. Blanks around a text, and an empty one, don't count."""
    found, problems = {}, []
    for name in names:
        text, about = texts.get(name, "").strip(), FIELDS[name]
        if not text and about.default is MISSING:
            problems.append(f"{name.upper()} is missing. {about.metadata['meaning']}")
        elif text:
            try:
                found[name] = about.metadata["read"](text)
            except ValueError as error:
                problems.append(f"{name.upper()} is malformed: {error}.")
    if problems:
        raise SettingsError("\n".join(problems))
    return found


def _texts(env_file: Path | None) -> dict[str, str]:
    """What is written in the environment, and below it in the file. Raises SettingsError for a name that is almost ours.

    Other programs may keep theirs in the same file, but a DATABSE_URL would be a new, empty database that nobody wanted.
    """
    in_file = dotenv_values(env_file) if env_file is not None and env_file.is_file() else {}
    ours = {name.upper() for name in FIELDS}
    strange = [name for name in in_file if name.upper() not in ours]
    meant = [(name, nearest) for name in strange if (nearest := _nearest(name.upper(), ours))]
    if meant:
        raise SettingsError(
            "\n".join(f"{name} in {env_file} is no setting: did you mean {nearest}?" for name, nearest in meant)
        )
    return {name.lower(): text for source in (in_file, os.environ) for name, text in source.items() if text}


def _nearest(name: str, ours: set[str]) -> str | None:
    from rapidfuzz.distance import OSA  # only here, and only for a name that is not ours

    distances = {known: OSA.distance(name, known) for known in ours}
    nearest = min(distances, key=lambda known: distances[known])
    return nearest if distances[nearest] <= max(1, len(nearest) // LETTERS_A_SLIP) else None


def load(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment and `env_file`.

    Raises SettingsError with one sentence a problem, each naming its setting.
    """
    settings = of(**_texts(env_file))
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            "SLACK_SIGNING_SECRET is missing: set it to receive signed HTTP requests, "
            "or set SLACK_APP_TOKEN to use Socket Mode."
        )
    return settings


def load_database_url(env_file: Path | None = Path(".env")) -> str:
    """Read DATABASE_URL alone: a migration needs no token. Raises SettingsError."""
    return VaultSettings(**_read(["database_url"], _texts(env_file))).database_url


def load_vault(env_file: Path | None = Path(".env")) -> VaultSettings:
    """Read DATABASE_URL and FEEDBACK_KEYS alone. Raises SettingsError, also when there is no key."""
    settings = VaultSettings(**_read(["database_url", "feedback_keys"], _texts(env_file)))
    if settings.feedback_keys is None:
        raise SettingsError("FEEDBACK_KEYS is missing: `prickle feedback-key` makes a key for it.")
    return settings


def example() -> str:
    """The content of `.env.example`: every setting with its meaning, those with a default commented out."""
    return EXAMPLE_HEAD + "\n".join(map(_example, FIELDS.values()))


def _example(about: Field[Any]) -> str:
    is_required = about.default is MISSING
    line = f"{about.name.upper()}={'' if is_required or about.default is None else about.default}"
    return f"# {about.metadata['meaning']}\n{line if is_required else f'# {line}'}\n"
