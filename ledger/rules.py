"""Who may say what of the house itself."""

from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

SHORTEST_ACCOUNT = 6  # characters in which one says what is lost


def why_not_recover(*, losses: int, lost: str, by: Actor, auditor: Actor) -> tuple[Reason, ...]:
    """Reasons against going on after a loss.  losses: witnesses' heads beyond what is held.  lost: what is missing.

    Two persons of two offices: he who keeps the machine running, and he who answers for what it recorded.
    """
    if by.role is not Role.OPERATOR or auditor.role is not Role.AUDITOR or by.person == auditor.person:
        text = "恢复须由平台运维人员和审计人员两人共同声明"
        return (Reason("ledger.recovery-two", Kind.NOT_YOURS, text),)
    if not losses:
        return (Reason("ledger.nothing-lost", Kind.NOT_NOW, "本库与各见证方一致，没有需要声明的丢失"),)
    if len(lost.strip()) < SHORTEST_ACCOUNT:
        return (Reason("ledger.recovery-account", Kind.NOT_VALID, "请写明已知丢失了哪些内容（至少 6 个字）"),)
    return ()


def why_not_publish_scripts(*, by: Actor) -> tuple[Reason, ...]:
    """The platform itself lists what it serves; nobody types such a list in."""
    if by.role is Role.SYSTEM:
        return ()
    return (Reason("ledger.not-system", Kind.NOT_YOURS, "脚本清单由平台自动登记"),)
