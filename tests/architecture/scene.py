"""One object of every noun in one organization, made when a route asks for it."""

from functools import cached_property

from django.utils import timezone

from assessments.enums import SignalKind
from assessments.models import (
    Activity,
    AgendaTemplate,
    Assessment,
    Commitment,
    InstrumentVersion,
    Invitation,
    Round,
    Scenario,
    Seat,
    Signal,
    Wave,
    WaveUpload,
    Workshop,
)
from assessments.services.maps.versions import keep_version
from assessments.services.wave_setup import set_public_link
from ecosystems.enums import Role
from ecosystems.models import DrawnLink, Ecosystem, MapVersion, MemberInvitation, Organization, Stakeholder, User
from tests.factories.assessments import invite, make_assessment, make_open_wave
from tests.factories.ecosystems import make_ecosystem, make_stakeholder
from tests.factories.instruments import make_instrument, make_instrument_draft
from tests.factories.maps import MapMaker
from tests.factories.people import make_invitation, make_member, make_organization
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop


class Scene:
    """Add a cached property for each noun whose pages have an address of their own."""

    def __init__(self, slug: str) -> None:
        self.slug = slug

    @cached_property
    def organization(self) -> Organization:
        return make_organization(slug=self.slug)

    @cached_property
    def elsewhere(self) -> "Scene":
        """The same objects in an organization to which nobody of the cast belongs."""
        return Scene(f"{self.slug}-elsewhere")

    @cached_property
    def invitation(self) -> MemberInvitation:
        return make_invitation(self.organization, email=f"new@{self.slug}.example")

    @cached_property
    def admin(self) -> User:
        return make_member(self.organization, Role.ADMIN, email=f"admin@{self.slug}.example")

    @cached_property
    def other_member(self) -> User:
        """Somebody to act on, who is none of the cast."""
        return make_member(self.organization, Role.LEADER, email=f"other@{self.slug}.example")

    @cached_property
    def ecosystem(self) -> Ecosystem:
        return make_ecosystem(self.organization, slug=f"{self.slug}-network")

    @cached_property
    def stakeholder(self) -> Stakeholder:
        return make_stakeholder(self.ecosystem, email="party@stakeholders.example")

    @cached_property
    def instrument_draft(self) -> InstrumentVersion:
        """A draft of the organization's own: item A1 in facet FA of dimension INN, on the scale `five`."""
        return make_instrument_draft(self.organization)

    @cached_property
    def assessment(self) -> Assessment:
        return make_assessment(self.ecosystem)

    @cached_property
    def wave(self) -> Wave:
        """An open wave that asks customers by personal and by public link."""
        wave = make_open_wave(self.assessment)
        set_public_link(group=wave.groups.get(key="customers"), on=True, expected=40)
        return wave

    @cached_property
    def asked(self) -> Invitation:
        return invite(self.wave, 1)[0]

    @cached_property
    def upload(self) -> WaveUpload:
        """A file of answers that has been checked."""
        version = make_instrument(self.organization)
        return WaveUpload.objects.create(
            ecosystem=self.ecosystem, version=version, file_name="answers.csv", state="checked", found={"rows": 9}
        )

    @cached_property
    def drawn_link(self) -> DrawnLink:
        """A link between two factors of the ecosystem's map."""
        maker = MapMaker(self.ecosystem)
        return DrawnLink.objects.get(pk=maker.link(maker.factor("Shared forecast"), maker.factor("Food wasted"), -1))

    @cached_property
    def commitment(self) -> Commitment:
        return Commitment.objects.create(
            organization=self.organization, ecosystem=self.ecosystem, text="Call every Monday", owner_name="Marta"
        )

    @cached_property
    def loop(self) -> str:
        """The key of a loop of two factors."""
        maker = MapMaker(self.ecosystem)
        one, other = maker.factor("Trust"), maker.factor("Fair margin")
        maker.link(one, other)
        maker.link(other, one)
        return f"{one}>{other}"

    @cached_property
    def signal(self) -> Signal:
        return Signal.objects.create(
            ecosystem=self.ecosystem,
            wave=self.wave,
            kind=SignalKind.FINDING,
            code="ADA",
            title="Adaptability fell",
            raised_on=timezone.localdate(),
        )

    @cached_property
    def map_version(self) -> MapVersion:
        return keep_version(ecosystem=self.drawn_link.ecosystem, by=None, name="Spring")

    @cached_property
    def scenario(self) -> Scenario:
        return Scenario.objects.create(organization=self.organization, ecosystem=self.ecosystem, name="What if?")

    @cached_property
    def workshop(self) -> Workshop:
        """A live workshop whose room rates one item in an open round."""
        workshop = make_workshop(self.ecosystem)
        make_round(make_activity(workshop))
        return workshop

    @cached_property
    def ended_workshop(self) -> Workshop:
        return make_workshop(self.ecosystem, state="ended")

    @cached_property
    def activity(self) -> Activity:
        """The step at which the room is."""
        return self.workshop.activities.get()

    @cached_property
    def kept_agenda(self) -> AgendaTemplate:
        return AgendaTemplate.objects.create(organization=self.organization, title="Ours")

    @cached_property
    def round(self) -> Round:
        return Round.objects.get(activity__workshop=self.workshop)

    @cached_property
    def seat(self) -> Seat:
        return make_seats(self.workshop)[0]
