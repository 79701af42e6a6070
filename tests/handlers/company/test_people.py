"""Who is who: names that tell people apart, and people and channels as what they are."""

from sqlalchemy import select

from bot.domain.company import people
from bot.domain.company.people import Profile
from bot.platform.database import Database
from models.company import Person
from tests import decided
from tests.domain.company import NOW
from tests.stories import After
from tests.world import World


def alex(number: int, full_name: str = "", **changes: bool) -> Profile:
    """Somebody called Alex."""
    traits = {"is_admin": False, "is_bot": False, "is_guest": False, "is_deactivated": False, **changes}
    return Profile(f"U{number}", "Alex", "UTC", full_name=full_name, handle=f"alex{number}", **traits)  # type: ignore[arg-type]


def names(db: Database, *profiles: Profile) -> list[str]:
    """Everybody's name after Slack has told of these accounts, one after the other."""
    for profile in profiles:
        with db.begin() as session:
            people.sync(session, [profile], now=NOW)
    with db.read() as session:
        return list(session.scalars(select(Person.name).order_by(Person.id)))


def test_one_alex_is_called_alex(db: Database) -> None:
    assert names(db, alex(1, "Alex Berg")) == ["Alex"]


def test_two_people_called_alex_go_by_their_full_names(db: Database) -> None:
    assert names(db, alex(1, "Alex Berg"), alex(2, "Alex Chen")) == ["Alex Berg", "Alex Chen"]


def test_two_with_the_same_full_name_go_by_their_handles(db: Database) -> None:
    assert names(db, alex(1, "Alex"), alex(2, "Alex")) == ["Alex (@alex1)", "Alex (@alex2)"]


def test_an_alex_who_is_alone_again_is_called_alex(db: Database) -> None:
    left = alex(2, "Alex Chen", is_deactivated=True)
    assert names(db, alex(1, "Alex Berg"), alex(2, "Alex Chen"), left)[0] == "Alex"


def test_two_people_called_alex_are_told_apart_on_cards_and_in_menus(world: World) -> None:
    for handle in ("alex.b", "alex.c"):
        world.slack.add_user(handle, real_name="Alex", tz="Europe/Berlin")
    world.meet()
    world.team("ada", name="Replay")
    for handle in ("alex.b", "alex.c"):
        person = world.slack.person(handle)
        person.command("/small-team join Replay")
        assert person.submit() == {}
    assert "Alex (@alex.b) joins Replay. Welcome!" in world.texts("team-replay")
    ada = world.person("ada")
    ada.command("/small-team lead")
    assert "Alex (@alex.b)" in str(ada.view)
    assert "Alex (@alex.c)" in str(ada.view)


def test_a_request_that_waits_in_a_channel_names_it_as_a_channel(after: After) -> None:
    world = after(decided.two_requests)
    for name in ("sam", "mia", "tom"):
        world.person(name).command("/sprint away until 31 July")
    text = decided.card(world)["text"]
    assert f"waiting on PostHog AI in <#{world.id('team-crew')}>" in text
    assert f"<@{world.id('team-crew')}>" not in text
