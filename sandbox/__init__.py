"""A strict Slack on your own machine lives here: its Web API, its deliveries to the app, its people and its browser page.

Nothing of the bot may: not its models, not its words, not its idea of a team.
The tests and the command line's `demo` come in through `workspace`, `server`, `people.person` and `seed`; the bot itself
only through Slack's public protocol.
"""
