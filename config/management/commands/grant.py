"""Give the run-time role and the reading role their rights, after each migration, as the owner of the database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Gives the run-time and the reading role their rights in PostgreSQL, read off the guards on the tables."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--make", action="store_true", help="make the roles that are not there (by who may)")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite knows no roles")
        from config import grants  # the driver is for who needs it

        run, read = settings.RUN_ROLE, settings.READ_ROLE
        if options["make"]:
            grants.make((run, read))
        if lacking := grants.missing((run, read)):
            told = "; ".join(f'CREATE ROLE "{role}" LOGIN PASSWORD …' for role in lacking)
            raise CommandError(f"these roles are not there yet. As who may make them: {told}")
        grants.apply(run=run, read=read)
        self.stdout.write(f"{run} and {read} have their rights")
