"""Teams, services and cause categories, in the administrators' back room."""

from django.contrib import admin

from catalog.models import CauseCategory, Membership, Service, ServiceAlias, Team


class MembershipInline(admin.TabularInline):
    """Who is in the team."""

    model = Membership
    autocomplete_fields = ["person"]
    extra = 1


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
