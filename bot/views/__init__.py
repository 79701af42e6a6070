"""What people see: pure functions from values to Block Kit, with the reader of each form beside its writer.

No session, no clock, no settings and no Slack library: the same values always give the same screen.
Handlers and jobs come in; views may ask the domain for words, never for data.
"""
