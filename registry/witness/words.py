"""What does a cosignature of this witness state, and what not? The additional statement tied to its key (tlog-cosignature)."""

from __future__ import annotations

from typing import Final

STATEMENT_ZH: Final = (
    "仅证明：截至此处，户籍类事件未改动任何权利，权利的每次变更都有公开清单上的原因（规则 P1 至 P6）；不证明登记内容真实"
)
STATEMENT_EN: Final = (
    "rules P1 to P6 held for every leaf up to this size: no household-status event changed a right, and every change has a cause "
    "on the public list; not that the register is true"
)
