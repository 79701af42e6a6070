"""A small company for the demo: people, channels, and a few words between them. It knows nothing of any app's data."""

from dataclasses import dataclass

from sandbox.people import typed_text
from sandbox.workspace import Workspace
from sandbox.world import messages
from sandbox.world.values import Json


@dataclass(frozen=True)
class _Person:
    name: str
    surname: str
    tz: str
    title: str
    status_emoji: str = ""
    status_text: str = ""


PEOPLE = (
    _Person("ada", "Kern", "Europe/Berlin", "Product engineer"),
    _Person("lee", "Park", "Europe/London", "Product engineer"),
    _Person("noor", "Bakker", "Europe/Amsterdam", "Product engineer"),
    _Person("sam", "Reyes", "America/New_York", "Product engineer"),
    _Person("mia", "Stone", "America/Los_Angeles", "Product designer"),
    _Person("jonas", "Weber", "Europe/Berlin", "Infrastructure engineer"),
    _Person("priya", "Nair", "Asia/Kolkata", "Data engineer"),
    _Person("tom", "Hughes", "Europe/London", "Product manager", ":palm_tree:", "Back on Thursday"),
    _Person("yuki", "Sato", "Asia/Tokyo", "Mobile engineer"),
    _Person("lena", "Nowak", "Europe/Warsaw", "Mobile engineer"),
    _Person("omar", "Fathy", "Africa/Cairo", "Research engineer"),
    _Person("kofi", "Mensah", "Africa/Accra", "AI engineer"),
    _Person("elena", "Ruiz", "Europe/Madrid", "AI engineer"),
    _Person("wei", "Tan", "Asia/Singapore", "AI engineer"),
    _Person("ivy", "Clarke", "Europe/London", "Operations"),
)

CHANNELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sprints": ("Plans and retros of every small team", ("*",)),
    "team-posthog-ai": ("Reach out early: an idea, a question, a half-done thing", ("*",)),
    "team-replay": ("Session replay", ("ada", "lee", "noor", "sam", "tom")),
    "team-ingestion": ("Everything between the SDKs and the tables", ("jonas", "priya", "sam")),
    "team-mobile": ("iOS, Android, React Native", ("yuki", "lena", "mia")),
    "team-array": ("The newest team", ("omar", "mia")),
    "ai-crew": ("The assistant's own team", ("kofi", "elena", "wei")),
    "random": ("Everything else", ("*",)),
}

TALK: tuple[tuple[str, str, str], ...] = (
    ("general", "ivy", "Good morning! The office in Berlin is open from Tuesday, keys are with @jonas."),
    ("general", "priya", "Thanks @ivy :tada:"),
    ("random", "yuki", "The first snow fell here tonight :snowflake:"),
    ("random", "sam", "Our hedgehog rescue sent pictures. All three are asleep for the winter."),
    ("team-replay", "lee", "Playback on slow networks is *much* better since yesterday. Who wants to try it?"),
    ("team-replay", "noor", "Me! Sending you what I find."),
    ("team-replay", "ada", "I looked at the longest recordings: the player loses time in `seek`, not in decoding."),
    (
        "team-ingestion",
        "jonas",
        "The new consumers run on a tenth of the traffic. Nothing to see so far, which is good.",
    ),
    ("team-ingestion", "priya", "Lag stays under two seconds. I would go to half of it tomorrow."),
    ("team-mobile", "lena", "Android: the crash on rotation is fixed, the test for it took longer than the fix."),
    ("team-array", "omar", "Notes of my first five customer calls are in the wiki."),
    ("team-posthog-ai", "mia", "Is there somebody who could think with us about searching recordings by meaning?"),
    (
        "team-posthog-ai",
        "tom",
        "Same here: summaries of long funnels. No hurry, we only want to hear what is possible.",
    ),
)

EMOJI = {"retro": "🔄"}


def company(manifest: Json | None = None, workspace: Workspace | None = None) -> Workspace:
    """A workspace of fifteen colleagues, one guest, one who has left, and another bot.

    `workspace` fills that one instead of a new one. The app itself is in every seeded channel.
    """
    ws = with_emoji(workspace or Workspace(manifest))
    _people(ws)
    _channels(ws)
    for channel, name, text in TALK:
        user = ws.user(name)
        fields = {"user": user.id, "client_msg_id": ws.store.next_id(""), **typed_text.fields(ws, text)}
        with ws.lock:
            messages.post(ws, ws.channel(channel), fields)
    _all_read(ws)
    return ws


def with_emoji(ws: Workspace) -> Workspace:
    """The workspace with the company's own emoji, for one that was saved before there were any."""
    for name, shown in EMOJI.items():
        ws.add_emoji(name, shown)
    return ws


def _people(ws: Workspace) -> None:
    for person in PEOPLE:
        shown = person.name.capitalize()
        user = ws.add_user(
            person.name,
            real_name=f"{shown} {person.surname}",
            display_name=shown,
            handle=f"{person.name}.{person.surname.lower()}",
            tz=person.tz,
            title=person.title,
            is_admin=person.name == "ivy",
        )
        user.status_emoji, user.status_text = person.status_emoji, person.status_text
    ws.add_user("rosa", tz="Europe/Madrid", title="Agency", is_ultra_restricted=True)
    ws.add_user("karl", tz="Europe/Vienna", deleted=True)
    ws.add_user("deploys", real_name="Deploys", tz=None, is_bot=True).bot_id = "B0DEPLOYS1"


def _channels(ws: Workspace) -> None:
    everybody = tuple(person.name for person in PEOPLE)
    ws.add_channel("general", members=(*everybody, ws.bot_user_id), topic="The whole company", is_general=True)
    for name, (topic, members) in CHANNELS.items():
        ws.add_channel(name, members=(*(everybody if members == ("*",) else members), ws.bot_user_id), topic=topic)
    ws.invite("random", "rosa")


def _all_read(ws: Workspace) -> None:
    """Everybody has seen everything: what is unread in the demo is new."""
    for user in ws.store.users.values():
        marks = {channel.id: channel.top[-1] for channel in ws.store.channels_of(user.id) if channel.top}
        ws.store.last_read[user.id] = marks
