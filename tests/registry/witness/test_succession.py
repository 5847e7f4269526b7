"""Does the witness take on a log that goes on after a loss only by its inspector's word, and only for what can have been lost?"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.ledger.entry import k_leaf
from registry.ledger.signing import Signer, log_signer, note
from registry.ledger.verify.note import Checkpoint, parse_note
from registry.witness import command, settings
from registry.witness.protocol import Witness, request
from registry.witness.refusals import AlreadyThereError, NotWatchedError, SettingsUnreadableError
from registry.witness.settings import Settings, Watched
from registry.witness.store import Store
from tests.registry.witness import made_up_log
from tests.registry.witness.made_up_log import AT, LOG, ORIGIN, STRANGER, TIME, WITNESS, Log, sound

if TYPE_CHECKING:
    from registry.witness.protocol import Answer
    from registry.witness.store import Evidence

NAME = "log.example/sanquan-2"
NEXT = log_signer(NAME, bytes(range(96, 128)))
THIRD = log_signer("log.example/sanquan-3", bytes(range(128, 160)))
FIRST = 6


@dataclass
class Named:
    """What a K says was lost: by default the truth about `sound()`, of which entries 6 to 8 are gone."""

    first: int = FIRST
    size: int = 9
    root: bytes = b""
    origin: str = ORIGIN
    signer: Signer = LOG
    new: Signer = NEXT

    def lines(self, old: Log) -> list[str]:
        """The lines of the K."""
        root = self.root or old.root(self.size)
        head = parse_note(note(text := str(Checkpoint(self.origin, self.size, root)), [self.signer.sign(text)]))
        (line,) = head.lines
        return [
            f"succeeds {self.origin} {self.size} {base64.b64encode(root).decode()}",
            f"lost {self.first}-{self.size - 1}",
            f"signed {line.name} {base64.b64encode(line.key_id + line.signature).decode()}",
            "because 磁盘坏了",
            f"log {self.new.key}",
        ]


def gone_on(old: Log, named: Named | None = None) -> Log:
    """The older copy of a log, a K that names a loss, the state once more, an event since."""
    told = named or Named()
    log = old.forked(told.first, "")
    log.leaves.append(k_leaf(AT, told.lines(old)))
    return log.state().event()


def watching(folder: Path, *succeeds: tuple[Signer, str]) -> Witness:
    """A witness of the old log, and of each successor by its inspector's word."""
    folder.mkdir(parents=True, exist_ok=True)
    logs = [Watched(ORIGIN, (LOG.key,), folder / "log.key")]
    logs += [Watched(signer.key.name, (signer.key,), folder / "log.key", of) for signer, of in succeeds]
    made = Settings(folder, {log.origin: log for log in logs})
    return Witness(made, Store(made.store_file), WITNESS, lambda: TIME)


def asked(witness: Witness, log: Log, signer: Signer = NEXT, old: int = 0) -> Answer:
    """Hand over all that is new and ask for a line over the head."""
    origin = signer.key.name
    assert witness.deposit(origin, old, log.handed(old)).status == 200
    text = str(Checkpoint(origin, log.size, log.root(log.size)))
    return witness.add_checkpoint(request(old, log.proof(old), note(text, [signer.sign(text)])))


def kept(witness: Witness) -> list[Evidence]:
    """The evidence."""
    with witness.store.reading() as change:
        return change.evidence()


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """It has cosigned the old log whole, and its inspector has said yes to the successor."""
    found = watching(tmp_path, (NEXT, ORIGIN))
    made_up_log.cosigned(found, sound())
    return found


def test_successor_is_cosigned_and_the_receipt_has_what_was_lost(witness: Witness) -> None:
    """Judged from entry 0 on, with the pairs: no state is taken over on trust; then it grows as any log."""
    log = gone_on(sound())
    answer = asked(witness, log)
    assert answer.status == 200, answer.body.decode()
    assert answer.judged is not None
    ((zh, en),) = answer.judged.said
    assert all(text in zh for text in ("第 6 至 8 条", ORIGIN, "磁盘坏了", "第 6 至 8 条我们签过"))
    assert "we cosigned 6 to 8" in en
    size = log.size
    assert asked(witness, log.act("right-9").state(), old=size).status == 200
    assert kept(witness) == []


def test_loss_of_what_was_never_cosigned_is_taken_on(tmp_path: Path) -> None:
    """The witness was here before the lost entries came."""
    witness = watching(tmp_path, (NEXT, ORIGIN))
    made_up_log.cosigned(witness, sound().forked(5, ""))
    answer = asked(witness, gone_on(sound()))
    assert (answer.status, answer.judged is not None and "没有签过" in answer.judged.said[0][0]) == (200, True)


def test_witness_that_saw_the_old_log_never_takes_the_loss_as_it_is_told(tmp_path: Path) -> None:
    """Nothing of ours contradicts it: the receipt says that none of it was cosigned here."""
    answer = asked(watching(tmp_path, (NEXT, ORIGIN)), gone_on(sound()))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (Named(size=8), "多出的被瞒下了"),
        (Named(root=bytes(32)), "两个根"),
        (Named(signer=STRANGER), "没有旧账的签名"),
        (Named(origin="other.example/log", signer=log_signer("other.example/log", bytes(range(32)))), "监督人的话"),
    ],
)
def test_loss_that_is_not_what_was_lost_is_refused_and_kept(witness: Witness, named: Named, words: str) -> None:
    """An older head than we cosigned, another root, no signature of the old log, another log."""
    answer = asked(witness, gone_on(sound(), named))
    assert answer.status == 422
    assert words in answer.body.decode()
    (found,) = kept(witness)
    with witness.store.reading() as change:
        head = change.head(ORIGIN)
    assert head is not None
    assert (found.kind, found.origin, found.ours) == ("hidden", NAME, head.note)


def test_head_that_the_old_log_signed_otherwise_is_no_head_of_it(witness: Witness) -> None:
    """Its own signature under another size than it signed."""
    log = gone_on(sound())
    log.leaves[FIRST] = log.leaves[FIRST].replace(f"{ORIGIN} 9 ".encode(), f"{ORIGIN} 10 ".encode()).replace(b"6-8", b"6-9")
    answer = asked(witness, log)
    assert (answer.status, "没有旧账的签名" in answer.body.decode()) == (422, True)


def test_entries_that_are_left_are_those_that_were_cosigned(witness: Witness) -> None:
    """An entry altered on the way back is named."""
    old = sound()
    old.leaves[4] = old.leaves[4].replace(b'"c":["B', b'"c":["A')
    answer = asked(witness, gone_on(old, Named(root=sound().root(9))))
    assert answer.status == 422
    assert "第 4 条" in answer.body.decode()


def test_no_successor_without_the_inspectors_word(tmp_path: Path) -> None:
    """An origin that nobody told of is 404; one that is watched as a log of its own names no loss; and none comes later."""
    witness = watching(tmp_path / "a")
    text = str(Checkpoint(NAME, 1, bytes(32)))
    assert witness.add_checkpoint(request(0, [], note(text, [NEXT.sign(text)]))).status == 404
    witness = watching(tmp_path / "b", (NEXT, ""))
    assert asked(witness, gone_on(sound())).status == 422
    witness = watching(tmp_path / "c", (NEXT, ORIGIN))
    made_up_log.cosigned(witness, sound())
    assert asked(witness, gone_on(sound())).status == 200
    log = gone_on(sound())
    size = log.size
    log.leaves.append(k_leaf(AT, Named(first=size, size=size + 1, root=bytes(32)).lines(sound())))
    assert asked(witness, log.state(), old=size).status == 422


def test_log_that_hides_its_loss_is_no_successor(witness: Witness) -> None:
    """The inspector said that it succeeds another one: then it must say what was lost."""
    answer = asked(witness, sound().forked(FIRST, "").event())
    assert answer.status == 422
    assert "没有写明接续" in answer.body.decode()


def test_old_log_is_cosigned_no_further_once_it_was_succeeded(witness: Witness) -> None:
    """Two logs that both go on would be two histories; before that, the old one may still grow."""
    old = sound().event()
    made_up_log.cosigned(witness, old, 9)
    assert asked(witness, gone_on(sound())).status == 422
    assert asked(witness, gone_on(old, Named(size=10))).status == 200
    size = old.size
    old.event()
    assert witness.deposit(ORIGIN, size, old.handed(size)).status == 200
    answer = witness.add_checkpoint(old.request(size))
    assert (answer.status, NAME in answer.body.decode()) == (422, True)
    assert [each.kind for each in kept(witness)] == ["hidden", "ended"]


def test_successor_of_a_successor_is_held_to_both(tmp_path: Path) -> None:
    """Each loss by what was cosigned of its own log."""
    witness = watching(tmp_path, (NEXT, ORIGIN), (THIRD, NAME))
    made_up_log.cosigned(witness, sound())
    second = gone_on(sound())
    assert asked(witness, second).status == 200
    named = Named(first=second.size - 1, size=second.size, origin=NAME, signer=NEXT, new=THIRD)
    answer = asked(witness, gone_on(second, named), THIRD)
    assert answer.status == 200, answer.body.decode()
    assert answer.judged is not None
    assert len(answer.judged.said) == 2


def test_inspector_types_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`witness successor`: the settings name it; a log that is not watched, one twice, a wrong file are refused."""
    settings.create(tmp_path, str(LOG.key), tmp_path / "elsewhere")
    line = ["successor", str(tmp_path), "--of", ORIGIN, "--log", str(NEXT.key)]
    assert command.main(line) == command.WELL
    assert "签到第 0 条" in capsys.readouterr().out
    made = settings.load(tmp_path)
    assert (made.logs[NAME].succeeds, made.logs[NAME].private_key) == (ORIGIN, tmp_path / "elsewhere")
    assert list(made.before(made.logs[NAME])) == [ORIGIN]
    assert command.main(["status", str(tmp_path)]) == command.WELL
    assert f"{NAME} 接续 succeeds {ORIGIN}" in capsys.readouterr().out
    for vkey, of, refusal in (
        (str(NEXT.key), ORIGIN, AlreadyThereError),
        (str(THIRD.key), ORIGIN, AlreadyThereError),
        (str(THIRD.key), "nobody.example/log", NotWatchedError),
    ):
        with pytest.raises(refusal):
            settings.add_successor(tmp_path, vkey, of, None)
    settings.add_successor(tmp_path, str(THIRD.key), NAME, tmp_path / "other")
    assert list(settings.load(tmp_path).before(settings.load(tmp_path).logs[THIRD.key.name])) == [NAME, ORIGIN]
    file = tmp_path / settings.SETTINGS_FILE
    file.write_text(file.read_text("utf-8").replace(f'succeeds = "{ORIGIN}"', 'succeeds = "nobody"'), "utf-8")
    with pytest.raises(SettingsUnreadableError, match="succeeds"):
        settings.load(tmp_path)
