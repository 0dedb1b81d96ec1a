-- A database that goes backwards, restored from a backup or taken over by a
-- standby that lacks the last commits: what gateways find it by.

alter table glas_data.gateway
    add column calls      bigint not null default 0,
    add column place      text not null default '',
    add column rewound_at timestamptz,
    add column reread     boolean not null default true;
comment on column glas_data.gateway.calls is
    'How many of its calls have changed something; it remembers how many were
     answered, and a database that has fewer has gone backwards.';
comment on column glas_data.gateway.place is
    'Its log, and up to which record of it all is here, in words of its own.';
comment on column glas_data.gateway.rewound_at is
    'When it found that the database has gone backwards; empty when that is over.';
comment on column glas_data.gateway.reread is
    'Since then, its log was read again to the end.';

-- It is told more than before.
drop function if exists glas_gw.mt_said(text, bytea[]);
