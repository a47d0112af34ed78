"""Whoever answers for a target today was known before such records were kept."""

from django.db import migrations

FIRST_VERSIONS = """
INSERT INTO targets_contactversion (target_id, region_id, name, phone)
SELECT target_id, region_id, name, phone FROM targets_contact
"""


class Migration(migrations.Migration):
    dependencies = [("targets", "0003_contact_versions")]

    operations = [migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop)]
