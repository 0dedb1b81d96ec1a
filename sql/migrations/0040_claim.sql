-- Answers that wait, for glas_data.mt_late(): before each claim.

create index outbox_answer on glas_data.outbox (created_at)
    where state = 'queued' and priority = 1 and message is not null;
