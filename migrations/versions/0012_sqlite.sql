CREATE TABLE person_particulars (
	person_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	event_idx INTEGER NOT NULL, 
	valid_from DATE NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (person_id, seq), 
	CONSTRAINT particulars_cite_their_event FOREIGN KEY(event_idx) REFERENCES household_event (event_idx), 
	CONSTRAINT particulars_are_of_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT person_particulars_valid_from_is_a_day CHECK (valid_from IS NULL OR valid_from IS date(valid_from,'+0 days'))
);;
CREATE TRIGGER person_particulars_refuses_replacing BEFORE INSERT ON person_particulars BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'person_particulars: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'person_particulars: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM person_particulars WHERE (person_id = NEW.person_id AND seq = NEW.seq)) THEN RAISE(ABORT,'person_particulars: append-only, the row exists') END; END;;
CREATE TRIGGER person_particulars_refuses_update BEFORE UPDATE ON person_particulars BEGIN SELECT RAISE(ABORT,'person_particulars: append-only, no row is ever updated'); END;;
CREATE TRIGGER person_particulars_refuses_delete BEFORE DELETE ON person_particulars BEGIN SELECT RAISE(ABORT,'person_particulars: append-only, no row is ever deleted'); END;;
CREATE TRIGGER person_particulars_cites_the_event_being_recorded BEFORE INSERT ON person_particulars WHEN NEW.event_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'person_particulars: cites another event'); END;;
