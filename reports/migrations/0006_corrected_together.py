"""A correction may be opened on account of another quarter's (`together_with`); then it has no answer of its own."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_bounds_of_values"),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="together_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="others",
                to="reports.correction",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="correction",
            name="correction_decided_who_and_when",
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                | Q(together_with__isnull=False, granted=True, decided_by__isnull=True, decided_at__isnull=True),
                name="correction_decided_who_and_when",
            ),
        ),
    ]
