-- What was known of the ends of rounds is set aside: the up file takes it back, and sees by itself what is to be counted.
CREATE TABLE kept_round_ends AS
SELECT id, asked_in, departed_unknown FROM rounds WHERE asked_in IS NOT NULL OR departed_unknown;

DROP INDEX rounds_uncounted;
ALTER TABLE rounds DROP COLUMN uncounted;
ALTER TABLE rounds DROP COLUMN departed_unknown;
ALTER TABLE rounds DROP COLUMN asked_in;
