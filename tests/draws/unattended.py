"""A draw announced in a house of its own: `python -m tests.draws.unattended PASSWORD`, in the house's environment."""

import json
import sys

import django


def announce(password: str) -> dict[str, object]:
    """The draw's id, and who may speak in it."""
    from draws.rules import Windows
    from rulebook import clock
    from tests import cast
    from tests.make import accounts, draws

    accounts.user(cast.SUPERVISOR, password=password)
    windows = Windows(keys=120, commits=120, deals=120, complaints=4, reveals=4, recovery=120)
    made = draws.draw(at=clock.now(), windows=windows)
    return {"id": made.id, "user": accounts.username_of(cast.SUPERVISOR)}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(announce(sys.argv[1])))
