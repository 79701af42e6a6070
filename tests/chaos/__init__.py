"""A company's week on a bad week: several real replicas, killed at random, with a Slack that fails now and then.

What people are to be asked is worked out here once more, and never with the bot's own rules.
`make chaos` comes in, and a small week runs with the other tests.
"""
