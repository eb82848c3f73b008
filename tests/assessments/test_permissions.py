"""A 360° belongs to its leader; everything else to the organization."""

import pytest

from assessments.models import Assessment
from assessments.permissions import may_run, may_see_results, results_seen_by, seen_by
from ecosystems.models import Ecosystem, User
from ecosystems.permissions import Viewer, viewer_for
from tests.factories.assessments import make_assessment

pytestmark = pytest.mark.django_db


def as_viewer(user: User) -> Viewer:
    viewer = viewer_for(user=user, slug="rivermark")
    assert viewer
    return viewer


def test_who_sees_what(ecosystem: Ecosystem, admin: User, facilitator: User, leader: User, viewer: User) -> None:
    system, own = make_assessment(ecosystem), make_assessment(ecosystem, leader=leader)
    shared = make_assessment(ecosystem, leader=admin)
    shared.shared_with.set([viewer, leader])
    table = {}
    for user in (admin, facilitator, leader, viewer):
        who = as_viewer(user)
        results = set(Assessment.objects.filter(results_seen_by(who)))
        assert results == {one for one in (system, own, shared) if may_see_results(who, one)}
        table[user] = (results, set(Assessment.objects.filter(seen_by(who))), may_run(who))
    everything = {system, own, shared}
    assert table == {
        admin: ({system, shared}, everything, True),
        facilitator: ({system}, everything, True),
        leader: (everything, everything, False),
        viewer: ({system, shared}, {system, shared}, False),
    }


def test_what_is_shared_with_many_is_still_one(ecosystem: Ecosystem, admin: User, leader: User, viewer: User) -> None:
    make_assessment(ecosystem, leader=leader).shared_with.set([viewer, admin])
    assert Assessment.objects.filter(seen_by(as_viewer(viewer))).count() == 1
