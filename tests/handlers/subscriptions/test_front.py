"""Calendar programs that keep the bot busy keep nobody else waiting."""

import threading
from collections.abc import Iterable
from http.client import HTTPConnection
from typing import Any

from bot.serving.web import CALENDAR_THREADS, THREADS, Web
from tests.world import World


def status(web: Web, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", web.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_calendars_that_take_long_keep_no_worker_of_slacks(world: World) -> None:
    over, begun = threading.Event(), threading.Semaphore(0)

    def takes_long(_environ: Any, start_response: Any) -> Iterable[bytes]:
        begun.release()
        over.wait(30)
        start_response("200 OK", [])
        return []

    web = Web(None, world.db, host="127.0.0.1", port=0, calendars=takes_long)
    web.start()
    said: list[int] = []
    paths = ["/calendar/x.ics", "//calendar/x.ics", "/%63alendar/x.ics"]
    asked = [paths[number % len(paths)] for number in range(THREADS + 8)]
    readers = [threading.Thread(target=lambda path=path: said.append(status(web, path))) for path in asked]
    try:
        for each in readers:
            each.start()
        for _ in range(CALENDAR_THREADS):
            assert begun.acquire(timeout=10)
        assert not begun.acquire(timeout=0.2), "no more of them at once"
        assert status(web, "/slack/events") == 404, "which a worker of Slack's says"
        assert status(web, "/healthz") == 200
    finally:
        over.set()
        for each in readers:
            each.join()
        web.stop()
    assert said == [200] * len(readers)
