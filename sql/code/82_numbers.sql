-- A reference is made of digits, and typed without quotes it is a number. What is
-- used all day takes it so; for the rest the tour says that it is a text.

create or replace function glas.read(reference bigint) returns setof text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select * from glas.read(read.reference::text) $$;
comment on function glas.read(bigint) is
    'As glas.read(text), the reference typed without quotes.
     Example: select glas.read(100008);';

create or replace function glas.reply(reference bigint, text text) returns bigint
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$ select glas.reply(reply.reference::text, reply.text) $$;
comment on function glas.reply(bigint, text) is
    'As glas.reply(text, text), the reference typed without quotes.
     Example: select glas.reply(100008, ''Sutra dolazi majstor.'');';

create or replace function glas.ask(reference bigint, question text) returns bigint
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$ select glas.ask(ask.reference::text, ask.question) $$;
comment on function glas.ask(bigint, text) is
    'As glas.ask(text, text), the reference typed without quotes.
     Example: select glas.ask(100008, ''U kojoj ulici je rupa?'');';

create or replace function glas.set_status(
    reference bigint, status text, note text default '')
    returns setof glas.reports
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select * from glas.set_status(set_status.reference::text, set_status.status,
        set_status.note)
    $$;
comment on function glas.set_status(bigint, text, text) is
    'As glas.set_status(text, text, text), the reference typed without quotes.
     Example: select * from glas.set_status(100008, ''referred'', ''to the town hall'');';

create or replace function glas.assign(reference bigint, organisation text)
    returns setof glas.reports
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$ select * from glas.assign(assign.reference::text, assign.organisation) $$;
comment on function glas.assign(bigint, text) is
    'As glas.assign(text, text), the reference typed without quotes.
     Example: select * from glas.assign(100008, ''Odbor Vranje'');';

create or replace function glas.classify(
    reference bigint, category text default null, place text default null,
    actor text default null, urgent boolean default null, note text default '')
    returns setof glas.reports
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select * from glas.classify(classify.reference::text, classify.category,
        classify.place, classify.actor, classify.urgent, classify.note)
    $$;
comment on function glas.classify(bigint, text, text, text, boolean, text) is
    'As glas.classify(text, ...), the reference typed without quotes.
     Example: select * from glas.classify(100008, ''LIGHT'', ''Vranje'');';

create or replace function glas.merge(
    reference bigint, into_reference bigint, note text)
    returns setof glas.reports
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select * from glas.merge(merge.reference::text, merge.into_reference::text, merge.note)
    $$;
comment on function glas.merge(bigint, bigint, text) is
    'As glas.merge(text, text, text), the references typed without quotes.
     Example: select * from glas.merge(200006, 100008, ''the same lamp'');';

-- No setting of its own: then the planner takes it apart, and finds the row by its
-- index. Whoever has glas in the path, as glas.psqlrc does, may write it so; nothing
-- in pg_catalog compares the two, so nothing of it is hidden.
create or replace function glas_data.is_number(p_text text, p_number bigint)
    returns boolean
    language sql immutable strict parallel safe
    as $$ select p_text operator(pg_catalog.=) p_number::pg_catalog.text $$;
comment on function glas_data.is_number(text, bigint) is
    'Whether a text is this number, in digits: a reference typed without quotes.';

create or replace function glas_data.is_not_number(p_text text, p_number bigint)
    returns boolean
    language sql immutable strict parallel safe
    as $$ select p_text operator(pg_catalog.<>) p_number::pg_catalog.text $$;
comment on function glas_data.is_not_number(text, bigint) is
    'Whether a text is another than this number, in digits.';

do $$
begin
    if to_regoperator('glas.=(text, bigint)') is null then
        create operator glas.= (function = glas_data.is_number, leftarg = text,
                                rightarg = bigint);
    end if;
    if to_regoperator('glas.<>(text, bigint)') is null then
        create operator glas.<> (function = glas_data.is_not_number, leftarg = text,
                                 rightarg = bigint, negator = operator(glas.=));
    end if;
end
$$;
comment on operator glas.= (text, bigint) is
    'A reference is this number: where reference = 100008, without quotes.';
comment on operator glas.<> (text, bigint) is
    'A reference is another than this number: where reference <> 100008.';
