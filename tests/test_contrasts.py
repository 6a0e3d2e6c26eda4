"""Contrasts of two groups against scipy and statsmodels; and that leads of one account do not pass for many witnesses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable

from plumbline.statistics.contrasts import p_values, table_p, within_strata
from tests.figures import measured


@pytest.mark.parametrize("seed", range(40))
def test_a_table_is_judged_as_scipy_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, rng.choice([6, 40, 400]), (2, 2)) + (rng.integers(0, 2) if seed % 2 else 1)
    if 0 in table.sum(axis=0) or 0 in table.sum(axis=1):
        return
    ours = table_p(int(table[0, 0]), int(table[0].sum()), int(table[:, 0].sum()), int(table.sum()))
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    theirs = fisher_exact(table).pvalue if expected.min() < 5 else chi2_contingency(table, correction=False).pvalue
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-12)


def test_the_larger_p_counts() -> None:
    rng = np.random.default_rng(1)
    holds = rng.random((600, 3)) < 0.3
    first = rng.random(600) < 0.4
    alone = p_values(holds, first, ~first, np.arange(600))
    for c in range(3):
        by_lead = table_p(int((holds[:, c] & first).sum()), int(first.sum()), int(holds[:, c].sum()), 600)
        assert by_lead <= alone[c] <= 1.3 * by_lead + 0.02


def test_ten_leads_of_one_account_are_one_witness() -> None:
    """Without a link between condition and group, p under 0.05 in about one of twenty worlds, also where both belong to the account."""
    rng = np.random.default_rng(7)
    few, naive = 0, 0
    worlds = 400
    accounts = np.repeat(np.arange(60), 10)
    for _ in range(worlds):
        holds = (rng.random(60) < 0.4)[accounts]
        first = rng.random(600) < rng.beta(0.6, 0.6, 60)[accounts]
        few += p_values(holds[:, None], first, ~first, accounts)[0] <= 0.05
        naive += table_p(int((holds & first).sum()), int(first.sum()), int(holds.sum()), 600) <= 0.05
    measured(f"p under 0.05 without a link: {few / worlds:.3f} by account, {naive / worlds:.3f} by lead")
    assert few / worlds <= 0.09
    assert naive / worlds > 0.2


def test_nothing_to_compare_is_no_evidence() -> None:
    holds = np.array([[True, False], [True, False], [True, True]])
    nobody = np.zeros(3, bool)
    assert p_values(holds, nobody, ~nobody, np.arange(3)).tolist() == [1.0, 1.0]
    assert p_values(holds, np.array([True, False, False]), np.array([False, True, True]), np.arange(3))[0] == 1.0
    assert within_strata(holds[:, 0], nobody, ~nobody, np.zeros(3, np.int64)) == (0.0, 1.0)


@pytest.mark.parametrize("seed", range(10))
def test_strata_are_judged_as_statsmodels_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, 2, 300)
    first = rng.random(300) < 0.3 + 0.3 * stratum
    holds = rng.random(300) < 0.2 + 0.4 * stratum + 0.1 * first
    tables = [np.array([[int((a & b & (stratum == s)).sum()) for b in (holds, ~holds)] for a in (first, ~first)]) for s in (0, 1)]
    theirs = StratifiedTable(tables).test_null_odds(correction=False)
    z, p = within_strata(holds, first, ~first, stratum)
    assert z**2 == pytest.approx(theirs.statistic)
    assert p == pytest.approx(theirs.pvalue)
