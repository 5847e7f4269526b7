CREATE TABLE paper (
	id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	what TEXT COLLATE "C" NOT NULL, 
	about TEXT COLLATE "C" NOT NULL, 
	log_size BIGINT NOT NULL, 
	digest BYTEA NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT paper_what_is_known CHECK (what IN ('sheet-parcel', 'sheet-household', 'sheet-notice', 'sheet-overview', 'sheet-village', 'certificate', 'hand-in', 'sheet-filed', 'certificate-received')), 
	CONSTRAINT paper_is_named_by_its_content CHECK (length(digest) = 32)
);;
CREATE INDEX paper_by_about ON paper (about);;
CREATE TRIGGER paper_refuses_truncate BEFORE TRUNCATE ON paper FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER paper_refuses_change BEFORE UPDATE OR DELETE ON paper FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
