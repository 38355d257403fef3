import resource
from pathlib import Path

from config import memory

MIB = 2**20


def _held() -> int:
    """Bytes of this process that are in the machine's memory."""
    return resource.getpagesize() * int(Path("/proc/self/statm").read_text().split()[1])


def test_what_is_freed_between_things_that_stay_goes_back_to_the_machine():
    left = [bytes(2000) for _ in range(40_000)]
    stays = left[::1000]  # in the way of giving back from the end alone

    left.clear()
    before = _held()
    memory.give_back()

    assert len(stays) == 40
    assert before - _held() > 40 * MIB
