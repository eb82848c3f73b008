"""Routes of ecosystems."""

from django.urls import path, re_path

from ecosystems.views import account, ecosystems, joining, organizations, people, stakeholders, start, theme

app_name = "ecosystems"
PEOPLE = "o/<slug:organization>/people"
ECOSYSTEM = "o/<slug:organization>/ecosystems/<slug:ecosystem>"
urlpatterns = [
    path("", start.StartView.as_view(), name="start"),
    path("demo-login/", start.demo_login, name="demo-login"),
    path("theme/", theme.choose_theme, name="theme"),
    path("account/", account.AccountView.as_view(), name="account"),
    path("join/<str:token>/", joining.JoinView.as_view(), name="join"),
    path("organizations/new/", organizations.NewOrganizationView.as_view(), name="organization-new"),
    path("o/<slug:organization>/settings/", organizations.SettingsView.as_view(), name="settings"),
    path("o/<slug:organization>/settings/audit/", organizations.AuditView.as_view(), name="audit"),
    path(f"{PEOPLE}/", people.PeopleView.as_view(), name="people"),
    path(f"{PEOPLE}/invite/", people.InviteView.as_view(), name="invite"),
    path(f"{PEOPLE}/<int:pk>/", people.MemberView.as_view(), name="member"),
    path(f"{PEOPLE}/<int:pk>/remove/", people.RemoveMemberView.as_view(), name="member-remove"),
    re_path(
        r"^o/(?P<organization>[-\w]+)/people/invitations/(?P<pk>\d+)/(?P<act>resend|withdraw)/$",
        people.InvitationView.as_view(),
        name="member-invitation",
    ),
    path("o/<slug:organization>/ecosystems/", ecosystems.EcosystemsView.as_view(), name="ecosystems"),
    path("o/<slug:organization>/ecosystems/new/", ecosystems.NewEcosystemView.as_view(), name="ecosystem-new"),
    path(f"{ECOSYSTEM}/", ecosystems.EcosystemView.as_view(), name="ecosystem"),
    path(f"{ECOSYSTEM}/edit/", ecosystems.EditEcosystemView.as_view(), name="ecosystem-edit"),
    path(f"{ECOSYSTEM}/stakeholders/add/", stakeholders.StakeholderFormView.as_view(), name="stakeholder-add"),
    path(
        f"{ECOSYSTEM}/stakeholders/import/", stakeholders.ImportStakeholdersView.as_view(), name="stakeholders-import"
    ),
    path(f"{ECOSYSTEM}/stakeholders.csv", stakeholders.ExportStakeholdersView.as_view(), name="stakeholders-export"),
    path(f"{ECOSYSTEM}/stakeholders/<int:pk>/", stakeholders.StakeholderFormView.as_view(), name="stakeholder"),
    path(
        f"{ECOSYSTEM}/stakeholders/<int:pk>/delete/",
        stakeholders.DeleteStakeholderView.as_view(),
        name="stakeholder-delete",
    ),
]
