"""May a module import this? The `only` contract: a closed list instead of a list of bans.

import-linter's own `forbidden` names what is refused, so a package added tomorrow is allowed by oversight.
Files that strangers run (`registry/ledger/verify/`) need the other way round: the standard library, what
`allowed` names, and nothing else.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck

if TYPE_CHECKING:
    from grimp import ImportGraph


class OnlyContract(Contract):
    """Each of `modules` may import the standard library and `allowed` (with all that is below).

    Direct imports only: what `allowed` imports in its turn is held by a contract of its own.
    """

    type_name = "only"

    modules: Any = fields.ListField(subfield=fields.ModuleField())
    allowed: Any = fields.ListField(subfield=fields.StringField(), required=False, default=())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 (import-linter's signature)
        """Find every import beyond the list; a module that is not there breaks the contract too."""
        faults = []
        for module in self.modules:
            if module.name not in graph.modules:
                faults.append(f"{module.name} does not exist")
                continue
            own = {module.name, *graph.find_descendants(module.name)}
            for importer in sorted(own):
                for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                    if imported not in own and not self._is_allowed(imported):
                        lines = [
                            d["line_number"]
                            for d in graph.get_import_details(importer=importer, imported=imported)
                        ]
                        faults.append(f"{importer} (line {', '.join(map(str, lines))}) -> {imported}")
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import beyond the list."""
        for fault in check.metadata["faults"]:
            output.print_error(f"- {fault}", bold=False)
        output.new_line()

    def _is_allowed(self, imported: str) -> bool:
        if imported.partition(".")[0] in sys.stdlib_module_names:
            return True
        return any(imported == name or imported.startswith(f"{name}.") for name in self.allowed)
