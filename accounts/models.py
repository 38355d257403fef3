"""Organisations, people and the identity keys of organisations."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from rulebook.actor import Actor, Role


class Organisation(models.Model):
    """A body with a 统一社会信用代码."""

    class Kind(models.TextChoices):
        BUYER = "buyer", _("采购人")
        PROVIDER = "provider", _("供应商")
        CENTRE = "centre", _("公共资源交易中心")
        REGULATOR = "regulator", _("监督管理部门")
        NOTARY = "notary", _("公证机构")
        PLATFORM = "platform", _("交易平台")
        AGENT = "agent", _("采购代理机构")

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    is_small = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who signs in, in one role, for one organisation or for none."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=16, choices=[(role.value, role.name) for role in Role])
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="users")
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    def as_actor(self) -> Actor:
        """This person as rules see him."""
        organisation = self.organisation.code if self.organisation else ""
        return Actor(str(self.public_id), Role(self.role), organisation, self.name)


class IdentityKey(models.Model):
    """One generation of an organisation's public identity key, with the statement that registered it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="keys")
    gen = models.PositiveIntegerField()
    key = models.CharField(max_length=64)
    statement = models.JSONField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "gen"], name="one_key_a_generation")]
