-- What a provider told about a film, as JSON in one versioned shape, and when (Unix seconds).
ALTER TABLE films ADD COLUMN cached_imdb_data TEXT;
ALTER TABLE films ADD COLUMN cached_at BIGINT;
