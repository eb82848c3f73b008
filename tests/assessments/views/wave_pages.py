"""The pages of a wave, as tests use them."""

from django.urls import reverse

from assessments.models import Wave


def url(name: str, wave: Wave, group: str = "") -> str:
    more = [wave.groups.get(key=group).pk] if group else []
    return reverse(f"assessments:{name}", args=[wave.assessment.organization.slug, wave.pk, *more])
