CREATE TABLE membership_answer (
	id TEXT COLLATE "C" NOT NULL, 
	event_idx BIGINT NOT NULL, 
	person_id TEXT COLLATE "C" NOT NULL, 
	collective_id TEXT COLLATE "C" NOT NULL, 
	said TEXT COLLATE "C" NOT NULL, 
	dated DATE NOT NULL, 
	log_size BIGINT NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT collective_says_yes_or_no CHECK (said IN ('yes','no')), 
	CONSTRAINT answer_is_to_a_question FOREIGN KEY(event_idx, person_id, collective_id) REFERENCES membership_query (event_idx, person_id, collective_id)
);;
CREATE INDEX membership_answer_by_question ON membership_answer (event_idx);;
CREATE TRIGGER membership_answer_refuses_truncate BEFORE TRUNCATE ON membership_answer FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER membership_answer_refuses_change BEFORE UPDATE OR DELETE ON membership_answer FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
