"""Tables of who acts: organisations, people, identity keys, the inbox, tries at the door."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.factors.models import AccountStep as AccountStep
from accounts.factors.models import Authenticator as Authenticator
from accounts.factors.models import Passkey as Passkey
from accounts.factors.models import RecoveryCode as RecoveryCode
from accounts.reaching.models import CalendarKey as CalendarKey
from accounts.reaching.models import Choices as Choices
from accounts.reaching.models import Contact as Contact
from accounts.reaching.models import Gateway as Gateway
from accounts.reaching.models import Sending as Sending
from accounts.reaching.rules import Topic
from accounts.reaching.words import TOPIC_WORDS
from accounts.regions.models import Region as Region
from accounts.regions.models import RegionAct as RegionAct
from accounts.resets.models import AccessReset as AccessReset
from accounts.rules import HOUSES, STEWARDS, Kind
from accounts.sessions.models import BrowserSession as BrowserSession
from accounts.sessions.models import Device as Device
from accounts.sso.models import OutsideIdentity as OutsideIdentity
from rulebook.actor import Actor, Role

KIND_WORDS = {
    Kind.BUYER: _("采购人"),
    Kind.AGENT: _("采购代理机构"),
    Kind.ENTERPRISE: _("企业业主"),
    Kind.CITIZEN: _("自然人业主"),
    Kind.PROVIDER: _("供应商"),
    Kind.CENTRE: _("交易中心"),
    Kind.REGULATOR: _("监督管理部门"),
    Kind.NOTARY: _("公证机构"),
    Kind.PLATFORM: _("平台运营机构"),
}
ROLE_WORDS = {
    Role.OFFICER: _("采购经办人"),
    Role.PROVIDER: _("供应商经办人"),
    Role.EXPERT: _("评审专家"),
    Role.SUPERVISOR: _("监督人员"),
    Role.WITNESS: _("交易中心见证人"),
    Role.HOLDER: _("密钥保管人"),
    Role.CONTRIBUTOR: _("抽取参与方"),
    Role.OPERATOR: _("平台运营人员"),
    Role.SECURITY: _("平台安全管理员"),
    Role.AUDITOR: _("审计人员"),
    Role.SYSTEM: _("平台"),
    Role.STRANGER: _("公众"),
}


class Organisation(models.Model):
    """A body with a 统一社会信用代码: buyer, provider, centre, regulator, notary or platform."""

    Kind = Kind
    code = models.CharField(max_length=18, primary_key=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=KIND_WORDS.items())
    is_small = models.BooleanField(default=False)  # 小微企业, by its own declaration

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="organisation_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_words(self) -> str:
        return str(KIND_WORDS[Kind(self.kind)])


class People(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person in one role, usually for an organisation. Whoever has two roles has two accounts.

    person_tag: keyed hash of the identity number, kept of those alone who run, secure or audit the platform: no person
    may be two of them.  region: how far the office of one of the staff reaches; empty: everywhere.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("用户名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    role = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)
    person_tag = models.CharField(max_length=64, null=True, unique=True)
    region = models.CharField(max_length=6, default="")
    last_login = None  # a write at every sign-in that nobody reads

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[People] = People()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[role.value for role in HOUSES]), name="user_role_known"),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(role.value for role in STEWARDS)) | Q(person_tag__isnull=False),
                name="a_steward_is_a_known_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role_words(self) -> str:
        buys_alone = self.organisation is not None and self.organisation.kind == Kind.CITIZEN
        return str(_("个人")) if buys_alone else str(ROLE_WORDS[Role(self.role)])

    def as_actor(self) -> Actor:
        """The person as rules see it."""
        return Actor(
            person=str(self.public_id), role=Role(self.role), organisation=self.organisation_id or "", name=self.name,
            region=self.region,
        )  # fmt: skip


class IdentityKey(models.Model):
    """A generation of an organisation's identity key, as its signed `idk/1` registered it. Never changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="keys")
    gen = models.PositiveIntegerField()
    key = models.CharField(max_length=43)  # 32 bytes, base64url
    statement = models.JSONField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "gen"], name="one_key_a_generation"),
            models.UniqueConstraint(fields=["key"], name="one_organisation_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.gen}"


class KeyRevocation(models.Model):
    """A generation that counts no more, as the signed `idr/1` of a later one says. Never changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="revocations")
    gen = models.PositiveIntegerField()
    statement = models.JSONField()
    revoked_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "gen"], name="a_generation_is_revoked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.gen}"


class Message(models.Model):
    """The outbox: what somebody is to be told, written in the transaction of the act it tells about."""

    to_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    to_role = models.CharField(max_length=12, blank=True)
    region = models.CharField(max_length=6, default="")  # where what it is about lies
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    topic = models.CharField(max_length=10, default=Topic.PROGRESS.value)
    due_at = models.DateTimeField(null=True)  # until when it asks for something
    posted_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(delivered_at__isnull=True), name="message_undelivered"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def topic_words(self) -> str:
        return str(TOPIC_WORDS[Topic(self.topic)])


class Delivery(models.Model):
    """A message in one person's inbox."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deliveries")
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "user"], name="a_message_once_a_person"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="delivery_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ← {self.message}"


class Attempt(models.Model):
    """A failed try at the door, by where it came from and never by whom it named."""

    source = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "at"], name="attempt_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.at}"


class SignUp(models.Model):
    """Somebody who signs up and has not confirmed his telephone yet; afterwards only that he did, and his promise.

    facts: what was typed, without the password, emptied once it is over.  code_hash: empty where the number is known
    already: then nothing that is typed is right, and nobody can tell.  promise: sha256 of a firm's signed promise.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10)
    phone = models.CharField(max_length=11)
    facts = models.JSONField(default=dict)
    password = models.CharField(max_length=128, blank=True)
    promise = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="sign_up")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone", "begun_at"], name="sign_up_phone")]

    def __str__(self) -> str:
        return str(self.public_id)


class CodeSent(models.Model):
    """A code that went to a telephone: counted, so that nobody's telephone is flooded."""

    phone = models.CharField(max_length=11)
    source = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone", "at"], name="code_sent_phone")]

    def __str__(self) -> str:
        return f"{self.phone} {self.at}"


class Trouble(models.Model):
    """Something the house should have done by itself and could not: for the operators, who are told.

    tick: the task.  what: the row, empty for the whole task.  fault: the kind of error and its line, nothing secret.
    """

    tick = models.CharField(max_length=80)
    what = models.CharField(max_length=80, blank=True)
    fault = models.CharField(max_length=200)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tick", "what"], name="a_trouble_once_a_row")]

    def __str__(self) -> str:
        return f"{self.tick} {self.what}"
