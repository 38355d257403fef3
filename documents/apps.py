"""The app, so that its template tags are found. It has no tables."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
