"""The design system as template tags. `{% load ui %}`; every string given is escaped, every default translatable.

Page frame
  {% stylesheets %}                               <link>s of the design system, in their order
  {% stylesheets "workshop" %}                    … and of one kind of page: workshop (with loops), report
  {% brand url %}  {% brand url "Food Network" %} mark and name, linked
  {% icon "lock" %}  {% icon "copy" small=True %} see ecosystems/glyphs.py ICONS for the names
  {% breadcrumb "Home" home_url "Network" url "Wave 4" %}   label, address, …; the last one has no address
  {% breadcrumb crumbs %}                         crumbs: [(label, address or None), …] from the view
  {% stepper steps current=2 label="Steps" %}     steps: names or (name, address); current counts from 1
  {% progress 3 5 "3 of 5 sections" %}
  {% pagination page_obj %}                       keeps the other query parameters
  {% message_list messages %}                     Django's messages as banners
  {% banner "warn" %}<strong>Mind this.</strong> …{% endbanner %}     "", good, warn, bad; icon="lock"
  {% empty_state "No waves yet" %}<p>…</p><a class="button" …>…</a>{% endempty_state %}

Numbers
  {{ value|score }}  {{ value|score:1 }}          58, 57.6 (rounded half away from zero)
  {{ value|signed }}  {{ value|signed:1 }}        +3, −3.2 with a true minus
  {% interval low high %}                         "10 to 25" (digits=1, sign=True)
  {% stat "Generative Value Index" 57.8 of="of 100" note="56 to 61 under every way" url=how link="how it is made" %}
  {% stat "Generative Value Index" None reason="one dimension is missing" %}     reason="withheld" draws the hatch
  {% delta 2.0 low=-0.9 high=4.8 digits=1 since="since spring" %}
                                                  ▲ +2.0 since spring · could be chance (−0.9 to +4.8)
  {% delta_words 5 low=1 high=9 %}                ▲ +5 clear change (for table cells and dimension rows)
  {% withheld %}  {% withheld short=True %}       the one rendering of a withheld number
  {% absent "needs two waves" %}                  a number missing for another reason: says why, no hatch
  {% badge "Live" "live" %}                       "", live, good, warn, bad

Dimensions and charts
  {% glyph "INN" %}  {% glyph facet.code size=20 %}
  {% dimension "INN" "Innovation impact" %}       glyph and name
  {% figure chart %}                              figcaption, wide and narrow drawing, key, table toggle
  {% figure chart heading="Leaders rate …" sub="Ring: 9 leaders." level=3 table=True class="" id="gap" %}
  {% chart chart %}                               the drawing alone (a strip in a row); its table stands elsewhere
  {% chart_key chart.key %}                       the legend alone
  {% data_table chart.spec %}                     the table alone

Forms (Django form fields)
  {% error_summary form %}  {% error_summary form other_form formset %}   nothing when there are no errors
  {% field form.name %}                           label, hint, error, input with aria wiring
  {% field form.starts label="From" hint="…" optional=False class="narrow" %}
  {% fields form %}                               every visible and hidden field of the form, in order
  Radio and checkbox choices get hints from `form.fields["x"].option_hints = {value: hint}`.
"""

from __future__ import annotations  # BaseFormSet is generic for type checkers only

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms.formsets import BaseFormSet

from ecosystems.templatetags import figure_tags, form_fields, frame_tags, number_tags

register = template.Library()
for part in (frame_tags, number_tags, figure_tags):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, Any]:
    return {"field": form_fields.field_view(bound, **options)}


@register.inclusion_tag("components/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    return {
        "hidden": form.hidden_fields(),
        "fields": [form_fields.field_view(bound) for bound in form.visible_fields()],
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any]) -> dict[str, Any]:
    errors = form_fields.summary(forms)
    return {"errors": errors, "count": len(errors)}
