"""Adds the versions of contacts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0003_region_and_institution_versions'),
        ('targets', '0002_bounds_and_codes_of_a_plan'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=30, verbose_name='责任人')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                ('recorded_at', models.DateTimeField(null=True, verbose_name='登记时间')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='更正时间')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.region')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_versions', to='targets.target')),
            ],
            options={
                'verbose_name': '责任人登记',
                'verbose_name_plural': '责任人登记',
                'ordering': ['target', 'region', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('target', 'region'), name='contact_version_one_current')],
            },
        ),
    ]
