CREATE TABLE paid_exit (
	right_id TEXT NOT NULL, 
	thing TEXT NOT NULL, 
	case_id TEXT NOT NULL, 
	price TEXT NOT NULL, 
	improvements TEXT NOT NULL, 
	receiver_id TEXT NOT NULL, 
	exit_day DATE NOT NULL, 
	cause_idx INTEGER NOT NULL, 
	cause_cls TEXT NOT NULL, 
	cause_kind TEXT NOT NULL, 
	PRIMARY KEY (right_id, cause_idx), 
	CONSTRAINT exit_is_once_a_case UNIQUE (case_id), 
	CONSTRAINT exit_is_from_one_of_the_three_rights CHECK (thing IN ('contract-arable', 'contract-grass', 'contract-forest', 'contract-other', 'homestead', 'income')), 
	CONSTRAINT exit_is_an_act_and_no_settlement CHECK (cause_cls = 'R' AND cause_kind IN ('exited', 'assigned')), 
	CONSTRAINT exit_is_paid CHECK (CAST(price AS NUMERIC) BETWEEN 0.01 AND 999999999999.99), 
	CONSTRAINT exit_takes_nothing_for_the_soil CHECK (CAST(improvements AS NUMERIC) BETWEEN 0 AND 999999999999.99), 
	CONSTRAINT exit_is_from_a_guarded_right FOREIGN KEY(right_id, thing) REFERENCES thing (id, thing), 
	CONSTRAINT exit_is_of_a_case FOREIGN KEY(case_id) REFERENCES case_file (id), 
	CONSTRAINT exit_goes_to_a_party FOREIGN KEY(receiver_id) REFERENCES party (id), 
	CONSTRAINT exit_cites_its_act FOREIGN KEY(cause_idx, cause_cls, cause_kind) REFERENCES ledger_entry (idx, cls, kind), 
	CONSTRAINT paid_exit_exit_day_is_a_day CHECK (exit_day IS NULL OR exit_day IS date(exit_day,'+0 days'))
);;
CREATE TRIGGER paid_exit_refuses_replacing BEFORE INSERT ON paid_exit BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'paid_exit: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'paid_exit: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM paid_exit WHERE (right_id = NEW.right_id AND cause_idx = NEW.cause_idx) OR (case_id = NEW.case_id)) THEN RAISE(ABORT,'paid_exit: append-only, the row exists') END; END;;
CREATE TRIGGER paid_exit_refuses_update BEFORE UPDATE ON paid_exit BEGIN SELECT RAISE(ABORT,'paid_exit: append-only, no row is ever updated'); END;;
CREATE TRIGGER paid_exit_refuses_delete BEFORE DELETE ON paid_exit BEGIN SELECT RAISE(ABORT,'paid_exit: append-only, no row is ever deleted'); END;;
CREATE TRIGGER paid_exit_cites_its_own_transaction BEFORE INSERT ON paid_exit WHEN NEW.cause_idx <= (SELECT coalesce(max(idx),-1) FROM ledger_entry INDEXED BY ledger_entry_states WHERE cls='S') BEGIN SELECT RAISE(ABORT,'paid_exit: an older entry can no longer be cited'); END;;
