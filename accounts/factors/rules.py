"""What proves that it is him: who needs a second factor, when a proof is asked for again, which words say what."""

from datetime import datetime, timedelta
from enum import StrEnum

from accounts.resets.rules import COOLING
from accounts.rules import Kind
from rulebook.actor import Role
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

STEP = timedelta(minutes=5)  # how long a proof of presence stands for acts that cannot be undone
PENDING = timedelta(minutes=10)  # from the right password to the second factor
TRIES = 5  # codes after one right password: then the password again, which costs a hash
PASSKEYS = 10  # of one person
CODES = 10  # recovery codes in a set
STEP_SECONDS = 30  # of RFC 6238
DRIFT = 1  # steps a telephone's clock may be off


class Proof(StrEnum):
    """How somebody has just shown who he is."""

    PASSWORD = "password"
    PASSKEY = "passkey"  # possession and a finger, a face or a PIN: two factors at once
    TOTP = "totp"
    RECOVERY = "recovery"
    RESET = "reset"  # a code that two persons vouched for
    SSO = "sso"


class Step(StrEnum):
    """What became of an account, for its owner's record."""

    SIGNED_IN = "signed-in"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    TOTP_ADDED = "totp-added"
    TOTP_REMOVED = "totp-removed"
    CODES_MADE = "codes-made"
    CODE_USED = "code-used"
    PASSWORD_CHANGED = "password-changed"
    SESSIONS_ENDED = "sessions-ended"
    RESET_USED = "reset-used"
    SSO_LINKED = "sso-linked"
    SSO_UNLINKED = "sso-unlinked"


def must_have_second(*, kind: Kind | None, role: Role) -> bool:
    """Whether somebody needs a second factor where the house asks for it: everyone but who buys for himself.

    NIST SP 800-63B-4: AAL2 for bidders, officers and experts; 等保 8.1.4.1 d: two factors, one cryptographic.
    """
    return kind is not Kind.CITIZEN


def is_fresh(proven_at: datetime | None, *, at: datetime) -> bool:
    """Whether a proof of presence still stands.  proven_at: None for none in this session."""
    return proven_at is not None and proven_at <= at < proven_at + STEP


WRONG = Reason("accounts.factor-wrong", Fault.NOT_VALID, "验证没有通过：验证码不正确、已经用过或者已经过期")
ASK = Reason("accounts.step-up", Fault.NOT_NOW, "这一步不能撤销，请先再次确认是您本人")


def why_not_go_on(*, began_at: datetime | None, at: datetime) -> tuple[Reason, ...]:
    """Reasons against a second factor for a sign-in that has begun.  began_at: None for none in this session."""
    if began_at is None or not began_at <= at < began_at + PENDING:
        return (Reason("accounts.sign-in-over", Fault.NOT_NOW, "登录已超时，请从用户名和密码重新开始"),)
    return ()


def why_not_try_code(tries: int) -> tuple[Reason, ...]:
    """Reasons against looking at a code.  tries: of this sign-in or session in the window, this one included."""
    if tries > TRIES:
        return (Reason("accounts.factor-tries", Fault.NOT_NOW, "输错次数过多，请从用户名和密码重新登录"),)
    return ()


def why_not_add_passkey(*, has: int) -> tuple[Reason, ...]:
    """Reasons against one more passkey."""
    if has >= PASSKEYS:
        return (Reason("accounts.passkeys-many", Fault.NOT_NOW, "通行密钥已达十把，请先移除不用的"),)
    return ()


def why_not_remove(*, left: int, needed: bool, cooling: bool) -> tuple[Reason, ...]:
    """Reasons against removing a factor.  left: factors (codes aside) that stay.  needed: the house asks for one.

    cooling: access was restored of late, when whoever did it wrongly would begin by shutting the owner out.
    """
    if cooling:
        return (COOLING,)
    if needed and left < 1:
        return (Reason("accounts.factor-last", Fault.NOT_NOW, "这是最后一种验证方式；请先添加另一种，再移除它"),)
    return ()


def recent_steps(at_seconds: int) -> range:
    """The time steps whose codes are taken at this instant.  at_seconds: since 1970."""
    present = at_seconds // STEP_SECONDS
    return range(present - DRIFT, present + DRIFT + 1)
