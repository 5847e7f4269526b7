ALTER TABLE paper DROP CONSTRAINT paper_what_is_known;;
ALTER TABLE paper ADD CONSTRAINT paper_what_is_known CHECK (what IN ('sheet-parcel', 'sheet-household', 'sheet-notice', 'sheet-overview', 'sheet-village', 'certificate', 'hand-in', 'roster', 'payment-list', 'sheet-filed', 'certificate-received', 'answer'));;
CREATE TABLE breach (
	id TEXT COLLATE "C" NOT NULL, 
	found_at TEXT COLLATE "C" NOT NULL, 
	log_size BIGINT NOT NULL, 
	place TEXT COLLATE "C" NOT NULL, 
	mark BYTEA NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT breach_mark_has_32_bytes CHECK (length(mark) = 32)
);;
CREATE INDEX breach_by_mark ON breach (mark);;
CREATE TABLE breach_closed (
	breach_id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (breach_id), 
	CONSTRAINT closing_is_of_a_breach FOREIGN KEY(breach_id) REFERENCES breach (id)
);;
CREATE TRIGGER breach_refuses_truncate BEFORE TRUNCATE ON breach FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER breach_refuses_change BEFORE UPDATE OR DELETE ON breach FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER breach_closed_refuses_truncate BEFORE TRUNCATE ON breach_closed FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER breach_closed_refuses_change BEFORE UPDATE OR DELETE ON breach_closed FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
