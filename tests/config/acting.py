"""A process of the house that acts without end and says of each act what it heard: `python -m tests.config.acting`.

acted N: it was acknowledged.  failed N: it was not, and would be answered 503.  Anything else ends it with a traceback.
"""

import itertools
import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    django.setup()
    from django.db import close_old_connections

    from accounts import services
    from config import refusals
    from rulebook import clock
    from rulebook.actor import SYSTEM, Role

    for number in itertools.count():
        try:
            services.create_user(
                username=f"act{number}",
                password="",
                hashed="!",
                name="陈专家",
                role=Role.EXPERT,
                by=SYSTEM,
                at=clock.now(),
            )
        except Exception as error:
            if not refusals.is_outage(error):
                raise
            print(f"failed {number} {type(error).__name__}", flush=True)  # noqa: T201
            time.sleep(0.1)
        else:
            print(f"acted {number}", flush=True)  # noqa: T201
        close_old_connections()


if __name__ == "__main__":
    main()
