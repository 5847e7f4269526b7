CREATE TABLE delivered_batch (
	id INTEGER NOT NULL, 
	part TEXT NOT NULL, 
	village TEXT NOT NULL, 
	source TEXT NOT NULL, 
	records INTEGER NOT NULL, 
	mark BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT batch_mark_has_32_bytes CHECK (length(mark) = 32)
);;
CREATE INDEX delivered_batch_by_part_village ON delivered_batch (part, village);;
CREATE TABLE delivered_record (
	batch_id INTEGER NOT NULL, 
	pos INTEGER NOT NULL, 
	code TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	shape BLOB, 
	PRIMARY KEY (batch_id, pos), 
	CONSTRAINT record_is_of_a_batch FOREIGN KEY(batch_id) REFERENCES delivered_batch (id)
)
 WITHOUT ROWID;;
CREATE INDEX delivered_record_by_code ON delivered_record (code);;
CREATE TRIGGER delivered_batch_refuses_replacing BEFORE INSERT ON delivered_batch BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'delivered_batch: this session may not write here') WHEN EXISTS (SELECT 1 FROM delivered_batch WHERE (id = NEW.id)) THEN RAISE(ABORT,'delivered_batch: append-only, the row exists') END; END;;
CREATE TRIGGER delivered_batch_refuses_update BEFORE UPDATE ON delivered_batch BEGIN SELECT RAISE(ABORT,'delivered_batch: append-only, no row is ever updated'); END;;
CREATE TRIGGER delivered_batch_refuses_delete BEFORE DELETE ON delivered_batch BEGIN SELECT RAISE(ABORT,'delivered_batch: append-only, no row is ever deleted'); END;;
CREATE TRIGGER delivered_record_refuses_replacing BEFORE INSERT ON delivered_record BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'delivered_record: this session may not write here') WHEN EXISTS (SELECT 1 FROM delivered_record WHERE (batch_id = NEW.batch_id AND pos = NEW.pos)) THEN RAISE(ABORT,'delivered_record: append-only, the row exists') END; END;;
CREATE TRIGGER delivered_record_refuses_update BEFORE UPDATE ON delivered_record BEGIN SELECT RAISE(ABORT,'delivered_record: append-only, no row is ever updated'); END;;
CREATE TRIGGER delivered_record_refuses_delete BEFORE DELETE ON delivered_record BEGIN SELECT RAISE(ABORT,'delivered_record: append-only, no row is ever deleted'); END;;
