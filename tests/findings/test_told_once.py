"""A step that lies below its alarm while the client's own rule on it fires is one finding, with both evidences."""

from __future__ import annotations

from pathlib import Path

from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from tests.engagements import TODAY, sample

RULE, ALARM = "kpis.mql_sql_conversion", "funnel.alarm.MQL"


def diagnosed(folder: Path, model: str = "") -> Diagnosis:
    """Return Northlight with a target that it meets, so that the step is no leak; with other metrics if told."""
    root = sample(folder)
    crm = root / "crm" / "crm.yaml"
    crm.write_text(crm.read_text("utf-8") + "targets: {MQL→SQL: 0.15}\n", "utf-8")
    if model:
        (root / "operating_model.yaml").write_text(model, "utf-8")
        (root / "kpis.csv").unlink()
    return diagnose(root, today=TODAY)


def test_step_that_is_told_twice_or_loses_one_of_its_evidences(tmp_path: Path) -> None:
    with_rule = diagnosed(tmp_path / "rule")
    found = {one.id: one for one in with_rule.findings}
    assert ALARM not in found
    told = " ".join(one.text for one in found[RULE].evidence)
    assert "MQL→SQL conversion below 30%" in told
    assert "Rule “below 30% in a week” on MQL → SQL" in told
    assert (found[RULE].owner, found[RULE].confidence) == ("VP Marketing", "high")
    assert RULE in {one.finding for one in with_rule.plan.actions}
    ids = {one.id for one in diagnosed(tmp_path / "none", "stages: [{name: MQL}]\n").findings}
    assert ALARM in ids, "without a rule of the client's the alarm is told by itself"
    assert RULE not in ids


def test_alarm_that_hides_behind_a_rule_on_another_step_or_the_other_way(tmp_path: Path) -> None:
    rule = "{metric: %s, team: sales, kind: leading, threshold: %s, direction: %s, owner: Bo}"
    for metric, threshold, way in (("Lead→MQL", "90 %", "below"), ("MQL→SQL", "1 %", "above")):
        model = f"kpis:\n  - {rule % (metric, threshold, way)}\n"
        ids = {one.id for one in diagnosed(tmp_path / way, model).findings}
        assert {ALARM, f"kpis.{metric}"} <= ids
