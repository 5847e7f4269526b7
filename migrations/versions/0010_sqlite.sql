CREATE TABLE account (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	mark BLOB NOT NULL, 
	person_id TEXT, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT account_has_its_own_name UNIQUE (mark), 
	CONSTRAINT account_kind_is_known CHECK (kind IN ('staff', 'person', 'key')), 
	CONSTRAINT account_of_a_person_is_no_desk CHECK (person_id IS NULL OR kind = 'person'), 
	CONSTRAINT account_is_of_a_person FOREIGN KEY(person_id) REFERENCES party (id)
);;
CREATE TABLE access_grant (
	id TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	role TEXT NOT NULL, 
	town TEXT NOT NULL, 
	about TEXT NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_until DATE, 
	proposed_by TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT grant_has_one_proposer UNIQUE (id, proposed_by), 
	CONSTRAINT grant_ends_after_it_begins CHECK (valid_until IS NULL OR valid_until > valid_from), 
	CONSTRAINT order_and_job_run_out CHECK (role NOT IN ('counsel','surveyor') OR valid_until IS NOT NULL), 
	CONSTRAINT access_grant_valid_from_is_a_day CHECK (valid_from IS NULL OR valid_from IS date(valid_from,'+0 days')), 
	CONSTRAINT access_grant_valid_until_is_a_day CHECK (valid_until IS NULL OR valid_until IS date(valid_until,'+0 days')), 
	CONSTRAINT grant_is_to_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX access_grant_by_account ON access_grant (account_id);;
CREATE TABLE account_secret (
	id TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	what TEXT NOT NULL, 
	mark BLOB, 
	until TEXT, 
	made_by TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT secret_has_one_maker UNIQUE (id, made_by), 
	CONSTRAINT secret_is_of_a_known_kind CHECK (what IN ('password', 'totp', 'card', 'card-code', 'key', 'subject', 'break-glass')), 
	CONSTRAINT card_and_key_run_out CHECK (what NOT IN ('card','card-code','key') OR until IS NOT NULL), 
	CONSTRAINT secret_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX account_secret_by_account ON account_secret (account_id, seq);;
CREATE INDEX account_secret_by_mark ON account_secret (mark);;
CREATE TABLE account_session (
	id TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	token_hash BLOB NOT NULL, 
	at TEXT NOT NULL, 
	until TEXT NOT NULL, 
	how TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT session_has_its_own_token UNIQUE (token_hash), 
	CONSTRAINT session_keeps_a_hash CHECK (length(token_hash) = 32), 
	CONSTRAINT session_says_how_it_began CHECK (how IN ('password', 'oidc', 'card', 'break-glass')), 
	CONSTRAINT session_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX account_session_by_account ON account_session (account_id);;
CREATE TABLE account_step (
	account_id TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	step TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (account_id, seq), 
	CONSTRAINT account_step_is_known CHECK (step IN ('locked', 'unlocked', 'closed')), 
	CONSTRAINT step_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE TABLE sign_in (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	mark BLOB NOT NULL, 
	source BLOB NOT NULL, 
	outcome TEXT NOT NULL, 
	account_id TEXT, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT sign_in_went_one_way_or_the_other CHECK (outcome IN ('good', 'refused')), 
	CONSTRAINT good_sign_in_names_its_account CHECK ((outcome = 'good') = (account_id IS NOT NULL)), 
	CONSTRAINT sign_in_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX sign_in_by_mark ON sign_in (mark, source, at);;
CREATE TABLE access_grant_confirmed (
	grant_id TEXT NOT NULL, 
	proposed_by TEXT NOT NULL, 
	confirmed_by TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (grant_id), 
	CONSTRAINT grant_is_confirmed_by_another CHECK (confirmed_by <> proposed_by), 
	CONSTRAINT confirming_is_of_a_grant FOREIGN KEY(grant_id, proposed_by) REFERENCES access_grant (id, proposed_by)
);;
CREATE TABLE access_grant_ended (
	grant_id TEXT NOT NULL, 
	ended_by TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (grant_id), 
	CONSTRAINT ending_is_of_a_grant FOREIGN KEY(grant_id) REFERENCES access_grant (id)
);;
CREATE TABLE account_secret_confirmed (
	secret_id TEXT NOT NULL, 
	made_by TEXT NOT NULL, 
	confirmed_by TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (secret_id), 
	CONSTRAINT secret_is_confirmed_by_another CHECK (confirmed_by <> made_by), 
	CONSTRAINT confirming_is_of_a_secret FOREIGN KEY(secret_id, made_by) REFERENCES account_secret (id, made_by)
);;
CREATE TABLE account_secret_used (
	secret_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (secret_id), 
	CONSTRAINT use_is_of_a_secret FOREIGN KEY(secret_id) REFERENCES account_secret (id)
);;
CREATE TABLE account_session_ended (
	session_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	why TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (session_id), 
	CONSTRAINT session_end_has_a_known_reason CHECK (why IN ('signed-out', 'everywhere', 'rotated')), 
	CONSTRAINT end_is_of_a_session FOREIGN KEY(session_id) REFERENCES account_session (id)
);;
CREATE TRIGGER account_refuses_replacing BEFORE INSERT ON account BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account WHERE (id = NEW.id) OR (mark = NEW.mark)) THEN RAISE(ABORT,'account: append-only, the row exists') END; END;;
CREATE TRIGGER account_refuses_update BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT,'account: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_refuses_delete BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT,'account: append-only, no row is ever deleted'); END;;
CREATE TRIGGER account_secret_refuses_replacing BEFORE INSERT ON account_secret BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account_secret: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account_secret: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account_secret WHERE (id = NEW.id)) THEN RAISE(ABORT,'account_secret: append-only, the row exists') END; END;;
CREATE TRIGGER account_secret_refuses_update BEFORE UPDATE ON account_secret BEGIN SELECT RAISE(ABORT,'account_secret: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_secret_refuses_delete BEFORE DELETE ON account_secret BEGIN SELECT RAISE(ABORT,'account_secret: append-only, no row is ever deleted'); END;;
CREATE TRIGGER account_secret_confirmed_refuses_replacing BEFORE INSERT ON account_secret_confirmed BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account_secret_confirmed: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account_secret_confirmed: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account_secret_confirmed WHERE (secret_id = NEW.secret_id)) THEN RAISE(ABORT,'account_secret_confirmed: append-only, the row exists') END; END;;
CREATE TRIGGER account_secret_confirmed_refuses_update BEFORE UPDATE ON account_secret_confirmed BEGIN SELECT RAISE(ABORT,'account_secret_confirmed: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_secret_confirmed_refuses_delete BEFORE DELETE ON account_secret_confirmed BEGIN SELECT RAISE(ABORT,'account_secret_confirmed: append-only, no row is ever deleted'); END;;
CREATE TRIGGER account_secret_used_refuses_replacing BEFORE INSERT ON account_secret_used BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account_secret_used: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account_secret_used: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account_secret_used WHERE (secret_id = NEW.secret_id)) THEN RAISE(ABORT,'account_secret_used: append-only, the row exists') END; END;;
CREATE TRIGGER account_secret_used_refuses_update BEFORE UPDATE ON account_secret_used BEGIN SELECT RAISE(ABORT,'account_secret_used: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_secret_used_refuses_delete BEFORE DELETE ON account_secret_used BEGIN SELECT RAISE(ABORT,'account_secret_used: append-only, no row is ever deleted'); END;;
CREATE TRIGGER account_step_refuses_replacing BEFORE INSERT ON account_step BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account_step: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account_step: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account_step WHERE (account_id = NEW.account_id AND seq = NEW.seq)) THEN RAISE(ABORT,'account_step: append-only, the row exists') END; END;;
CREATE TRIGGER account_step_refuses_update BEFORE UPDATE ON account_step BEGIN SELECT RAISE(ABORT,'account_step: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_step_refuses_delete BEFORE DELETE ON account_step BEGIN SELECT RAISE(ABORT,'account_step: append-only, no row is ever deleted'); END;;
CREATE TRIGGER account_session_refuses_replacing BEFORE INSERT ON account_session BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account_session: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account_session: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account_session WHERE (id = NEW.id) OR (token_hash = NEW.token_hash)) THEN RAISE(ABORT,'account_session: append-only, the row exists') END; END;;
CREATE TRIGGER account_session_refuses_update BEFORE UPDATE ON account_session BEGIN SELECT RAISE(ABORT,'account_session: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_session_refuses_delete BEFORE DELETE ON account_session BEGIN SELECT RAISE(ABORT,'account_session: append-only, no row is ever deleted'); END;;
CREATE TRIGGER account_session_ended_refuses_replacing BEFORE INSERT ON account_session_ended BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'account_session_ended: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'account_session_ended: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM account_session_ended WHERE (session_id = NEW.session_id)) THEN RAISE(ABORT,'account_session_ended: append-only, the row exists') END; END;;
CREATE TRIGGER account_session_ended_refuses_update BEFORE UPDATE ON account_session_ended BEGIN SELECT RAISE(ABORT,'account_session_ended: append-only, no row is ever updated'); END;;
CREATE TRIGGER account_session_ended_refuses_delete BEFORE DELETE ON account_session_ended BEGIN SELECT RAISE(ABORT,'account_session_ended: append-only, no row is ever deleted'); END;;
CREATE TRIGGER sign_in_refuses_replacing BEFORE INSERT ON sign_in BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'sign_in: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'sign_in: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM sign_in WHERE (id = NEW.id)) THEN RAISE(ABORT,'sign_in: append-only, the row exists') END; END;;
CREATE TRIGGER sign_in_refuses_update BEFORE UPDATE ON sign_in BEGIN SELECT RAISE(ABORT,'sign_in: append-only, no row is ever updated'); END;;
CREATE TRIGGER sign_in_refuses_delete BEFORE DELETE ON sign_in BEGIN SELECT RAISE(ABORT,'sign_in: append-only, no row is ever deleted'); END;;
CREATE TRIGGER access_grant_refuses_replacing BEFORE INSERT ON access_grant BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'access_grant: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'access_grant: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM access_grant WHERE (id = NEW.id)) THEN RAISE(ABORT,'access_grant: append-only, the row exists') END; END;;
CREATE TRIGGER access_grant_refuses_update BEFORE UPDATE ON access_grant BEGIN SELECT RAISE(ABORT,'access_grant: append-only, no row is ever updated'); END;;
CREATE TRIGGER access_grant_refuses_delete BEFORE DELETE ON access_grant BEGIN SELECT RAISE(ABORT,'access_grant: append-only, no row is ever deleted'); END;;
CREATE TRIGGER access_grant_confirmed_refuses_replacing BEFORE INSERT ON access_grant_confirmed BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'access_grant_confirmed: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'access_grant_confirmed: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM access_grant_confirmed WHERE (grant_id = NEW.grant_id)) THEN RAISE(ABORT,'access_grant_confirmed: append-only, the row exists') END; END;;
CREATE TRIGGER access_grant_confirmed_refuses_update BEFORE UPDATE ON access_grant_confirmed BEGIN SELECT RAISE(ABORT,'access_grant_confirmed: append-only, no row is ever updated'); END;;
CREATE TRIGGER access_grant_confirmed_refuses_delete BEFORE DELETE ON access_grant_confirmed BEGIN SELECT RAISE(ABORT,'access_grant_confirmed: append-only, no row is ever deleted'); END;;
CREATE TRIGGER access_grant_ended_refuses_replacing BEFORE INSERT ON access_grant_ended BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'access_grant_ended: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'access_grant_ended: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM access_grant_ended WHERE (grant_id = NEW.grant_id)) THEN RAISE(ABORT,'access_grant_ended: append-only, the row exists') END; END;;
CREATE TRIGGER access_grant_ended_refuses_update BEFORE UPDATE ON access_grant_ended BEGIN SELECT RAISE(ABORT,'access_grant_ended: append-only, no row is ever updated'); END;;
CREATE TRIGGER access_grant_ended_refuses_delete BEFORE DELETE ON access_grant_ended BEGIN SELECT RAISE(ABORT,'access_grant_ended: append-only, no row is ever deleted'); END;;
