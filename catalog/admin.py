"""Teams, services and cause categories, in the administrators' back room."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest

from catalog.models import CauseCategory, Membership, Service, ServiceAlias, Team


class PersonSelect(AutocompleteSelect):
    """Django's own, which looks for whatever was sent, shows a refused form again with what can be a key only."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        """The chosen people."""
        return super().optgroups(name, [one for one in value if one.isascii() and one.isdigit()], attr)


class MembershipInline(admin.TabularInline):
    """Who is in the team."""

    model = Membership
    autocomplete_fields = ["person"]
    extra = 1

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """People are sought as one types, not listed in every row."""
        if db_field.name == "person":
            options["widget"] = PersonSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **options)


class ServiceAliasInline(admin.TabularInline):
    """What else people call the service."""

    model = ServiceAlias
    extra = 1


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams and their members."""

    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    """Services, their owners and other names."""

    list_display = ["name", "slug", "owner"]
    list_filter = ["owner"]
    search_fields = ["name", "aliases__name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ServiceAliasInline]


@admin.register(CauseCategory)
class CauseCategoryAdmin(admin.ModelAdmin):
    """The categories that causes are counted by."""

    list_display = ["name", "slug", "parent", "position"]
    prepopulated_fields = {"slug": ["name"]}
