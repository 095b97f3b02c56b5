"""People, in the administrators' back room: the only place where accounts are made."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import Person, Role

admin.site.unregister(Group)  # rights come from the role
# Django's own sign-in for this place would let passwords be tried without limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(Person)
class PersonAdmin(UserAdmin):
    """Accounts. Django's own flags follow the role, so that there is one thing to set."""

    list_display = ["username", "name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "email", "time_zone"]}),
        ("Access", {"fields": ["role", "is_active"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "name", "email", "role", "time_zone", "usable_password", "password1", "password2"]},
        ),
    ]

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """An administrator may enter this back room; nobody else may."""
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        super().save_model(request, obj, form, change)
