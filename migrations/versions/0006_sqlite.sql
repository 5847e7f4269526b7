CREATE TABLE settlement_application (
	id TEXT NOT NULL, 
	received_at TEXT NOT NULL, 
	question TEXT NOT NULL, 
	in_stock TEXT NOT NULL, 
	able_in_town TEXT NOT NULL, 
	in_town_since DATE, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT application_says_whether_it_is_stock CHECK (in_stock IN ('yes', 'no', 'unknown')), 
	CONSTRAINT application_says_whether_able_in_town CHECK (able_in_town IN ('yes', 'no', 'unknown')), 
	CONSTRAINT settlement_application_in_town_since_is_a_day CHECK (in_town_since IS NULL OR in_town_since IS date(in_town_since,'+0 days'))
);;
CREATE TABLE unmatched_row (
	row_key BLOB NOT NULL, 
	event_key BLOB NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (row_key)
);;
CREATE TABLE actual_residence (
	person_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	event_idx INTEGER NOT NULL, 
	valid_from DATE NOT NULL, 
	division_code TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (person_id, seq), 
	CONSTRAINT residence_cites_its_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT residence_is_of_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT actual_residence_valid_from_is_a_day CHECK (valid_from IS NULL OR valid_from IS date(valid_from,'+0 days'))
);;
CREATE TABLE membership_query (
	event_idx INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	collective_id TEXT NOT NULL, 
	PRIMARY KEY (event_idx, person_id, collective_id), 
	CONSTRAINT query_cites_its_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT query_is_about_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT query_is_put_to_a_collective FOREIGN KEY(collective_id) REFERENCES party (id)
);;
CREATE INDEX membership_query_by_collective ON membership_query (collective_id);;
CREATE TABLE same_person (
	event_idx INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	same_id TEXT NOT NULL, 
	PRIMARY KEY (event_idx, person_id, same_id), 
	CONSTRAINT same_person_is_named_once CHECK (person_id < same_id), 
	CONSTRAINT same_person_cites_its_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT same_person_is_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT same_person_is_another_row_of_them FOREIGN KEY(same_id) REFERENCES party (id)
);;
CREATE INDEX same_person_by_other ON same_person (same_id);;
CREATE TABLE settlement_application_step (
	application_id TEXT NOT NULL, 
	step TEXT NOT NULL, 
	at TEXT NOT NULL, 
	event_idx INTEGER, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (application_id, step), 
	CONSTRAINT application_step_is_known CHECK (step IN ('recorded','withdrawn')), 
	CONSTRAINT recorded_application_names_its_event CHECK ((step = 'recorded') = (event_idx IS NOT NULL)), 
	CONSTRAINT step_is_of_an_application FOREIGN KEY(application_id) REFERENCES settlement_application (id), 
	CONSTRAINT step_names_an_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx)
);;
CREATE TRIGGER actual_residence_refuses_replacing BEFORE INSERT ON actual_residence BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'actual_residence: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'actual_residence: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM actual_residence WHERE (person_id = NEW.person_id AND seq = NEW.seq)) THEN RAISE(ABORT,'actual_residence: append-only, the row exists') END; END;;
CREATE TRIGGER actual_residence_refuses_update BEFORE UPDATE ON actual_residence BEGIN SELECT RAISE(ABORT,'actual_residence: append-only, no row is ever updated'); END;;
CREATE TRIGGER actual_residence_refuses_delete BEFORE DELETE ON actual_residence BEGIN SELECT RAISE(ABORT,'actual_residence: append-only, no row is ever deleted'); END;;
CREATE TRIGGER actual_residence_cites_the_event_being_recorded BEFORE INSERT ON actual_residence WHEN NEW.event_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'actual_residence: cites another event'); END;;
CREATE TRIGGER membership_query_refuses_replacing BEFORE INSERT ON membership_query BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'membership_query: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'membership_query: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM membership_query WHERE (event_idx = NEW.event_idx AND person_id = NEW.person_id AND collective_id = NEW.collective_id)) THEN RAISE(ABORT,'membership_query: append-only, the row exists') END; END;;
CREATE TRIGGER membership_query_refuses_update BEFORE UPDATE ON membership_query BEGIN SELECT RAISE(ABORT,'membership_query: append-only, no row is ever updated'); END;;
CREATE TRIGGER membership_query_refuses_delete BEFORE DELETE ON membership_query BEGIN SELECT RAISE(ABORT,'membership_query: append-only, no row is ever deleted'); END;;
CREATE TRIGGER membership_query_cites_the_event_being_recorded BEFORE INSERT ON membership_query WHEN NEW.event_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'membership_query: cites another event'); END;;
CREATE TRIGGER same_person_refuses_replacing BEFORE INSERT ON same_person BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'same_person: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'same_person: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM same_person WHERE (event_idx = NEW.event_idx AND person_id = NEW.person_id AND same_id = NEW.same_id)) THEN RAISE(ABORT,'same_person: append-only, the row exists') END; END;;
CREATE TRIGGER same_person_refuses_update BEFORE UPDATE ON same_person BEGIN SELECT RAISE(ABORT,'same_person: append-only, no row is ever updated'); END;;
CREATE TRIGGER same_person_refuses_delete BEFORE DELETE ON same_person BEGIN SELECT RAISE(ABORT,'same_person: append-only, no row is ever deleted'); END;;
CREATE TRIGGER same_person_cites_the_event_being_recorded BEFORE INSERT ON same_person WHEN NEW.event_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'same_person: cites another event'); END;;
CREATE TRIGGER settlement_application_refuses_replacing BEFORE INSERT ON settlement_application BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'settlement_application: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'settlement_application: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM settlement_application WHERE (id = NEW.id)) THEN RAISE(ABORT,'settlement_application: append-only, the row exists') END; END;;
CREATE TRIGGER settlement_application_refuses_update BEFORE UPDATE ON settlement_application BEGIN SELECT RAISE(ABORT,'settlement_application: append-only, no row is ever updated'); END;;
CREATE TRIGGER settlement_application_refuses_delete BEFORE DELETE ON settlement_application BEGIN SELECT RAISE(ABORT,'settlement_application: append-only, no row is ever deleted'); END;;
CREATE TRIGGER settlement_application_step_refuses_replacing BEFORE INSERT ON settlement_application_step BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'settlement_application_step: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'settlement_application_step: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM settlement_application_step WHERE (application_id = NEW.application_id AND step = NEW.step)) THEN RAISE(ABORT,'settlement_application_step: append-only, the row exists') END; END;;
CREATE TRIGGER settlement_application_step_refuses_update BEFORE UPDATE ON settlement_application_step BEGIN SELECT RAISE(ABORT,'settlement_application_step: append-only, no row is ever updated'); END;;
CREATE TRIGGER settlement_application_step_refuses_delete BEFORE DELETE ON settlement_application_step BEGIN SELECT RAISE(ABORT,'settlement_application_step: append-only, no row is ever deleted'); END;;
CREATE TRIGGER unmatched_row_refuses_replacing BEFORE INSERT ON unmatched_row BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'unmatched_row: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'unmatched_row: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM unmatched_row WHERE (row_key = NEW.row_key)) THEN RAISE(ABORT,'unmatched_row: append-only, the row exists') END; END;;
CREATE TRIGGER unmatched_row_refuses_update BEFORE UPDATE ON unmatched_row BEGIN SELECT RAISE(ABORT,'unmatched_row: append-only, no row is ever updated'); END;;
CREATE TRIGGER unmatched_row_refuses_delete BEFORE DELETE ON unmatched_row BEGIN SELECT RAISE(ABORT,'unmatched_row: append-only, no row is ever deleted'); END;;
