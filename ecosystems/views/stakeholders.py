"""The parties of an ecosystem: add, change, delete, bring in as a table, take out as a table."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView, TemplateView, View

from ecosystems import permissions
from ecosystems.delimited import write_table
from ecosystems.enums import StakeholderGroup
from ecosystems.forms.ecosystems import ImportForm, StakeholderForm
from ecosystems.models import Stakeholder
from ecosystems.selectors.ecosystems import stakeholders
from ecosystems.services import stakeholders as services
from ecosystems.views.ecosystems import EcosystemMixin

SHOWN_ROWS = 100
"""Rows of a preview: enough to see that the columns were understood."""


class StakeholderFormView(EcosystemMixin, FormView[StakeholderForm]):
    """Add (no `pk`) or change a party."""

    allowed = permissions.is_facilitator
    template_name = "ecosystems/stakeholders/form.html"
    form_class = StakeholderForm

    @property
    def stakeholder(self) -> Stakeholder | None:
        pk = self.kwargs.get("pk")
        return get_object_or_404(self.ecosystem.stakeholders, pk=pk) if pk else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.stakeholder or Stakeholder(ecosystem=self.ecosystem)}

    def get_initial(self) -> dict[str, Any]:
        group = self.request.GET.get("group", "")
        return {"group": group} if group in StakeholderGroup.values else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(stakeholder=self.stakeholder, **kwargs)

    def form_valid(self, form: StakeholderForm) -> HttpResponse:
        try:
            saved = services.save_stakeholder(
                ecosystem=self.ecosystem, by=self.viewer.user, pk=self.kwargs.get("pk"), **form.cleaned_data
            )
        except services.StakeholderRefused as problem:
            form.add_error("email", str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("%(name)s is saved.") % {"name": saved})
        if "another" in self.request.POST:
            return redirect(f"{self.request.path}?group={saved.group}")
        return redirect(self.ecosystem)


class DeleteStakeholderView(EcosystemMixin, TemplateView):
    allowed = permissions.is_facilitator
    template_name = "ecosystems/stakeholders/delete.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stakeholder = get_object_or_404(self.ecosystem.stakeholders, pk=self.kwargs["pk"])
        return super().get_context_data(stakeholder=stakeholder, **kwargs)

    def post(self, request: HttpRequest, ecosystem: str, pk: int) -> HttpResponse:
        stakeholder = get_object_or_404(self.ecosystem.stakeholders.select_related("ecosystem__organization"), pk=pk)
        services.delete_stakeholder(stakeholder=stakeholder, by=self.viewer.user)
        messages.success(request, _("%(name)s is no longer part of the ecosystem.") % {"name": stakeholder})
        return redirect(self.ecosystem)


class ImportStakeholdersView(EcosystemMixin, FormView[ImportForm]):
    """Look first, then save. The text travels with the form, so that an error costs nobody their work."""

    allowed = permissions.is_facilitator
    template_name = "ecosystems/stakeholders/import.html"
    form_class = ImportForm

    def form_valid(self, form: ImportForm) -> HttpResponse:
        data = form.cleaned_data["data"]
        if "save" in self.request.POST:
            try:
                count = services.import_stakeholders(ecosystem=self.ecosystem, data=data, by=self.viewer.user)
            except services.ImportRefused as refused:
                return self.preview(data, refused.checked)
            text = ngettext("%(count)d stakeholder is added.", "%(count)d stakeholders are added.", count)
            messages.success(self.request, text % {"count": count})
            return redirect(self.ecosystem)
        return self.preview(data, services.check_import(ecosystem=self.ecosystem, data=data))

    def preview(self, data: str, checked: services.StakeholderImport) -> HttpResponse:
        table = checked.table
        wrong = [row for row in table.rows if row.number in table.by_row]
        known = {row.number for row in checked.known}
        rows = (wrong or table.rows)[:SHOWN_ROWS]
        context = self.get_context_data(
            form=ImportForm(initial={"text": data}),
            checked=checked,
            rows=[
                {
                    "row": row,
                    "group": row["group"].label if row["group"] else row.cells["group"],
                    "problems": table.by_row.get(row.number, ()),
                    "known": row.number in known,
                }
                for row in rows
            ],
            problems=table.problems[:SHOWN_ROWS],
            more_problems=max(0, len(table.problems) - SHOWN_ROWS),
            more_rows=len(table.rows) - len(rows),
            groups=[(group.label, count) for group, count in checked.count_by_group.items() if count],
        )
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            most_rows=services.MOST_ROWS, groups_known=[group.value for group in StakeholderGroup], **kwargs
        )


class ExportStakeholdersView(EcosystemMixin, View):
    """Every party as CSV, safe to open in a spreadsheet."""

    allowed = permissions.is_facilitator

    def get(self, request: HttpRequest, ecosystem: str) -> StreamingHttpResponse:
        rows = stakeholders(self.ecosystem).values_list("name", "group", "email", "note")
        lines = write_table(["name", "group", "email", "note"], rows.iterator(chunk_size=2_000))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.ecosystem.slug}-stakeholders.csv"'
        return response
