"""Addresses of what the organisation learns."""

from django.urls import path

from learning.views import trends

urlpatterns = [
    path("trends/", trends.trends, name="trends"),
    path("trends/invest/", trends.invest, name="trends-invest"),
    path("trends/reviews/", trends.reviews, name="trend-reviews"),
]
