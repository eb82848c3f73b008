"""What an operator sees of people and organizations: mostly to read, so that privacy rules are not changed unseen."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from ecosystems.models import AuditEvent, Ecosystem, MemberInvitation, Membership, Organization, Stakeholder, User


class ReadOnly(admin.ModelAdmin[Any]):
    """Looked at, never changed here: the product's own pages check the rules and write the audit trail."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Memberships(admin.TabularInline[Membership, Any]):
    model = Membership
    fields = ("organization", "user", "role", "joined_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """An operator may close an account or make another operator; passwords are reset by e-mail only."""

    list_display = ("email", "name", "is_active", "is_staff", "last_seen_at")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "date_joined", "last_seen_at")
    inlines: ClassVar = [Memberships]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = ("email", "name", "date_joined", "last_seen_at")
        return fixed if request.user.is_superuser else (*fixed, "is_staff", "is_superuser")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(ReadOnly):
    list_display = ("name", "slug", "min_group_size", "comment_min_group_size", "is_demo", "created_at")
    list_filter = ("is_demo",)
    search_fields = ("name", "slug")
    inlines: ClassVar = [Memberships]


@admin.register(Ecosystem)
class EcosystemAdmin(ReadOnly):
    list_display = ("name", "organization", "created_at")
    list_select_related = ("organization",)
    search_fields = ("name", "organization__name")


@admin.register(Stakeholder)
class StakeholderAdmin(ReadOnly):
    list_display = ("name", "group", "ecosystem")
    list_filter = ("group",)
    list_select_related = ("ecosystem",)
    search_fields = ("name", "email")


@admin.register(MemberInvitation)
class MemberInvitationAdmin(ReadOnly):
    """Without the key, from which together with the server's secret a link is made."""

    list_display = ("email", "organization", "role", "sent_at", "refused", "expires_at", "accepted_at", "withdrawn_at")
    list_select_related = ("organization",)
    search_fields = ("email",)
    exclude = ("key",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("at", "organization", "actor", "action", "subject")
    list_select_related = ("organization", "actor")
    search_fields = ("action", "subject", "actor__email")
