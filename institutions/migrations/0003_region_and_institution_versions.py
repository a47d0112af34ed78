"""Adds the versions of regions and units, and when a placement was recorded."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_audit_lock'),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='recorded_at',
            field=models.DateTimeField(null=True, verbose_name='登记时间'),
        ),
        migrations.CreateModel(
            name='InstitutionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='机构名称')),
                ('kind', models.CharField(choices=[('bureau', '卫生健康行政部门'), ('supervision_office', '政府督查机构'), ('township_hospital', '乡镇卫生院'), ('community_centre', '社区卫生服务中心'), ('community_station', '社区卫生服务站'), ('village_clinic', '村卫生室'), ('hospital', '医院'), ('maternal_child', '妇幼保健机构'), ('cdc', '疾病预防控制机构')], max_length=20, verbose_name='机构类别')),
                ('grade', models.CharField(blank=True, choices=[('central', '中心'), ('general', '一般'), ('second', '二级'), ('third', '三级')], max_length=10, verbose_name='等级')),
                ('ownership', models.CharField(choices=[('public', '政府办'), ('collective', '集体办'), ('private', '民办')], max_length=10, verbose_name='举办主体')),
                ('opened', models.DateField(verbose_name='开业日期')),
                ('closed', models.DateField(blank=True, null=True, verbose_name='停业日期')),
                ('contact_name', models.CharField(blank=True, max_length=30, verbose_name='联系人')),
                ('contact_phone', models.CharField(blank=True, max_length=30, verbose_name='联系电话')),
                ('recorded_at', models.DateTimeField(null=True, verbose_name='登记时间')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='更正时间')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='institutions.institution')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.institution')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.region')),
                ('reported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.institution')),
            ],
            options={
                'verbose_name': '机构登记',
                'verbose_name_plural': '机构登记',
                'ordering': ['institution', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True)), fields=('institution',), name='institution_version_one_current')],
            },
        ),
        migrations.CreateModel(
            name='RegionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('code', models.CharField(blank=True, max_length=12, verbose_name='区划代码')),
                ('kind', models.CharField(choices=[('country', '国家'), ('province', '省'), ('city', '设区市'), ('county', '县'), ('district', '区'), ('zone', '功能区'), ('town', '镇'), ('township', '乡'), ('street', '街道'), ('farm', '农场等')], max_length=10, verbose_name='类别')),
                ('lineage', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('is_former', models.BooleanField(default=False, verbose_name='已并入上级所列地区')),
                ('valid_from', models.DateField(verbose_name='起')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='止')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='依据文件')),
                ('recorded_at', models.DateTimeField(null=True, verbose_name='登记时间')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='更正时间')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.region')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='institutions.region')),
            ],
            options={
                'verbose_name': '区划沿革',
                'verbose_name_plural': '区划沿革',
                'ordering': ['region', 'valid_from', 'id'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['lineage'], name='region_version_lineage'), models.Index(condition=models.Q(('is_former', True), ('superseded_at__isnull', True)), fields=['region'], name='region_version_former')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='region_version_until_after_from'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('superseded_at__isnull', True)), expressions=[(models.Func('region', 'region', models.Value('[]'), function='int8range'), '&&'), (models.Func('valid_from', 'valid_until', models.Value('[]'), function='daterange'), '&&')], name='region_version_one_a_day')],
            },
        ),
    ]
