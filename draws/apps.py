"""The draws app."""

from django.apps import AppConfig


class DrawsConfig(AppConfig):
    name = "draws"
    verbose_name = "随机抽取"
