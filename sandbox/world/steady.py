"""Clocks that a test cannot freeze: what waits for the network must not wait for a frozen second."""

import time

# Held in a tuple because freezegun swaps module attributes that are clocks, but does not look inside containers.
_REAL = (time.time, time.monotonic)


def wall() -> float:
    """Real seconds since the epoch, whatever freezegun says."""
    return _REAL[0]()


def monotonic() -> float:
    """Real seconds of a clock that never goes back, whatever freezegun says."""
    return _REAL[1]()
