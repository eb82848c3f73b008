"""Forms of importing a wave of answers."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import InstrumentVersion
from assessments.selectors.assessments import usable_instruments
from ecosystems.forms.fields import row_field
from ecosystems.models import Ecosystem, Organization

MOST_MEGABYTES = 50


class WaveUploadForm(forms.Form):
    """Which questions were answered, and the file with the answers."""

    ecosystem = forms.ModelChoiceField(
        label=gettext_lazy("Ecosystem"), queryset=Ecosystem.objects.none(), empty_label=None
    )
    version = forms.ModelChoiceField(
        label=gettext_lazy("Questions"), queryset=InstrumentVersion.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, up to 50 MB. One row a respondent, one column an item code."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    group_column = forms.CharField(
        label=gettext_lazy("Column that names the group"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Leave it empty where the column is called “group”, or where there are no groups."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the wave"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("For example, Spring 2024"),
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "ecosystem").queryset = organization.ecosystems.select_related("organization")
        published = InstrumentVersion.objects.filter(
            published_at__isnull=False, instrument__in=usable_instruments(organization)
        )
        row_field(self, "version").queryset = published.select_related("instrument").order_by(
            "instrument__name", "-number"
        )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES << 20:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Import it at the command line, or in parts.")
                % {"most": MOST_MEGABYTES}
            )
        return file
