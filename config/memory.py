"""Gives memory back in calm hours, in every process that lives for long.

The collector comes by itself with work alone: what viewers left in a calm process lay there for hours. And what it
frees lies between things that stay: the allocator keeps such holes, more of them each hour, until it is asked.
"""

import ctypes
import gc

EVERY = 300.0  # seconds
# Of the C library of GNU; others give back by themselves, or cannot be asked.
_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """Free what nobody holds, and hand every whole page of it to the machine."""
    gc.collect()
    if _trim is not None:
        _trim(0)
