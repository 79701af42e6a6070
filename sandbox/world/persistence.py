"""The demo's memory: one JSON file, written soon after each change and replaced in one step."""

import base64
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sandbox.world import statuses
from sandbox.world.background import Background
from sandbox.world.core import Core
from sandbox.world.errors import SandboxError
from sandbox.world.store import Channel, File, Store, User, Usergroup, View
from sandbox.world.values import Json

VERSION = 1
SAVE_AFTER = 0.5
"""Seconds between a change and its saving; changes in between share one write."""


class Saver:
    """Saves one workspace to one file."""

    def __init__(self, ws: Core, path: Path) -> None:
        self._ws = ws
        self._path = path
        self._background = Background("sandbox-saver")
        self._due = False

    def soon(self) -> None:
        """Save before long. Called under the workspace's lock, by every change."""
        if not self._due:
            self._due = True
            self._background.later(SAVE_AFTER, self.now)

    def now(self) -> None:
        """Save at once: a crash leaves the old file or the new one, never half of one."""
        with self._ws.lock:
            self._due = False
            text = json.dumps({**snapshot(self._ws.store), "clock_offset": self._ws.clock.offset})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_name(f".{self._path.name}.draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, self._path)

    def close(self) -> None:
        """Save what is due, and stop saving."""
        self._ws.saving = None
        self._background.close()
        if self._due:
            self.now()


def keep(ws: Core, path: Path) -> None:
    """Fill `ws` from `path`, if there is such a file, and save it there from now on. Raises SandboxError."""
    if path.exists():
        ws.store, ws.clock.offset = _read(ws, path)
        statuses.watch(ws)
    saver = Saver(ws, path)
    ws.saving = saver.soon
    ws.on_close(saver.close)


def _read(ws: Core, path: Path) -> tuple[Store, float]:
    """What was saved, and how far its clock was ahead; a file from before clocks could be moved has none ahead."""
    try:
        saved: Any = json.loads(path.read_text(encoding="utf-8"))
        if saved["version"] != VERSION:
            raise SandboxError(
                f"{path} was saved by another version of the sandbox. Delete it, or run `make demo-reset`, to start anew."
            )
        store, offset = restore(saved), float(saved.get("clock_offset", 0.0))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SandboxError(
            f"{path} cannot be read as a saved workspace. Delete it, or run `make demo-reset`, to start anew."
        ) from error
    # The app's own name may have changed in the manifest since.
    store.keep_user(ws.store.users[ws.bot_user_id])
    return store, offset


def snapshot(store: Store) -> Json:
    """Everything that outlives a restart; open modals and ephemeral messages do not."""
    homes = {user_id: store.views[view_id] for user_id, view_id in store.homes.items()}
    return {
        "version": VERSION,
        "users": [asdict(each) for each in store.users.values()],
        "channels": [asdict(each) for each in store.channels.values()],
        "usergroups": [asdict(each) for each in store.usergroups.values()],
        "homes": [{"user_id": view.user_id, "payload": view.payload, "values": view.values} for view in homes.values()],
        "last_read": store.last_read,
        "emoji": store.emoji,
        "files": [_file_json(each) for each in store.files.values() if each.completed],
        "counter": store.counter,
        "last_ts": store.last_ts,
    }


def restore(saved: Json) -> Store:
    """The other way round. Raises KeyError, TypeError or ValueError for a file that is not ours."""
    store = Store(counter=saved["counter"], last_ts=saved["last_ts"], last_read=saved["last_read"])
    store.emoji = dict(saved.get("emoji", {}))  # a file from before emoji could be added has none
    for each in saved["users"]:
        store.keep_user(User(**each))
    for each in saved["channels"]:
        store.keep_channel(Channel(**each))
    store.usergroups = {each["id"]: Usergroup(**each) for each in saved["usergroups"]}
    store.files = {each["id"]: _file(each) for each in saved["files"]}
    for home in saved["homes"]:
        view = View(home["payload"], home["user_id"], home["values"])
        store.views[view.id] = view
        store.homes[view.user_id] = view.id
    store.channel_of = {ts: channel.id for channel in store.channels.values() for ts in channel.messages}
    return store


def _file_json(file: File) -> Json:
    content = base64.b64encode(file.content or b"").decode()
    return {**vars(file), "content": content}


def _file(saved: Json) -> File:
    return File(**{**saved, "content": base64.b64decode(saved["content"])})
