"""files.*: the upload in three steps (Slack: messaging/working-with-files)."""

from typing import Any

from sandbox.api import lookup
from sandbox.api.args import Args, invalid
from sandbox.world import messages, pictures
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.store import File
from sandbox.world.values import Json

ALT_CHARACTERS = 1000
"""Slack: reference/methods/files.getUploadURLExternal, `alt_txt_too_large`."""
_KNOWN_LATER: Json = {"mimetype": "", "filetype": ""}
"""What stands empty until Slack has looked through an upload (python-slack-sdk#1575)."""


def file_json(ws: Core, file: File) -> Json:
    """Slack's file object, in short."""
    link = pictures.link(ws, file)
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "size": file.length,
        "mode": "hosted",
        "is_external": False,
        "url_private": link,
        "url_private_download": link,
        "permalink": link,
        **({"alt_txt": file.alt_txt} if file.alt_txt else {}),
    }


def get_upload_url(ws: Core, args: Args) -> Json:
    """files.getUploadURLExternal."""
    name, length, alt = args.need("filename"), args.number("length", 0), args.text("alt_txt")
    if length < 1:
        raise SlackError("missing_argument")
    if len(alt) > ALT_CHARACTERS:
        raise SlackError("alt_txt_too_large")
    token = f"{ws.random.getrandbits(128):032x}"
    file = File(
        ws.store.next_id("F"), name, name, length, pictures.UNKNOWN, ws.bot_user_id, upload_token=token, alt_txt=alt
    )
    ws.store.files[file.id] = file
    return {"upload_url": f"{ws.base_url}/upload/v1/{token}", "file_id": file.id}


def receive(ws: Core, token: str, content: bytes) -> bool:
    """The bytes have arrived; False when nobody waits for them, or when they are not as many as announced."""
    file = next((each for each in ws.store.files.values() if each.upload_token == token), None)
    if file is None or file.completed or len(content) != file.length:
        return False
    file.content = content
    file.mimetype = pictures.mimetype(file.name, content)
    return True


def complete_upload(ws: Core, args: Args) -> Json:
    """files.completeUploadExternal: shares the files when a channel is named; else they are the app's own."""
    wanted: Any = args.json("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise invalid("missing required field: files")
    files = [_uploaded(ws, each) for each in wanted]
    channel_id = args.text("channel_id") or args.text("channels")
    channel = lookup.joined(ws, channel_id) if channel_id else None
    for file in files:
        file.completed = True
    shared = [file_json(ws, file) for file in files]
    if channel is not None:
        fields: Json = {"text": args.text("initial_comment"), "files": shared, "subtype": "file_share"}
        if args.text("thread_ts") in channel.messages:
            fields["thread_ts"] = args.text("thread_ts")
        messages.post(ws, channel, messages.by_app(ws) | fields)
    ws.changed({"type": "files"}, ())
    return {"files": [each | _KNOWN_LATER for each in shared]}


def _uploaded(ws: Core, wanted: Json) -> File:
    file = ws.store.files.get(str(wanted.get("id", "")))
    if file is None or file.content is None or file.completed:
        raise SlackError("file_not_found")
    file.title = str(wanted.get("title") or file.title)
    return file


def info(ws: Core, args: Args) -> Json:
    """files.info."""
    file = ws.store.files.get(args.need("file"))
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    return {"file": file_json(ws, file)}
