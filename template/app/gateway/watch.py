"""What people on call see of the spend: metrics, and warnings that are said once a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from app.gateway.tariff import Tariff
from app.telemetry import metrics
from app.telemetry.logs import get_logger

ALARM = Decimal("0.8")  # of the day's cap

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This moment; days begin and end at midnight UTC."""
    return datetime.now(UTC)


class Watch:
    """Follows one model's calls in this process; the day's total is that of all processes."""

    def __init__(self, provider: str, model: str, tariff: Tariff, clock: Clock) -> None:
        self._provider, self._model = provider, model
        self._tariff = tariff
        self._clock = clock
        self._day, self._total = date.min, Decimal(0)
        self._said: dict[str, date] = {}
        metrics.watch_spend(tariff.currency, self._today, tariff.per_day)
        metrics.watch_price(provider, model, self._price_age)

    def day(self) -> date:
        """The day (UTC) it is now."""
        return self._clock().date()

    def begin(self) -> None:
        """Warn of a price that nobody has checked lately."""
        price = self._tariff.price
        if price.stale(self.day()):
            self.warn("model.price_stale", checked_on=price.checked_on, source=price.source)

    def total(self, day: date, total: Decimal) -> None:
        """Take note of what a day comes to, and warn before its cap is reached."""
        if day < self._day:
            return
        self._day, self._total = day, total
        if total > ALARM * self._tariff.per_day:
            self.warn("model.spend_alarm", spent=total)

    def cost(self, amount: Decimal) -> None:
        """Count what one call cost."""
        metrics.model_cost(self._provider, self._model, self._tariff.currency, amount)

    def refused(self, cap: str) -> None:
        """Count a call that a cap did not allow."""
        metrics.model_refused(cap)
        self.warn(f"model.refused_{cap}")

    def warn(self, event: str, **values: object) -> None:
        """Log a warning with the caps and where to change them, once a day in this process."""
        day, tariff = self.day(), self._tariff
        if self._said.get(event) == day:
            return
        self._said[event] = day
        get_logger().warning(
            event,
            provider=self._provider,
            model=self._model,
            per_day=tariff.per_day,
            per_request=tariff.per_request,
            currency=tariff.currency,
            prices_file=tariff.file,
            **values,
        )

    def _today(self) -> float:
        return float(self._total) if self._day == self.day() else 0.0

    def _price_age(self) -> float:
        return self._tariff.price.age_days(self.day())
