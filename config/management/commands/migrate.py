"""Django's `migrate`; on PostgreSQL the roles that are there get their rights at once: nobody can forget it."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # an index of a large table takes as long as it takes
                cursor.execute("SET statement_timeout = 0")
        super().handle(*args, **options)
        if connection.vendor == "postgresql":
            from config import grants  # the driver is for who needs it

            run, read = settings.RUN_ROLE, settings.READ_ROLE
            if grants.may_give() and not grants.missing((run, read)):
                grants.apply(run=run, read=read)
