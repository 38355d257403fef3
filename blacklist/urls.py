"""Addresses of the blacklist pages."""

from django.urls import URLPattern

app_name = "blacklist"
urlpatterns: list[URLPattern] = []
