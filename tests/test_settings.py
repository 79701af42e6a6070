"""Every setting: what is taken, and the sentence that refuses the rest."""

from pathlib import Path

import pytest

from bot.platform import settings
from bot.platform.crypto import new_key
from bot.platform.settings import Settings, SettingsError

ROOT = Path(__file__).parent.parent
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1-2", "SLACK_SIGNING_SECRET": "s3cret"}


@pytest.fixture(autouse=True)
def _only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load(env_file=None)


def test_two_settings_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, **GOOD)
    assert loaded.slack_api_url == "https://slack.com/api/"
    assert loaded.database_url == "sqlite:///prickle.db"
    assert (loaded.host, loaded.port, loaded.log_level, loaded.log_format) == ("127.0.0.1", 3000, "INFO", "human")


def test_an_app_token_makes_the_signing_secret_superfluous(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1")
    assert loaded.slack_app_token is not None
    assert loaded.slack_signing_secret is None


def test_blanks_and_capitals_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(
        monkeypatch,
        SLACK_BOT_TOKEN=" xoxb-1\n",
        SLACK_APP_TOKEN="xapp-1 ",
        SLACK_SIGNING_SECRET="\ts3cret",
        DATABASE_URL=" sqlite:///a.db ",
        PORT=" 4000 ",
        LOG_LEVEL="info",
        LOG_FORMAT="JSON",
    )
    secrets = (loaded.slack_bot_token, loaded.slack_app_token, loaded.slack_signing_secret)
    assert [secret and secret.get_secret_value() for secret in secrets] == ["xoxb-1", "xapp-1", "s3cret"]
    assert (loaded.database_url, loaded.port, loaded.log_level, loaded.log_format) == (
        "sqlite:///a.db",
        4000,
        "INFO",
        "json",
    )


REFUSED = [
    ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing. The bot's token, from"),
    ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is malformed: it is the \"Bot User OAuth Token\""),
    ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is malformed: it is an app-level token and starts with xapp-."),
    ({"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET is missing: set it to receive signed HTTP requests, or set"),
    ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL is malformed: it is a web address and starts with https://."),
    ({"DATABASE_URL": "prickle.db"}, "DATABASE_URL is malformed: write sqlite:///FILE or postgresql://"),
    ({"DATABASE_URL": "mysql://root@db/x"}, "DATABASE_URL is malformed: write sqlite:///FILE or postgresql://"),
    ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL is malformed: an SQLite database needs a file"),
    ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL is malformed: an SQLite database needs a file"),
    ({"FEEDBACK_KEYS": "geheim"}, "FEEDBACK_KEYS is malformed: make each key with `prickle feedback-key`, and put"),
    ({"PUBLIC_URL": "prickle.example"}, "PUBLIC_URL is malformed: it is the address that the internet reaches Prickle at"),
    ({"PUBLIC_URL": "http://prickle.example"}, "PUBLIC_URL is malformed: it is the address that the internet reaches"),
    ({"PUBLIC_URL": "https://user@prickle.example"}, "PUBLIC_URL is malformed: it is the address that the internet"),
    ({"PUBLIC_URL": "https://prickle.example?a=b"}, "PUBLIC_URL is malformed: it is the address that the internet"),
    ({"PUBLIC_URL": "https://prickle.example:port"}, "PUBLIC_URL is malformed: it is the address that the internet"),
    ({"PUBLIC_URL": "https://[::1"}, "PUBLIC_URL is malformed: it is the address that the internet reaches Prickle at"),
    ({"PUBLIC_URL": "https://"}, "PUBLIC_URL is malformed: it is the address that the internet reaches Prickle at"),
    ({"PUBLIC_URL": "https://prickle .example"}, "PUBLIC_URL is malformed: it has at most 200 characters, and no spaces."),
    ({"PUBLIC_URL": f"https://{'a' * 200}.example"}, "PUBLIC_URL is malformed: it has at most 200 characters, and no"),
    ({"PORT": "http"}, "PORT is malformed: it is a number from 0 to 65535."),
    ({"PORT": "-1"}, "PORT is malformed: it is a number from 0 to 65535."),
    ({"PORT": "65536"}, "PORT is malformed: it is a number from 0 to 65535."),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is malformed: input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'."),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is malformed: input should be 'human' or 'json'."),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "sentence"), REFUSED)
def test_what_is_missing_or_malformed_is_named(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, **{**GOOD, **wrong})
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith((".", ")."))


def test_every_setting_but_the_host_can_be_refused() -> None:
    refused = {name for wrong, _sentence in REFUSED for name in wrong}
    assert refused == {name.upper() for name in Settings.model_fields} - {"HOST"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://prickle.example/", "https://prickle.example"),
        ("https://example.com/prickle", "https://example.com/prickle"),
        ("http://localhost:3211", "http://localhost:3211"),
        ("http://127.0.0.1:3211/", "http://127.0.0.1:3211"),
        ("http://[::1]:3211", "http://[::1]:3211"),
        ("", None),
    ],
)
def test_a_public_address_is_https_unless_it_is_this_machines(
    monkeypatch: pytest.MonkeyPatch, said: str, kept: str | None
) -> None:
    assert load(monkeypatch, **GOOD, PUBLIC_URL=said).public_url == kept


def test_several_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, PORT="x", LOG_LEVEL="y")
    assert [line.split()[0] for line in str(refused.value).splitlines()] == ["SLACK_BOT_TOKEN", "PORT", "LOG_LEVEL"]


def test_a_refusal_repeats_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"SLACK_BOT_TOKEN": "geheim", "SLACK_APP_TOKEN": "geheim", "DATABASE_URL": "mysql://u:geheim@h/x"}
    wrong |= {"FEEDBACK_KEYS": "geheim"}
    with pytest.raises(SettingsError) as refused:
        load(monkeypatch, **wrong)
    assert "geheim" not in str(refused.value)


def test_what_is_printed_of_the_settings_holds_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_key()
    shown = repr(load(monkeypatch, **GOOD, SLACK_APP_TOKEN="xapp-geheim", FEEDBACK_KEYS=key))
    assert not [secret for secret in (*GOOD.values(), "xapp-geheim", key) if secret in shown]


def test_several_keys_stand_in_their_order_and_none_switches_feedback_off(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = new_key(), new_key()
    assert load(monkeypatch, **GOOD, FEEDBACK_KEYS=f" {first} , {second}").vault_keys == [first, second]
    assert load(monkeypatch, FEEDBACK_KEYS=" ").vault_keys == []


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_our_driver(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    loaded = load(monkeypatch, **GOOD, DATABASE_URL=f"{scheme}://u:p%40ss@db/prickle")
    assert loaded.database_url == "postgresql+psycopg://u:p%40ss@db/prickle"


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_SIGNING_SECRET=s\nPORT=4000\n")
    monkeypatch.setenv("PORT", "5000")
    loaded = settings.load(env_file=tmp_path / ".env")
    assert (loaded.port, loaded.slack_bot_token.get_secret_value()) == (5000, "xoxb-file")


def test_a_migration_needs_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load_database_url(env_file=None) == "sqlite:///prickle.db"
    monkeypatch.setenv("DATABASE_URL", "prickle.db")
    with pytest.raises(SettingsError, match=r"DATABASE_URL is malformed"):
        settings.load_database_url(env_file=None)


def test_the_example_is_up_to_date() -> None:
    assert (ROOT / ".env.example").read_text("utf-8") == settings.example(), "run make env-example"


def test_the_example_filled_in_is_a_good_file(tmp_path: Path) -> None:
    filled = settings.example().replace("SLACK_BOT_TOKEN=", "SLACK_BOT_TOKEN=xoxb-1").replace("\n# ", "\n")
    lines = [line for line in filled.splitlines() if "=" in line and line.split("=")[0].isupper()]
    (tmp_path / ".env").write_text("\n".join(lines).replace("SIGNING_SECRET=", "SIGNING_SECRET=s"))
    loaded = settings.load(env_file=tmp_path / ".env")
    assert [line.split("=")[0] for line in lines] == [name.upper() for name in Settings.model_fields]
    assert loaded.port == 3000


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("database_uri", "DATABASE_URL"),
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECERT", "SLACK_SIGNING_SECRET"),
        ("FEEDBACK_KEY", "FEEDBACK_KEYS"),
        ("HOSTS", "HOST"),
    ],
)
def test_a_name_that_is_almost_a_setting_stops_the_start(tmp_path: Path, written: str, meant: str) -> None:
    file = tmp_path / ".env"
    file.write_text(f"SLACK_BOT_TOKEN=xoxb-1\nSLACK_SIGNING_SECRET=s\n{written}=x\n")
    for load in (settings.load, settings.load_database_url, settings.load_vault):
        with pytest.raises(SettingsError, match=f"^{written} in .* is no setting: did you mean {meant}"):
            load(env_file=file)


def test_the_names_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "POSTGRES_PASSWORD=x\nSLACK_CLIENT_ID=1\nTZ=UTC\nCOMPOSE_PROJECT_NAME=p\nDATABASE_URL=sqlite:///a.db\n"
    )
    assert settings.load_database_url(env_file=file) == "sqlite:///a.db"
