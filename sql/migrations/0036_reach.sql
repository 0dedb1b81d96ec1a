-- Whom a broadcast reaches, to whom an answer is owed and what is not kept any
-- more is asked of all at once.

drop function if exists
    glas_data.broadcast_barrier(glas_data.citizen, text, boolean),
    glas_data.owed_until(bigint),
    glas_data.is_due(timestamptz, text, text, text);
