"""The stack of views, triggers, hashes, and the answers to submissions."""

from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.errors import AppFailed
from sandbox.world.values import Json
from tests.sandbox.kit import button, entry, modal, plain, section, typed


def trigger(ws: Workspace, *, from_modal: bool = False) -> str:
    return modals.new_trigger(ws, ws.user("ada").id, from_modal=from_modal)


def opened(ws: Workspace, client: WebClient, view: Json) -> Json:
    found: Json = client.views_open(trigger_id=trigger(ws), view=view)["view"]
    return found


def code_of(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


def test_a_trigger_is_good_for_three_seconds(ws: Workspace, client: WebClient) -> None:
    now = [1_800_000_000.0]
    ws.clock = lambda: now[0]
    early, late = trigger(ws), trigger(ws)
    now[0] += 2.9
    client.views_open(trigger_id=early, view=modal())
    now[0] += 0.2

    with pytest.raises(SlackApiError) as error:
        client.views_open(trigger_id=late, view=modal())
    assert code_of(error) == "expired_trigger_id"


def test_a_trigger_is_good_for_one_view(ws: Workspace, client: WebClient) -> None:
    once = trigger(ws)
    client.views_open(trigger_id=once, view=modal())

    with pytest.raises(SlackApiError) as error:
        client.views_open(trigger_id=once, view=modal())
    assert code_of(error) == "exchanged_trigger_id"


def test_a_fourth_view_is_refused(ws: Workspace, client: WebClient) -> None:
    opened(ws, client, modal())
    for _ in range(2):
        client.views_push(trigger_id=trigger(ws, from_modal=True), view=modal())

    with pytest.raises(SlackApiError) as error:
        client.views_push(trigger_id=trigger(ws, from_modal=True), view=modal())
    assert code_of(error) == "push_limit_reached"
    root, middle, top = ws.person("ada").views
    assert (top["root_view_id"], top["previous_view_id"]) == (root["id"], middle["id"])


def test_a_push_needs_a_trigger_from_a_modal(ws: Workspace, client: WebClient) -> None:
    opened(ws, client, modal())

    with pytest.raises(SlackApiError) as error:
        client.views_push(trigger_id=trigger(ws), view=modal())
    assert code_of(error) == "invalid_trigger_id"


def test_an_update_with_an_old_hash_is_refused(ws: Workspace, client: WebClient) -> None:
    view = opened(ws, client, modal())
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section()))

    with pytest.raises(SlackApiError) as error:
        client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert code_of(error) == "hash_conflict"


def test_a_home_with_an_old_hash_is_refused(ws: Workspace, client: WebClient) -> None:
    home = {"type": "home", "blocks": []}
    first = client.views_publish(user_id=ws.user("ada").id, view=home)["view"]
    client.views_publish(user_id=ws.user("ada").id, view=home, hash=first["hash"])

    with pytest.raises(SlackApiError) as error:
        client.views_publish(user_id=ws.user("ada").id, view=home, hash=first["hash"])
    assert code_of(error) == "hash_conflict"


def test_an_external_id_names_one_view(ws: Workspace, client: WebClient) -> None:
    opened(ws, client, modal(external_id="one"))
    client.views_update(external_id="one", view=modal(section(), external_id="one"))

    with pytest.raises(SlackApiError) as error:
        client.views_push(trigger_id=trigger(ws, from_modal=True), view=modal(external_id="one"))
    assert code_of(error) == "duplicate_external_id"


def test_a_closed_view_cannot_be_updated(ws: Workspace, client: WebClient) -> None:
    view = opened(ws, client, modal())
    ws.person("ada").close_view()

    with pytest.raises(SlackApiError) as error:
        client.views_update(view_id=view["id"], view=modal())
    assert code_of(error) == "not_found"


def test_typed_text_stays_under_the_same_ids(ws: Workspace, client: WebClient) -> None:
    view = opened(ws, client, modal(entry(optional=True), entry(block_id="other")))
    ada = ws.person("ada")
    ada.fill(entry="Kept", other="Lost")
    client.views_update(view_id=view["id"], view=modal(section(), entry(optional=True), entry(block_id="renamed")))

    assert ada.view is not None
    values = ada.view["state"]["values"]
    assert values["entry"]["typed"]["value"] == "Kept"
    assert values["renamed"]["typed"]["value"] is None


def test_a_view_without_ids_gets_new_ones_at_each_update(ws: Workspace, client: WebClient) -> None:
    view = opened(ws, client, modal(section()))
    after = client.views_update(view_id=view["id"], view=modal(section()))["view"]

    assert view["blocks"][0]["block_id"] != after["blocks"][0]["block_id"]


def answering(app: App, answer: Json) -> None:
    @app.view("form")
    def form(ack: Any) -> None:
        ack(**answer)


def test_errors_stand_under_their_inputs(ws: Workspace, app: App, client: WebClient) -> None:
    answering(app, {"response_action": "errors", "errors": {"entry": "Too vague"}})
    opened(ws, client, modal(entry()))
    ada = ws.person("ada")

    assert ada.submit(entry="Something") == {"entry": "Too vague"}
    assert ada.errors == {"entry": "Too vague"}
    assert ada.view is not None


def test_update_replaces_the_view_and_push_puts_one_on_top(ws: Workspace, app: App, client: WebClient) -> None:
    answering(app, {"response_action": "update", "view": modal(title=plain("Second"), callback_id="second")})

    @app.view("second")
    def second(ack: Any) -> None:
        ack(response_action="push", view=modal(title=plain("Third"), callback_id="third"))

    opened(ws, client, modal(entry(optional=True)))
    ada = ws.person("ada")
    ada.submit()
    assert [each["title"]["text"] for each in ada.views] == ["Second"]
    ada.submit()
    assert [each["title"]["text"] for each in ada.views] == ["Second", "Third"]


def test_an_empty_answer_closes_the_top_view_and_clear_closes_all(ws: Workspace, app: App, client: WebClient) -> None:
    answering(app, {})
    opened(ws, client, modal(title=plain("Root")))
    client.views_push(trigger_id=trigger(ws, from_modal=True), view=modal(title=plain("Top")))
    ada = ws.person("ada")
    ada.submit()
    assert [each["title"]["text"] for each in ada.views] == ["Root"]

    client.views_push(trigger_id=trigger(ws, from_modal=True), view=modal(title=plain("Top"), callback_id="clearing"))
    app.view("clearing")(lambda ack: ack(response_action="clear"))
    ada.submit()
    assert ada.views == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "no input block called nowhere"),
        ({"response_action": "errors", "errors": {"row": "x"}}, "no input block called row"),
        ({"response_action": "errors", "errors": {}}, "at least one block"),
        ({"response_action": "errors", "errors": {"entry": ""}}, "must be a text"),
        ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "less than 25"),
        ({"response_action": "push", "view": modal(entry(), submit=None)}, "`submit` is required"),
        ({"response_action": "update", "view": {"type": "home", "blocks": []}}, "unsupported type: home"),
    ],
)
def test_a_wrong_answer_to_a_submission_is_trouble(ws: Workspace, client: WebClient, answer: Json, words: str) -> None:
    import json

    ws.app.connect_function(lambda *_: (200, {"content-type": "application/json"}, json.dumps(answer)))
    opened(ws, client, modal(entry(), section(block_id="row", accessory=button())))
    ada = ws.person("ada")
    ada.fill(entry="Words")

    with pytest.raises(AppFailed, match=words):
        ada.submit()
    assert ada.view is not None
    assert ada.view["state"]["values"]["entry"]["typed"]["value"] == "Words"


def test_a_fourth_view_by_push_answer_is_trouble(ws: Workspace, app: App, client: WebClient) -> None:
    answering(app, {"response_action": "push", "view": modal()})
    opened(ws, client, modal())
    ada = ws.person("ada")
    ada.submit()
    ada.submit()

    with pytest.raises(AppFailed, match="push_limit_reached"):
        ada.submit()


def test_closing_is_told_only_on_request(ws: Workspace, app: App, client: WebClient) -> None:
    closed: list[tuple[str, bool]] = []

    @app.view_closed("form")
    def gone(ack: Any, body: Json) -> None:
        closed.append((body["view"]["title"]["text"], body["is_cleared"]))
        ack()

    opened(ws, client, modal(title=plain("Quiet")))
    ada = ws.person("ada")
    ada.close_view()
    opened(ws, client, modal(title=plain("Root"), notify_on_close=True))
    client.views_push(trigger_id=trigger(ws, from_modal=True), view=modal(title=plain("Top"), notify_on_close=True))
    ada.close_view()
    ada.close_all()

    assert closed == [("Top", False), ("Root", True)]
    assert ada.view is None


def test_a_view_that_the_app_updates_while_it_is_submitted_stays_consistent(
    ws: Workspace, app: App, client: WebClient
) -> None:
    view = opened(ws, client, modal(entry(typed(), "entry")))

    @app.view("form")
    def form(ack: Any, client: WebClient) -> None:
        client.views_update(view_id=view["id"], view=modal(title=plain("Loading"), submit=None))
        ack()

    ada = ws.person("ada")

    assert ada.submit(entry="Words") == {}
    assert ada.view is None
