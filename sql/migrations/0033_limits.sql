-- Steps are moved by words that were asked and words that were answered.

drop function if exists glas.record_step(text, text, text, date);
comment on column glas_data.consent.asked is
    'What they were asked, word for word: in the text outbox, or as who recorded it
     wrote it down.';
comment on column glas_data.consent.outbox is
    'The text that asked (outbox.id); empty: not asked by text.';
comment on column glas_data.consent.paper is
    'The paper that was seen, or where it was said.';
