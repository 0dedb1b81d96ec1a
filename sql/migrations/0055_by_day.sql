-- Who did not ask is not woken, whatever kept a text until the night: a link, a cap, a
-- rate (sql/code/45_send.sql).
alter table glas_data.outbox add by_day boolean not null default false;
comment on column glas_data.outbox.by_day is
    'Nobody waits for it: it is begun by day alone.';
update glas_data.outbox set by_day = true
 where state in ('queued', 'held', 'waiting', 'inflight')
   and (kind in ('event', 'broadcast')
        -- An attempt that was refused has a turn, too.
        or kind = 'reply' and (priority > 2 or attempts = 0 and due_at is not null));
create index outbox_night on glas_data.outbox (coalesce(due_at, '-infinity'))
    where state = 'queued' and by_day;

-- It says until when a text may be begun.
drop function if exists glas_gw.mt_claim(text, text[], int[], text, text[], boolean[],
    boolean[]);

-- It takes what the centre says, too.
drop function if exists glas_gw.mt_report(text[], int[], bytea[], int[], text[], timestamptz[],
    interval, bigint[], text);

-- A clock that is years ahead lets go of nothing (sql/code/74_clock.sql).
create table glas_data.believed (
    one boolean primary key default true check (one),
    at  timestamptz not null
);
comment on table glas_data.believed is 'The time, as it was last believed; one row.';
comment on column glas_data.believed.one is 'There is one.';
comment on column glas_data.believed.at is
    'When it was that; an hour later at most it is written again while a gateway runs.';
insert into glas_data.believed (at) values (now());
