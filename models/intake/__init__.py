"""Here are the tables of the intake: events, requests, decisions, nudges and bookings.

No rule is written here beyond constraints. The domain may import it, and whatever shows its rows.
"""
