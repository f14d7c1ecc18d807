-- Updates of one chat are handed out one at a time, so that a follow-up never overtakes its question.
ALTER TABLE updates ADD COLUMN lane TEXT NOT NULL DEFAULT '';
CREATE INDEX updates_by_lane ON updates (lane, seq) WHERE state IN ('new', 'claimed') AND lane <> '';
