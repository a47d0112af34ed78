"""Who reported for a unit before another did, so that a quarter that is over still asks whom it asked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0004_first_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerReporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='截止日期')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_reporters', to='institutions.institution')),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reported_before', to='institutions.institution')),
            ],
            options={
                'verbose_name': '历史填报单位',
                'verbose_name_plural': '历史填报单位',
                'ordering': ['institution', 'until'],
                'constraints': [models.UniqueConstraint(fields=('institution', 'until'), name='former_reporter_once_a_day')],
            },
        ),
    ]
