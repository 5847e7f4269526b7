CREATE TABLE service_report_unmatched (
	mark BLOB NOT NULL, 
	row_key BLOB NOT NULL, 
	bureau TEXT NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (mark)
);;
CREATE TABLE notice_parcel (
	notice_id TEXT NOT NULL, 
	parcel_code TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (notice_id, parcel_code), 
	CONSTRAINT parcel_stands_in_a_notice FOREIGN KEY(notice_id) REFERENCES public_notice (id)
);;
CREATE TABLE service_report (
	row_key BLOB NOT NULL, 
	corrects BLOB, 
	bureau TEXT NOT NULL, 
	service TEXT NOT NULL, 
	person_id TEXT NOT NULL, 
	since DATE NOT NULL, 
	until DATE, 
	stated TEXT NOT NULL, 
	log_size INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	PRIMARY KEY (row_key), 
	CONSTRAINT report_is_named_by_32_bytes CHECK (length(row_key) = 32), 
	CONSTRAINT report_corrects_another CHECK (corrects <> row_key), 
	CONSTRAINT report_says_served_or_withdrawn CHECK (stated IN ('served', 'withdrawn')), 
	CONSTRAINT report_that_withdraws_corrects_one CHECK (stated = 'served' OR corrects IS NOT NULL), 
	CONSTRAINT service_ends_after_it_began CHECK (until IS NULL OR since <= until), 
	CONSTRAINT report_is_corrected_once UNIQUE (corrects), 
	CONSTRAINT report_corrects_a_report FOREIGN KEY(corrects) REFERENCES service_report (row_key), 
	CONSTRAINT report_is_of_a_person FOREIGN KEY(person_id) REFERENCES party (id), 
	CONSTRAINT service_report_since_is_a_day CHECK (since IS NULL OR since IS date(since,'+0 days')), 
	CONSTRAINT service_report_until_is_a_day CHECK (until IS NULL OR until IS date(until,'+0 days'))
);;
CREATE INDEX service_report_by_service ON service_report (service);;
CREATE TRIGGER notice_parcel_refuses_replacing BEFORE INSERT ON notice_parcel BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'desk' THEN RAISE(ABORT,'notice_parcel: this session may not write here') WHEN EXISTS (SELECT 1 FROM notice_parcel WHERE (notice_id = NEW.notice_id AND parcel_code = NEW.parcel_code)) THEN RAISE(ABORT,'notice_parcel: append-only, the row exists') END; END;;
CREATE TRIGGER notice_parcel_refuses_update BEFORE UPDATE ON notice_parcel BEGIN SELECT RAISE(ABORT,'notice_parcel: append-only, no row is ever updated'); END;;
CREATE TRIGGER notice_parcel_refuses_delete BEFORE DELETE ON notice_parcel BEGIN SELECT RAISE(ABORT,'notice_parcel: append-only, no row is ever deleted'); END;;
CREATE TRIGGER service_report_refuses_replacing BEFORE INSERT ON service_report BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'service_report: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'service_report: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM service_report WHERE (row_key = NEW.row_key) OR (corrects = NEW.corrects)) THEN RAISE(ABORT,'service_report: append-only, the row exists') END; END;;
CREATE TRIGGER service_report_refuses_update BEFORE UPDATE ON service_report BEGIN SELECT RAISE(ABORT,'service_report: append-only, no row is ever updated'); END;;
CREATE TRIGGER service_report_refuses_delete BEFORE DELETE ON service_report BEGIN SELECT RAISE(ABORT,'service_report: append-only, no row is ever deleted'); END;;
CREATE TRIGGER service_report_unmatched_refuses_replacing BEFORE INSERT ON service_report_unmatched BEGIN SELECT CASE WHEN sanquan_session() IS NOT 'status' THEN RAISE(ABORT,'service_report_unmatched: this session may not write here') WHEN (SELECT foreign_keys FROM pragma_foreign_keys) IS NOT 1 THEN RAISE(ABORT,'service_report_unmatched: foreign keys are switched off') WHEN EXISTS (SELECT 1 FROM service_report_unmatched WHERE (mark = NEW.mark)) THEN RAISE(ABORT,'service_report_unmatched: append-only, the row exists') END; END;;
CREATE TRIGGER service_report_unmatched_refuses_update BEFORE UPDATE ON service_report_unmatched BEGIN SELECT RAISE(ABORT,'service_report_unmatched: append-only, no row is ever updated'); END;;
CREATE TRIGGER service_report_unmatched_refuses_delete BEFORE DELETE ON service_report_unmatched BEGIN SELECT RAISE(ABORT,'service_report_unmatched: append-only, no row is ever deleted'); END;;
