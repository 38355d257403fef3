"""Rows of who may act on which project. Their history stands in `people.colleagues`."""

from typing import ClassVar

from django.db import models

EVERY = ""  # in a project's place: all projects of the house


class OnlyAuthorised(models.Model):
    """A house in which only who is authorised acts on a project. Without a row everybody of the house does."""

    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.organisation_id)


class Power(models.Model):
    """A person may act for his house on a project, or on every one."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="powers")
    project_number = models.CharField(max_length=32, blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "project_number"], name="a_power_once_a_project"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.project_number or '*'}"
