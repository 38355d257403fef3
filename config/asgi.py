"""The house as an ASGI application: stamped on arrival, pages and sockets."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()  # first, for the imports below

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from config.arrival import ArrivalStamp  # noqa: E402
from config.origins import SameOrigin  # noqa: E402
from config.pages import Pages  # noqa: E402
from config.routing import websocket_urlpatterns  # noqa: E402

sockets = SameOrigin(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))
application = ArrivalStamp(ProtocolTypeRouter({"http": Pages(), "websocket": sockets}))
