"""Trying a wave out saves nothing."""

import pytest
from django.urls import reverse

from assessments.models import Draft, DraftAnswer, Wave
from tests.factories.assessments import make_wave

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("group", ["customers", "leaders"])
def test_every_page_says_so_and_nothing_is_saved(client_of, facilitator, ecosystem, group):
    wave = make_wave(ecosystem)
    browser = client_of(facilitator)
    where = [ecosystem.organization.slug, wave.pk, group]
    url = reverse("assessments:try", args=where)
    sections = len(browser.get(url).context["questionnaire"].sections)
    assert browser.post(url).url == reverse("assessments:try-section", args=[*where, 1])
    for number in range(1, sections + 1):
        address = reverse("assessments:try-section", args=[*where, number])
        page = browser.get(address)
        assert "Nothing is saved" in page.content.decode()
        assert "fill-in.js" not in page.content.decode()
        assert browser.post(address, {"go": "next"}).status_code == 422
        following = (
            reverse("assessments:try-section", args=[*where, number + 1])
            if number < sections
            else reverse("assessments:try-review", args=where)
        )
        assert browser.post(address, {"go": "next", "asked": "1"}).url == following
    assert "nothing to submit" in browser.get(reverse("assessments:try-review", args=where)).content.decode()
    assert not Draft.objects.exists()
    assert not DraftAnswer.objects.exists()
    assert not Wave.objects.get().privacy_frozen
