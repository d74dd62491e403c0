"""A plugin of pytest: of a test with cases the first one runs, or the first for each clause that their names carry.

    python -m pytest -p host_tests.farm.first_cases ...

The others say no more of the way to the meter. They run where it is short.
"""

from __future__ import annotations

import pytest

from host_tests.support.trace import clauses_in


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps the first of each."""
    kept: dict[tuple[str, ...], pytest.Item] = {}
    for item in items:
        kept.setdefault((item.nodeid.partition("[")[0], *clauses_in(item.nodeid)), item)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept.values()])
    items[:] = kept.values()
