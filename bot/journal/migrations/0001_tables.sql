-- What the bot remembers. Persons, chats, lanes and buckets are keyed hashes; texts are scrubbed.
CREATE TABLE contexts (
    person TEXT NOT NULL,
    chat TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (person, chat)
);
CREATE INDEX contexts_by_expiry ON contexts (expires_at);
CREATE TABLE notes (
    id {{identity}},
    person TEXT NOT NULL,
    platform TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    intent TEXT NOT NULL,
    facts TEXT NOT NULL,
    text TEXT NOT NULL,
    folded TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL,
    resolved_at DOUBLE PRECISION,
    how TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX notes_one_rating ON notes (person, intent, folded) WHERE kind IN ('good', 'bad');
CREATE INDEX notes_open ON notes (folded, kind) WHERE resolved_at IS NULL AND kind <> 'good';
CREATE INDEX notes_by_person ON notes (person);
CREATE INDEX notes_by_age ON notes (at);
CREATE TABLE updates (
    seq {{identity}},
    platform TEXT NOT NULL,
    update_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'new',
    owner TEXT NOT NULL DEFAULT '',
    lease_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    taken_at DOUBLE PRECISION NOT NULL,
    UNIQUE (platform, update_id)
);
CREATE INDEX updates_open ON updates (platform, seq) WHERE state IN ('new', 'claimed');
CREATE INDEX updates_by_age ON updates (taken_at);
CREATE TABLE versions (
    version TEXT PRIMARY KEY,
    place BIGINT NOT NULL,
    body {{bytes}} NOT NULL,
    put_by TEXT NOT NULL,
    put_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE admin_actions (
    id {{identity}},
    person TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    at DOUBLE PRECISION NOT NULL
);
CREATE TABLE usage (
    day TEXT NOT NULL,
    platform TEXT NOT NULL,
    status TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, platform, status)
);
CREATE TABLE buckets (
    name TEXT PRIMARY KEY,
    full_at DOUBLE PRECISION NOT NULL
);
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL
);
