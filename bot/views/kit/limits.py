"""What Slack takes at most.

Source: Slack's Block Kit reference (section text 3,000 characters, message 50 blocks, view 100 blocks, and so on).
"""

from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3_000
HEADER_TEXT = 150
OPTION_TEXT = 75
TITLE_TEXT = 24
OPTIONS = 100
RADIOS = 10
CHECKBOXES = 10
OVERFLOW = 5
LONGEST_NAME = 60
ALT_TEXT = 2_000
MESSAGE_TEXT = 4_000  # chat.update refuses more (msg_too_long)
# All blocks of a message together: Slack counts about 12,000 characters, containers included, and gives no exact
# number (msg_blocks_too_long; bolt-js#2509 and #2867 measured it), so the JSON itself is held to it.
MESSAGE_JSON = 12_000
VIEW_JSON = 200_000  # a view takes 250 kB (view_too_large); what Slack adds to it needs room too
OWN_VERB = "|"  # what stands between the verb and the row, in a choice that has a verb of its own
