"""What people paste beside items: headings, several people on one item, tables and images. Shown before it is stored."""

import pytest

from bot.domain.planning.exports import MARKS
from bot.views import kit
from models.sprints import Mark
from sandbox.people.person import Person
from tests.domain.text.test_pasted import SHAPES
from tests.stories import After
from tests.world import World

SHOWN = "This is how your list reads"


def ada_founds_replay(world: World) -> None:
    """Lee and Noor are with her. The first sprint is 13–24 July."""
    world.set_up()
    world.team("ada", "lee", "noor")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay: Ada leads, Lee and Noor are with her."""
    return after(ada_founds_replay)


def pasted(world: World, who: str, high: str, side: str = "") -> Person:
    """Somebody pastes a list and presses *Send*: the form comes back with how it was read."""
    person = world.person(who)
    person.command("/sprint plan")
    assert person.submit(high=high, side=side) == {}
    assert SHOWN in str(person.view)
    return person


def sent(world: World, who: str, high: str, side: str = "") -> str:
    """They press it again: the plan's card."""
    person = pasted(world, who, high, side)
    assert person.submit() == {}
    assert "Your plan is in" in str(person.view)
    return str(world.card("team-replay", "sprint")["blocks"])


def exported(world: World, who: str) -> str:
    person = world.person(who)
    person.command("/sprint export")
    boxes = [block for block in (person.view or {})["blocks"] if block["type"] == "rich_text"]
    person.close_all()
    return "".join(box["elements"][0]["elements"][0]["text"] for box in boxes)


def test_a_heading_stands_above_its_items_on_card_overview_and_export(replay: World) -> None:
    card = sent(replay, "ada", "Call ACME\n## Reliability\n- Fix login\n- Ship docs")
    assert "⚪ Call ACME — Ada\\n_Reliability_\\n⚪ Fix login — Ada\\n⚪ Ship docs — Ada" in card
    ada = replay.person("ada")
    ada.command("/sprint show")
    assert "_Reliability_\\n⚪ Fix login" in str(ada.view)
    assert "- Call ACME — Ada\n\n#### Reliability\n\n- Fix login — Ada\n- Ship docs — Ada\n" in exported(replay, "ada")


def test_one_persons_heading_stands_beside_their_items_where_others_have_none(replay: World) -> None:
    sent(replay, "ada", "## Reliability\n- Fix login")
    replay.plan("lee", high="Two")
    card = str(replay.card("team-replay", "sprint")["blocks"])
    assert "⚪ Fix login — Ada · _Reliability_\\n⚪ Two — Lee'" in card
    lee = replay.person("lee")
    lee.command("/sprint show")
    assert "⚪ Fix login — Ada · _Reliability_'" in str(lee.view)
    assert "#### Also\n\n- Two — Lee\n" in exported(replay, "lee")


def test_what_is_left_out_is_said_before_the_plan_is_sent(replay: World) -> None:
    ada = pasted(
        replay, "ada", "- Fix login\n![Now](https://a.example/1.png)\n| a | b |\n|---|---|\nWhy? It is slow\nWhy: x"
    )
    assert "*Left out:* an image, a table and 2 lines that say why." in str(ada.view)
    assert "• Fix login" in str(ada.view)
    assert "Fix login" not in str(replay.slack.messages("team-replay"))
    assert ada.submit() == {}
    assert "⚪ Fix login — Ada" in replay.card("team-replay", "sprint")["text"]


def test_what_was_seen_is_not_shown_again_and_what_changed_is(replay: World) -> None:
    ada = pasted(replay, "ada", "- Fix login\n![Now](https://a.example/1.png)")
    assert ada.submit(high="- Fix login\n![Now](https://a.example/1.png)\n![Then](https://a.example/2.png)") == {}
    assert "*Left out:* 2 images." in str(ada.view)
    assert str(ada.view).count(SHOWN) == 1
    assert ada.submit() == {}
    assert "Your plan is in" in str(ada.view)


def test_everything_else_in_the_form_stays_while_the_list_is_shown(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint plan")
    assert ada.submit(high="## A\n- One", off_from="2026-07-20", off_until="2026-07-21") == {}
    assert SHOWN in str(ada.view)
    assert ada.submit() == {}
    assert "20–21 July" in str(replay.card("team-replay", "sprint")["blocks"])


def test_an_untouched_edit_of_a_plan_with_headings_keeps_it_and_asks_nothing(replay: World) -> None:
    sent(replay, "ada", "Zero\n## A\n- One\n  - how\n## B\n- Two (with Lee)")
    ada = replay.person("ada")
    ada.command("/sprint plan")
    assert ada.submit() == {}
    assert "Your plan is in" in str(ada.view)
    card = str(replay.card("team-replay", "sprint")["blocks"])
    assert "Zero — Ada\\n_A_\\n⚪ One — Ada\\n\\u2003\\u2002• how\\n_B_\\n⚪ Two — Ada, with Lee'" in card


def test_a_list_without_an_item_is_refused_under_its_field_and_nothing_is_lost(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint plan")
    errors = ada.submit(high="## Next\n| Ada | Fix login |\n|---|---|")
    assert "There is no item in this." in errors["high"]
    assert "Fix login" in str((ada.view or {})["state"])
    assert list(ada.submit(high="", side="![Now](https://a.example/1.png)")) == ["side"]
    assert ada.submit(high="Fix login", side="") == {}


def test_a_heading_that_names_the_plan_itself_makes_no_group(replay: World) -> None:
    replay.plan("ada", high="## Next sprint\n- Fix login")
    assert "Next sprint" not in str(replay.card("team-replay", "sprint")["blocks"])


def test_words_in_bold_as_markdown_writes_them_are_bold_and_bare_in_a_menu(replay: World) -> None:
    replay.plan("ada", high="Ship the **privacy mask** today")
    assert "Ship the *privacy mask* today — Ada" in str(replay.card("team-replay", "sprint")["blocks"])
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    assert "Ship the privacy mask today — Ada" in str(ada.view)


def test_a_plain_list_is_sent_at_once(replay: World) -> None:
    replay.plan("ada", high="- [x] One\n  - how\n2. Two\n[Docs](https://a.example/2)")
    assert "Two — Ada" in replay.card("team-replay", "sprint")["text"]


def test_an_exported_plan_pasted_again_finds_its_priorities(replay: World) -> None:
    replay.plan("ada", high="One", side="Two")
    page = exported(replay, "ada")
    replay.plan("lee", high=page[page.index("### High") :].replace(" — Ada", ""))
    card = replay.card("team-replay", "sprint")["text"]
    assert "One — Lee" in card.partition("Side quests:")[0]
    assert "Two — Lee" in card.partition("Side quests:")[2]


@pytest.mark.parametrize(
    "typed",
    [
        "Fix login @ada and @lee",
        "Fix login (@ada, @lee)",
        "Fix login (with Lee)",
        "Fix login with @lee",
        "Fix login — Ada & Lee",
        "Fix login - Lee",
        "@ada @lee: Fix login",
        "- Fix login [Ada/Lee]",
        "Fix login <@{lee}>",
    ],
)
def test_several_owners_of_an_item_are_its_owner_and_who_does_it_with_them(replay: World, typed: str) -> None:
    lee = replay.slack.user("lee").id
    card = sent(replay, "ada", typed.replace("{lee}", lee))
    assert "⚪ Fix login — Ada, with Lee'" in card
    assert "- Fix login — Ada, with Lee\n" in exported(replay, "ada")


@pytest.mark.parametrize(
    "typed",
    [
        "Ask @lee about login",
        "Fix login (again)",
        "Fix login — P95 below 1 s",
        "Talk to @grace",
        "Pair with Lee",
        "Login: done",
        "(Lee)",
    ],
)
def test_names_inside_a_sentence_and_names_of_others_stay_in_the_title(replay: World, typed: str) -> None:
    replay.plan("ada", high=typed)
    assert f"⚪ {typed} — Ada" in replay.card("team-replay", "sprint")["text"]


def test_one_s_own_name_at_the_end_goes(replay: World) -> None:
    replay.plan("ada", high="Fix login — Ada")
    assert "⚪ Fix login — Ada\n" in replay.card("team-replay", "sprint")["text"] + "\n"


def test_an_item_stands_in_both_plans_and_its_owner_marks_it(replay: World) -> None:
    sent(replay, "ada", "Fix login (@lee)")
    replay.finalize("ada")
    replay.go_to("2026-07-14 08:00:00")
    lee = replay.person("lee")
    lee.command("/sprint")
    assert "⚪ Fix login — Ada, with you" in str(lee.view)
    lee.close_all()
    assert "⚪ Fix login — Ada, with you" in str(lee.open_home())
    ada = replay.person("ada")
    ada.command("/sprint")
    assert "Fix login _(with Lee)_" in str(ada.view)


def test_an_item_with_several_people_is_carried_over_with_them_and_its_heading(replay: World) -> None:
    sent(replay, "ada", "## A\nFix login (with Lee)\nOther thing")
    replay.finalize("ada")
    replay.go_to("2026-07-24 08:00:00")
    replay.post()
    card = str(replay.card("team-replay", "27 July")["blocks"])
    assert "_A_\\n⚪ Fix login — Ada, with Lee" in card


def test_who_does_an_item_with_its_owner_and_leaves_the_team_is_still_named(replay: World) -> None:
    sent(replay, "ada", "Fix login (with Lee)")
    replay.finalize("ada")
    replay.person("lee").command("/small-team leave")
    lee = replay.person("lee")
    if lee.view is not None:
        lee.submit()
    replay.plan("noor", high="Two")
    assert "Fix login — Ada, with Lee" in str(replay.card("team-replay", "sprint")["blocks"])


def test_changing_a_final_plan_shows_how_it_was_read_too(replay: World) -> None:
    replay.plan("ada", high="One")
    replay.finalize("ada")
    ada = replay.person("ada")
    ada.press("Change my plan", replay.card("team-replay", "sprint"))
    assert ada.submit(add="| a | b |\n|---|---|\nTwo (with Lee)", reason="it came up") == {}
    assert "*Left out:* a table." in str(ada.view)
    assert ada.submit() == {}
    assert "Two — Ada, with Lee" in str(replay.card("team-replay", "sprint")["blocks"])


PLANS = {
    "a list of a week, with marks, links and a picture": (
        "**Support hero:** none this week\n\n"
        "## Playback\n"
        "- 🟢 [Cut first-frame time](https://git.example/pull/11) — Ada\n"
        "  - P95 went from 4.1 s to 1.9 s\n"
        "  - canvas is what is left\n"
        "- 🟡 Roll out the timeline (@ada and @lee)\n"
        "    - [x] flag for ten teams\n"
        "    - [ ] flag for everybody\n"
        "    - [ ] write the entry for the changelog\n"
        "- 🔴 Fix <Select> crash & the tooltip\n"
        "\n"
        "![What it looks like](https://git.example/a.png)\n"
        "\n"
        "## Ingestion\n"
        "1. Delete the old path\n"
        "   - ask Mobile first\n"
        "2. <https://git.example/issues/7|Blobs are read twice>\n"
        "\n"
        "Why? The bill doubled in June\n",
        [
            "Cut first-frame time",
            "Roll out the timeline",
            "Fix <Select> crash",
            "Delete the old path",
            "Blobs are read",
        ],
        ["Playback", "Ingestion"],
    ),
    "bullets of a document": (
        "Must:\n"
        "• Ship SSO for the three waiting customers\n"
        "\t◦ ACME first\n"
        "\t◦ then the two in Japan\n"
        "\t\t▪ their contract says June\n"
        "• Pricing page: take the calculator down\n"
        "• Hire: read the 14 applications @lee\n"
        "Nice to have:\n"
        "• Try the new linter\n"
        "• Answer the threads about exports\n"
        "\t◦ there are nine\n"
        "\t◦ https://forum.example/exports\n"
        "---\n"
        "<details>\n<summary>Old</summary>\n\n- Nothing from here\n\n</details>\n",
        ["Ship SSO", "Pricing page", "Hire: read the 14 applications", "Try the new linter", "Answer the threads"],
        ["Must", "Nice to have"],
    ),
    "a page with a table": (
        "# Sprint 42\n"
        "<!-- Three items are plenty -->\n"
        "| Who | What |\n"
        "| --- | --- |\n"
        "| Ada | Batch exports |\n"
        "\n"
        "### Batch exports\n"
        "- [ ] Move the first 20 customers - Ada, Noor\n"
        "- [ ] Retry what failed\n"
        "   - every hour, for a day\n"
        "   - then tell the customer\n"
        "- [ ] Docs: https://docs.example/exports\n"
        "### Keeping the lights on\n"
        "* [x] Upgrade the database\n"
        "* [ ] On call in week 2\n"
        "```\nmake upgrade\n```\n",
        [
            "Move the first 20 customers",
            "Retry what failed",
            "Docs: https",
            "Upgrade the database",
            "On call in week 2",
        ],
        ["Batch exports", "Keeping the lights on"],
    ),
}


@pytest.mark.parametrize("shape", PLANS)
def test_a_whole_plan_as_people_paste_it_is_taken_and_read_back_everywhere(replay: World, shape: str) -> None:
    text, titles, headings = PLANS[shape]
    card = sent(replay, "ada", text)
    replay.finalize("ada")
    replay.go_to("2026-07-14 08:00:00")
    ada = replay.person("ada")
    home = str(ada.open_home())
    ada.command("/sprint show")
    overview = str(ada.view)
    ada.close_all()
    page = exported(replay, "ada")
    escaped = [title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for title in titles]
    for seen in (card, home, overview):
        assert [title for title in escaped if title not in seen] == []
    assert [title for title in titles if title not in page] == []
    for heading in headings:
        assert f"_{heading}_" in card
        assert f"#### {heading}" in page


def test_every_shape_of_the_table_is_read_back_from_card_overview_export_and_home(replay: World) -> None:
    replay.go_to("2026-07-14 08:00:00")
    ada = replay.person("ada")
    wrong = []
    for shape, (text, meant) in SHAPES.items():
        if not meant and text.strip():
            continue  # what has no item is refused, if it is more than bullets
        ada.command("/sprint plan")
        assert ada.submit(high=text) == {}, shape
        if SHOWN in str(ada.view):
            assert ada.submit() == {}, shape
        assert SHOWN not in str(ada.view), shape
        ada.close_all()
        card = str(replay.card("team-replay", "sprint")["blocks"])
        home = str(ada.open_home())
        ada.command("/sprint show")
        overview = str(ada.view)
        ada.close_all()
        page = exported(replay, "ada")
        for line in meant:
            shown = [repr(kit.linked(line.words))[1:-1], *(repr(kit.linked(point))[1:-1] for point in line.points)]
            wrong += [(shape, words) for seen in (card, home, overview) for words in shown if words not in seen]
            wrong += [(shape, words) for words in (line.words, *line.points) if words not in page]
            mark = MARKS[line.mark or Mark.NOT_STARTED]
            wrong += [(shape, mark) for seen in (card, overview) if f"{mark} {shown[0]} — Ada" not in seen]
            wrong += [(shape, line.group) for seen in (card, overview, page) if line.group not in seen]
        replay.plan("ada", high="")
    assert wrong == []
