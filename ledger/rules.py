"""Who may say what of the house itself."""

from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason


def why_not_publish_scripts(*, by: Actor) -> tuple[Reason, ...]:
    """The platform itself lists what it serves; nobody types such a list in."""
    if by.role is Role.SYSTEM:
        return ()
    return (Reason("ledger.not-system", Kind.NOT_YOURS, "脚本清单由平台自动登记"),)
