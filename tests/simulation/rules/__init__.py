"""What holds after every step, whatever happened: a file a subject, each rule a function with a sentence.

A rule works its answer out by itself, from what is stored and what stands in Slack. Whoever lives through a company comes in.
"""

from tests.simulation.rules import outbox, people, turns
from tests.simulation.rules.register import RULES, Rule, Seen

__all__ = ["RULES", "Rule", "Seen", "outbox", "people", "turns"]
