"""What the app may do, as its manifest says."""

from dataclasses import dataclass

from sandbox.world.values import Json


@dataclass(frozen=True)
class Manifest:
    """A Slack app manifest, read once; an app without one has every scope and nothing else."""

    name: str
    scopes: frozenset[str] | None
    events: frozenset[str]
    commands: tuple[Json, ...]
    shortcuts: tuple[Json, ...]
    home_tab: bool
    messages_tab: bool

    def command(self, name: str) -> Json | None:
        """The slash command called `name` (with its slash), or None when the app has none of that name."""
        return next((each for each in self.commands if each["command"] == name), None)

    def shortcut(self, callback_id: str) -> Json | None:
        """The shortcut with that callback_id, or None."""
        return next((each for each in self.shortcuts if each["callback_id"] == callback_id), None)

    def lacks(self, scopes: tuple[str, ...]) -> bool:
        """True when none of `scopes` was granted (Slack asks for one of them, not all)."""
        return bool(scopes) and self.scopes is not None and self.scopes.isdisjoint(scopes)


def read(manifest: Json | None) -> Manifest:
    """Read a manifest dictionary (Slack: reference/app-manifest)."""
    if manifest is None:
        return Manifest("App", None, frozenset(), (), (), home_tab=True, messages_tab=True)
    features = manifest.get("features", {})
    home = features.get("app_home", {})
    settings = manifest.get("settings", {})
    return Manifest(
        name=features.get("bot_user", {}).get("display_name")
        or manifest.get("display_information", {}).get("name", "App"),
        scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
        commands=tuple(features.get("slash_commands", ())),
        shortcuts=tuple(features.get("shortcuts", ())),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
    )
