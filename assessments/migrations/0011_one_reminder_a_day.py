import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0010_what_rooms_looked_back_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReminderDay",
            fields=[
                ("recipient", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("last_on", models.DateField(default=datetime.date.min)),
            ],
            options={
                "verbose_name": "day of a reminder",
                "verbose_name_plural": "days of reminders",
            },
        ),
    ]
