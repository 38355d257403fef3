"""The intermediaries app."""

from django.apps import AppConfig


class IntermediariesConfig(AppConfig):
    name = "intermediaries"
    verbose_name = "中介服务机构"
