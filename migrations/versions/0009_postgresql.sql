CREATE TABLE case_file (
	id TEXT COLLATE "C" NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	challenges TEXT COLLATE "C", 
	entry_idx BIGINT NOT NULL, 
	cls TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT case_is_opened_by_a_step CHECK (cls = 'C'), 
	CONSTRAINT case_challenges_another CHECK (challenges <> id), 
	CONSTRAINT case_challenges_a_case FOREIGN KEY(challenges) REFERENCES case_file (id), 
	CONSTRAINT case_has_its_entry FOREIGN KEY(entry_idx, cls) REFERENCES ledger_entry (idx, cls)
);;
CREATE INDEX case_file_by_challenged ON case_file (challenges);;
CREATE TABLE case_step (
	case_id TEXT COLLATE "C" NOT NULL, 
	n BIGINT NOT NULL, 
	follows BIGINT, 
	step TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	entry_idx BIGINT NOT NULL, 
	cls TEXT COLLATE "C" NOT NULL, 
	act_idx BIGINT, 
	act_cls TEXT COLLATE "C", 
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
	case_id TEXT COLLATE "C" NOT NULL, 
	thing_id TEXT COLLATE "C" NOT NULL, 
	entry_idx BIGINT NOT NULL, 
	PRIMARY KEY (case_id, thing_id, entry_idx), 
	CONSTRAINT subject_is_of_a_case FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT case_is_about_a_guarded_thing FOREIGN KEY(thing_id) REFERENCES thing (id), 
	CONSTRAINT subject_has_its_entry FOREIGN KEY(entry_idx) REFERENCES ledger_entry (idx)
);;
CREATE INDEX case_subject_by_thing ON case_subject (thing_id);;
CREATE FUNCTION guard_step_row() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $guard$  BEGIN IF NEW.entry_idx IS DISTINCT FROM (SELECT max(idx) FROM ledger_entry) THEN RAISE EXCEPTION '%: cites another step', TG_TABLE_NAME USING ERRCODE = '23001'; END IF; RETURN NEW; END $guard$;;
CREATE TRIGGER case_file_refuses_truncate BEFORE TRUNCATE ON case_file FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER case_file_refuses_change BEFORE UPDATE OR DELETE ON case_file FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER case_step_refuses_truncate BEFORE TRUNCATE ON case_step FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER case_step_refuses_change BEFORE UPDATE OR DELETE ON case_step FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER case_subject_refuses_truncate BEFORE TRUNCATE ON case_subject FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER case_subject_refuses_change BEFORE UPDATE OR DELETE ON case_subject FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER case_file_guard_step_row BEFORE INSERT ON case_file FOR EACH ROW EXECUTE FUNCTION guard_step_row();;
CREATE TRIGGER case_subject_guard_step_row BEFORE INSERT ON case_subject FOR EACH ROW EXECUTE FUNCTION guard_step_row();;
CREATE TRIGGER case_step_guard_step_row BEFORE INSERT ON case_step FOR EACH ROW EXECUTE FUNCTION guard_step_row();;
