"""What is stored: tables, constraints and relationships, a file a feature.

No rule that needs more than one row and no query lives here, but every rule that SQL can say stands as a constraint.
Everybody may read models; only the domain writes them.
"""
