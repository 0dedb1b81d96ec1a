-- Who is on duty is told in a turn of its own; and which texts are looked at again is
-- said.

insert into glas_data.turn (name) values ('duty');

drop function if exists glas_data.look_again(bigint);
