"""Is a subsidy list what the register says, before it is paid: last year, this year, the reason of each difference?"""

from __future__ import annotations

from registry.subsidies.check import check_list
from registry.subsidies.model import Line, SubsidyCheck
from registry.subsidies.read import HukouColumnError, ListRefusedError
from registry.subsidies.sheet import sheet, write_sheet

__all__ = ["HukouColumnError", "Line", "ListRefusedError", "SubsidyCheck", "check_list", "sheet", "write_sheet"]
