CREATE TABLE outbox (
	id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	channel TEXT COLLATE "C" NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT outbox_channel_is_known CHECK (channel IN ('log', 'smtp', 'sms'))
);;
CREATE TABLE public_notice (
	id TEXT COLLATE "C" NOT NULL, 
	kind TEXT COLLATE "C" NOT NULL, 
	village TEXT COLLATE "C" NOT NULL, 
	title TEXT COLLATE "C" NOT NULL, 
	body TEXT COLLATE "C" NOT NULL, 
	begins DATE NOT NULL, 
	ends DATE NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT notice_ends_after_it_began CHECK (begins <= ends)
);;
CREATE INDEX public_notice_by_end ON public_notice (ends);;
CREATE TABLE evidence (
	original_hash BYTEA NOT NULL, 
	content_hash BYTEA NOT NULL, 
	original_bytes BIGINT NOT NULL, 
	media_type TEXT COLLATE "C" NOT NULL, 
	received_at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (original_hash), 
	CONSTRAINT evidence_is_kept_as_a_source FOREIGN KEY(content_hash) REFERENCES source (content_hash), 
	CONSTRAINT evidence_is_named_by_what_came CHECK (length(original_hash) = 32), 
	CONSTRAINT evidence_type_is_known CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/tiff'))
);;
CREATE INDEX evidence_by_content ON evidence (content_hash);;
CREATE TABLE notice_photo (
	notice_id TEXT COLLATE "C" NOT NULL, 
	content_hash BYTEA NOT NULL, 
	taken DATE NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (notice_id, content_hash), 
	CONSTRAINT photo_is_of_a_notice FOREIGN KEY(notice_id) REFERENCES public_notice (id), 
	CONSTRAINT photo_is_kept_as_a_source FOREIGN KEY(content_hash) REFERENCES source (content_hash)
);;
CREATE TABLE notice_taken_down (
	notice_id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (notice_id), 
	CONSTRAINT taking_down_is_of_a_notice FOREIGN KEY(notice_id) REFERENCES public_notice (id)
);;
CREATE TABLE outbox_step (
	id TEXT COLLATE "C" NOT NULL, 
	outbox_id TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	step TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT step_is_of_a_message FOREIGN KEY(outbox_id) REFERENCES outbox (id), 
	CONSTRAINT outbox_step_is_known CHECK (step IN ('tried', 'delivered', 'failed'))
);;
CREATE INDEX outbox_step_by_message ON outbox_step (outbox_id);;
CREATE TABLE look (
	seq BIGINT NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	whom TEXT COLLATE "C" NOT NULL, 
	what TEXT COLLATE "C" NOT NULL, 
	before BYTEA NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (seq), 
	CONSTRAINT looks_are_numbered_from_one CHECK (seq > 0), 
	CONSTRAINT look_carries_the_one_before CHECK (length(before) = 32)
);;
CREATE INDEX look_by_whom ON look (whom, seq);;
CREATE TRIGGER outbox_refuses_truncate BEFORE TRUNCATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER outbox_refuses_change BEFORE UPDATE OR DELETE ON outbox FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER public_notice_refuses_truncate BEFORE TRUNCATE ON public_notice FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER public_notice_refuses_change BEFORE UPDATE OR DELETE ON public_notice FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER evidence_refuses_truncate BEFORE TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER evidence_refuses_change BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER notice_photo_refuses_truncate BEFORE TRUNCATE ON notice_photo FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER notice_photo_refuses_change BEFORE UPDATE OR DELETE ON notice_photo FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER notice_taken_down_refuses_truncate BEFORE TRUNCATE ON notice_taken_down FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER notice_taken_down_refuses_change BEFORE UPDATE OR DELETE ON notice_taken_down FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER outbox_step_refuses_truncate BEFORE TRUNCATE ON outbox_step FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER outbox_step_refuses_change BEFORE UPDATE OR DELETE ON outbox_step FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER look_refuses_truncate BEFORE TRUNCATE ON look FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER look_refuses_change BEFORE UPDATE OR DELETE ON look FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
