-- What one gateway at a time does. A row is locked while it is done: an advisory
-- lock may be held by anybody who logs in, also by a role that may nothing.

create table glas_data.turn (
    name text primary key
);
comment on table glas_data.turn is
    'What one gateway at a time does, a row each, locked meanwhile.';
comment on column glas_data.turn.name is 'Function of glas_gw.';
insert into glas_data.turn (name) values ('tend'), ('retain');
