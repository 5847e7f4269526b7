CREATE TABLE person_particulars (
	person_id TEXT COLLATE "C" NOT NULL, 
	seq BIGINT NOT NULL, 
	event_idx BIGINT NOT NULL, 
	valid_from DATE NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (person_id, seq), 
	CONSTRAINT particulars_cite_their_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT particulars_are_of_a_person FOREIGN KEY(person_id) REFERENCES party (id)
);;
CREATE TRIGGER person_particulars_refuses_truncate BEFORE TRUNCATE ON person_particulars FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER person_particulars_refuses_change BEFORE UPDATE OR DELETE ON person_particulars FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER person_particulars_guard_event_row BEFORE INSERT ON person_particulars FOR EACH ROW EXECUTE FUNCTION guard_event_row();;
