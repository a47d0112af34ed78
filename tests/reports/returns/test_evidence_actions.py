"""Files at the questions of a return: who adds them, what stays on record, and where one is required."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.enums import Origin, SubmissionState
from reports.base.errors import RefusedError
from reports.models import Evidence, Round
from reports.returns import evidence_storage
from reports.returns.actions import evidence, submissions
from reports.returns.queries.evidence import evidence_of, files_of, visible_files
from reports.reviewing.actions import reviews
from targets.models import Target
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Filling, filling
from tests.reports.returns.papers import PDF, png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def scene() -> Filling:
    return filling()


def add(scene, file=None, element="visits", by=None, now=MORNING):
    subject = scene.clinic if element == "equipped" else scene.hospital
    key = (getattr(scene, element).pk, subject.pk)
    return evidence.add(scene.submission, key, file or upload(), by or scene.reporter, now)


def refusal(call):
    with pytest.raises(RefusedError) as refused:
        call()
    return str(refused.value)


def require(scene, element):
    Target.objects.filter(indicator__element=getattr(scene, element)).update(needs_evidence=True)


def test_add_keeps_the_file_with_the_draft(scene):
    submissions.save_draft(scene.submission, scene.answers(), scene.reporter, MORNING)
    file = add(scene, now=NOON)
    draft = Round.objects.get()
    assert (file.round, file.name, file.mime, file.size) == (draft, "验收文件.pdf", "application/pdf", len(PDF))
    assert (evidence_storage.read_bytes(file.sha256), draft.saved_at, draft.entries.count()) == (PDF, MORNING, 5)


def test_add_begins_a_draft_where_there_is_none(scene):
    assert add(scene).round.number == 1


def test_add_after_a_return_goes_on_with_what_was_handed_in(scene):
    scene.hand_in()
    reviews.send_back(scene.submission, "缺材料", scene.reviewer, NOON)
    file = add(scene, now=NOON)
    assert (file.round.number, file.round.entries.count()) == (2, 5)


def test_add_is_audited(scene):
    file = add(scene)
    record = AuditRecord.objects.get(action="evidence.added")
    told = {"file": file.pk, "name": "验收文件.pdf", "size": len(PDF), "sha256": file.sha256}
    assert (record.by, record.object_id, record.detail) == (scene.reporter, scene.submission.pk, told)


def test_add_by_another_unit_is_denied(scene):
    with pytest.raises(PermissionDenied):
        add(scene, by=person(Role.REPORTER, scene.places.hospitals[1][0]))
    assert Evidence.objects.count() == 0


def test_add_by_who_enters_for_the_unit(scene):
    submissions.save_draft(scene.submission, scene.answers(), scene.reviewer, MORNING, origin=Origin.PHONE)
    assert add(scene, by=scene.reviewer).added_by == scene.reviewer


def test_add_after_the_hand_in_is_refused(scene):
    scene.hand_in()
    assert refusal(lambda: add(scene)) == "报表已提交，正在等待审核，不能再修改；如需修改，请先撤回。"


def test_add_of_a_wrong_file_names_it(scene):
    sentence = "“空.pdf”没有上传：文件是空的，请核对后重新选择。"
    assert refusal(lambda: add(scene, upload("空.pdf", b""))) == sentence


def test_add_of_too_large_a_file_is_refused(scene, settings):
    settings.EVIDENCE_MEGABYTES = 1
    sentence = "“大.pdf”没有上传：文件有 1.5 MB，每个最大 1 MB。请压缩，或拆成几个文件再上传。"
    assert refusal(lambda: add(scene, upload("大.pdf", PDF + b" " * 1_572_864))) == sentence


def test_add_beyond_the_room_of_a_return_is_refused(scene):
    Evidence.objects.filter(pk=add(scene).pk).update(size=200 * 1024 * 1024)
    sentence = "“图.png”没有上传：一张报表的材料合计最多 200 MB（撤下的也算），已用 200.0 MB。"
    assert refusal(lambda: add(scene, upload("图.png", png()))) == sentence


def test_add_of_the_same_file_twice_is_refused(scene):
    add(scene)
    assert refusal(lambda: add(scene, upload("又来.pdf"))) == "“又来.pdf”没有再次上传：同一份文件已在这一项下。"


def test_same_file_at_two_items_is_kept_once(scene, root):
    assert add(scene).sha256 == add(scene, element="camp").sha256
    assert len(list(evidence_storage.stored_digests())) == 1


def test_add_at_a_question_that_is_not_asked_is_refused(scene):
    key = (scene.equipped.pk, scene.hospital.pk)
    assert (
        refusal(lambda: evidence.add(scene.submission, key, upload(), scene.reporter, MORNING))
        == "填报范围已有变化，没有上传。请重新打开佐证材料页再上传。"
    )


def test_add_where_the_disk_fails_says_so(scene, root):
    root.write_text("a file where the folder should be")
    sentence = "“验收文件.pdf”没有上传：服务器暂时写不进文件，其他内容没有丢失。请稍后再试，或联系系统管理员。"
    assert refusal(lambda: add(scene)) == sentence


def test_withdraw_keeps_the_record(scene):
    file = evidence.withdraw(add(scene), scene.reporter, NOON)
    assert (file.withdrawn_by, file.withdrawn_at, evidence_storage.read_bytes(file.sha256)) == (
        scene.reporter,
        NOON,
        PDF,
    )
    assert refusal(lambda: evidence.withdraw(file, scene.reporter, NOON)) == "“验收文件.pdf”已经撤下，不需要重复操作。"


def test_withdrawn_file_stays_behind_the_round_that_was_handed_in_with_it(scene):
    file = add(scene)
    scene.hand_in(MORNING)
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    evidence.withdraw(file, scene.reporter, NOON)
    first, second = Round.objects.order_by("number")
    assert (list(files_of(first)), list(files_of(second))) == ([file], [])
    assert list(evidence_of(scene.submission)) == [file]


def test_files_of_a_draft_are_for_the_unit_alone(scene):
    file = add(scene)
    assert (list(visible_files(scene.reporter)), list(visible_files(scene.reviewer))) == ([file], [])
    scene.hand_in()
    outsider = person(Role.REVIEWER, scene.places.counties[1])
    assert (list(visible_files(scene.reviewer)), list(visible_files(outsider))) == ([file], [])


def test_read_of_a_damaged_file_is_refused_and_audited(scene):
    file = add(scene)
    evidence_storage.path_of(file.sha256).write_bytes(PDF[:-1])
    sentence = "“验收文件.pdf”的存档文件丢失或已损坏，没有给出，已记入审计。登记记录还在；请联系系统管理员从备份恢复。"
    assert refusal(lambda: evidence.read_upload(file, scene.reviewer, NOON)) == sentence
    assert AuditRecord.objects.get(action="evidence.damaged").by == scene.reviewer


def test_submit_without_required_evidence_names_the_items(scene):
    require(scene, "equipped")
    require(scene, "visits")
    sentence = (
        "没有提交：有 2 项须附佐证材料，还没有上传：基层诊疗人次、设备是否配齐（东村卫生室）。"
        "已填内容都已存为草稿；请到“佐证材料”上传后再提交。"
    )
    assert refusal(scene.hand_in) == sentence
    scene.submission.refresh_from_db()
    assert scene.submission.state == SubmissionState.DRAFT


def test_submit_with_required_evidence_passes(scene):
    require(scene, "equipped")
    add(scene, element="equipped")
    assert scene.hand_in().state == SubmissionState.SUBMITTED


def test_nothing_done_needs_no_evidence(scene):
    require(scene, "equipped")
    require(scene, "trained")
    assert scene.hand_in(equipped=0, trained="本季未举办。").state == SubmissionState.SUBMITTED


def test_withdrawn_evidence_does_not_serve(scene):
    require(scene, "visits")
    evidence.withdraw(add(scene), scene.reporter, MORNING)
    assert refusal(scene.hand_in).startswith("没有提交：有 1 项须附佐证材料")


def test_what_was_handed_in_before_serves_again(scene):
    require(scene, "visits")
    add(scene)
    scene.hand_in()
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    assert scene.hand_in(NOON).state == SubmissionState.SUBMITTED


def test_check_evidence_names_what_is_lost_and_what_is_unknown(scene, capsys):
    file = add(scene)
    stray = evidence_storage.store_bytes(png())
    call_command("check_evidence")
    assert capsys.readouterr().out.splitlines() == [
        f"没有登记 {evidence_storage.path_of(stray)}",
        "登记 1 个文件，丢失或损坏 0，没有登记 1。",
    ]
    evidence_storage.path_of(file.sha256).unlink()
    with pytest.raises(CommandError):
        call_command("check_evidence")
    assert capsys.readouterr().out.splitlines()[0].startswith(f"丢失或损坏 {evidence_storage.path_of(file.sha256)}：")
