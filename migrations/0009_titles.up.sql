-- The state of the local index of titles, in one row. The index itself is made and replaced by
-- `marquee import-titles`, whose tables differ by engine: titles, title_search, title_words.
CREATE TABLE title_index (
    id         INTEGER PRIMARY KEY,
    -- When the index was loaded, and how many films it has; NULL and 0 while there is none.
    loaded_at  BIGINT,
    films      INTEGER NOT NULL,
    -- The import that is building the next index, or was when it was stopped.
    import_key BIGINT
);

INSERT INTO title_index (id, films) VALUES (1, 0);
