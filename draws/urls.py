"""Addresses of the draws pages."""

from django.urls import URLPattern, path

from draws import views

app_name = "draws"
urlpatterns: list[URLPattern] = [path("draws/<path:draw_id>/", views.draw, name="draw")]
