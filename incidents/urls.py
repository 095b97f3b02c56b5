"""Addresses of what people are told, below /notifications/."""

from django.urls import path

from incidents import views

urlpatterns = [
    path("", views.notifications, name="notifications"),
    path("read", views.read_everything, name="notifications-read"),
    path("mails", views.mails, name="notifications-mails"),
    path("<int:notification>", views.open_notification, name="notification"),
]
