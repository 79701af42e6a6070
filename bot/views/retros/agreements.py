"""What people see of standing agreements."""

from collections.abc import Sequence

from bot.views import kit
from bot.views.kit import Block
from models.retros import Agreement

RETIRE = "agreement_retire"


def lines(standing: Sequence[Agreement]) -> list[str]:
    """The agreements, one a line."""
    return ["*What we agreed on*", *(f"🤝 {kit.escape(each.text)}" for each in standing)] if standing else []


def rows(standing: Sequence[Agreement]) -> list[Block]:
    """The agreements, each with the button that retires it."""
    if not standing:
        return []
    ask = kit.confirmation("Retire it?", "The next retro won't show it any more.", "Retire it")
    return [
        kit.section("*What we agreed on*"),
        *(
            kit.section(
                f"🤝 {kit.escape(each.text)}", kit.button("Retire", f"{RETIRE}_{each.id}", str(each.id), confirm=ask)
            )
            for each in standing
        ),
    ]
