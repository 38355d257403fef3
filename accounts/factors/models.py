"""Tables of what proves who somebody is: passkeys, an authenticator, recovery codes; and what became of an account."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.factors.rules import Step

STEP_WORDS = {
    Step.SIGNED_IN: _("登录"),
    Step.PASSKEY_ADDED: _("添加通行密钥"),
    Step.PASSKEY_REMOVED: _("移除通行密钥"),
    Step.TOTP_ADDED: _("添加验证器"),
    Step.TOTP_REMOVED: _("移除验证器"),
    Step.CODES_MADE: _("生成恢复码"),
    Step.CODE_USED: _("使用恢复码"),
    Step.PASSWORD_CHANGED: _("更换密码"),
    Step.SESSIONS_ENDED: _("退出其他设备"),
    Step.RESET_USED: _("凭恢复登录码登录"),
    Step.SSO_LINKED: _("关联外部身份"),
    Step.SSO_UNLINKED: _("取消关联外部身份"),
}


class Passkey(models.Model):
    """A WebAuthn credential.  credential: its id, key and make as the authenticator attested them, base64url."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="passkeys")
    name = models.CharField(max_length=40)
    credential_id = models.CharField(max_length=1400, unique=True)
    credential = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Authenticator(models.Model):
    """The secret an authenticator app shares with us (RFC 6238), sealed.  last_step: of the newest code taken."""

    user = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="authenticator")
    sealed = models.TextField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """A code for the day on which everything else is lost, as a keyed digest; good once."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "digest"], name="a_code_once_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.used_at}"


class AccountStep(models.Model):
    """What became of an account: its owner's record, never changed.  about: a device, a name, a reason."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="account_step_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"

    @property
    def words(self) -> str:
        return str(STEP_WORDS[Step(self.kind)])
