from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0009_figures_beside_ratings"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="looked_back",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
