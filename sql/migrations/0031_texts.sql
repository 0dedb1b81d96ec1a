-- Texts to many come as text, so that what is no JSON is answered in a sentence.

drop function if exists
    glas.broadcast_draft(jsonb, text, text, text, timestamptz, timestamptz, text[], text),
    glas_data.broadcast_texts(jsonb);
