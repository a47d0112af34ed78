"""`FlagChange` is called `StatusChange`, as it is a change of a result's status; nothing else changes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0002_locks"),
    ]

    operations = [
        migrations.RenameModel(old_name="FlagChange", new_name="StatusChange"),
    ]
