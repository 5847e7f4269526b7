CREATE TABLE case_file (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	challenges TEXT, 
	entry_idx INTEGER NOT NULL, 
	cls TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT case_is_opened_by_a_step CHECK (cls = 'C'), 
	CONSTRAINT case_challenges_another CHECK (challenges <> id), 
	CONSTRAINT case_challenges_a_case FOREIGN KEY(challenges) REFERENCES case_file (id), 
	CONSTRAINT case_has_its_entry FOREIGN KEY(entry_idx, cls) REFERENCES ledger_entry (idx, cls)
);;
CREATE INDEX case_file_by_challenged ON case_file (challenges);;
CREATE TABLE case_step (
	case_id TEXT NOT NULL, 
	n INTEGER NOT NULL, 
	follows INTEGER, 
	step TEXT NOT NULL, 
	at TEXT NOT NULL, 
	entry_idx INTEGER NOT NULL, 
	cls TEXT NOT NULL, 
	act_idx INTEGER, 
	act_cls TEXT, 
	PRIMARY KEY (case_id, n), 
	CONSTRAINT steps_are_numbered_without_gap CHECK ((n = 1 AND follows IS NULL) OR (n > 1 AND follows IS NOT NULL AND follows = n - 1)), 
	CONSTRAINT step_is_a_step CHECK (cls = 'C'), 
	CONSTRAINT step_names_its_act_whole CHECK ((act_idx IS NULL) = (act_cls IS NULL)), 
	CONSTRAINT step_writes_acts_only CHECK (act_cls = 'R'), 
	CONSTRAINT act_follows_its_step CHECK (act_idx > entry_idx), 
	CONSTRAINT step_is_of_a_case FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT step_follows_another FOREIGN KEY(case_id, follows) REFERENCES case_step (case_id, n), 
	CONSTRAINT step_has_its_entry FOREIGN KEY(entry_idx, cls) REFERENCES ledger_entry (idx, cls), 
	CONSTRAINT step_has_its_act_at_commit FOREIGN KEY(act_idx, act_cls) REFERENCES ledger_entry (idx, cls) DEFERRABLE INITIALLY DEFERRED
);;
CREATE TABLE case_subject (
	case_id TEXT NOT NULL, 
	thing_id TEXT NOT NULL, 
	entry_idx INTEGER NOT NULL, 
	PRIMARY KEY (case_id, thing_id, entry_idx), 
	CONSTRAINT subject_is_of_a_case FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT case_is_about_a_guarded_thing FOREIGN KEY(thing_id) REFERENCES thing (id), 
	CONSTRAINT subject_has_its_entry FOREIGN KEY(entry_idx) REFERENCES ledger_entry (idx)
);;
CREATE INDEX case_subject_by_thing ON case_subject (thing_id);;
CREATE TRIGGER case_file_refuses_replacing BEFORE INSERT ON case_file BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'case_file: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'case_file: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM case_file WHERE (id = NEW.id)) THEN RAISE(ABORT,'case_file: append-only, the row exists') END; END;;
CREATE TRIGGER case_file_refuses_update BEFORE UPDATE ON case_file BEGIN SELECT RAISE(ABORT,'case_file: append-only, no row is ever updated'); END;;
CREATE TRIGGER case_file_refuses_delete BEFORE DELETE ON case_file BEGIN SELECT RAISE(ABORT,'case_file: append-only, no row is ever deleted'); END;;
CREATE TRIGGER case_file_cites_the_step_being_recorded BEFORE INSERT ON case_file WHEN NEW.entry_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'case_file: cites another step'); END;;
CREATE TRIGGER case_subject_refuses_replacing BEFORE INSERT ON case_subject BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'case_subject: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'case_subject: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM case_subject WHERE (case_id = NEW.case_id AND thing_id = NEW.thing_id AND entry_idx = NEW.entry_idx)) THEN RAISE(ABORT,'case_subject: append-only, the row exists') END; END;;
CREATE TRIGGER case_subject_refuses_update BEFORE UPDATE ON case_subject BEGIN SELECT RAISE(ABORT,'case_subject: append-only, no row is ever updated'); END;;
CREATE TRIGGER case_subject_refuses_delete BEFORE DELETE ON case_subject BEGIN SELECT RAISE(ABORT,'case_subject: append-only, no row is ever deleted'); END;;
CREATE TRIGGER case_subject_cites_the_step_being_recorded BEFORE INSERT ON case_subject WHEN NEW.entry_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'case_subject: cites another step'); END;;
CREATE TRIGGER case_step_refuses_replacing BEFORE INSERT ON case_step BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'case_step: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'case_step: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM case_step WHERE (case_id = NEW.case_id AND n = NEW.n)) THEN RAISE(ABORT,'case_step: append-only, the row exists') END; END;;
CREATE TRIGGER case_step_refuses_update BEFORE UPDATE ON case_step BEGIN SELECT RAISE(ABORT,'case_step: append-only, no row is ever updated'); END;;
CREATE TRIGGER case_step_refuses_delete BEFORE DELETE ON case_step BEGIN SELECT RAISE(ABORT,'case_step: append-only, no row is ever deleted'); END;;
CREATE TRIGGER case_step_cites_the_step_being_recorded BEFORE INSERT ON case_step WHEN NEW.entry_idx IS NOT (SELECT max(idx) FROM ledger_entry) BEGIN SELECT RAISE(ABORT,'case_step: cites another step'); END;;
