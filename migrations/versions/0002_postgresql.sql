CREATE TABLE comparison (
	id TEXT COLLATE "C" NOT NULL, 
	compared_at TEXT COLLATE "C" NOT NULL, 
	book TEXT COLLATE "C" NOT NULL, 
	dump_digest BYTEA NOT NULL, 
	valid_at DATE NOT NULL, 
	log_size BIGINT NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT comparison_names_a_book CHECK (book IN ('realty-platform', 'contract-book', 'collective')), 
	CONSTRAINT comparison_names_a_dump_by_its_content CHECK (length(dump_digest) = 32)
);;
CREATE TRIGGER comparison_refuses_truncate BEFORE TRUNCATE ON comparison FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER comparison_refuses_change BEFORE UPDATE OR DELETE ON comparison FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
