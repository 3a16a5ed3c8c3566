"""How likely a share is shown by so many cases, exactly: no approximation of the binomial.

"Failures" are the cases on the wrong side: wrong answers where at least a share is asked, the
events themselves where at most a share is. A rule allows some failures among n cases; the chance
of being met is that of not having more. As n grows it drops a little before each further failure
is allowed, so `needed` is the number from which on it stays above.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

from evals.statistics import wilson

CHANCE = 0.8
# More cases than anybody labels; a contract that needs more cannot be decided.
MOST = 100_000
# No sample tells a smaller share from none.
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Rule:
    """When a share is shown: its one-sided bound at `confidence` lies on the side agreed."""

    threshold: float
    op: Literal["gte", "gt", "lte", "lt"]
    confidence: float
    interval: Literal["wilson", "exact"] = "wilson"

    @property
    def higher(self) -> bool:
        """True when at least a share is asked."""
        return self.op in ("gte", "gt")

    @property
    def slack(self) -> float:
        """The share of failures at the threshold."""
        return 1 - self.threshold if self.higher else self.threshold

    def met(self, failures: int, n: int) -> bool:
        """True when so many failures among n cases still show it."""
        if self.interval == "exact":
            tail, error = at_most(failures, n, self.slack), 1 - self.confidence
            always = self.slack >= 1 and self.op in ("gte", "lte")
            return always or (tail < error if self.op in ("gt", "lt") else tail <= error)
        level = 2 * self.confidence - 1
        if self.higher:
            bound = wilson(n - failures, n, level)[0]
            return bound > self.threshold if self.op == "gt" else bound >= self.threshold
        bound = wilson(failures, n, level)[1]
        return bound < self.threshold if self.op == "lt" else bound <= self.threshold


@lru_cache(maxsize=4096)
def fewest(rule: Rule, failures: int) -> int | None:
    """The fewest cases that allow so many failures; None when no number does.

    Starts from the score test turned round (Wilson, 1927): n x slack - z x sqrt(n x slack x
    threshold) = failures, then asks the rule itself.
    """
    if rule.slack < TINY:
        return None
    z = NormalDist().inv_cdf(rule.confidence)
    spread = z * math.sqrt(rule.slack * (1 - rule.slack))
    root = (spread + math.sqrt(spread**2 + 4 * rule.slack * failures)) / (2 * rule.slack)
    least = max(failures, 1)
    high = low = max(math.floor(root**2), least)
    step = 1
    while not rule.met(failures, high):
        low, high, step = high, high + step, 2 * step
    step = 1
    while low > least and rule.met(failures, low):
        low, high, step = max(low - step, least), low, 2 * step
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if rule.met(failures, middle) else (middle + 1, high)
    return low


def allowed(rule: Rule, n: int) -> int:
    """The most failures among n cases that still show it; -1 when not even none would."""
    low, high = -1, n
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if rule.met(middle, n) else (low, middle - 1)
    return low


@lru_cache(maxsize=1024)
def chance(rule: Rule, n: int, expected: float) -> float:
    """The chance that n cases show it when `expected` is the true share."""
    if n <= 0:
        return 0.0
    return at_most(allowed(rule, n), n, 1 - expected if rule.higher else expected)


@lru_cache(maxsize=1024)
def needed(rule: Rule, expected: float) -> int | None:
    """The fewest cases from which on the chance stays at `CHANCE` or above; None above `MOST`.

    Between two numbers that allow one more failure the chance only falls, so each stretch is known
    by its last number; the search walks these down from where a normal approximation is safe.
    """
    true, slack = (1 - expected if rule.higher else expected), rule.slack
    first = fewest(rule, 0)
    if first is None or true >= slack:
        return None
    if true <= 0:
        return first if first <= MOST else None
    z, beta = NormalDist().inv_cdf(rule.confidence), NormalDist().inv_cdf(CHANCE)
    at_slack, at_true = math.sqrt(slack * (1 - slack)), math.sqrt(true * (1 - true))
    about = ((z * at_slack + beta * at_true) / (slack - true)) ** 2
    if about > 2 * MOST:
        return None
    margin = math.ceil(4 * slack * true / (slack - true)) + 10
    failures = max(math.floor(about * slack - z * at_slack * math.sqrt(about)), 0) + margin
    while _at_worst(rule, failures, true) < CHANCE:
        failures += margin
    while failures >= 0 and _at_worst(rule, failures, true) >= CHANCE:
        failures -= 1
    found = fewest(rule, failures + 1)
    return found if found is not None and found <= MOST else None


def at_most(count: int, n: int, share: float) -> float:
    """P(X <= count) of X ~ Binomial(n, share), from the shorter tail, term by term."""
    if count >= n or share <= 0:
        return 1.0 if count >= 0 else 0.0
    if count < 0 or share >= 1:
        return 0.0
    if count <= n * share:
        return min(_tail(count, n, share / (1 - share), share), 1.0)
    return max(1 - _tail(n - count - 1, n, (1 - share) / share, 1 - share), 0.0)


def _at_worst(rule: Rule, failures: int, true: float) -> float:
    """The chance at the last number of cases that allows exactly so many failures."""
    following = fewest(rule, failures + 1)
    return 0.0 if following is None else at_most(failures, following - 1, true)


def _tail(count: int, n: int, odds: float, share: float) -> float:
    """P(X <= count) for a count below the mean, where each term is less than the one above."""
    choices = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    term = math.exp(choices + count * math.log(share) + (n - count) * math.log1p(-share))
    total = 0.0
    while count >= 0 and term > total * 1e-17:
        total += term
        term *= count / ((n - count + 1) * odds)
        count -= 1
    return total
