-- Texts of no case are kept for less long than the others: which they are is found
-- without looking at those.

create index message_other on glas_data.message (received_at, id) where reference is null;
