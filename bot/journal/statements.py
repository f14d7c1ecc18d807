"""Every statement of the journal, written once for both stores.

PostgreSQL checks the ``WHERE`` of an ``UPDATE`` again on a row that it had to wait for, and SQLite has
one writer at a time: so one conditional statement is enough wherever two replicas may race.
"""

from __future__ import annotations

GET_CONTEXTS = """
SELECT r.a, r.b, k.body FROM {{rows}} r JOIN contexts k ON k.person = r.a AND k.chat = r.b AND k.expires_at > $1"""
KEEP_CONTEXTS = """
INSERT INTO contexts (person, chat, body, expires_at)
SELECT r.a, r.b, r.c, CAST($1 AS DOUBLE PRECISION) FROM {{rows}} r WHERE true
ON CONFLICT (person, chat) DO UPDATE SET body = excluded.body, expires_at = excluded.expires_at"""

NOTE = """
INSERT INTO notes (person, platform, kind, status, intent, facts, text, folded, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"""
RATE = (
    NOTE
    + """
ON CONFLICT (person, intent, folded) WHERE kind IN ('good', 'bad') DO UPDATE SET
    kind = excluded.kind, at = excluded.at,
    resolved_at = CASE WHEN notes.kind = excluded.kind THEN notes.resolved_at END"""
)
INBOX = """
SELECT n.id, n.text, n.kind, n.status, n.intent, g.at, g.times
FROM (SELECT MAX(id) AS id, MAX(at) AS at, COUNT(*) AS times FROM notes
      WHERE resolved_at IS NULL AND kind <> 'good' AND at <= $1 GROUP BY folded, kind) g
JOIN notes n ON n.id = g.id
ORDER BY g.at DESC, n.id DESC LIMIT $2 OFFSET $3"""
INBOX_SIZE = """
SELECT COUNT(*) FROM (SELECT 1 FROM notes WHERE resolved_at IS NULL AND kind <> 'good' GROUP BY folded, kind) g"""
RESOLVE = """
UPDATE notes SET resolved_at = $3, how = $2
WHERE resolved_at IS NULL AND kind <> 'good'
    AND (folded, kind) IN (SELECT p.folded, p.kind FROM notes p WHERE p.id = $1)
RETURNING id"""

TAKE = """
INSERT INTO updates (platform, update_id, payload, lane, taken_at)
SELECT $1, r.a, r.b, r.c, CAST($3 AS DOUBLE PRECISION) FROM {{rows}} r WHERE true
ON CONFLICT (platform, update_id) DO NOTHING RETURNING update_id"""
_BUSY = """r.c <> '' AND EXISTS (
    SELECT 1 FROM updates e WHERE e.lane = r.c AND e.lane <> '' AND e.state IN ('new', 'claimed'))"""
TAKE_AND_CLAIM = f"""
INSERT INTO updates (platform, update_id, payload, lane, taken_at, owner, lease_until, attempts, state)
SELECT $1, r.a, r.b, r.c, CAST($3 AS DOUBLE PRECISION), $4, CAST($5 AS DOUBLE PRECISION),
    CASE WHEN {_BUSY} THEN 0 ELSE 1 END, CASE WHEN {_BUSY} THEN 'new' ELSE 'claimed' END
FROM {{{{rows}}}} r WHERE true
ON CONFLICT (platform, update_id) DO NOTHING RETURNING update_id, state"""  # noqa: S608  made of the constants above
# A lease that ends more than ten minutes from now was given before the clock was set back: leases are a minute at most.
_FREE = """{u}.state IN ('new', 'claimed') AND (
    {u}.state = 'new' OR {u}.lease_until <= {now} OR {u}.lease_until > {now} + 600)"""
_FIRST = """({u}.lane = '' OR NOT EXISTS (
    SELECT 1 FROM updates e
    WHERE e.lane = {u}.lane AND e.lane <> '' AND e.seq < {u}.seq AND e.state IN ('new', 'claimed')))"""
CLAIM = f"""
WITH picked AS MATERIALIZED (
    SELECT u.seq FROM updates u
    WHERE u.platform = $1 AND {_FREE.format(u="u", now="$2")} AND {_FIRST.format(u="u")}
    ORDER BY u.seq LIMIT $3 {{{{skip_locked}}}})
UPDATE updates SET state = 'claimed', owner = $4, lease_until = $5, attempts = attempts + 1
WHERE seq IN (SELECT seq FROM picked)
RETURNING seq, update_id, payload, attempts"""  # noqa: S608  made of the constants above
CLAIM_THESE = f"""
UPDATE updates SET state = 'claimed', owner = $4, lease_until = $5, attempts = attempts + 1
WHERE platform = $1 AND update_id IN {{{{ids}}}}
    AND {_FREE.format(u="updates", now="$3")} AND {_FIRST.format(u="updates")}
RETURNING update_id"""  # noqa: S608  made of the constants above
PROLONG = """
UPDATE updates SET lease_until = $4
WHERE platform = $1 AND update_id = $2 AND owner = $3 AND state = 'claimed'
RETURNING seq"""
FINISH = """
UPDATE updates SET state = $4, payload = '', lane = '', lease_until = 0, taken_at = $5
WHERE platform = $1 AND update_id IN {{ids}} AND owner = $3 AND state IN ('claimed', $4)
RETURNING update_id"""

PUT_VERSION = """
INSERT INTO versions (version, place, body, put_by, put_at)
VALUES ($1, (SELECT COALESCE(MAX(place), 0) + 1 FROM versions), $2, $3, $4)
ON CONFLICT (version) DO UPDATE SET
    place = excluded.place, body = excluded.body, put_by = excluded.put_by, put_at = excluded.put_at
WHERE versions.place < excluded.place - 1
RETURNING place"""
PRUNE_VERSIONS = """
DELETE FROM versions WHERE version NOT IN (SELECT version FROM versions ORDER BY place DESC LIMIT 10)"""
NOTIFY = "{{notify}}"
VERSIONS = "SELECT version, body, put_by, put_at FROM versions ORDER BY place DESC LIMIT $1"
LATEST_NAME = "SELECT version FROM versions ORDER BY place DESC LIMIT 1"

NOTE_ADMIN = "INSERT INTO admin_actions (person, action, detail, at) VALUES ($1, $2, $3, $4)"
ADMIN_ACTIONS = "SELECT person, action, detail, at FROM admin_actions ORDER BY id DESC LIMIT $1"
COUNT = """
INSERT INTO usage (day, platform, status, count) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, platform, status) DO UPDATE SET count = usage.count + excluded.count"""
USAGE = "SELECT day, platform, status, count FROM usage WHERE day >= $1 ORDER BY day, platform, status"

# A bucket is one number: when it will be full again. It cannot grow beyond its burst however long it
# rests, and a replica whose clock is behind is only stricter. $3 is now, $2 now and one token's time,
# $4 the latest allowed, $5 one token's time, $6 a time that only a clock set back explains: start anew.
ALLOW = """
INSERT INTO buckets (name, full_at) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET full_at =
    CASE WHEN buckets.full_at <= $3 OR buckets.full_at > $6 THEN excluded.full_at ELSE buckets.full_at + $5 END
WHERE buckets.full_at <= $3 OR buckets.full_at > $6 OR buckets.full_at + $5 <= $4
RETURNING full_at"""

# One that ends more than ten minutes after a new one would was given before the clock was set back.
LEASE = """
INSERT INTO leases (name, owner, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
WHERE leases.owner = excluded.owner OR leases.expires_at <= $4 OR leases.expires_at > excluded.expires_at + 600
RETURNING owner"""
RELEASE = "DELETE FROM leases WHERE name = $1 AND owner = $2"

FORGET = (
    "DELETE FROM contexts WHERE person = $1 RETURNING 1",
    "DELETE FROM notes WHERE person = $1 RETURNING 1",
    "DELETE FROM admin_actions WHERE person = $1 RETURNING 1",
)

CHUNK = 2_000
"""Rows that one statement of `retain` deletes: a long delete would keep the only SQLite writer busy."""
_OLD = "DELETE FROM {t} WHERE {key} IN (SELECT {key} FROM {t} WHERE {at} < $1 LIMIT {n}) RETURNING 1"
OLD_NOTES = _OLD.format(t="notes", key="id", at="at", n=CHUNK)
OLD_ADMIN_ACTIONS = _OLD.format(t="admin_actions", key="id", at="at", n=CHUNK)
OLD_UPDATES = _OLD.format(t="updates", key="seq", at="taken_at", n=CHUNK)
OLD_BUCKETS = _OLD.format(t="buckets", key="name", at="full_at", n=CHUNK)
OLD_LEASES = _OLD.format(t="leases", key="name", at="expires_at", n=CHUNK)
OLD_CONTEXTS = _OLD.format(t="contexts", key="(person, chat)", at="expires_at", n=CHUNK).replace(
    "SELECT (person, chat)", "SELECT person, chat"
)

PING = "SELECT 1"
