-- What is added to a report says whom it speaks of.

drop function if exists glas_data.follow(text, bigint, bigint);
