CREATE TABLE comparison (
	id TEXT NOT NULL, 
	compared_at TEXT NOT NULL, 
	book TEXT NOT NULL, 
	dump_digest BLOB NOT NULL, 
	valid_at DATE NOT NULL, 
	log_size INTEGER NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT comparison_names_a_book CHECK (book IN ('realty-platform', 'contract-book', 'collective')), 
	CONSTRAINT comparison_names_a_dump_by_its_content CHECK (length(dump_digest) = 32), 
	CONSTRAINT comparison_valid_at_is_a_day CHECK (valid_at IS NULL OR valid_at IS date(valid_at,'+0 days'))
);;
CREATE TRIGGER comparison_refuses_replacing BEFORE INSERT ON comparison BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'comparison: this session may not write here') WHEN EXISTS (SELECT 1 FROM comparison WHERE (id = NEW.id)) THEN RAISE(ABORT,'comparison: append-only, the row exists') END; END;;
CREATE TRIGGER comparison_refuses_update BEFORE UPDATE ON comparison BEGIN SELECT RAISE(ABORT,'comparison: append-only, no row is ever updated'); END;;
CREATE TRIGGER comparison_refuses_delete BEFORE DELETE ON comparison BEGIN SELECT RAISE(ABORT,'comparison: append-only, no row is ever deleted'); END;;
