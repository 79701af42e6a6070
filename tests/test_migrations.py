"""How far the schema is, told without Alembic."""

import subprocess
import sys

from alembic.script import ScriptDirectory

from bot.serving import migrate


def test_the_revisions_are_those_that_alembic_walks_and_the_last_one_is_the_newest() -> None:
    scripts = ScriptDirectory("migrations")
    walked = [script.revision for script in scripts.walk_revisions()]
    assert migrate.revisions() == walked[::-1]
    assert migrate.revisions()[-1] == scripts.get_current_head()


def test_what_few_need_is_not_loaded_to_serve() -> None:
    heavy = ("alembic", "holidays", "rapidfuzz", "matplotlib", "numpy", "PIL", "pygments", "sandbox", "typer", "click")
    code = f"import sys, bot.start, bot.cli.replica, bot.cli.serve; print([each for each in {heavy} if each in sys.modules])"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "[]"
