-- What is added to a report says what it may be about, too: an argument has another
-- name.
drop function if exists glas_data.follow(text, bigint, bigint, text);
drop function if exists glas_data.keep_from_police(text, text);
