"""A quarter of which only late returns wait for review is called so, not 未报."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_corrected_together'),
    ]

    operations = [
        migrations.AlterField(
            model_name='attainment',
            name='cause',
            field=models.CharField(blank=True, choices=[('', ''), ('overdue', '到期未达标'), ('slipped', '节点未保持'), ('unreported', '未报'), ('silent', '本季无人报送'), ('unreviewed', '逾期未审'), ('late_pending', '补报待审'), ('behind', '严重滞后'), ('partly', '基本完成'), ('pending', '待审'), ('awaited', '待报'), ('no_target_value', '目标值待下达'), ('no_constant', '缺基础数据'), ('no_last_year', '缺上年同期'), ('missing_units', '缺报'), ('missing_base', '缺部分基础数据'), ('closed', '已关停'), ('late_done', '逾期完成')], max_length=20),
        ),
    ]
