"""What the clock does, on both databases and on Slack's bad days.

Nothing waits for real time.
Nobody imports from here.
"""
