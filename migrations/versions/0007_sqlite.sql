DROP INDEX paper_by_about;;
ALTER TABLE paper RENAME TO paper_0004;;
CREATE TABLE breach (
	id TEXT NOT NULL, 
	found_at TEXT NOT NULL, 
	log_size INTEGER NOT NULL, 
	place TEXT NOT NULL, 
	mark BLOB NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT breach_mark_has_32_bytes CHECK (length(mark) = 32)
);;
CREATE INDEX breach_by_mark ON breach (mark);;
CREATE TABLE paper (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	what TEXT NOT NULL, 
	about TEXT NOT NULL, 
	log_size INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT paper_what_is_known CHECK (what IN ('sheet-parcel', 'sheet-household', 'sheet-notice', 'sheet-overview', 'sheet-village', 'certificate', 'hand-in', 'roster', 'payment-list', 'sheet-filed', 'certificate-received', 'answer')), 
	CONSTRAINT paper_is_named_by_its_content CHECK (length(digest) = 32)
);;
INSERT INTO paper (id, at, what, about, log_size, digest, sealed) SELECT id, at, what, about, log_size, digest, sealed FROM paper_0004;;
DROP TABLE paper_0004;;
CREATE INDEX paper_by_about ON paper (about);;
CREATE TABLE breach_closed (
	breach_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (breach_id), 
	CONSTRAINT closing_is_of_a_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
);;
CREATE TRIGGER paper_refuses_replacing BEFORE INSERT ON paper BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'paper: this session may not write here') WHEN EXISTS (SELECT 1 FROM paper WHERE (id = NEW.id)) THEN RAISE(ABORT,'paper: append-only, the row exists') END; END;;
CREATE TRIGGER paper_refuses_update BEFORE UPDATE ON paper BEGIN SELECT RAISE(ABORT,'paper: append-only, no row is ever updated'); END;;
CREATE TRIGGER paper_refuses_delete BEFORE DELETE ON paper BEGIN SELECT RAISE(ABORT,'paper: append-only, no row is ever deleted'); END;;
CREATE TRIGGER breach_refuses_replacing BEFORE INSERT ON breach BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'breach: this session may not write here') WHEN EXISTS (SELECT 1 FROM breach WHERE (id = NEW.id)) THEN RAISE(ABORT,'breach: append-only, the row exists') END; END;;
CREATE TRIGGER breach_refuses_update BEFORE UPDATE ON breach BEGIN SELECT RAISE(ABORT,'breach: append-only, no row is ever updated'); END;;
CREATE TRIGGER breach_refuses_delete BEFORE DELETE ON breach BEGIN SELECT RAISE(ABORT,'breach: append-only, no row is ever deleted'); END;;
CREATE TRIGGER breach_closed_refuses_replacing BEFORE INSERT ON breach_closed BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'breach_closed: this session may not write here') WHEN EXISTS (SELECT 1 FROM breach_closed WHERE (breach_id = NEW.breach_id)) THEN RAISE(ABORT,'breach_closed: append-only, the row exists') END; END;;
CREATE TRIGGER breach_closed_refuses_update BEFORE UPDATE ON breach_closed BEGIN SELECT RAISE(ABORT,'breach_closed: append-only, no row is ever updated'); END;;
CREATE TRIGGER breach_closed_refuses_delete BEFORE DELETE ON breach_closed BEGIN SELECT RAISE(ABORT,'breach_closed: append-only, no row is ever deleted'); END;;
