"""files.*: the upload in three steps (Slack: messaging/working-with-files)."""

import mimetypes
from typing import TYPE_CHECKING, Any

from sandbox import messages
from sandbox.api import lookup
from sandbox.api.args import Args, invalid
from sandbox.errors import SlackError
from sandbox.store import File
from sandbox.values import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def file_json(ws: "Workspace", file: File) -> Json:
    """Slack's file object, in short."""
    link = f"{ws.base_url}/files/{file.id}/{file.name}"
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
    }


def get_upload_url(ws: "Workspace", args: Args) -> Json:
    """files.getUploadURLExternal."""
    name, length = args.need("filename"), args.number("length", 0)
    if length < 1:
        raise invalid("length must be positive")
    token = f"{ws.random.getrandbits(128):032x}"
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(ws.store.next_id("F"), name, name, length, mimetype, ws.bot_user_id, upload_token=token)
    ws.store.files[file.id] = file
    return {"upload_url": f"{ws.base_url}/upload/v1/{token}", "file_id": file.id}


def receive(ws: "Workspace", token: str, content: bytes) -> bool:
    """The bytes have arrived; False when nobody waits for them, or when they are not as many as announced."""
    file = next((each for each in ws.store.files.values() if each.upload_token == token), None)
    if file is None or len(content) != file.length:
        return False
    file.content = content
    return True


def complete_upload(ws: "Workspace", args: Args) -> Json:
    """files.completeUploadExternal: shares the files when a channel is named."""
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
    return {"files": shared}


def _uploaded(ws: "Workspace", wanted: Json) -> File:
    file = ws.store.files.get(str(wanted.get("id", "")))
    if file is None or file.content is None or file.completed:
        raise SlackError("file_not_found")
    file.title = str(wanted.get("title") or file.title)
    return file


def info(ws: "Workspace", args: Args) -> Json:
    """files.info."""
    file = ws.store.files.get(args.need("file"))
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    return {"file": file_json(ws, file)}
