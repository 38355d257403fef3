"""A person's place in decisions: found by keyed hashes of the identity number, which is not kept, shown by a mask.

The registers that know people hash under keys of their own; which they are is wired in the settings, for nothing down
here knows them.
"""

from django.conf import settings
from django.utils.module_loading import import_string


def tags(id_number: str) -> list[str]:
    """Every hash by which a register of the house may know this person."""
    return [tag for where in settings.PERSON_TAGS for tag in import_string(where)(id_number.strip().upper())]


def masked(name: str) -> str:
    """What is shown in a person's place, whatever the name's length.

    >>> masked("张建国"), masked("张三")
    ('张**', '张**')
    """
    return f"{name.strip()[:1]}**"
