"""The bot keeps nothing of the commands that it has answered. `python -m benchmarks.memory` sends 100,000 of them."""

from benchmarks import memory

COUNT = 2_500  # about 20 s


def test_thousands_of_commands_leave_memory_as_it_was_after_the_first(database_url: str) -> None:
    held = memory.measure(database_url, COUNT)
    assert held.growth <= memory.MOST, held
