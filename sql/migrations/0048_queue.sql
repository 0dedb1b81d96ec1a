-- A claim reads what is queued for its links, and not for the others; when the next
-- is due is the first entry.

create index outbox_queue on glas_data.outbox (coalesce(link, ''), priority, id)
    where state = 'queued';
create index outbox_due on glas_data.outbox (due_at)
    where state = 'queued' and due_at is not null;
