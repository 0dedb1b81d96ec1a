-- Keys that are replaced while the gateway runs. What the states are:
-- sql/code/77_rekey.sql.

create table glas_data.rekey (
    number        int primary key check (number > 1),
    state         text not null default 'moving'
                  check (state in ('moving', 'moved', 'finished')),
    keyset_before text not null,
    keyset_both   text not null,
    keyset_after  text not null,
    begun_at      timestamptz not null,
    begun_by      text not null,
    step          text not null default 'people'
                  check (step in ('people', 'parts', 'quarantine', 'originals', '')),
    place         bigint not null default 0,
    done          bigint not null default 0,
    unopened      bigint not null default 0,
    moved_at      timestamptz,
    finished_at   timestamptz,
    unlinked      bigint not null default 0
);
create unique index rekey_open on glas_data.rekey ((true)) where state <> 'finished';
comment on table glas_data.rekey is
    'Each time that the keys were replaced, and how far that is. One at a time.';
comment on column glas_data.rekey.number is 'Of the new keys: token.NUMBER and reply.NUMBER.';
comment on column glas_data.rekey.state is
    'moving: what is sealed is sealed anew; moved: all is; finished: the old keys are gone.';
comment on column glas_data.rekey.keyset_before is 'Public id of the key set before.';
comment on column glas_data.rekey.keyset_both is 'The same with the old keys and the new ones.';
comment on column glas_data.rekey.keyset_after is 'The same without the old ones.';
comment on column glas_data.rekey.begun_at is 'Since when everything new is under the new keys.';
comment on column glas_data.rekey.begun_by is 'The office that made them.';
comment on column glas_data.rekey.step is 'What is sealed anew now; empty: nothing is left.';
comment on column glas_data.rekey.place is 'Up to which row of that it is done.';
comment on column glas_data.rekey.done is 'How many rows of all steps were sealed anew.';
comment on column glas_data.rekey.unopened is
    'How many could not be: they do not open under any key that is here.';
comment on column glas_data.rekey.moved_at is 'When nothing was left.';
comment on column glas_data.rekey.finished_at is 'When the old keys were given up.';
comment on column glas_data.rekey.unlinked is
    'How many people could not be found by their number any more from then on.';

-- Runs for each new citizen: sql/code/77_rekey.sql has what it does.
create or replace function glas_data.key_number() returns int
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$ select 1 $$;
comment on function glas_data.key_number() is 'Number of the keys that are in use.';

alter table glas_data.citizen add column key_number int not null default 1;
alter table glas_data.citizen alter column key_number set default glas_data.key_number();
comment on column glas_data.citizen.key_number is
    'Number of the key that the token and the reply copy are under.';

alter table glas_data.concat_group add column token_before bytea;
comment on column glas_data.concat_group.token_before is
    'What the segments are sealed for that are sealed under the key before.';
