CREATE TABLE membership_answer (
	id TEXT NOT NULL, 
	event_idx INTEGER NOT NULL, 
	person_id TEXT NOT NULL, 
	collective_id TEXT NOT NULL, 
	said TEXT NOT NULL, 
	dated DATE NOT NULL, 
	log_size INTEGER NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT collective_says_yes_or_no CHECK (said IN ('yes','no')), 
	CONSTRAINT answer_is_to_a_question FOREIGN KEY(event_idx, person_id, collective_id) REFERENCES membership_query (event_idx, person_id, collective_id), 
	CONSTRAINT membership_answer_dated_is_a_day CHECK (dated IS NULL OR dated IS date(dated,'+0 days'))
);;
CREATE INDEX membership_answer_by_question ON membership_answer (event_idx);;
CREATE TRIGGER membership_answer_refuses_replacing BEFORE INSERT ON membership_answer BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'membership_answer: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'membership_answer: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM membership_answer WHERE (id = NEW.id)) THEN RAISE(ABORT,'membership_answer: append-only, the row exists') END; END;;
CREATE TRIGGER membership_answer_refuses_update BEFORE UPDATE ON membership_answer BEGIN SELECT RAISE(ABORT,'membership_answer: append-only, no row is ever updated'); END;;
CREATE TRIGGER membership_answer_refuses_delete BEFORE DELETE ON membership_answer BEGIN SELECT RAISE(ABORT,'membership_answer: append-only, no row is ever deleted'); END;;
