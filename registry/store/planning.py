"""How is a question planned that reads whole tables?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def plan_for_values(connection: Connection) -> None:
    """From here to the end of the transaction PostgreSQL plans each question for its own values, and compiles none.

    A reading session plans for any values (`engines`): right for an answer by an index, four times as slow for a count over
    all people; compiling its expressions takes three seconds more than it saves (both measured over 100,000 people). It takes
    the rows of a recursive question for few and compares each with each: 35 s there, so it may not. The embedded file always
    plans for any value.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
        connection.exec_driver_sql("SET LOCAL jit = off")
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
