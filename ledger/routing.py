"""The websocket of a stream."""

from django.urls import URLPattern, re_path

from ledger.tail import TailConsumer

websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^ws/streams/(?P<stream>[^?]{1,120}?)/$", TailConsumer.as_asgi()),
]
