"""A consultant's own instruments: taken when sound, refused with every problem at once when not."""

from __future__ import annotations

from pathlib import Path

import pytest

import gtmdiag.instruments
from gtmdiag.errors import InputError
from gtmdiag.instruments.load import PACKAGED, load_all, packaged
from gtmdiag.instruments.schema import Instrument
from tests.instruments.small import SMALL, load_text

FOLDER = Path(str(gtmdiag.instruments.__file__)).parent
ROLE = FOLDER / "champion_operator.yaml"


def _own(root: Path, name: str, text: str) -> None:
    folder = root / "instruments"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _problems(root: Path) -> dict[str, str]:
    """Return what was found, by place."""
    _, problems = load_all(root)
    assert all(one.severity == "error" for one in problems)
    return {f"{one.file}, {one.place}": f"{one.found}; {one.allowed}; {one.remedy}" for one in problems}


def _instrument(root: Path, name: str) -> Instrument:
    instruments, problems = load_all(root)
    assert not problems
    return instruments[name]


def test_a_broken_instrument_tells_every_problem_with_its_line(tmp_path: Path) -> None:
    broken = (
        SMALL.replace("own.second.good, scale: two", "own.second.good, scale: tow")
        .replace("own.second.bad, scale: three", "own.first.bad, scale: three")
        .replace("own.first.bad, scale: three, self: I leave", "other.third.bad, scale: three, self: I leave")
        .replace("facet: good, method: mean", "facet: room, method: mean")
        .replace("id: bad, label: Bad, facet: bad, method: mean", "id: bad, label: Bad, facet: room, method: count")
        .replace("id: unproven, label: Unproven", "id: proven, label: Unproven")
        .replace("when: {good: low}", "when: {god: low}")
        .replace('["yes", partly]', '["yes", perhaps]')
        + "stage_words:\n  - {stage: erly, verdicts: [prooven], text: T, source: us}\n"
        + "advice:\n  - domain: frist\n    hand_over: {label: L, to: steward, action: A}\n"
        + "    take_up: {label: L, action: A}\n"
    )
    _own(tmp_path, "own.yaml", broken)
    told = _problems(tmp_path)
    lines = broken.splitlines()

    def at(fragment: str) -> str:
        number = next(number for number, line in enumerate(lines, 1) if fragment in line)
        return next((text for place, text in told.items() if f"line {number}," in place), f"nothing on line {number}")

    assert "Did you mean 'two'?" in at("scale: tow")
    assert "starts with own." in at("other.third.bad") or "one of first, second" in at("other.third.bad")
    assert "ordinal" in at("id: good,")
    assert "the answer to count" in at("id: bad,")
    assert "an id used once" in at("id: proven, label: Unproven")
    assert "one of good, bad" in at("when: {god: low}")
    assert "one of yes, partly, no" in at('["yes", perhaps]')
    assert "Did you mean" in at("stage: erly")
    assert "Did you mean 'first'?" in at("domain: frist")
    assert all(place.startswith("instruments/own.yaml, line ") for place in told)


def test_an_id_used_twice_is_told_with_its_line(tmp_path: Path) -> None:
    twice = SMALL.replace("own.second.bad, scale: three", "own.first.bad, scale: three")
    with pytest.raises(InputError) as raised:
        load_text(tmp_path, twice)
    line = next(number for number, text in enumerate(twice.splitlines(), 1) if "see to the other" in text)
    assert [(one.place, one.allowed) for one in raised.value.problems] == [
        (f"line {line}, items.3.id", "an id used once")
    ]


@pytest.mark.parametrize(
    ("sound", "broken", "allowed"),
    [
        ("options: [{value: 1, label: Never}", "options: [{value: 0, label: Never}", "counts up by one"),
        ("options: [{value: 1, label: Never}", "options: [{value: never, label: Never}", "counts up by one"),
        ("options: [{value: 1, label: Never}", "options: [{value: true, label: Never}", "a whole number, or text"),
        ("{value: 2, label: Sometimes}", "{value: 1, label: Sometimes}", "a value of its own"),
        ("tone: bad", "tone: awful", "'good'"),
        ("id: own.first.room", "id: first.room", "form"),
        ("complete_from: 0.5, source: us}\n  - {id: bad", "complete_from: 5, source: us}\n  - {id: bad", "at most 1"),
        ("source: our method", "source: our method\nbonus: 1", "schema, id"),
    ],
)
def test_a_value_of_another_form_is_told_in_words(tmp_path: Path, sound: str, broken: str, allowed: str) -> None:
    assert SMALL.count(sound) == 1
    with pytest.raises(InputError) as raised:
        load_text(tmp_path, SMALL.replace(sound, broken))
    assert any(allowed in one.allowed and one.place.startswith("line ") for one in raised.value.problems)
    assert "int()" not in str(raised.value)


def test_a_count_of_an_answer_that_nobody_can_give_is_refused(tmp_path: Path) -> None:
    text = SMALL.replace("facet: good, method: mean", "facet: room, method: count, counts: ja")
    with pytest.raises(InputError, match="found 'ja'; allowed: one of yes, partly, no"):
        load_text(tmp_path, text)


def test_every_file_is_told_of_in_one_go_and_none_of_them_is_used(tmp_path: Path) -> None:
    _own(tmp_path, "a.yaml", SMALL.replace("scale: two", "scale: tow"))
    _own(tmp_path, "b.yaml", "schema: something else\n")
    _own(tmp_path, "c.yaml", "\t")
    assert {place.split(",")[0] for place in _problems(tmp_path)} == {
        "instruments/a.yaml",
        "instruments/b.yaml",
        "instruments/c.yaml",
    }
    assert load_all(tmp_path)[0].keys() == set(PACKAGED)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    _own(tmp_path, "a.yaml", SMALL)
    _own(tmp_path, "b.yaml", SMALL)
    (problem,) = _problems(tmp_path).values()
    assert "instruments/a.yaml has this one" in problem


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(SMALL, encoding="utf-8")
    folder = tmp_path / "client" / "instruments"
    folder.mkdir(parents=True)
    (folder / "own.yaml").symlink_to(outside)
    (problem,) = _problems(tmp_path / "client").values()
    assert "link out of the folder" in problem


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "own.yaml").symlink_to(tmp_path / "gone.yaml")
    (problem,) = _problems(tmp_path).values()
    assert "a file" in problem


def test_a_translation_replaces_the_packaged_wording_and_keeps_its_hash(tmp_path: Path) -> None:
    _own(tmp_path, "rolle.yaml", ROLE.read_text("utf-8").replace("label: Never", "label: Nie"))
    own = _instrument(tmp_path, "champion_operator")
    assert own.scales["frequency"].label(1) == "Nie"
    assert own.hash == packaged("champion_operator").hash


def test_a_question_can_be_added_without_code(tmp_path: Path) -> None:
    added = (
        "items:\n  - {id: champion_operator.resource_allocation.autonomy, scale: frequency, self: Teams spend "
        "within a frame., observer: Teams spend within a frame., source: ours}\n"
    )
    _own(tmp_path, "role.yaml", ROLE.read_text("utf-8").replace("items:\n", added, 1))
    assert len(_instrument(tmp_path, "champion_operator").items_of("autonomy")) == 7


@pytest.mark.parametrize(
    ("name", "sound", "broken", "lost"),
    [
        (
            "gut_check",
            "id: gut_check.roadmap.centralize",
            "id: gut_check.roadmap.other",
            "gut_check.roadmap.centralize",
        ),
        ("gut_check", "id: yes_count, label", "id: yes_number, label", "yes_count"),
        ("gut_check", 'value: "yes", label: "Yes"', 'value: "ja", label: "Ja"', "'yes'; one of ja, no"),
        ("gut_check", "facet: centralize, method", "facet: distributed, method", "facet centralize"),
        ("champion_operator", "- {value: 5, label: Always}", "", "1, 2, 3, 4, 5"),
        ("champion_operator", "- domain: modelling_behaviours", "- domain: week_free", "modelling_behaviours"),
        ("ownership_altitude", "level: council}", "level: business}", "with the levels"),
        ("ownership_altitude", "- {id: steward, label: Steward}", "", "one of nobody, function, council, business"),
        (
            "ownership_altitude",
            "- {id: function, label: One function}\n  - {id: steward, label: Steward}",
            "- {id: steward, label: Steward}\n  - {id: function, label: One function}",
            "another order; lowest first: nobody, function, steward, council, business",
        ),
        ("ownership_altitude", "  - {decision: cadence_slas", "  # - {decision: cadence_slas", "no cadence_slas"),
        ("ownership_altitude", "  - {domain: cmo_hit", "  # - {domain: cmo_hit", "no cmo_hit"),
        ("ownership_altitude", ", revops_seat]", "]", "no revops_seat"),
    ],
)
def test_a_replacement_that_its_diagnostic_could_not_score_is_refused(
    tmp_path: Path, name: str, sound: str, broken: str, lost: str
) -> None:
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    assert sound in text
    _own(tmp_path, "own.yaml", text.replace(sound, broken, 1))
    assert lost in str(_problems(tmp_path))
    assert load_all(tmp_path)[0][name] == packaged(name)
