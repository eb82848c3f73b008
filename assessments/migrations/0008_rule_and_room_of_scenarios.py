import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0007_link_votes_in_waves"),
        ("ecosystems", "0005_map_edits_done_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="room_step",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="scenarios",
                to="assessments.activity",
            ),
        ),
        migrations.AddField(
            model_name="scenario",
            name="rule",
            field=models.CharField(
                choices=[
                    ("rescaled", "Rescaled (what works on a factor and its own last value, counted from 50)"),
                    ("kosko", "Kosko (what works on a factor, nothing else)"),
                    ("modified", "Modified Kosko (what works on a factor and its own last value)"),
                    ("kosko-tanh", "Kosko with tanh (what works on a factor, counted from 50)"),
                ],
                default="rescaled",
                max_length=10,
                verbose_name="rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="scenario",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule__in", ["rescaled", "kosko", "modified", "kosko-tanh"])),
                name="scenario_rule_known",
            ),
        ),
    ]
