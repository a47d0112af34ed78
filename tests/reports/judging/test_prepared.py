import pytest
from django.db import connection

from reports.judging.queries.prepared import PreparedStatement

SUM = PreparedStatement("SELECT %(one)s + %(other)s * %(one)s", {"one": "int", "other": "numeric"})


@pytest.mark.django_db
def test_runs_with_any_parameters_and_is_planned_once():
    with connection.cursor() as cursor:
        assert [SUM.run(cursor, {"one": 2, "other": other}) for other in (3, 4)] == [[(8,)], [(10,)]]
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [SUM.name])
        assert cursor.fetchone() == (1,)


def test_declares_each_parameter_once_with_its_type():
    assert SUM.declaration == f"PREPARE {SUM.name} ( int, numeric ) AS SELECT $1 + $2 * $1"
