CREATE TABLE delivered_batch (
	id BIGINT NOT NULL, 
	part TEXT COLLATE "C" NOT NULL, 
	village TEXT COLLATE "C" NOT NULL, 
	source TEXT COLLATE "C" NOT NULL, 
	records BIGINT NOT NULL, 
	mark BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT batch_mark_has_32_bytes CHECK (length(mark) = 32)
);;
CREATE INDEX delivered_batch_by_part_village ON delivered_batch (part, village);;
CREATE TABLE delivered_record (
	batch_id BIGINT NOT NULL, 
	pos BIGINT NOT NULL, 
	code TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	shape BYTEA, 
	PRIMARY KEY (batch_id, pos), 
	CONSTRAINT record_is_of_a_batch FOREIGN KEY(batch_id) REFERENCES delivered_batch (id)
);;
CREATE INDEX delivered_record_by_code ON delivered_record (code);;
CREATE TRIGGER delivered_batch_refuses_truncate BEFORE TRUNCATE ON delivered_batch FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER delivered_batch_refuses_change BEFORE UPDATE OR DELETE ON delivered_batch FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER delivered_record_refuses_truncate BEFORE TRUNCATE ON delivered_record FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER delivered_record_refuses_change BEFORE UPDATE OR DELETE ON delivered_record FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
