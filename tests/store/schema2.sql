-- A store as the second schema left it: every term was there twice, once in the order of change.
BEGIN;
CREATE TABLE document (kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, created TEXT NOT NULL,
    updated TEXT NOT NULL, terms TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
INSERT INTO "document" VALUES
    ('Claim','c1',1,'2026-01-05T09:00:00.000000Z','2026-01-05T09:00:00.000000Z','[["patient","Patient/p1"],["status","active"]]','{"resourceType":"Claim","id":"c1","status":"active"}');
INSERT INTO "document" VALUES
    ('Claim','c2',2,'2026-01-06T09:00:00.000000Z','2026-03-01T09:00:00.000000Z','[["patient","Patient/p1"],["status","cancelled"]]','{"resourceType":"Claim","id":"c2","status":"cancelled"}');
INSERT INTO "document" VALUES
    ('Claim','c3',1,'2026-01-07T09:00:00.000000Z','2026-01-07T09:00:00.000000Z','[["patient","Patient/p1"],["status","active"]]','{"resourceType":"Claim","id":"c3","status":"active"}');
INSERT INTO "document" VALUES
    ('ClaimResponse','r1',1,'2026-01-05T09:00:00.000000Z','2026-01-05T09:00:00.000000Z','[["patient","Patient/p1"],["request","Claim/c1"]]','{"resourceType":"ClaimResponse","id":"r1"}');
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('schema','2');
INSERT INTO "meta" VALUES('terms','first');
CREATE TABLE term (name TEXT NOT NULL, value TEXT NOT NULL, kind TEXT NOT NULL, created TEXT NOT NULL, id TEXT NOT NULL,
    updated TEXT NOT NULL, PRIMARY KEY (name, value, kind, created, id)) WITHOUT ROWID;
INSERT INTO "term" VALUES
    ('patient','Patient/p1','Claim','2026-01-05T09:00:00.000000Z','c1','2026-01-05T09:00:00.000000Z');
INSERT INTO "term" VALUES
    ('patient','Patient/p1','Claim','2026-01-07T09:00:00.000000Z','c3','2026-01-07T09:00:00.000000Z');
INSERT INTO "term" VALUES
    ('patient','Patient/p1','Claim','2026-01-06T09:00:00.000000Z','c2','2026-03-01T09:00:00.000000Z');
INSERT INTO "term" VALUES
    ('patient','Patient/p1','ClaimResponse','2026-01-05T09:00:00.000000Z','r1','2026-01-05T09:00:00.000000Z');
INSERT INTO "term" VALUES
    ('request','Claim/c1','ClaimResponse','2026-01-05T09:00:00.000000Z','r1','2026-01-05T09:00:00.000000Z');
INSERT INTO "term" VALUES('status','active','Claim','2026-01-05T09:00:00.000000Z','c1','2026-01-05T09:00:00.000000Z');
INSERT INTO "term" VALUES('status','active','Claim','2026-01-07T09:00:00.000000Z','c3','2026-01-07T09:00:00.000000Z');
INSERT INTO "term" VALUES
    ('status','cancelled','Claim','2026-01-06T09:00:00.000000Z','c2','2026-03-01T09:00:00.000000Z');
CREATE INDEX term_updated ON term (name, value, kind, updated, id);
COMMIT;
