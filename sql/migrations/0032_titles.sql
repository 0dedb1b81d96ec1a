-- Titles by language come as text, so that what is no JSON is answered in a
-- sentence.

drop function if exists
    glas.poll_open(text, text[], timestamptz, jsonb),
    glas.event_announce(text, text, timestamptz, text, jsonb, int),
    glas.list_add(text, jsonb, text[]),
    glas_data.titles(text, jsonb);
