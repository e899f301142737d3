-- Nothing here was made by a member: the datasets can be imported again.
DROP TABLE IF EXISTS new_title_search;
DROP TABLE IF EXISTS new_title_words;
DROP TABLE IF EXISTS new_titles;
DROP TABLE IF EXISTS title_search;
DROP TABLE IF EXISTS title_words;
DROP TABLE IF EXISTS titles;
DROP TABLE title_index;
