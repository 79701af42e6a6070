"""What Slack refuses in Block Kit lives here: lengths, shapes, duplicates, elements where they do not belong.

Nothing here keeps, sends or shows a block.
The Web API, `response_url` and the answers to submissions come in through `check_message` and `check_view`.
"""

from sandbox.blocks.surfaces import check_message, check_view, input_ids

__all__ = ["check_message", "check_view", "input_ids"]
