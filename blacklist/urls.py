"""Addresses of the public list of bans."""

from django.urls import path

from blacklist import views

app_name = "blacklist"
urlpatterns = [path("blacklist/", views.sanctions, name="list")]
