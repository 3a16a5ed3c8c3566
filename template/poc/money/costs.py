"""What a month costs and saves at a volume. No I/O, no clock; amounts in the budget's currency.

call(t)     = (in - cached) x price in + cached x price cached + out x price out
model       = calls per request x (1 + retry rate) x call(mean)
worst model = calls per request x (1 + retry cap) x call(p95), where input that is not in the
              cache costs what writing it there costs, if that is more
month(V)    = V x (model + review + errors + infrastructure per request)
              + fixed infrastructure + steps(V) + labels + eval runs x cases x model
              + engineer days x day rate + on-call
benefit(V)  = V x automatic share x minutes saved / 60 x hourly rate
"""

import math
from typing import NamedTuple

from poc.engine.yamlfile import Strict
from poc.money.budget import Budget
from poc.money.running import Call, Step

# A volume no service sees; beyond it "it pays" means nothing.
LARGEST = 10**12


class Column(Strict):
    """A month at one volume. `model` is tokens, `upkeep` includes labels, evals and on-call.

    `worst` is the month when every call is as large as the p95 and retried up to the cap.
    `per_success` is per request answered rightly without a person, None when there is none.
    """

    label: str
    volume: int
    model: float
    review: float
    errors: float
    infrastructure: float
    upkeep: float
    total: float
    worst: float
    worst_model: float
    per_request: float
    per_success: float | None
    benefit: float
    net: float


class Rates(NamedTuple):
    """What does not depend on the volume: amounts per request, and `fixed` ones a month."""

    model: float
    worst_model: float
    review: float
    errors: float
    infrastructure: float
    benefit: float
    success: float
    fixed_infrastructure: float
    fixed_upkeep: float
    step: Step | None

    @property
    def margin(self) -> float:
        """What one more request saves, less what it costs."""
        return self.benefit - self.model - self.review - self.errors - self.infrastructure

    def steps(self, volume: int) -> float:
        """What the steps of the infrastructure cost at a volume."""
        return 0.0 if self.step is None else volume // self.step.every * self.step.cost


def rates(budget: Budget) -> Rates:
    """Reckon a budget through to amounts per request and month. Raises `Refused` unpriced."""
    run, saved = budget.run, budget.benefit
    model = run.calls_per_request * (1 + run.retry_rate) * _call(budget, run.tokens.mean)
    return Rates(
        model=model,
        worst_model=run.calls_per_request
        * (1 + run.retry_cap)
        * _call(budget, run.tokens.p95, worst=True),
        review=run.review.rate * run.review.minutes / 60 * run.review.hourly_rate,
        errors=run.errors.per_thousand / 1000 * run.errors.cost,
        infrastructure=run.infrastructure.per1000 / 1000,
        benefit=saved.auto_rate * saved.minutes_saved / 60 * saved.hourly_rate,
        success=saved.auto_rate * saved.precision,
        fixed_infrastructure=run.infrastructure.fixed,
        fixed_upkeep=run.upkeep.labels
        + run.upkeep.evals.runs * run.upkeep.evals.cases * model
        + run.upkeep.engineer_days * budget.production.day_rate
        + run.on_call,
        step=run.infrastructure.step,
    )


def column(of: Rates, label: str, volume: int) -> Column:
    """A month at a volume of requests."""
    model, worst_model = volume * of.model, volume * of.worst_model
    infrastructure = of.fixed_infrastructure + volume * of.infrastructure + of.steps(volume)
    rest = volume * (of.review + of.errors) + infrastructure + of.fixed_upkeep
    successes, benefit = volume * of.success, volume * of.benefit
    return Column(
        label=label,
        volume=volume,
        model=model,
        review=volume * of.review,
        errors=volume * of.errors,
        infrastructure=infrastructure,
        upkeep=of.fixed_upkeep,
        total=model + rest,
        worst=max(model, worst_model) + rest,
        worst_model=max(model, worst_model),
        per_request=(model + rest) / volume if volume else 0.0,
        per_success=(model + rest) / successes if of.success > 1e-9 and volume else None,
        benefit=benefit,
        net=benefit - model - rest,
    )


def break_even(of: Rates) -> int | None:
    """The fewest requests a month that save at least what they cost; None when none ever do.

    Where infrastructure grows in steps the answer is sought step by step, in closed form: in step
    k the fixed cost is F + k x cost, so V >= (F + k x cost) / margin, within [k, k + 1) x every.
    """
    fixed = of.fixed_infrastructure + of.fixed_upkeep
    if of.margin <= 0 or fixed / of.margin > LARGEST:
        return None
    if of.step is None or of.step.cost == 0:
        return max(_whole(fixed / of.margin), 1)
    every, gain = of.step.every, of.margin * of.step.every - of.step.cost
    short = fixed - of.margin * (every - 1)
    if short > max(gain, 0) * LARGEST:
        return None
    likely = _whole(short / gain) if short > 0 else 0
    for step in range(max(likely - 1, 0), likely + 2):
        needed = max(_whole((fixed + step * of.step.cost) / of.margin), step * every, 1)
        if needed < (step + 1) * every:
            return needed if needed <= LARGEST else None
    return None


def _whole(number: float) -> int:
    """Rounded up; anything past `LARGEST` stays just past it."""
    return math.ceil(min(number, LARGEST + 1))


def _call(budget: Budget, tokens: Call, worst: bool = False) -> float:
    """What one call of the model costs."""
    price = budget.price
    if price is None:
        return 0.0
    plain = price.in_per_m
    cached = plain if price.cached_in_per_m is None else price.cached_in_per_m
    if worst and price.cache_write_in_per_m is not None:
        plain = max(plain, price.cache_write_in_per_m)
    hits = tokens.tokens_in * tokens.cached_share
    fresh = tokens.tokens_in - hits
    return (fresh * plain + hits * cached + tokens.out * price.out_per_m) / 1e6
