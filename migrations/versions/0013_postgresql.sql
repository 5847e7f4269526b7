CREATE TABLE paid_exit (
	right_id TEXT COLLATE "C" NOT NULL, 
	thing TEXT COLLATE "C" NOT NULL, 
	case_id TEXT COLLATE "C" NOT NULL, 
	price TEXT COLLATE "C" NOT NULL, 
	improvements TEXT COLLATE "C" NOT NULL, 
	receiver_id TEXT COLLATE "C" NOT NULL, 
	exit_day DATE NOT NULL, 
	cause_idx BIGINT NOT NULL, 
	cause_cls TEXT COLLATE "C" NOT NULL, 
	cause_kind TEXT COLLATE "C" NOT NULL, 
	PRIMARY KEY (right_id, cause_idx), 
	CONSTRAINT exit_is_once_a_case UNIQUE (case_id), 
	CONSTRAINT exit_is_from_one_of_the_three_rights CHECK (thing IN ('contract-arable', 'contract-grass', 'contract-forest', 'contract-other', 'homestead', 'income')), 
	CONSTRAINT exit_is_an_act_and_no_settlement CHECK (cause_cls = 'R' AND cause_kind IN ('exited', 'assigned')), 
	CONSTRAINT exit_is_paid CHECK (CAST(price AS NUMERIC) BETWEEN 0.01 AND 999999999999.99), 
	CONSTRAINT exit_takes_nothing_for_the_soil CHECK (CAST(improvements AS NUMERIC) BETWEEN 0 AND 999999999999.99), 
	CONSTRAINT exit_is_from_a_guarded_right FOREIGN KEY(right_id, thing) REFERENCES thing (id, thing), 
	CONSTRAINT exit_is_of_a_case FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT exit_goes_to_a_party FOREIGN KEY(receiver_id) REFERENCES party (id), 
	CONSTRAINT exit_cites_its_act FOREIGN KEY(cause_idx, cause_cls, cause_kind) REFERENCES ledger_entry (idx, cls, kind)
);;
CREATE TRIGGER paid_exit_refuses_truncate BEFORE TRUNCATE ON paid_exit FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER paid_exit_refuses_change BEFORE UPDATE OR DELETE ON paid_exit FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER paid_exit_guard_own_transaction AFTER INSERT ON paid_exit REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION guard_own_transaction();;
