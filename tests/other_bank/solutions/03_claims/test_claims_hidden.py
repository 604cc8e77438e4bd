"""Hidden checks of kata 03."""

import pytest

from letters.claims import verdicts


@pytest.mark.check(points=0.4, step=2)
@pytest.mark.parametrize(("name", "holds"), [("s04", False), ("s05", True)], ids=["s04", "s05"])
def test_counted(student, name, holds):
    """{name}: the verdict is what counting says"""
    verdicts.judge(getattr(student, name), holds, asked=name)
