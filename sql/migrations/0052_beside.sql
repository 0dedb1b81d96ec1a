-- Words beside texts are looked up for all cases at once, and those of forms before
-- their text has gone (sql/code/76_beside.sql).
drop view if exists glas_data.beside_due;
drop view if exists glas_data.entry_over;
drop function if exists glas_data.words_over(text, timestamptz);
