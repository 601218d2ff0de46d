-- A store as the first schema left it. Searches had one order then, by creation: `term` knows nothing of `updated`.
BEGIN;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('schema', '1');
INSERT INTO meta VALUES ('terms', 'first');
CREATE TABLE document (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL,
    terms TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
INSERT INTO document VALUES ('Claim', 'c1', 1, '2026-01-05T09:00:00.000000Z', '2026-01-05T09:00:00.000000Z',
    '[["patient","Patient/p1"],["status","active"]]', '{"resourceType":"Claim","id":"c1","status":"active"}');
INSERT INTO document VALUES ('Claim', 'c2', 2, '2026-01-06T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z',
    '[["patient","Patient/p1"],["status","cancelled"]]', '{"resourceType":"Claim","id":"c2","status":"cancelled"}');
INSERT INTO document VALUES ('Claim', 'c3', 1, '2026-01-07T09:00:00.000000Z', '2026-01-07T09:00:00.000000Z',
    '[["patient","Patient/p1"],["status","active"]]', '{"resourceType":"Claim","id":"c3","status":"active"}');
INSERT INTO document VALUES ('ClaimResponse', 'r1', 1, '2026-01-05T09:00:00.000000Z', '2026-01-05T09:00:00.000000Z',
    '[["patient","Patient/p1"],["request","Claim/c1"]]', '{"resourceType":"ClaimResponse","id":"r1"}');
CREATE TABLE term (
    kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, created TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (kind, name, value, created, id)) WITHOUT ROWID;
INSERT INTO term VALUES ('Claim', 'patient', 'Patient/p1', '2026-01-05T09:00:00.000000Z', 'c1');
INSERT INTO term VALUES ('Claim', 'patient', 'Patient/p1', '2026-01-06T09:00:00.000000Z', 'c2');
INSERT INTO term VALUES ('Claim', 'patient', 'Patient/p1', '2026-01-07T09:00:00.000000Z', 'c3');
INSERT INTO term VALUES ('Claim', 'status', 'active', '2026-01-05T09:00:00.000000Z', 'c1');
INSERT INTO term VALUES ('Claim', 'status', 'active', '2026-01-07T09:00:00.000000Z', 'c3');
INSERT INTO term VALUES ('Claim', 'status', 'cancelled', '2026-01-06T09:00:00.000000Z', 'c2');
INSERT INTO term VALUES ('ClaimResponse', 'patient', 'Patient/p1', '2026-01-05T09:00:00.000000Z', 'r1');
INSERT INTO term VALUES ('ClaimResponse', 'request', 'Claim/c1', '2026-01-05T09:00:00.000000Z', 'r1');
COMMIT;
