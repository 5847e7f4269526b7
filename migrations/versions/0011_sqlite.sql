CREATE TABLE outbox (
	id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT outbox_channel_is_known CHECK (channel IN ('log', 'smtp', 'sms'))
);;
CREATE TABLE public_notice (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	village TEXT NOT NULL, 
	title TEXT NOT NULL, 
	body TEXT NOT NULL, 
	begins DATE NOT NULL, 
	ends DATE NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT notice_ends_after_it_began CHECK (begins <= ends), 
	CONSTRAINT public_notice_begins_is_a_day CHECK (begins IS NULL OR begins IS date(begins,'+0 days')), 
	CONSTRAINT public_notice_ends_is_a_day CHECK (ends IS NULL OR ends IS date(ends,'+0 days'))
);;
CREATE INDEX public_notice_by_end ON public_notice (ends);;
CREATE TABLE evidence (
	original_hash BLOB NOT NULL, 
	content_hash BLOB NOT NULL, 
	original_bytes INTEGER NOT NULL, 
	media_type TEXT NOT NULL, 
	received_at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (original_hash), 
	CONSTRAINT evidence_is_kept_as_a_source FOREIGN KEY(content_hash) REFERENCES source (content_hash), 
	CONSTRAINT evidence_is_named_by_what_came CHECK (length(original_hash) = 32), 
	CONSTRAINT evidence_type_is_known CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'image/tiff'))
);;
CREATE INDEX evidence_by_content ON evidence (content_hash);;
CREATE TABLE notice_photo (
	notice_id TEXT NOT NULL, 
	content_hash BLOB NOT NULL, 
	taken DATE NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (notice_id, content_hash), 
	CONSTRAINT photo_is_of_a_notice FOREIGN KEY(notice_id) REFERENCES public_notice (id), 
	CONSTRAINT photo_is_kept_as_a_source FOREIGN KEY(content_hash) REFERENCES source (content_hash), 
	CONSTRAINT notice_photo_taken_is_a_day CHECK (taken IS NULL OR taken IS date(taken,'+0 days'))
);;
CREATE TABLE notice_taken_down (
	notice_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (notice_id), 
	CONSTRAINT taking_down_is_of_a_notice FOREIGN KEY(notice_id) REFERENCES public_notice (id)
);;
CREATE TABLE outbox_step (
	id TEXT NOT NULL, 
	outbox_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	step TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT step_is_of_a_message FOREIGN KEY(outbox_id) REFERENCES outbox (id), 
	CONSTRAINT outbox_step_is_known CHECK (step IN ('tried', 'delivered', 'failed'))
);;
CREATE INDEX outbox_step_by_message ON outbox_step (outbox_id);;
CREATE TRIGGER evidence_refuses_replacing BEFORE INSERT ON evidence BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'evidence: this session may not write here') WHEN EXISTS (SELECT 1 FROM evidence WHERE (original_hash = NEW.original_hash)) THEN RAISE(ABORT,'evidence: append-only, the row exists') END; END;;
CREATE TRIGGER evidence_refuses_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT,'evidence: append-only, no row is ever updated'); END;;
CREATE TRIGGER evidence_refuses_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT,'evidence: append-only, no row is ever deleted'); END;;
CREATE TRIGGER public_notice_refuses_replacing BEFORE INSERT ON public_notice BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'public_notice: this session may not write here') WHEN EXISTS (SELECT 1 FROM public_notice WHERE (id = NEW.id)) THEN RAISE(ABORT,'public_notice: append-only, the row exists') END; END;;
CREATE TRIGGER public_notice_refuses_update BEFORE UPDATE ON public_notice BEGIN SELECT RAISE(ABORT,'public_notice: append-only, no row is ever updated'); END;;
CREATE TRIGGER public_notice_refuses_delete BEFORE DELETE ON public_notice BEGIN SELECT RAISE(ABORT,'public_notice: append-only, no row is ever deleted'); END;;
CREATE TRIGGER notice_photo_refuses_replacing BEFORE INSERT ON notice_photo BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'notice_photo: this session may not write here') WHEN EXISTS (SELECT 1 FROM notice_photo WHERE (notice_id = NEW.notice_id AND content_hash = NEW.content_hash)) THEN RAISE(ABORT,'notice_photo: append-only, the row exists') END; END;;
CREATE TRIGGER notice_photo_refuses_update BEFORE UPDATE ON notice_photo BEGIN SELECT RAISE(ABORT,'notice_photo: append-only, no row is ever updated'); END;;
CREATE TRIGGER notice_photo_refuses_delete BEFORE DELETE ON notice_photo BEGIN SELECT RAISE(ABORT,'notice_photo: append-only, no row is ever deleted'); END;;
CREATE TRIGGER notice_taken_down_refuses_replacing BEFORE INSERT ON notice_taken_down BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'notice_taken_down: this session may not write here') WHEN EXISTS (SELECT 1 FROM notice_taken_down WHERE (notice_id = NEW.notice_id)) THEN RAISE(ABORT,'notice_taken_down: append-only, the row exists') END; END;;
CREATE TRIGGER notice_taken_down_refuses_update BEFORE UPDATE ON notice_taken_down BEGIN SELECT RAISE(ABORT,'notice_taken_down: append-only, no row is ever updated'); END;;
CREATE TRIGGER notice_taken_down_refuses_delete BEFORE DELETE ON notice_taken_down BEGIN SELECT RAISE(ABORT,'notice_taken_down: append-only, no row is ever deleted'); END;;
CREATE TRIGGER outbox_refuses_replacing BEFORE INSERT ON outbox BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'outbox: this session may not write here') WHEN EXISTS (SELECT 1 FROM outbox WHERE (id = NEW.id)) THEN RAISE(ABORT,'outbox: append-only, the row exists') END; END;;
CREATE TRIGGER outbox_refuses_update BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT,'outbox: append-only, no row is ever updated'); END;;
CREATE TRIGGER outbox_refuses_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT,'outbox: append-only, no row is ever deleted'); END;;
CREATE TRIGGER outbox_step_refuses_replacing BEFORE INSERT ON outbox_step BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'outbox_step: this session may not write here') WHEN EXISTS (SELECT 1 FROM outbox_step WHERE (id = NEW.id)) THEN RAISE(ABORT,'outbox_step: append-only, the row exists') END; END;;
CREATE TRIGGER outbox_step_refuses_update BEFORE UPDATE ON outbox_step BEGIN SELECT RAISE(ABORT,'outbox_step: append-only, no row is ever updated'); END;;
CREATE TRIGGER outbox_step_refuses_delete BEFORE DELETE ON outbox_step BEGIN SELECT RAISE(ABORT,'outbox_step: append-only, no row is ever deleted'); END;;
