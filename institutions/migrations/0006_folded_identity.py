"""One spelling of codes and user names. A row whose folded spelling is another row's stays as it is, and is named."""

import sys
from typing import Any

from django.db import migrations, models

from institutions.identity import fold_code, fold_username

FOLDED = (("Region", "code", fold_code), ("Institution", "code", fold_code), ("User", "username", fold_username))

LONGEST = {"Region": 12, "Institution": 30, "User": 150}


def fold_rows(apps: Any, schema_editor: Any) -> None:
    for model, name, fold in FOLDED:
        rows = apps.get_model("institutions", model).objects
        spelt = dict(rows.exclude(**{name: None}).order_by("pk").values_list("pk", name))
        taken = {text for text in spelt.values() if text == fold(text)}
        for pk, text in spelt.items():
            folded = fold(text)
            if folded == text:
                continue
            if not folded or folded in taken or len(folded) > LONGEST[model]:
                rows.filter(pk=pk).update(keeps_spelling=True)
                tell(f"{model} {pk}: “{text}”不能统一写成“{folded}”（已有或过长），保持原样。请核对是不是同一个，再改名或停用其中一个。")
                continue
            taken.add(folded)
            rows.filter(pk=pk).update(**{name: folded})
    versions = apps.get_model("institutions", "RegionVersion").objects
    for code in set(versions.exclude(code="").values_list("code", flat=True)):
        if fold_code(code) != code:
            versions.filter(code=code).update(code=fold_code(code))


def tell(text: str) -> None:
    sys.stderr.write(f"\n{text}\n")


class Migration(migrations.Migration):
    dependencies = [("institutions", "0005_former_reporter")]

    operations = [
        *(
            migrations.AddField(model, "keeps_spelling", models.BooleanField(default=False, editable=False))
            for model in ("region", "institution", "user")
        ),
        migrations.RunPython(fold_rows, migrations.RunPython.noop),
    ]
