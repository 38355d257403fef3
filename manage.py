#!/usr/bin/env python
"""Django's command line for this house."""

import os
import sys

from django.core.management import BaseCommand, execute_from_command_line

if __name__ == "__main__":
    # They look at the code, which `make check` does: to every start they add the half of what it costs.
    BaseCommand.requires_system_checks = []
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
