"""Addresses of the market pages."""

from django.urls import URLPattern

app_name = "market"
urlpatterns: list[URLPattern] = []
