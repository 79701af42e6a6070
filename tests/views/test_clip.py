"""Cutting a text loses only what is cut."""

import html

from hypothesis import example, given
from hypothesis import strategies as st

from bot.views import kit

words = st.text(alphabet=st.sampled_from("ab &<>;…\nRD") | st.characters(exclude_categories=["Cs"]), max_size=80)
lengths = st.integers(min_value=1, max_value=60)
LONGEST_ESCAPED = len("&amp;")


@given(words, lengths)
@example("R&D, and then thirty items more, all of which are to be seen", 40)
@example("a < b and c > d, which is a long sentence in which nothing else is escaped", 60)
def test_what_a_person_typed_is_cut_at_the_end_and_nowhere_else(typed: str, length: int) -> None:
    safe = kit.escape(typed)
    cut = kit.clip(safe, length)
    assert len(cut) <= length
    if len(safe) <= length:
        assert cut == safe
        return
    kept = cut.removesuffix("…")
    assert safe.startswith(kept)
    assert len(kept) > length - 1 - LONGEST_ESCAPED, "at most the one character on the edge is lost beside"
    assert typed.startswith(html.unescape(kept)), "no escaped character is torn"


def test_thirty_items_with_one_ampersand_show_almost_all() -> None:
    items = "\n".join(f"• Item number {number}, which is long enough" for number in range(30))
    lines = kit.clip(kit.escape(f"• R&D\n{items}"), 1_000).splitlines()
    assert len(lines) > 24
    assert lines[0] == "• R&amp;D"


def test_a_mention_or_a_link_on_the_edge_goes_as_a_whole() -> None:
    assert kit.clip("Ask <@U000001001> or <#C000001>", 12) == "Ask …"
    assert kit.clip("Ask <@U000001001> or <#C000001>", 26) == "Ask <@U000001001> or …"
    assert kit.clip("See <https://example.com/a|the plan>", 20) == "See …"
