"""The table of faults fits the house: each can still be put in. Whether it is noticed, `make harden` says."""

from collections import Counter

import pytest

from tests.hardening import mutants

ALL = mutants.listed()


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_a_fault_can_be_put_in_and_somebody_should_notice(mutant):
    assert (mutants.ROOT / mutant.file).read_text().count(mutant.old) == 1
    assert mutant.new != mutant.old
    assert mutant.tests
    assert all((mutants.ROOT / test.partition("::")[0]).exists() for test in mutant.tests)


def test_every_fault_has_a_name_of_its_own():
    assert not [name for name, count in Counter(mutant.name for mutant in ALL).items() if count > 1]
    assert not [one for one, count in Counter((m.file, m.new, m.old) for m in ALL).items() if count > 1]


def test_a_fault_is_put_in_and_taken_out_again(tmp_path):
    mutant = ALL[0]
    path = tmp_path / mutant.file
    path.parent.mkdir(parents=True)
    text = (mutants.ROOT / mutant.file).read_text()
    path.write_text(text)

    mutant.put_in(tmp_path)
    assert path.read_text() == text.replace(mutant.old, mutant.new) != text

    mutant.take_out(tmp_path)
    assert path.read_text() == text


def test_one_that_changed_since_is_not_put_in(tmp_path):
    path = tmp_path / ALL[0].file
    path.parent.mkdir(parents=True)
    path.write_text("nothing of it")

    with pytest.raises(ValueError, match="not once"):
        ALL[0].put_in(tmp_path)
