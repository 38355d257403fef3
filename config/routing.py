"""Addresses of websockets: each package keeps its own in `routing.py`."""

from django.urls import URLPattern

from ledger.routing import websocket_urlpatterns as ledger

websocket_urlpatterns: list[URLPattern] = [*ledger]
