"""Every setting: its type, its default and its meaning in one line."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.platform import crypto

EXAMPLE_HEAD = """\
# Copy this file to .env and fill it in, or set the same names in the environment, which come first.
# Made by `make env-example` from bot/platform/settings.py.

"""


LAST_PORT = 65535
LONGEST_PUBLIC_URL = 200
LETTERS_A_SLIP = 5  # in so many letters one may be wrong, and it is still clear what was meant


class SettingsError(Exception):
    """A setting is missing or malformed. The message names it and says what to do."""


def _bot_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
        raise ValueError('it is the "Bot User OAuth Token" and starts with xoxb-')
    return value


def _app_token(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    if not value.get_secret_value().startswith("xapp-"):
        raise ValueError("it is an app-level token and starts with xapp-")
    return value


def _signing_secret(value: SecretStr | None) -> SecretStr | None:
    return value if value and value.get_secret_value() else None


def _feedback_keys(value: SecretStr | None) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    if not all(crypto.is_key(key) for key in _split(value)):
        raise ValueError("make each key with `prickle feedback-key`, and put commas between them")
    return value


def _split(keys: SecretStr) -> list[str]:
    return [key.strip() for key in keys.get_secret_value().split(",")]


def _api_url(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("it is a web address and starts with https://")
    return value.rstrip("/") + "/"


def _public_url(value: str | None) -> str | None:
    if not value:
        return None
    try:
        url = urlsplit(value)
        is_ours = url.hostname in ("localhost", "127.0.0.1", "::1")
        is_sound = bool(url.hostname) and not (url.username or url.query or url.fragment) and url.port != 0
    except ValueError:
        is_sound = is_ours = False
    if not (is_sound and (url.scheme == "https" or (url.scheme == "http" and is_ours))):
        raise ValueError("it is the address that the internet reaches Prickle at, and starts with https://")
    if len(value) > LONGEST_PUBLIC_URL or any(letter.isspace() or not letter.isprintable() for letter in value):
        raise ValueError(f"it has at most {LONGEST_PUBLIC_URL} characters, and no spaces")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("write sqlite:///FILE or postgresql://USER@HOST/DATABASE") from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("write sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("an SQLite database needs a file: write sqlite:///FILE")
    return url.render_as_string(hide_password=False)


def _port(value: object) -> object:
    if not str(value).strip().isdecimal() or int(str(value)) > LAST_PORT:
        raise ValueError(f"it is a number from 0 to {LAST_PORT}")
    return value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What a deployment may choose, from the environment or from a file `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, str_strip_whitespace=True
    )

    slack_bot_token: Annotated[SecretStr, AfterValidator(_bot_token)] = Field(
        description='The bot\'s token, from "OAuth & Permissions" of your Slack app (xoxb-…).'
    )
    slack_signing_secret: Annotated[SecretStr | None, AfterValidator(_signing_secret)] = Field(
        None,
        description='Proves that a request is Slack\'s, from "Basic Information". Without SLACK_APP_TOKEN it is needed.',
    )
    slack_app_token: Annotated[SecretStr | None, AfterValidator(_app_token)] = Field(
        None,
        description='An app-level token with the scope connections:write, from "Basic Information" (xapp-…). Turns Socket Mode on: no public address is needed.',
    )
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = Field(
        "https://slack.com/api/", description="Where Slack's Web API is. Only the sandbox needs another one."
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite:///prickle.db", description="sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE."
    )
    feedback_keys: Annotated[SecretStr | None, AfterValidator(_feedback_keys)] = Field(
        None,
        description="Switches feedback on and encrypts it: keys that `prickle feedback-key` prints, newest first, with commas between them.",
    )
    public_url: Annotated[str | None, AfterValidator(_public_url)] = Field(
        None,
        description="Turns calendars to subscribe to on: the address that the internet reaches HOST:PORT at (https://…).",
    )
    host: str = Field("127.0.0.1", description="The address to listen on for signed HTTP requests.")
    port: Annotated[int, BeforeValidator(_port)] = Field(
        3000, description="The port to listen on for signed HTTP requests."
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        "INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Annotated[Literal["human", "json"], BeforeValidator(_lower)] = Field(
        "human", description="human for a terminal, json for a log collector."
    )

    @property
    def vault_keys(self) -> list[str]:
        """The keys that seal feedback: the first encrypts, all decrypt. None of them: feedback is switched off."""
        return _split(self.feedback_keys) if self.feedback_keys else []


class _DatabaseSettings(BaseSettings):
    model_config = Settings.model_config

    database_url: Annotated[str, AfterValidator(_database_url)] = Settings.model_fields["database_url"].default


class VaultSettings(_DatabaseSettings):
    """What is needed to seal feedback anew."""

    feedback_keys: Annotated[SecretStr | None, AfterValidator(_feedback_keys)] = None

    @property
    def vault_keys(self) -> list[str]:
        """The keys that seal feedback: the first encrypts, all decrypt."""
        return _split(self.feedback_keys) if self.feedback_keys else []


def _require_known_names(env_file: Path | None) -> None:
    """Raise SettingsError for a name that nobody reads and that is almost one of ours.

    Other programs may keep theirs in the same file, but a DATABSE_URL would be a new, empty database that nobody wanted.
    """
    ours = {name.upper() for name in Settings.model_fields}
    names = dotenv_values(env_file) if env_file is not None and env_file.is_file() else {}
    strange = [name for name in names if name.upper() not in ours]
    meant = [(name, nearest) for name in strange if (nearest := _nearest(name.upper(), ours))]
    if meant:
        raise SettingsError(
            "\n".join(f"{name} in {env_file} is no setting: did you mean {nearest}?" for name, nearest in meant)
        )


def _nearest(name: str, ours: set[str]) -> str | None:
    from rapidfuzz.distance import OSA  # only here, and only for a name that is not ours

    distances = {known: OSA.distance(name, known) for known in ours}
    nearest = min(distances, key=lambda known: distances[known])
    return nearest if distances[nearest] <= max(1, len(nearest) // LETTERS_A_SLIP) else None


def load(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment and `env_file`.

    Raises SettingsError with one sentence a problem, each naming its setting.
    """
    _require_known_names(env_file)
    try:
        settings = Settings(_env_file=env_file)  # type: ignore[call-arg]  # the rest comes from the environment
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem["loc"], problem) for problem in error.errors())) from None
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise SettingsError(
            "SLACK_SIGNING_SECRET is missing: set it to receive signed HTTP requests, "
            "or set SLACK_APP_TOKEN to use Socket Mode."
        )
    return settings


def load_database_url(env_file: Path | None = Path(".env")) -> str:
    """Read DATABASE_URL alone: a migration needs no token. Raises SettingsError."""
    _require_known_names(env_file)
    try:
        return _DatabaseSettings(_env_file=env_file).database_url  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem["loc"], problem) for problem in error.errors())) from None


def load_vault(env_file: Path | None = Path(".env")) -> VaultSettings:
    """Read DATABASE_URL and FEEDBACK_KEYS alone. Raises SettingsError, also when there is no key."""
    _require_known_names(env_file)
    try:
        settings = VaultSettings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem["loc"], problem) for problem in error.errors())) from None
    if settings.feedback_keys is None:
        raise SettingsError("FEEDBACK_KEYS is missing: `prickle feedback-key` makes a key for it.")
    return settings


def example() -> str:
    """The content of `.env.example`: every setting with its meaning, those with a default commented out."""
    return EXAMPLE_HEAD + "\n".join(_example(name, field) for name, field in Settings.model_fields.items())


def _example(name: str, field: FieldInfo) -> str:
    line = f"{name.upper()}={'' if field.default in (None, PydanticUndefined) else field.default}"
    return f"# {field.description}\n{line if field.is_required() else f'# {line}'}\n"


def _sentence(where: tuple[int | str, ...], problem: object) -> str:
    name = str(where[0]).upper()
    details = problem if isinstance(problem, dict) else {}
    if details.get("type") == "missing":
        meaning = Settings.model_fields[str(where[0])].description
        return f"{name} is missing. {meaning}"
    reason = str(details.get("msg", "")).removeprefix("Value error, ")
    return f"{name} is malformed: {reason[:1].lower()}{reason[1:]}."
