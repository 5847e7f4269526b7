"""How does the log leave the house: tiles that any web server may hand out, under a checkpoint that its own key signed.

*Head*: the last signed checkpoint, kept beside the private keys and outside the database. *Key*: Ed25519, its private half
sealed in a file of mode 600, its public half on the log itself. Nothing is signed that could still be lost.
"""

from registry.ledger.publishing.head import (
    CHECKPOINT_FILE,
    HEAD_FILE,
    DatabaseBehindError,
    DatabaseForkedError,
    HeadUnreadableError,
    read_head,
    refuse_behind,
)
from registry.ledger.publishing.key_files import KeyLockedError, LogKeyFileError
from registry.ledger.publishing.keys import KeyNotThereError, KeyStandsError, create, revoke, rotate
from registry.ledger.publishing.keys_on_log import LogKey, keys_on_log, losses_on_log, policy_text
from registry.ledger.publishing.publisher import (
    STEPS,
    NoLogKeyError,
    Published,
    PublisherBusyError,
    ReadBackError,
    TileDiffersError,
    publish,
    tile_bytes,
)
from registry.ledger.publishing.successor import (
    LossNotSaidError,
    Lost,
    NameTakenError,
    NothingLostError,
    ReasonRefusedError,
    Succeeded,
    lost,
    succeed,
)

__all__ = [
    "CHECKPOINT_FILE",
    "HEAD_FILE",
    "STEPS",
    "DatabaseBehindError",
    "DatabaseForkedError",
    "HeadUnreadableError",
    "KeyLockedError",
    "KeyNotThereError",
    "KeyStandsError",
    "LogKey",
    "LogKeyFileError",
    "LossNotSaidError",
    "Lost",
    "NameTakenError",
    "NoLogKeyError",
    "NothingLostError",
    "Published",
    "PublisherBusyError",
    "ReadBackError",
    "ReasonRefusedError",
    "Succeeded",
    "TileDiffersError",
    "create",
    "keys_on_log",
    "losses_on_log",
    "lost",
    "policy_text",
    "publish",
    "read_head",
    "refuse_behind",
    "revoke",
    "rotate",
    "succeed",
    "tile_bytes",
]
