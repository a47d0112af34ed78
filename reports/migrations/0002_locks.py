"""What was handed in, and what was decided, stays: held by the database, not only by the pages.

Only UPDATE and DELETE are refused (of figures also what is not approved), so rows may be written as a whole and a test
may truncate. A regeneration of 0001 leaves this file: move it aside, make 0001 anew, and move it back.
"""

from django.db import migrations

# Of a whole statement at once, so that a draft of hundreds of rows costs one look-up.
ROWS_OF_A_ROUND = """
CREATE FUNCTION reports_keep_handed_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM gone JOIN reports_round round ON round.id = gone.round_id WHERE round.submitted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION '%: what was handed in stays', TG_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_of_a_hand_in_not_changed AFTER UPDATE ON reports_entry
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_handed_in();
CREATE TRIGGER entry_of_a_hand_in_not_deleted AFTER DELETE ON reports_entry
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_handed_in();
CREATE TRIGGER explanation_of_a_hand_in_not_changed AFTER UPDATE ON reports_explanation
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_handed_in();
CREATE TRIGGER explanation_of_a_hand_in_not_deleted AFTER DELETE ON reports_explanation
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_handed_in();
CREATE TRIGGER remark_not_changed AFTER UPDATE ON reports_remark
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_handed_in();
CREATE TRIGGER remark_not_deleted AFTER DELETE ON reports_remark
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION reports_keep_handed_in();
"""

ROUND = """
CREATE FUNCTION reports_keep_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: what was handed in or decided stays', TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER round_handed_in_not_changed BEFORE UPDATE ON reports_round FOR EACH ROW
    WHEN (OLD.submitted_at IS NOT NULL AND (
        (OLD.submission_id, OLD.number, OLD.saved_at, OLD.saved_by_id, OLD.submitted_at, OLD.submitted_by_id,
            OLD.origin, OLD.due_on)
        IS DISTINCT FROM
        (NEW.submission_id, NEW.number, NEW.saved_at, NEW.saved_by_id, NEW.submitted_at, NEW.submitted_by_id,
            NEW.origin, NEW.due_on)
    )) EXECUTE FUNCTION reports_keep_round();
CREATE TRIGGER round_handed_in_not_deleted BEFORE DELETE ON reports_round FOR EACH ROW
    WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION reports_keep_round();
CREATE TRIGGER round_decided_not_changed BEFORE UPDATE ON reports_round FOR EACH ROW
    WHEN (OLD.decision <> '' AND (
        (OLD.decision, OLD.reason, OLD.decided_by_id, OLD.decided_at)
        IS DISTINCT FROM (NEW.decision, NEW.reason, NEW.decided_by_id, NEW.decided_at)
    )) EXECUTE FUNCTION reports_keep_round();
"""

# `round_nobody_decides_their_own` sees the round alone; who typed stands in its entries.
TYPISTS = """
CREATE FUNCTION reports_no_typist_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_entry WHERE round_id = NEW.id AND typed_by_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION '%: who typed an answer does not decide on it', TG_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER round_no_typist_decides AFTER UPDATE OF decision, decided_by_id ON reports_round FOR EACH ROW
    WHEN (NEW.decision IN ('approved', 'returned')) EXECUTE FUNCTION reports_no_typist_decides();
"""

FIGURES = """
CREATE FUNCTION reports_only_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM made JOIN reports_round round ON round.id = made.round_id WHERE round.decision <> 'approved'
    ) THEN
        RAISE EXCEPTION '%: a figure comes out of an approved round', TG_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER figure_of_an_approved_round AFTER INSERT ON reports_figure
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION reports_only_approved();

CREATE FUNCTION reports_only_to_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_round WHERE id = NEW.round_id AND decision <> 'approved') THEN
        RAISE EXCEPTION '%: a figure comes out of an approved round', TG_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER figure_stays_of_an_approved_round AFTER UPDATE OF round_id ON reports_figure
    FOR EACH ROW WHEN (OLD.round_id <> NEW.round_id) EXECUTE FUNCTION reports_only_to_approved();
"""

FUNCTIONS = [
    "reports_keep_handed_in",
    "reports_keep_round",
    "reports_no_typist_decides",
    "reports_only_approved",
    "reports_only_to_approved",
]


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ROWS_OF_A_ROUND + ROUND + TYPISTS + FIGURES,
            "".join(f"DROP FUNCTION {name} CASCADE;" for name in FUNCTIONS),
        )
    ]
