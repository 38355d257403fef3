"""The operators' page names every variable the house reads, and no other."""

import re

from config.env import ROOT, Env


def test_every_variable_is_on_the_page_and_nothing_else() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    told = set(re.findall(r"`(MINGBIAO_[A-Z0-9_]+|DATABASE_URL|REDIS_URL|HOST|PORT)`", page))
    fields = Env.model_fields.items()

    aliases = {field.validation_alias.choices[0] for _, field in fields if field.validation_alias}
    assert told == aliases | {f"MINGBIAO_{name.upper()}" for name, field in fields if not field.validation_alias}
