from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from gtmdiag.funnel.estimates.exits import exits
from gtmdiag.funnel.estimates.incidence import incidence
from tests.funnel.estimates.stays import STAYS, Stay, exits_of, random_stays, table_of


@pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels")
@pytest.mark.parametrize("seed", range(20))
def test_share_or_standard_error_other_than_statsmodels_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stays = random_stays(rng, int(rng.integers(10, 800)))
    ours = incidence(exits_of(stays))
    code = {"advanced": 1, "won": 1, "lost": 2, "open": 0}
    oracle = CumIncidenceRight(np.array([s[0] for s in stays]), np.array([code[s[1]] for s in stays]))
    np.testing.assert_array_equal(ours.days, oracle.times)
    # statsmodels has no standard error from the day on which everyone at risk leaves.
    told = ours.at_risk > ours.left.sum(axis=0)
    for cause in (0, 1):
        assert oracle.cinc_se is not None
        np.testing.assert_allclose(ours.share[cause], oracle.cinc[cause], rtol=0, atol=1e-12)
        np.testing.assert_allclose(np.sqrt(ours.variance[cause])[told], oracle.cinc_se[cause][told], rtol=0, atol=1e-12)


@given(STAYS, st.integers(0, 15))
def test_covariance_whose_diagonal_is_not_the_variance(stays: list[Stay], horizon: int) -> None:
    found = incidence(exits_of(stays))
    share = found.at("advanced", horizon)
    assert share is not None
    covariance = found.covariance(horizon)
    assert covariance[0, 0] == pytest.approx(share.variance, abs=1e-13)
    assert np.linalg.eigvalsh(covariance).min() > -1e-13


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["advanced", "lost"]), st.just(1)), min_size=1))
def test_closed_deals_alone_that_do_not_give_the_plain_share_and_variance(stays: list[Stay]) -> None:
    found = incidence(exits_of(stays)).at("advanced", 99)
    assert found is not None
    plain = sum(outcome == "advanced" for _, outcome, _ in stays) / len(stays)
    assert found.estimate == pytest.approx(plain, abs=1e-12)
    assert found.variance == pytest.approx(plain * (1 - plain) / len(stays), abs=1e-12)
    assert found.effective_n == pytest.approx(len(stays), rel=1e-9)
    assert (found.horizon_days, found.open_share) == (99, pytest.approx(0, abs=1e-12))


@given(STAYS)
def test_shares_outside_0_and_1_or_that_do_not_add_up(stays: list[Stay]) -> None:
    found = incidence(exits_of(stays))
    assert found.share.min() >= 0
    assert found.still_open.min() >= 0
    np.testing.assert_allclose(found.share.sum(axis=0) + found.still_open, 1, rtol=0, atol=1e-12)
    share = found.at("lost", 5)
    assert share is not None
    assert 0 <= share.low <= share.estimate <= share.high <= 1


def test_horizon_told_beyond_the_longest_stay_that_was_watched() -> None:
    found = incidence(exits_of([(3, "advanced", 1), (5, "open", 1)]))
    share = found.at("advanced", 400)
    assert share is not None
    assert (share.horizon_days, share.open_share, share.n) == (5, 0.5, 2)
    early = found.at("advanced", 2)
    assert early is not None
    assert (early.estimate, early.open_share, early.effective_n) == (0, 1, 2)


def test_nobody_who_entered_gives_no_share_but_no_failure_either() -> None:
    nobody = incidence(exits(table_of([(1, "lost", 1)]), "SQL"))
    assert nobody.at("advanced", 30) is None
    with pytest.raises(ValueError, match="there are: advanced, lost"):
        nobody.at("won", 30)
