-- A number of a person that somebody types where another word belongs: no error
-- repeats it, since errors are in the log of the server; and it is not stored where
-- it stays to be read.
begin;
\ir fixture.psql
select no_plan();
select test.office();
insert into glas_data.event (number, title, municipality, starts_at, venue, announced_at, announced_by, most_segments)
select 1, '{"sr-Latn": "Tribina"}', 'Vranje', glas.now() + interval '5 days', 'Dom', glas.now(), 'kosta', 100;
insert into glas_data.form (code, names, thanks) values ('CHECKIN', '{"sr-Latn": "Javljanje"}', '');
insert into glas_data.callback (citizen, gateway, link, first_at, last_at) values (1, 'vranje', 'mts', glas.now(), glas.now());
select glas.recommend('Mrak', 'Svetlo', 'Grad Vranje');
select from glas.organisation_add('Nova', 'ngo');
create role vera login;
grant glas_caseworker to vera;
insert into glas_data.person (role, organisation, kind, since) values ('vera', 'Odbor Vranje', 'caseworker', glas.now());
create temp table said (call text, arg text, number text, code text, said text);
create temp table kept (func text, arg text, name text);
grant all on said, kept to public;

select is(glas_data.plain(string_agg(chr(ascii(zero) + n), '' order by n)), '0123456789', 'digits behind ' || zero)
  from string_to_table(U&'\0030\0660\06F0\0966\FF10\+01D7CE\+01E950', null) zero, generate_series(0, 9) n group by zero;
select is(glas_data.echo(typed), shown, 'shown of ' || left(typed, 40)) from (values
    ('baba-beba', 'baba-beba'), ('', ''), ('LIGHT', 'LIGHT'), ('12345', '12345'), ('x 12 y', 'x 12 y'),
    ('+381641000003', '...003'), ('064/100-00-03', '...0-03'), ('064 1000 003 Ana', '...003 Ana'),
    ('(064) 1000003', '(...003'), ('0101990710006', '...006'), ('Ana 421003, 063 555333', 'Ana ...333'),
    ('4 2 1 0 0 3', '...0 0 3'), ('Ana ٠٦٤١٠٠٠٠٠٣', 'Ana ...003'), ('０６４/１０００００３', '...003'),
    ('⓪⑥④1⁰⁰⁰⁰⁰³', '...003'), ('०६४ 𝟣𝟢𝟢𝟢𝟢𝟢𝟥', '...003'), ('Žućin š', 'Žućin š'), (repeat('9', 5000), '...999'), (repeat('ab', 50), repeat('ab', 20)),
    (repeat('x', 38) || '0641000003', repeat('x', 38) || '..')) v (typed, shown);

-- A table of ours that has this in a row. Not what goes out to people.
create function test.kept(number text) returns text[]
    language plpgsql security definer as $$
declare
    t    regclass;
    here boolean;
    all_ text[] := '{}';
begin
    for t in select c.oid from pg_class c
              where c.relnamespace = 'glas_data'::regnamespace and c.relkind in ('r', 'p')
                and not c.relispartition
                and c.relname <> 'outbox'
    loop
        execute format('select exists (select from %s t where regexp_replace(glas_data.plain(t::text), ''[^0-9]'', '''', ''g'') like %L)',
            t, '%' || number || '%') into here;
        if here then
            all_ := all_ || split_part(t::text, '.', 2);
        end if;
    end loop;
    return all_;
end $$;

-- What is right, by the name of an argument.
create function test.right_one(arg text, kind text, func text) returns text
    language sql stable security definer as $$
    select case
        when kind in ('integer', 'bigint') then '1'
        when kind = 'boolean' then 'true'
        when arg = 'actor' then '''POLICE'''
        when arg in ('categories', 'actors') then '''{LIGHT}'''
        when arg = 'references' then '''{100008}'''
        when kind = 'text[]' then '''{most,put}'''
        when kind = 'bigint[]' then 'array[1]::bigint[]'
        when kind = 'date' then 'current_date + 30'
        when kind like 'time %' then '''12:00'''
        when kind like 'timestamp with time zone' then 'glas.now() + interval ''3 days'''
        when kind like 'timestamp%' then 'localtimestamp - interval ''1 hour'''
        else quote_literal(case
            when func = 'member_add' and arg = 'kind' then 'caseworker'
            when func in ('member_add', 'member_remove', 'duty_code') then 'vera'
            when func = 'teach' then case arg when 'kind' then 'category' when 'code' then 'LIGHT' else 'bandera' end
            when func in ('record_step', 'consent_withdraw') and arg in ('step', 'what') then 'safe'
            when func in ('deadline_begin', 'deadline_done') and arg = 'name' then 'information-answer'
            when func like 'deadline%' and arg = 'name' then 'town'
            when func = 'bulletin' and arg = 'lang' then 'sq'
            when func = 'help' then 'reply'
            when func = 'deadline_set' and arg = 'what' then 'answer'
            when arg = 'reference' then '100008' when arg = 'into_reference' then '200006'
            when arg = 'organisation' then 'Odbor Vranje'
            when arg = 'citizen' then (select glas_data.pseudonym(min(id)) from glas_data.citizen)
            when arg = 'member' then 'mira' when arg = 'role' then 'mira'
            when arg in ('place', 'municipality', 'list') then 'Vranje' when arg = 'category' then 'LIGHT'
            when arg = 'status' then 'open' when arg = 'state' then 'approved' when arg = 'form' then 'CHECKIN'
            when arg = 'kind' then 'ngo' when arg = 'unit' then 'days' when arg = 'whose' then 'citizen'
            when arg = 'runs_from' then 'reported' when arg = 'ends_with' then 'filed' when arg = 'lang' then 'sr'
            when arg in ('texts', 'names') then '{"sr-Latn": "Dobar dan"}' when arg = 'titles' then '{}'
            when arg in ('starts_at', 'closes_at') then to_char(glas.now() + interval '3 days', 'YYYY-MM-DD HH24:MI')
            when arg = 'month' then '2026-10' when arg = 'answer' then 'accepted' when arg = 'view' then 'reports'
            when arg = 'what' then 'texts' when arg = 'code' then 'VODA' when arg = 'whom' then '100008'
            else 'nesto' end) end $$;

create function test.put(number text, kind text) returns text
    language sql immutable as $$
    select case kind when 'text' then quote_literal(number)
        when 'text[]' then format('array[%L, %L]', number, 'most')
        when 'bigint[]' then format('array[%s]::bigint[]', regexp_replace(number, '[^0-9]', '', 'g'))
        when 'bigint' then regexp_replace(number, '[^0-9]', '', 'g') || '::bigint'
        when 'integer' then '641234567' end $$;

-- Each argument of each function, where the others are right and where they are left
-- out.
create function test.type_everywhere() returns int
    language plpgsql as $$
declare
    f      record;
    i      int;
    number text;
    least  boolean;
    call   text;
    error  record;
    what   text;
    more   text;
    detail text;
    hint   text;
    n      int := 0;
begin
    for f in
        select p.proname, p.pronargs, p.pronargdefaults, p.proargnames as args,
               array(select format_type(t, null)
                       from unnest(p.proargtypes) with ordinality a (t, place) order by place) as kinds
          from pg_proc p
         where p.pronamespace = 'glas'::regnamespace and p.pronargs > 0
           and has_function_privilege(p.oid, 'execute')
    loop
        for i in 1 .. f.pronargs loop
            continue when test.put('1', f.kinds[i]) is null;
            foreach number in array array['0641234567', '+381 64 123-45-67', '064/1234567', '381641234567',
                                          '641234567', '0101990641234', '017641234', '641234',
                                          '٠٦٤１２３４567'] loop
                foreach least in array array[false, true] loop
                    call := format('select * from glas.%I(%s)', f.proname, (
                        select string_agg(format('%I => ', f.args[k]) || case when k = i then test.put(number, f.kinds[k])
                                   else test.right_one(f.args[k], f.kinds[k], f.proname) end, ', ')
                          from generate_series(1, f.pronargs) k
                         where k = i or k <= f.pronargs - f.pronargdefaults or not least));
                    n := n + 1;
                    begin
                        execute call;
                        if number in ('0641234567', '٠٦٤１２３４567') and f.kinds[i] in ('text', 'text[]') then
                            more := array_to_string(test.kept('641234567'), ' ');
                        end if;
                        raise exception using errcode = 'ZZZZZ', message = 'done', detail = coalesce(more, '');
                    exception when others then
                        get stacked diagnostics what = message_text, detail = pg_exception_detail,
                            hint = pg_exception_hint, more = pg_exception_context;
                        if sqlstate = 'ZZZZZ' then
                            if detail <> '' then
                                insert into kept select f.proname, f.args[i], t from unnest(string_to_array(detail, ' ')) t;
                            end if;
                            insert into said values (f.proname, f.args[i], number, sqlstate, '');
                        else
                            -- Without the statement, which is ours here.
                            insert into said values (f.proname, f.args[i], number, sqlstate,
                                concat_ws(' ', what, detail, hint, replace(more, call, '')));
                        end if;
                        more := null;
                    end;
                end loop;
            end loop;
        end loop;
    end loop;
    return n;
end $$;

set session authorization kosta;
select cmp_ok(test.type_everywhere(), '>', 2500, 'a coordinator types it everywhere');
set session authorization mira;
select cmp_ok(test.type_everywhere(), '>', 1000, 'and a case worker');
reset session authorization;
select is_empty($$ select distinct on (call, arg) call, arg, number, left(said, 150) from said
                    where regexp_replace(glas_data.plain(said), '[^0-9]', '', 'g') like '%641234%' order by call, arg limit 40 $$,
    'no error has it');
select cmp_ok((select count(distinct call) from said where code <> 'ZZZZZ'), '>', 70::bigint, 'there are errors of many');
select set_eq('select distinct func, arg, name from kept', $$ values
    ('ask', 'question', 'asked'), ('event_announce', 'title', 'event'), ('event_announce', 'venue', 'event'),
    ('poll_open', 'title', 'poll'), ('poll_open', 'options', 'poll') $$,
    'it is stored where it is told to people, and nowhere else');
select * from finish();
rollback;
