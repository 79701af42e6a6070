"""How a company begins: people in many zones, two or three teams, a desk. All of it through Slack's forms."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain.company import parts
from models.teams import Membership
from sandbox.people.person import Person
from tests.simulation.company import Company

ZONES = ("Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Asia/Kolkata")
NAMES = ("ada", "ben", "cem", "dee", "eva", "fay", "gus", "hal")
SPARE = 2  # people without a team at first
SMALLEST, BIGGEST = 2, 3
PLANNED = 0.4  # of the teams have a plan when the company begins
ADMIN = "zoe"
TEAMS = ("amber", "birch")


def found(company: Company) -> None:
    """Everybody is there, the company is set up, its teams are founded, and one of them answers at a desk."""
    dice, slack = company.dice, company.slack
    home = dice.choice(ZONES)
    for name in (ADMIN, *NAMES[: dice.randrange(6, len(NAMES) + 1)]):
        zone = home if dice.random() < 0.5 else dice.choice(ZONES)
        slack.add_user(name, real_name=f"{name.capitalize()} Kern", tz=zone, is_admin=name == ADMIN)
    everybody = [user.name for user in slack.store.users.values() if not user.is_bot and user.name != "slackbot"]
    for channel in ("sprints", "ask-ai", "random"):
        slack.add_channel(channel, members=everybody)
    slack.add_emoji("retro", "🔄")
    company.start()
    _set_up(company, home)
    free = [name for name in everybody if name != ADMIN]
    dice.shuffle(free)
    for name in TEAMS[: dice.randrange(1, 3)]:
        size = min(dice.randrange(SMALLEST, BIGGEST + 1), len(free) - SPARE)
        if size >= SMALLEST:
            _team(company, name, [free.pop() for _ in range(size)], home)
    _desk(company)
    company.later.work()


def _set_up(company: Company, zone: str) -> None:
    admin, slack = company.person(ADMIN), company.slack
    admin.command("/prickle setup")
    fields = {"sprint_channel": slack.channel("sprints").id, "intake_channel": slack.channel("ask-ai").id}
    _sent(admin.submit(**fields, zone=zone, parts=[part.value for part in parts.CHOSEN]), admin)


def _team(company: Company, name: str, members: Sequence[str], zone: str) -> None:
    dice, slack = company.dice, company.slack
    slack.add_channel(name, members=[*members, ADMIN])
    lead = company.person(members[0])
    lead.command("/small-team create")
    errors = lead.submit(
        name=name.capitalize(),
        area="An area of its own",
        customer_kind="external",
        customer="Product engineers",
        channel=slack.channel(name).id,
        lead=lead.id,
        members=[slack.user(each).id for each in members[1:]],
        zone=zone if dice.random() < 0.7 else dice.choice(ZONES),
        sprint_weeks=dice.choice("112"),
        start_weekday=dice.choice("0002"),
    )
    _sent(errors, lead)
    for member in members if dice.random() < PLANNED else ():
        _plans(company, company.person(member))


def _plans(company: Company, person: Person) -> None:
    """Somebody plans the sprint that runs."""
    person.command("/sprint plan")
    if person.view is not None and "my_plan" in str(person.view["callback_id"]):
        company.items += 1
        _sent(person.submit(high=f"Item {company.items}a\nItem {company.items}b"), person)


def _desk(company: Company) -> None:
    with company.db.read() as session:
        query = select(Membership).where(Membership.is_lead).order_by(Membership.team_id)
        leads = session.scalars(query).first()
    if leads is None:
        return
    admin = company.person(ADMIN)
    admin.command("/reach-out setup")
    admin.click("desk_new")
    fields = {"name": "AI desk", "owns": "Everything that talks"}
    _sent(admin.submit(**fields, team=str(leads.team_id), lead=leads.person_id), admin)
    company.replicas[0].desks.turn()


def _sent(errors: dict[str, str], person: Person) -> None:
    if errors or person.trouble:
        raise AssertionError(f"{person} could not begin: {errors or person.trouble}")
    if person.view:
        person.close_all()
