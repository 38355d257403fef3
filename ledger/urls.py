"""Addresses of the ledger's files."""

from django.urls import path, re_path

from ledger import views
from ledger.models import Log

app_name = "ledger"
urlpatterns = [
    path("log/checkpoint", views.checkpoint, {"log": Log.PUBLIC.value}, name="checkpoint"),
    path("log/tile/<path:path>", views.tile, name="tile"),
    path("log/vkey", views.vkey, {"name": "log"}, name="vkey"),
    path("log/handovers", views.handovers, {"name": "log"}, name="log-handovers"),
    path("sealed/checkpoint", views.checkpoint, {"log": Log.SEALED.value}, name="sealed-checkpoint"),
    path("sealed/vkey", views.vkey, {"name": "sealed"}, name="sealed-vkey"),
    path("sealed/handovers", views.handovers, {"name": "sealed"}, name="sealed-handovers"),
    path("receipts/vkey", views.vkey, {"name": "receipts"}, name="receipts-vkey"),
    path("receipts/handovers", views.handovers, {"name": "receipts"}, name="receipts-handovers"),
    path("witnesses", views.witnesses, name="witnesses"),
    re_path(r"^blobs/(?P<sha256>[0-9a-f]{64})$", views.blob, name="blob"),
]
