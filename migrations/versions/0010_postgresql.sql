CREATE TABLE account (
	id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	mark BYTEA NOT NULL, 
	person_id TEXT COLLATE "C", 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT account_has_its_own_name UNIQUE (mark), 
	CONSTRAINT account_kind_is_known CHECK (kind IN ('staff', 'person', 'key')), 
	CONSTRAINT account_of_a_person_is_no_desk CHECK (person_id IS NULL OR kind = 'person'), 
	CONSTRAINT account_is_of_a_person FOREIGN KEY(person_id) REFERENCES party (id)
);;
CREATE TABLE access_grant (
	id TEXT COLLATE "C" NOT NULL, 
	account_id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	role TEXT COLLATE "C" NOT NULL, 
	town TEXT COLLATE "C" NOT NULL, 
	about TEXT COLLATE "C" NOT NULL, 
	valid_from DATE NOT NULL, 
	valid_until DATE, 
	proposed_by TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT grant_has_one_proposer UNIQUE (id, proposed_by), 
	CONSTRAINT grant_ends_after_it_begins CHECK (valid_until IS NULL OR valid_until > valid_from), 
	CONSTRAINT order_and_job_run_out CHECK (role NOT IN ('counsel','surveyor') OR valid_until IS NOT NULL), 
	CONSTRAINT grant_is_to_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX access_grant_by_account ON access_grant (account_id);;
CREATE TABLE account_secret (
	id TEXT COLLATE "C" NOT NULL, 
	account_id TEXT COLLATE "C" NOT NULL, 
	seq BIGINT NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	what TEXT COLLATE "C" NOT NULL, 
	mark BYTEA, 
	until TEXT COLLATE "C", 
	made_by TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT secret_has_one_maker UNIQUE (id, made_by), 
	CONSTRAINT secret_is_of_a_known_kind CHECK (what IN ('password', 'totp', 'card', 'card-code', 'key', 'subject', 'break-glass')), 
	CONSTRAINT card_and_key_run_out CHECK (what NOT IN ('card','card-code','key') OR until IS NOT NULL), 
	CONSTRAINT secret_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX account_secret_by_account ON account_secret (account_id, seq);;
CREATE INDEX account_secret_by_mark ON account_secret (mark);;
CREATE TABLE account_session (
	id TEXT COLLATE "C" NOT NULL, 
	account_id TEXT COLLATE "C" NOT NULL, 
	token_hash BYTEA NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	until TEXT COLLATE "C" NOT NULL, 
	how TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT session_has_its_own_token UNIQUE (token_hash), 
	CONSTRAINT session_keeps_a_hash CHECK (length(token_hash) = 32), 
	CONSTRAINT session_says_how_it_began CHECK (how IN ('password', 'oidc', 'card', 'break-glass')), 
	CONSTRAINT session_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX account_session_by_account ON account_session (account_id);;
CREATE TABLE account_step (
	account_id TEXT COLLATE "C" NOT NULL, 
	seq BIGINT NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	step TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (account_id, seq), 
	CONSTRAINT account_step_is_known CHECK (step IN ('locked', 'unlocked', 'closed')), 
	CONSTRAINT step_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE TABLE sign_in (
	id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	mark BYTEA NOT NULL, 
	source BYTEA NOT NULL, 
	outcome TEXT COLLATE "C" NOT NULL, 
	account_id TEXT COLLATE "C", 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT sign_in_went_one_way_or_the_other CHECK (outcome IN ('good', 'refused')), 
	CONSTRAINT good_sign_in_names_its_account CHECK ((outcome = 'good') = (account_id IS NOT NULL)), 
	CONSTRAINT sign_in_is_of_an_account FOREIGN KEY(account_id) REFERENCES account (id)
);;
CREATE INDEX sign_in_by_mark ON sign_in (mark, source, at);;
CREATE TABLE access_grant_confirmed (
	grant_id TEXT COLLATE "C" NOT NULL, 
	proposed_by TEXT COLLATE "C" NOT NULL, 
	confirmed_by TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (grant_id), 
	CONSTRAINT grant_is_confirmed_by_another CHECK (confirmed_by <> proposed_by), 
	CONSTRAINT confirming_is_of_a_grant FOREIGN KEY(grant_id, proposed_by) REFERENCES access_grant (id, proposed_by)
);;
CREATE TABLE access_grant_ended (
	grant_id TEXT COLLATE "C" NOT NULL, 
	ended_by TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (grant_id), 
	CONSTRAINT ending_is_of_a_grant FOREIGN KEY(grant_id) REFERENCES access_grant (id)
);;
CREATE TABLE account_secret_confirmed (
	secret_id TEXT COLLATE "C" NOT NULL, 
	made_by TEXT COLLATE "C" NOT NULL, 
	confirmed_by TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (secret_id), 
	CONSTRAINT secret_is_confirmed_by_another CHECK (confirmed_by <> made_by), 
	CONSTRAINT confirming_is_of_a_secret FOREIGN KEY(secret_id, made_by) REFERENCES account_secret (id, made_by)
);;
CREATE TABLE account_secret_used (
	secret_id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (secret_id), 
	CONSTRAINT use_is_of_a_secret FOREIGN KEY(secret_id) REFERENCES account_secret (id)
);;
CREATE TABLE account_session_ended (
	session_id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	why TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (session_id), 
	CONSTRAINT session_end_has_a_known_reason CHECK (why IN ('signed-out', 'everywhere', 'rotated')), 
	CONSTRAINT end_is_of_a_session FOREIGN KEY(session_id) REFERENCES account_session (id)
);;
CREATE TRIGGER account_refuses_truncate BEFORE TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_refuses_change BEFORE UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_secret_refuses_truncate BEFORE TRUNCATE ON account_secret FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_secret_refuses_change BEFORE UPDATE OR DELETE ON account_secret FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_secret_confirmed_refuses_truncate BEFORE TRUNCATE ON account_secret_confirmed FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_secret_confirmed_refuses_change BEFORE UPDATE OR DELETE ON account_secret_confirmed FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_secret_used_refuses_truncate BEFORE TRUNCATE ON account_secret_used FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_secret_used_refuses_change BEFORE UPDATE OR DELETE ON account_secret_used FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_step_refuses_truncate BEFORE TRUNCATE ON account_step FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_step_refuses_change BEFORE UPDATE OR DELETE ON account_step FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_session_refuses_truncate BEFORE TRUNCATE ON account_session FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_session_refuses_change BEFORE UPDATE OR DELETE ON account_session FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_session_ended_refuses_truncate BEFORE TRUNCATE ON account_session_ended FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER account_session_ended_refuses_change BEFORE UPDATE OR DELETE ON account_session_ended FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER sign_in_refuses_truncate BEFORE TRUNCATE ON sign_in FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER sign_in_refuses_change BEFORE UPDATE OR DELETE ON sign_in FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER access_grant_refuses_truncate BEFORE TRUNCATE ON access_grant FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER access_grant_refuses_change BEFORE UPDATE OR DELETE ON access_grant FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER access_grant_confirmed_refuses_truncate BEFORE TRUNCATE ON access_grant_confirmed FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER access_grant_confirmed_refuses_change BEFORE UPDATE OR DELETE ON access_grant_confirmed FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER access_grant_ended_refuses_truncate BEFORE TRUNCATE ON access_grant_ended FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER access_grant_ended_refuses_change BEFORE UPDATE OR DELETE ON access_grant_ended FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
