"""Traces: one span for each request, sampled by ratio, ids in every log line."""

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased


def provider(service: str, ratio: float) -> TracerProvider:
    """A tracer provider for this process. `ratio` in [0, 1] is the share of traces recorded."""
    return TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(ratio)),
        resource=Resource.create({"service.name": service}),
    )
