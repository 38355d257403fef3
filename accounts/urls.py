"""Addresses of the door, the inbox and the identity key."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/login/", views.Login.as_view(), name="login"),
    path("accounts/sign-up/", views.sign_up, name="sign_up"),
    path("accounts/sign-up/firm/", views.sign_up, {"firm": True}, name="sign_up_firm"),
    path("accounts/sign-up/<uuid:sign_up>/", views.confirm_sign_up, name="confirm_sign_up"),
    path("accounts/sign-up/<uuid:sign_up>/again/", views.send_code_again, name="send_code_again"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:public_id>/", views.open_message, name="open_message"),
    path("keys/", views.keys, name="keys"),
]
