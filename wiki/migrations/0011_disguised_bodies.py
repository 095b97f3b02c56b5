from django.db import migrations

from wiki.searchable import SIGNS, STAND_INS


def _all_translated(by: str, to: str) -> tuple[str, list[str]]:
    return "UPDATE wiki_searchtext SET body = translate(body, %s, %s)", [by, to]


class Migration(migrations.Migration):
    dependencies = [("wiki", "0010_readings")]

    operations = [migrations.RunSQL([_all_translated(SIGNS, STAND_INS)], [_all_translated(STAND_INS, SIGNS)])]
