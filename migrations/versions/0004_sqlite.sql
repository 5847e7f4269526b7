CREATE TABLE paper (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	what TEXT NOT NULL, 
	about TEXT NOT NULL, 
	log_size INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT paper_what_is_known CHECK (what IN ('sheet-parcel', 'sheet-household', 'sheet-notice', 'sheet-overview', 'sheet-village', 'certificate', 'hand-in', 'sheet-filed', 'certificate-received')), 
	CONSTRAINT paper_is_named_by_its_content CHECK (length(digest) = 32)
);;
CREATE INDEX paper_by_about ON paper (about);;
CREATE TRIGGER paper_refuses_replacing BEFORE INSERT ON paper BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'paper: this session may not write here') WHEN EXISTS (SELECT 1 FROM paper WHERE (id = NEW.id)) THEN RAISE(ABORT,'paper: append-only, the row exists') END; END;;
CREATE TRIGGER paper_refuses_update BEFORE UPDATE ON paper BEGIN SELECT RAISE(ABORT,'paper: append-only, no row is ever updated'); END;;
CREATE TRIGGER paper_refuses_delete BEFORE DELETE ON paper BEGIN SELECT RAISE(ABORT,'paper: append-only, no row is ever deleted'); END;;
