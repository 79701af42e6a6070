"""`response_url`: five answers within thirty minutes (Slack: interactivity/handling-user-interaction)."""

from sandbox.api import chat
from sandbox.blocks import check_message
from sandbox.world import messages, pictures
from sandbox.world.block_ids import with_fresh_ids
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.shapes import ResponseUrl
from sandbox.world.values import Json

USES = 5
SECONDS = 30 * 60.0


def issue(ws: Core, user_id: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
    """A new URL for one interaction."""
    token = f"{ws.store.next_id('')}/{ws.random.getrandbits(96):024x}"
    if len(ws.response_urls) > 5000:
        del ws.response_urls[next(iter(ws.response_urls))]
    ws.response_urls[token] = ResponseUrl(user_id, channel_id, ws.clock() + SECONDS, message_ts, thread_ts)
    return f"{ws.base_url}/actions/{ws.team_id}/{token}"


def use(ws: Core, token: str, body: Json) -> None:
    """Answer through a response_url.

    Raises SlackError: used_url, expired_url, no_text, invalid_blocks…; a refused answer costs no use.
    """
    found = ws.response_urls.get(token)
    if found is None or ws.clock() > found.expires:
        raise SlackError("expired_url")
    if found.uses >= USES:
        raise SlackError("used_url")
    answer(ws, found, body)
    found.uses += 1


def answer(ws: Core, target: ResponseUrl, body: Json) -> None:
    """Do what the answer says: replace or delete the message acted on, or show a new one. Ephemeral by default."""
    if body.get("delete_original") is True:
        _delete(ws, target)
        return
    fields = read(ws, body)
    if body.get("replace_original") is True and target.message_ts:
        _replace(ws, target, fields)
        return
    channel = ws.store.channels[target.channel_id]
    thread_ts = body.get("thread_ts") or target.thread_ts
    if thread_ts in channel.messages:
        fields["thread_ts"] = thread_ts
    if body.get("response_type") == "in_channel":
        messages.post(ws, channel, messages.by_app(ws) | fields)
    else:
        messages.whisper(ws, target.user_id, channel, fields)


def read(ws: Core, body: Json) -> Json:
    """The text and blocks of an answer, checked. Raises SlackError."""
    text, blocks = body.get("text") or "", body.get("blocks")
    if blocks:
        blocks = with_fresh_ids(ws, check_message(blocks, pictures.checker(ws)))
    elif not text and not body.get("attachments"):
        raise SlackError("no_text")
    fields: Json = {"text": text}
    if blocks:
        fields["blocks"] = blocks
    if body.get("attachments"):
        fields["attachments"] = chat.checked_attachments(ws, body["attachments"])
    return fields


def _delete(ws: Core, target: ResponseUrl) -> None:
    ts = target.message_ts or ""
    whisper = messages.whispered(ws, target.user_id, ts)
    channel = ws.store.channels[target.channel_id]
    if whisper is not None:
        messages.take_back(ws, target.user_id, whisper)
    elif ts in channel.messages:
        messages.delete(ws, channel, ts)
    else:
        raise SlackError("message_not_found")


def _replace(ws: Core, target: ResponseUrl, fields: Json) -> None:
    ts = target.message_ts or ""
    whisper = messages.whispered(ws, target.user_id, ts)
    channel = ws.store.channels[target.channel_id]
    if whisper is not None:
        messages.replace_whisper(ws, target.user_id, whisper, fields)
    elif ts in channel.messages:
        chat.check_edit(ws, channel, channel.messages[ts], str(fields["text"]))
        kept = {k: v for k, v in channel.messages[ts].items() if k not in ("text", "blocks", "attachments")}
        messages.change(ws, channel, ts, kept | fields)
    else:
        raise SlackError("message_not_found")
