"""`prickle`. A replica serves without the library of which the other commands are made: it would be a part of its memory."""

import sys


def main() -> None:
    """Run the command that was typed."""
    if sys.argv[1:] == ["serve"]:
        from bot.cli import replica

        sys.exit(replica.serve())
    from bot.__main__ import app

    app()


if __name__ == "__main__":
    main()
