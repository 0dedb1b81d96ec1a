-- Who did not ask is not woken, whatever kept a text until the night: a link, a cap, a
-- rate (sql/code/45_send.sql).
alter table glas_data.outbox add by_day boolean not null default false;
comment on column glas_data.outbox.by_day is
    'Nobody waits for it: it is begun by day alone.';
update glas_data.outbox set by_day = true
 where state in ('queued', 'held', 'waiting')
   and (kind in ('event', 'broadcast') or kind = 'reply' and (priority > 2 or due_at is not null));
create index outbox_night on glas_data.outbox (coalesce(due_at, '-infinity'))
    where state = 'queued' and by_day;

-- It says until when a text may be begun.
drop function if exists glas_gw.mt_claim(text, text[], int[], text, text[], boolean[],
    boolean[]);
