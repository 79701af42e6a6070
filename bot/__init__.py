"""The application: its command line, its wiring, its rules (`domain`) and what people see (`views`).

No table is defined here, and nothing here listens to Slack or to the clock: those are the rooms `models`, `handlers` and `jobs`.
Everybody may use `settings`, `database`, `clock` and `errors`; only the command line may import `app`.
"""
