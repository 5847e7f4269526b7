CREATE TABLE service_report_unmatched (
	mark BYTEA NOT NULL, 
	row_key BYTEA NOT NULL, 
	bureau TEXT COLLATE "C" NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (mark)
);;
CREATE TABLE notice_parcel (
	notice_id TEXT COLLATE "C" NOT NULL, 
	parcel_code TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (notice_id, parcel_code), 
	CONSTRAINT parcel_stands_in_a_notice FOREIGN KEY(notice_id) REFERENCES public_notice (id)
);;
CREATE TABLE service_report (
	row_key BYTEA NOT NULL, 
	corrects BYTEA, 
	bureau TEXT COLLATE "C" NOT NULL, 
	service TEXT COLLATE "C" NOT NULL, 
	person_id TEXT COLLATE "C" NOT NULL, 
	since DATE NOT NULL, 
	until DATE, 
	stated TEXT COLLATE "C" NOT NULL, 
	log_size BIGINT NOT NULL, 
	at TEXT COLLATE "C" NOT NULL, 
	sealed BYTEA NOT NULL, 
	PRIMARY KEY (row_key), 
	CONSTRAINT report_is_named_by_32_bytes CHECK (length(row_key) = 32), 
	CONSTRAINT report_corrects_another CHECK (corrects <> row_key), 
	CONSTRAINT report_says_served_or_withdrawn CHECK (stated IN ('served', 'withdrawn')), 
	CONSTRAINT report_that_withdraws_corrects_one CHECK (stated = 'served' OR corrects IS NOT NULL), 
	CONSTRAINT service_ends_after_it_began CHECK (until IS NULL OR since <= until), 
	CONSTRAINT report_is_corrected_once UNIQUE (corrects), 
	CONSTRAINT report_corrects_a_report FOREIGN KEY(corrects) REFERENCES service_report (row_key), 
	CONSTRAINT report_is_of_a_person FOREIGN KEY(person_id) REFERENCES party (id)
);;
CREATE INDEX service_report_by_service ON service_report (service);;
CREATE TRIGGER service_report_unmatched_refuses_truncate BEFORE TRUNCATE ON service_report_unmatched FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER service_report_unmatched_refuses_change BEFORE UPDATE OR DELETE ON service_report_unmatched FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER notice_parcel_refuses_truncate BEFORE TRUNCATE ON notice_parcel FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER notice_parcel_refuses_change BEFORE UPDATE OR DELETE ON notice_parcel FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER service_report_refuses_truncate BEFORE TRUNCATE ON service_report FOR EACH STATEMENT EXECUTE FUNCTION guard_refuses();;
CREATE TRIGGER service_report_refuses_change BEFORE UPDATE OR DELETE ON service_report FOR EACH ROW EXECUTE FUNCTION guard_refuses();;
