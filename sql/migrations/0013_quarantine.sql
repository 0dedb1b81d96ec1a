-- What was put aside can be worked on: where each of it stands, whose it is, and
-- who did what with it.

alter table glas_data.quarantine
    add column state   text not null default 'open'
        check (state in ('open', 'released', 'stored', 'dismissed', 'erased')),
    add column token   bytea,
    add column message bigint;
comment on column glas_data.quarantine.state is
    'open: waits for a person; released: on its way to a gateway; stored; dismissed; erased: who sent it had all erased.';
comment on column glas_data.quarantine.token is
    'Of who sent it, so that erasure finds it; empty when nobody can be named, or when it is stored.';
comment on column glas_data.quarantine.message is 'The text that it became, if it did.';
create index quarantine_open on glas_data.quarantine (at) where state = 'open';
create index quarantine_released on glas_data.quarantine (id) where state = 'released';
create index quarantine_token on glas_data.quarantine (token) where token is not null;

create table glas_data.quarantine_history (
    id         bigint generated always as identity primary key,
    quarantine bigint not null references glas_data.quarantine,
    at         timestamptz not null,
    who        text not null,
    what       text not null,
    note       text not null default ''
);
create index quarantine_history_of on glas_data.quarantine_history (quarantine);
comment on table glas_data.quarantine_history is
    'Who did what with something in quarantine; rows are only added.';
comment on column glas_data.quarantine_history.id is 'Number.';
comment on column glas_data.quarantine_history.quarantine is 'With which.';
comment on column glas_data.quarantine_history.at is 'When.';
comment on column glas_data.quarantine_history.who is
    'Database role; with glasctl also the user of the machine; or the gateway.';
comment on column glas_data.quarantine_history.what is
    'shown, released, returned, stored, dismissed, erased.';
comment on column glas_data.quarantine_history.note is 'Why, in words.';

-- It takes more than before.
drop function if exists glas_gw.quarantine(text, text, bytea, text, bytea);
