"""What is printed and filed of a cosignature: the receipt as a sheet of A4, made only of what verifies under a policy."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from gis.sheets import Column, Sheet, SheetTable, sheets_pdf
from registry.ledger.verify.note import check
from registry.witness.receipt import moment
from registry.witness.words import STATEMENT_EN, STATEMENT_ZH

if TYPE_CHECKING:
    from registry.ledger.verify.note import Policy


def receipt_pdf(note: bytes, policy: Policy) -> bytes:
    """The receipt of a cosigned checkpoint. VerifyError where log or quorum do not hold: then there is nothing to print."""
    found = check(note, policy)
    told = found.checkpoint
    root = b64encode(told.root).decode("ascii")
    return sheets_pdf(
        [
            Sheet(
                title="监督签名回执",
                subtitle="RECEIPT OF A COSIGNATURE",
                facts=[
                    ("账本 log", told.origin),
                    ("条数 size", str(told.size)),
                    ("根 root", root),
                    ("登记机构的签名 signed by the log", f"{found.log.name} ({found.log.key_id.hex()})"),
                ],
                tables=[
                    SheetTable(
                        "监督签名 COSIGNED BY",
                        (Column("监督机构 witness", 70), Column("编号 id", 30), Column("签于 when")),
                        [
                            (each.key.name, each.key.key_id.hex(), moment(each.time or 0))
                            for each in found.cosigned
                        ],
                    )
                ],
                seals=("监督机关（盖章）", "登记机构（盖章）"),
                signs=("监督人：", "经办人：", "日期："),
                notes=(STATEMENT_ZH, STATEMENT_EN),
                foot=note.decode().rpartition("\n\n")[2].replace("\n", "  "),
            )
        ]
    )
