-- A cache is fetched again: nothing is set aside.
ALTER TABLE films DROP COLUMN cached_at;
ALTER TABLE films DROP COLUMN cached_imdb_data;
