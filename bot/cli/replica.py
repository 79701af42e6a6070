"""`prickle serve` from its first line: what it needs is imported inside, so that it starts fast."""

import gc
import sys

MALFORMED_SETTING = 2


def serve() -> int:
    """Run the bot until it is told to stop. Returns the command's exit status; what a person can mend is said in a sentence."""
    # Nearly everything that is loaded now stays: looking through it again and again would be an eighth of the start.
    gc.disable()
    from bot.platform import logs, settings, stopping

    try:
        chosen = settings.load()
    except settings.SettingsError as error:
        return _failed(str(error), MALFORMED_SETTING)
    logs.configure(chosen.log_level, chosen.log_format)
    stopped = stopping.on_signal()
    from bot.cli.serve import StartError, run

    try:
        run(chosen, stopped)
    except StartError as error:
        return _failed(str(error))
    return 0


def _failed(words: str, code: int = 1) -> int:
    sys.stderr.write(f"{words}\n")
    return code
