"""The websocket of a stream."""

from django.urls import URLPattern

websocket_urlpatterns: list[URLPattern] = []
