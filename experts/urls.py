"""Addresses of the experts pages."""

from django.urls import URLPattern

app_name = "experts"
urlpatterns: list[URLPattern] = []
