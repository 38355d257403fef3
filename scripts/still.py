"""`manage.py serve` for whoever looks at every page: what is due is looked for every few seconds only.

Each tick runs at the start, and then as often as a full machine would let it; once a second, all of them together took
as much of the machine as half of the pages did.
"""

import os
import sys
from dataclasses import replace

import django
from django.core.management import execute_from_command_line

PAUSE = 5.0  # seconds

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from config import ticks

    ticks.TICKS = tuple(replace(each, every=max(each.every, PAUSE)) for each in ticks.TICKS)
    execute_from_command_line([sys.argv[0], "serve", "--skip-checks"])
