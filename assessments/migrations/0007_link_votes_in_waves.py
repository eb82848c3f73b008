import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0006_themes_and_owners_who_left"),
    ]

    operations = [
        migrations.AddField(
            model_name="wave",
            name="map_links",
            field=models.JSONField(
                default=list, editable=False, verbose_name="links of the causal map that are asked about"
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="link_values",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SmallIntegerField(null=True), null=True, size=None
            ),
        ),
    ]
