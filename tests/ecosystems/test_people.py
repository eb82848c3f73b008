"""Roles: who may change them, and the admin that must remain."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from ecosystems.enums import Role
from ecosystems.models import AuditEvent, Membership
from ecosystems.services.people import LastAdmin, change_role, note_seen, remove_member
from tests.factories.people import make_invitation, make_member, make_organization, make_user


def membership(user):
    return user.memberships.get()


def people_url(organization, *rest):
    return f"/o/{organization.slug}/people/" + "".join(f"{part}/" for part in rest)


def test_role_is_changed_and_noted(organization, admin, leader):
    changed = change_role(membership=membership(leader), role=Role.FACILITATOR, by=admin)
    assert changed.role == membership(leader).role == Role.FACILITATOR
    event = AuditEvent.objects.get()
    assert (event.organization, event.actor, event.action, event.subject, event.details) == (
        organization,
        admin,
        "person.role-changed",
        leader.email,
        {"role": ["leader", "facilitator"]},
    )


def test_last_admin_stays(organization, admin):
    with pytest.raises(LastAdmin):
        change_role(membership=membership(admin), role=Role.LEADER, by=admin)
    with pytest.raises(LastAdmin):
        remove_member(membership=membership(admin), by=admin)
    make_member(make_organization(), Role.ADMIN)  # the admin of another organization does not count
    with pytest.raises(LastAdmin):
        remove_member(membership=membership(admin), by=admin)
    assert (membership(admin).role, AuditEvent.objects.count()) == (Role.ADMIN, 0)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_remove_each_other_at_once_leave_one(organization, admin):
    other = make_member(organization, Role.ADMIN)
    barrier, refused = threading.Barrier(2), []

    def remove(target, by):
        barrier.wait()
        try:
            remove_member(membership=membership(target), by=by)
        except LastAdmin:
            refused.append(target)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=pair) for pair in ((admin, other), (other, admin))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(organization=organization, role=Role.ADMIN).count() == 1
    assert len(refused) == 1


def test_list_finds_and_filters(client_of, organization, admin, leader, viewer):
    client = client_of(admin)

    def names(**query):
        page = client.get(people_url(organization), query).context["page_obj"]
        return [one.user.name for one in page]

    assert names() == ["Ana Kovač", "Marta Lindqvist", "Priya Nair"]
    assert names(find="MARTA@") == ["Marta Lindqvist"]
    assert names(role="viewer") == ["Ana Kovač"]
    assert names(role="king") == ["Ana Kovač", "Marta Lindqvist", "Priya Nair"]
    assert names(find="%") == []
    assert names(page="99") == ["Ana Kovač", "Marta Lindqvist", "Priya Nair"]


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_the_same_number_of_questions(client_of, organization, admin, count, django_assert_num_queries):
    for _ in range(count):
        make_member(organization)
        make_invitation(organization, invited_by=admin)
    client = client_of(admin)
    with django_assert_num_queries(8):
        client.get(people_url(organization))


def test_admin_changes_a_role_in_the_browser(client_of, organization, admin, leader):
    url = people_url(organization, membership(leader).pk)
    answer = client_of(admin).post(url, {"role": "viewer"}, follow=True)
    assert [str(m) for m in answer.context["messages"]] == ["Marta Lindqvist is now: Viewer."]
    assert membership(leader).role == Role.VIEWER
    answer = client_of(admin).post(url, {"role": "king"})
    assert answer.status_code == 200
    assert "role" in answer.context["form"].errors


def test_last_admin_is_told_why(client_of, organization, admin):
    url = people_url(organization, membership(admin).pk)
    why = "An organization needs an admin. Make somebody else an admin first."
    answer = client_of(admin).post(url, {"role": "leader"})
    assert answer.context["form"].errors["role"] == [why]
    answer = client_of(admin).post(people_url(organization, membership(admin).pk, "remove"))
    assert (answer.status_code, answer.context["problem"]) == (409, why)


def test_admin_who_leaves_lands_on_the_start_page(client_of, organization, admin):
    make_member(organization, Role.ADMIN)
    answer = client_of(admin).post(people_url(organization, membership(admin).pk, "remove"))
    assert answer["Location"] == reverse("ecosystems:start")
    assert not admin.memberships.exists()


def test_last_visit_is_written_at_most_once_an_hour(client_of, organization, admin, django_assert_num_queries):
    from datetime import timedelta

    from django.utils import timezone

    admin.last_seen_at = long_ago = timezone.now() - timedelta(hours=2)
    admin.save()
    client_of(admin).get(people_url(organization))
    admin.refresh_from_db()
    assert admin.last_seen_at > long_ago
    with django_assert_num_queries(0):
        note_seen(user=admin)


def test_name_that_is_a_script_is_text(client_of, organization, admin):
    user = make_user(name="<script>alert(1)</script>")
    Membership.objects.create(organization=organization, user=user, role=Role.LEADER)
    page = client_of(admin).get(people_url(organization)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
