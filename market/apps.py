"""The market app."""

from django.apps import AppConfig


class MarketConfig(AppConfig):
    name = "market"
    verbose_name = "采购"
