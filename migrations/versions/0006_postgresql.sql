CREATE TABLE settlement_application (
	id TEXT COLLATE "C" NOT NULL, 
	received_at TEXT COLLATE "C" NOT NULL, 
	question TEXT COLLATE "C" NOT NULL, 
	in_stock TEXT COLLATE "C" NOT NULL, 
	able_in_town TEXT COLLATE "C" NOT NULL, 
	in_town_since DATE, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT application_says_whether_it_is_stock CHECK (in_stock IN ('yes', 'no', 'unknown')), 
	CONSTRAINT application_says_whether_able_in_town CHECK (able_in_town IN ('yes', 'no', 'unknown'))
);;
CREATE TABLE unmatched_row (
	row_key BYTEA NOT NULL, 
	event_key BYTEA NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (row_key)
);;
CREATE TABLE actual_residence (
	person_id TEXT COLLATE "C" NOT NULL, 
	seq BIGINT NOT NULL, 
	event_idx BIGINT NOT NULL, 
	valid_from DATE NOT NULL, 
	division_code TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (person_id, seq), 
	CONSTRAINT residence_cites_its_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT residence_is_of_a_person FOREIGN KEY(person_id) REFERENCES party (id)
);;
CREATE TABLE membership_query (
	event_idx BIGINT NOT NULL, 
	person_id TEXT COLLATE "C" NOT NULL, 
	collective_id TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (event_idx, person_id, collective_id), 
	CONSTRAINT query_cites_its_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT query_is_about_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT query_is_put_to_a_collective FOREIGN KEY(collective_id) REFERENCES party (id)
);;
CREATE INDEX membership_query_by_collective ON membership_query (collective_id);;
CREATE TABLE same_person (
	event_idx BIGINT NOT NULL, 
	person_id TEXT COLLATE "C" NOT NULL, 
	same_id TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (event_idx, person_id, same_id), 
	CONSTRAINT same_person_is_named_once CHECK (person_id < same_id), 
	CONSTRAINT same_person_cites_its_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT same_person_is_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT same_person_is_another_row_of_them FOREIGN KEY(same_id) REFERENCES party (id)
);;
CREATE INDEX same_person_by_other ON same_person (same_id);;
CREATE TABLE settlement_application_step (
	application_id TEXT COLLATE "C" NOT NULL, 
	step TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	event_idx BIGINT, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (application_id, step), 
	CONSTRAINT application_step_is_known CHECK (step IN ('recorded','withdrawn')), 
	CONSTRAINT recorded_application_names_its_event CHECK ((step = 'recorded') = (event_idx IS NOT NULL)), 
	CONSTRAINT step_is_of_an_application FOREIGN KEY(application_id) REFERENCES settlement_application (id), 
	CONSTRAINT step_names_an_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx)
);;
CREATE TRIGGER settlement_application_refuses_truncate BEFORE TRUNCATE ON settlement_application FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER settlement_application_refuses_change BEFORE UPDATE OR DELETE ON settlement_application FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER unmatched_row_refuses_truncate BEFORE TRUNCATE ON unmatched_row FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER unmatched_row_refuses_change BEFORE UPDATE OR DELETE ON unmatched_row FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER actual_residence_refuses_truncate BEFORE TRUNCATE ON actual_residence FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER actual_residence_refuses_change BEFORE UPDATE OR DELETE ON actual_residence FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER membership_query_refuses_truncate BEFORE TRUNCATE ON membership_query FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER membership_query_refuses_change BEFORE UPDATE OR DELETE ON membership_query FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER same_person_refuses_truncate BEFORE TRUNCATE ON same_person FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER same_person_refuses_change BEFORE UPDATE OR DELETE ON same_person FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER settlement_application_step_refuses_truncate BEFORE TRUNCATE ON settlement_application_step FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER settlement_application_step_refuses_change BEFORE UPDATE OR DELETE ON settlement_application_step FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER actual_residence_guard_event_row BEFORE INSERT ON actual_residence FOR EACH ROW EXECUTE FUNCTION guard_event_row();;
CREATE TRIGGER membership_query_guard_event_row BEFORE INSERT ON membership_query FOR EACH ROW EXECUTE FUNCTION guard_event_row();;
CREATE TRIGGER same_person_guard_event_row BEFORE INSERT ON same_person FOR EACH ROW EXECUTE FUNCTION guard_event_row();;
