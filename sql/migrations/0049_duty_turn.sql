-- Who is on duty is told in a turn of its own.

insert into glas_data.turn (name) values ('duty');
