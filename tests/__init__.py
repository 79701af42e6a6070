"""The tests live here, in rooms that mirror the house's.

Nothing that runs outside of a test may.
Nobody imports from here but the tests themselves.
"""
