-- Who is not answered any more, machines above all; and what long texts and
-- their identities may keep.

alter table glas_data.citizen
    add column silenced_at    timestamptz,
    add column silenced_until timestamptz,
    add column silenced_by    text not null default '',
    add column silenced_why   text not null default '',
    add column blocked        boolean not null default false,
    add column vouched        boolean not null default false,
    add column machine_at     timestamptz,
    add column machine_texts  smallint not null default 0;
comment on column glas_data.citizen.silenced_at is
    'When it was decided that they are not answered; stays when that is over.';
comment on column glas_data.citizen.silenced_until is
    'Until when they are not answered; infinity: until somebody says otherwise.';
comment on column glas_data.citizen.silenced_by is 'Database role that decided it; empty: the gateway.';
comment on column glas_data.citizen.silenced_why is 'Why, in words.';
comment on column glas_data.citizen.blocked is
    'Not even danger is answered; the block itself stands in glas_data.block.';
comment on column glas_data.citizen.vouched is
    'A person has looked: the gateway does not silence them by itself.';
comment on column glas_data.citizen.machine_at is 'When a text of theirs was last one that a machine writes.';
comment on column glas_data.citizen.machine_texts is 'How many of those there were, less than a day apart.';

create table glas_data.block (
    token      bytea primary key,
    citizen    bigint,
    since      timestamptz not null,
    reason     text not null,
    blocked_by text not null
);
comment on table glas_data.block is
    'Numbers that are not answered whatever they send, under the key of optout,
     which never changes: outlives erasure and glasctl key rotate.';
comment on column glas_data.block.token is 'Keyed hash of the number under the opt-out key.';
comment on column glas_data.block.citizen is
    'Who has the number now; empty after an erasure, until the number writes again.';
comment on column glas_data.block.since is 'When.';
comment on column glas_data.block.reason is 'Why, in words.';
comment on column glas_data.block.blocked_by is 'Database role that decided it.';

-- They give or take other things than before.
drop function if exists glas_gw.mo_context(bytea[], bytea[], bytea[], text[]);
drop function if exists glas_gw.stopped(bytea[]);
drop function if exists glas_gw.mo_groups_due(interval, int);
drop function if exists glas.help(text);

-- What is older than forty days is deleted by its time (glas_gw.prune): an index
-- of ranges costs a row nothing.
create index identity_received on glas_data.identity
    using brin (received_at) with (pages_per_range = 32);
create index concat_group_last on glas_data.concat_group
    using brin (last_at) with (pages_per_range = 32);
