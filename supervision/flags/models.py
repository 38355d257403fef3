"""The public facts of every published result, read once, so that a look at the flags costs no look at the trade."""

from django.db import models


class FlagFacts(models.Model):
    """What the flags take of one award.  facts: `rules.stored`.  played: a rehearsal.  number, title: to name it by."""

    award = models.OneToOneField("market.Award", on_delete=models.PROTECT, related_name="flag_facts")
    facts = models.JSONField()
    played = models.BooleanField()
    title = models.CharField(max_length=200)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.award_id)
