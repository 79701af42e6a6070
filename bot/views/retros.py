"""What people see of retros: the words of `/retro`."""

HELP = """*Retros*
• `/retro trends [team]` – the last 12 sprints as a picture: what was finished, how old the open actions are, who takes part"""
