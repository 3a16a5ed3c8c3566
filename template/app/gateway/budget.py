"""Where the spend of a day is counted. In the service that is `app.records`."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Protocol


class Budget(Protocol):
    """Counts what is spent or set aside on a day (UTC) in a currency.

    Every method may raise `ServiceError` when the count cannot be reached.
    """

    async def reserve_spend(
        self, day: date, currency: str, amount: Decimal, cap: Decimal
    ) -> Decimal | None:
        """Set an amount aside if the day stays within the cap, checked and done in one step.

        Returns what the day then comes to; None, and nothing is set aside, when it does not fit.
        """
        ...

    async def settle_spend(
        self, day: date, currency: str, reserved: Decimal, cost: Decimal
    ) -> Decimal:
        """Put the real cost in the place of what was set aside; return what the day comes to."""
        ...

    async def spent(self, day: date, currency: str) -> Decimal:
        """What is spent or set aside on a day."""
        ...


class RunBudget:
    """Counts in this process, for evals and preflight, which need no database.

    So the cap of a day holds for each such run by itself: neither what the service spent on that
    day counts here, nor does a run count there. `refused` says that the cap was reached.
    """

    def __init__(self) -> None:
        self.refused = False
        self._days: dict[tuple[date, str], Decimal] = defaultdict(Decimal)

    async def reserve_spend(
        self, day: date, currency: str, amount: Decimal, cap: Decimal
    ) -> Decimal | None:
        """See `Budget`. Nothing else runs between check and addition: there is no await."""
        if self._days[day, currency] + amount > cap:
            self.refused = True
            return None
        self._days[day, currency] += amount
        return self._days[day, currency]

    async def settle_spend(
        self, day: date, currency: str, reserved: Decimal, cost: Decimal
    ) -> Decimal:
        """See `Budget`."""
        self._days[day, currency] += cost - reserved
        return self._days[day, currency]

    async def spent(self, day: date, currency: str) -> Decimal:
        """See `Budget`."""
        return self._days[day, currency]
