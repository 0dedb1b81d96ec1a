-- Whatever is given to a function: what comes back is an answer, or a sentence of
-- ours. Never the name of a constraint, nor words of PostgreSQL about our insides.
begin;
\ir fixture.psql
select plan(4);
select test.office();
create temp table said (call text, code text, message text);
grant all on said to public;

-- Something of each type that nobody means: nothing, empty, odd, out of all bounds.
create function test.odd(kind text, way text) returns text
    language sql immutable as $$
    select case when way = 'null' then 'null::' || kind
        when kind = 'text' then quote_literal(case way when 'empty' then ''
            when 'odd' then 'x''%s ŽŁ' || chr(9) else repeat('9', 5000) end) || '::text'
        when kind in ('integer', 'bigint', 'smallint') then '(' || case way when 'empty' then '0'
            when 'odd' then '-1' else '2147483647' end || ')::' || kind
        when kind = 'boolean' then 'false'
        when kind = 'date' then quote_literal(case way when 'odd' then '1000-01-01'
            when 'empty' then 'epoch' else 'infinity' end) || '::date'
        when kind = 'time without time zone' then quote_literal(case way when 'huge' then '24:00' else '00:00' end) || '::time'
        when kind like 'timestamp%' then quote_literal(case way when 'odd' then '-infinity'
            when 'empty' then 'epoch' else 'infinity' end) || '::' || kind
        when kind = 'jsonb' then quote_literal(case way when 'empty' then '{}' when 'odd' then '[1]'
            else '{"sr-Latn": {"a": [1]}, "x": 5}' end) || '::jsonb'
        when kind = 'text[]' then case way when 'empty' then '''{}''::text[]'
            when 'odd' then 'array[null, '''', ''x'']::text[]' else 'array_fill(''9''::text, array[200])' end
        when kind = 'bigint[]' then case way when 'empty' then '''{}''::bigint[]'
            when 'odd' then 'array[null, -1]::bigint[]' else 'array_fill(9::bigint, array[200])' end
    end $$;

-- All arguments so, and once more with a first one that is right.
create function test.try_all() returns int
    language plpgsql as $$
declare
    f     record;
    way   text;
    first text;
    call  text;
    n     int := 0;
begin
    for f in
        select p.proname, string_to_array(pg_get_function_identity_arguments(p.oid), ', ') as args,
               array(select format_type(t, null)
                       from unnest(p.proargtypes) with ordinality a (t, i) order by i) as kinds
          from pg_proc p
         where p.pronamespace = 'glas'::regnamespace and p.pronargs > 0
           and has_function_privilege(p.oid, 'execute')
    loop
        foreach way in array array['null', 'empty', 'odd', 'huge'] loop
            foreach first in array array['', '100008', '1', 'mira', 'baba-baba', 'Druga', 'Vranje', 'VODA'] loop
                continue when first <> '' and f.kinds[1] not in ('text', 'integer', 'bigint');
                continue when first !~ '^[0-9]*$' and f.kinds[1] <> 'text';
                call := format('select * from glas.%I(%s)', f.proname, (
                    select string_agg(case when i = 1 and first <> ''
                               then quote_literal(first) || '::' || t else test.odd(t, way) end, ', ' order by i)
                      from unnest(f.kinds) with ordinality k (t, i)));
                n := n + 1;
                begin
                    execute call;
                    -- Undone, so that the next one finds the office as it was.
                    raise exception using errcode = 'ZZZZZ', message = 'done';
                exception when others then
                    insert into said values (left(call, 300), sqlstate, sqlerrm);
                end;
            end loop;
        end loop;
    end loop;
    return n;
end $$;

select ok(test.odd(k, w) is not null, 'something odd of ' || k) from (values ('text', 'odd')) v (k, w);
set session authorization kosta;
select cmp_ok(test.try_all(), '>', 1000, 'all functions are tried');
reset session authorization;
select is_empty($$ select distinct call, code, message from said
                    where code ~ '^(23|42|22P|2200|2201|XX|P0003|0A|38|39)'
                       and code not in ('42501', '42704')
                       -- The two that take the name of a view.
                       and message <> 'there is no such view: select * from glas.help() lists what there is'
                       or code in ('22001', '22003', '22008', '22004', 'P0004', 'P0001')
                       or message ~ 'violates|query returned|null value|out of range|duplicate key|current transaction'
                    limit 30 $$, 'nobody meets our insides');
select is_empty($$ select distinct call, message from said
                    where code <> 'ZZZZZ' and (length(message) < 15 or length(message) > 700)
                    limit 10 $$, 'each error is a sentence');
select * from finish();
rollback;
