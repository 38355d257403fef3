"""Seal experts' particulars and people's addresses with the newest key of the key file."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.reaching import services as reaching
from experts.certificates import services as certificates
from experts.panels import external, selection
from experts.registry import standing
from rulebook import clock
from rulebook.actor import SYSTEM


class Command(BaseCommand):
    help = "用密钥文件的第一把密钥重新加密专家个人信息和各人的联系方式。"

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        acts = (reaching.reseal, standing.reseal, external.reseal, selection.reseal, certificates.reseal)
        self.stdout.write(f"{sum(reseal(by=SYSTEM, at=at) for reseal in acts)}")
