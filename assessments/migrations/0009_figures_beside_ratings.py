import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0008_rule_and_room_of_scenarios"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=60, verbose_name="indicator")),
                ("value", models.FloatField(verbose_name="figure")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="where it is from")),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence_values",
                        to="assessments.wave",
                    ),
                ),
            ],
            options={
                "verbose_name": "figure beside the ratings",
                "verbose_name_plural": "figures beside the ratings",
                "ordering": ["wave", "indicator"],
                "constraints": [
                    models.UniqueConstraint(fields=("wave", "indicator"), name="evidence_indicator_once_per_wave")
                ],
            },
        ),
    ]
