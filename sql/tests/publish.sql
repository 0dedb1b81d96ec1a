-- What is published, and that nobody can compute a smaller number from it.
begin;
\ir fixture.psql
select no_plan();
select test.office();
select test.clock('2026-11-25 12:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
delete from glas_data.outbox; update glas_data.message set reference = null; delete from glas_data.report;
insert into glas_data.category (code, "group", named_in_reply) values
    ('POL_ID', 1, false), ('POL_COND', 1, false), ('DV', 5, false), ('WATER', 8, true), ('FRAUD', 6, true), ('COR', 6, false);
update glas_data.category set "group" = 8, named_in_reply = true where code in ('LIGHT', 'ROAD');
insert into glas_data.citizen (id, token, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at)
overriding system value
select 100 + n, test.sealed('p' || n), 'sq', false, false, 1, 1, now(), now(), now()
  from generate_series(0, 99) n;
create function test.report(n int, who bigint, day date, what text, place text, answered interval default null, tongue text default 'sr-Latn')
    returns text language sql as $$
    insert into glas_data.report (reference, reported_at, message, citizen, category, municipality, lang, channel,
        urgent, status_at, answered_at)
    values (glas_data.reference_nth(n, 7), day + time '12:00', n, who, what, place, tongue, 'sms', false,
            now(), day + time '12:00' + answered) returning reference::text $$;

-- What is put together.
create function test.safe(names text[], people int[], late int[] default null) returns text language sql as $$
    select string_agg(s.name || '=' || s.shown, ' ' order by s.name) from glas_data.publish_safe(names, people, late, 5) s $$;
select is(test.safe('{a,b,c}', '{5,6,7}'), 'a=a b=b c=c', 'enough of each');
select is(test.safe('{a,b,c,d}', '{2,3,6,7}'), 'a=other b=other c=c d=d', 'few and few are enough');
select is(test.safe('{a,b,c}', '{4,6,7}'), 'a=other b=other c=c', 'few alone take the smallest along: else they are what is missing from all');
select is(test.safe('{a,b}', '{4,9}'), 'a=other b=other', 'to the last one');
select is(test.safe('{a,b}', '{2,2}'), null, 'all together too few: nothing');
select is(test.safe('{}', '{}'), null, 'nobody: nothing');
select is(test.safe('{a,b}', '{10,20}', '{5,0}'), 'a=a b=b', 'in time and late both enough, or nobody');
select is(test.safe('{a,b}', '{10,20}', '{10,10}'), 'a=a b=b', 'all of them late');
select is(test.safe('{a,b,c}', '{10,11,30}', '{1,6,10}'), 'a=other b=other c=c', 'one who was late is not shown');
select is(test.safe('{a,b,c}', '{10,10,30}', '{9,5,10}'), 'a=other b=other c=c', 'nor the only one who was not');
select is(test.safe('{a,b}', '{10,10}', '{1,0}'), null, 'not even of all');

select is(glas_data.publish_category('LIGHT'), 'LIGHT', 'a lamp is a lamp');
select is(glas_data.publish_category('POL_ID'), 'GROUP1', 'police is one');
select is(glas_data.publish_category('FRAUD'), 'GROUP6', 'what stands beside corruption is not told from it');
select is(glas_data.publish_category(''), 'GROUP9', 'what is not known is other');
update glas_data.setting set value = '1' where name = 'publish_least';
select is(glas_data.publish_least(), 3, 'of two, each knows the other: three at least');
update glas_data.setting set value = '5' where name = 'publish_least';

-- Months.
select test.report(1000 + n, 100 + n, '2026-10-05', case when n < 10 then 'LIGHT' when n < 14 then 'POL_ID' else 'WATER' end,
                   case when n < 12 then 'Vranje' else 'Bujanovac' end, case when n < 8 then interval '1 day 1 hour' end) from generate_series(0, 19) n;
-- One person with many texts is one person; who withdrew, tries or is blocked is none.
select test.report(1100 + n, 119, '2026-10-06', 'ROAD', 'Vranje') from generate_series(0, 9) n;
select test.report(1120 + n, 120 + n, '2026-10-06', 'ROAD', 'Vranje') from generate_series(0, 9) n;
update glas_data.report set test = true where citizen between 120 and 123;
update glas_data.report set status = 'withdrawn' where citizen between 124 and 126;
update glas_data.citizen set blocked = true where id between 127 and 129;
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, code, confidence)
select 1000 + n, '2026-10-07 12:00+00', 'vranje', 'mts', 'sms', case when n <= 20 then 101 else 81 + n end, 1, 'sq', 'rights',
       case when n <= 20 then 'POLICE' else 'COURT' end, 90 from generate_series(1, 26) n;
set session authorization petra;
select is_empty($$ select * from glas.publish_counts $$, 'nothing is published by itself');
set session authorization kosta;
select throws_ok($$ select glas.publish('oktobar') $$, '22023', '"oktobar" is no month: write it as 2026-10', 'a month');
select throws_ok($$ select glas.publish(null) $$, '22023', null, 'not none');
select throws_ok($$ select glas.publish('2026-13') $$, '22023', null, 'of twelve');
select throws_like($$ select glas.publish('2026-11') $$, 'month 2026-11 can be published from 2026-12-08 on%', 'not before it is over');
reset session authorization; select test.clock('2026-11-07 23:59+01'); set session authorization kosta;
select throws_like($$ select glas.publish_preview('2026-10') $$, 'month 2026-10 can be published from 2026-11-08 on%', 'and all had time to be answered');
reset session authorization; select test.clock('2026-11-08 00:00+01'); set session authorization kosta;
select results_eq($$ select by, value, people from glas.publish_preview('2026-10') where measure = 'reports' and by in ('category', 'municipality') $$,
    $$ values ('category', 'LIGHT', 10), ('category', 'other', 10), ('municipality', 'Vranje', 12), ('municipality', 'Bujanovac', 8) $$,
    'four about the police are not told from six about water');
select is(glas.publish('2026-10'), 'Month 2026-10 is published: 10 tables, each number of 5 people at least.', 'published');
select throws_like($$ select glas.publish('2026-10') $$, 'month 2026-10 was published already%', 'once');
set session authorization petra;
select results_eq($$ select month, value, people, length(bar) from glas.publish_counts where by = 'municipality' $$,
    $$ values ('2026-10', 'Vranje', 12, 25), ('2026-10', 'Bujanovac', 8, 17) $$, 'the press reads it');
select results_eq($$ select month, people, length(bar) from glas.publish_trend $$, $$ values ('2026-10', 20, 40) $$, 'and how many in all');
select results_eq($$ select value, people from glas.publish_rights where by = 'topic' $$, $$ values ('other', 7) $$,
    'twenty questions of one person are one');
select results_eq($$ select value, people, median_days, in_time, length(bar) from glas.publish_equity where by = 'language' $$,
    $$ values ('sr-Latn', 20, null::int, 40, 8) $$, 'who was answered in time; most were not, so there is no median');
reset session authorization;
create table test.before as select * from glas_data.published;
select test.report(1300 + n, 150 + n, '2026-10-09', 'POL_ID', 'Vranje') from generate_series(0, 2) n;
update glas_data.setting set value = '3' where name = 'publish_least';
delete from glas_data.report where citizen = 119;
select results_eq($$ table glas_data.published $$, $$ table test.before $$, 'what is out does not change: not by texts, rules or erasure');
update glas_data.setting set value = '5' where name = 'publish_least';

-- A month of too few is published as nothing.
select test.report(1400 + n, 100 + n, '2026-09-09', 'LIGHT', 'Vranje') from generate_series(0, 3) n;
set session authorization kosta;
select is(glas.publish('2026-09'), 'Month 2026-09 is published: 0 tables, each number of 5 people at least.', 'too few for any table');

-- Recommendations are public when somebody says so, their mean when enough have rated.
select glas.recommend('Mrak', '<b>Rasveta</b>', 'Grad Vranje');
select glas.respond(1, 'accepted', 'Da.');
set session authorization petra;
select is_empty($$ select * from glas.publish_recommendations $$, 'a draft is nobody''s business');
set session authorization kosta;
select throws_like($$ select glas.make_public(7) $$, 'there is no recommendation 7%', 'there is none');
select is(glas.make_public(1), 'Recommendation 1 and what Grad Vranje says to it are public: its words name
nobody, you have read them.', 'public');
select glas.rate(1, r.reference, 5) from (select reference from glas.reports where reported_at::date = '2026-10-05' order by reference limit 4) r;
reset session authorization;
select test.report(1500, 170, '2026-08-09', 'LIGHT', 'Vranje') as late \gset
set session authorization kosta;
select glas.publish('2026-08');
select is((select rating from glas.publish_recommendations), null, 'four ratings are too few');
select glas.rate(1, :'late', 1);
select is((select rating from glas.publish_recommendations), null, 'and five wait for the next month');
select glas.publish('2026-07');
set session authorization petra;
select results_eq($$ select number, answer, rated, rating, bar from glas.publish_recommendations $$,
    $$ values (1, 'accepted', 5, 4.2, '########') $$, 'then there is a mean');
reset session authorization;
select test.report(1510 + n, 171 + n, '2026-08-09', 'LIGHT', 'Vranje') from generate_series(0, 3) n;
set session authorization kosta;
select glas.rate(1, r.reference, 1) from (select reference from glas.reports
    where category = 'LIGHT' and reported_at::date = '2026-08-09' and reference <> :'late') r;
select glas.publish('2026-06');
select is((select rated from glas.publish_recommendations), 5, 'four new ones would be computed from two means');

-- The press reads what begins with publish_, asks for help, and no more.
reset session authorization;
select is_empty($$
    select c.oid::regclass from pg_class c
     where c.relnamespace in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and c.relkind in ('r', 'v', 'm', 'p', 'S') and c.relname !~ '^publish_' and has_table_privilege('glas_press', c.oid, 'select') $$,
    'the press reads publish_ views alone');
set session authorization petra;
select throws_ok($$ select * from glas.trend $$, '42501', null, 'not the trend of this week');
select throws_ok($$ select * from glas.heatmap $$, '42501', null, 'nor small numbers');
select throws_ok($$ select glas.publish('2026-05') $$, '42501', null, 'and publishes nothing');
select throws_ok($$ select * from glas.publish_preview('2026-05') $$, '42501', null, 'nor looks before');
reset session authorization;

-- Whoever has all that is published knows which values there are, that everybody
-- is in one row of each table, and adds and subtracts. Their unknowns: a cell
-- for each category, municipality, language and whether answered in time.
create table test.cell as
select row_number() over ()::int as n, c, m, l, t
  from unnest('{LIGHT,WATER,GROUP1,GROUP5}'::text[]) c, unnest('{Vranje,Bujanovac,Niš}'::text[]) m,
       unnest('{sr-Latn,sq}'::text[]) l, unnest('{t,f}'::boolean[]) t;
create function test.value_of(x test.cell, by text) returns text language sql immutable as $$
    select case by when 'category' then x.c when 'municipality' then x.m else x.l end $$;
create table test.known (vec float8[], n float8);

create function test.learn(published text) returns void language plpgsql as $$
begin
    truncate test.known;
    execute format($q$
        with told as (select * from %s p where p.by <> 'people' and p.measure <> 'rights'),
        row as (select t.*, s.late from told t, lateral (
                    select null::boolean as late where t.measure = 'reports'
                    union all select unnest('{t,f}'::boolean[]) where t.measure = 'answers') s)
        insert into test.known
        select (select array_agg(case when (test.value_of(x, r.by) = r.value
                        or r.value = 'other' and not exists (select from told o where o.measure = r.measure
                            and o.by = r.by and o.value = test.value_of(x, r.by)))
                    and (r.late is null or x.t <> r.late) then 1 else 0 end order by x.n) from test.cell x),
               case when r.late is null then r.people when r.late then r.people - r.in_time else r.in_time end
          from row r$q$, published);
end $$;

-- Gauss and Jordan; then what stands alone, and all sums and differences of two.
create function test.attack(few int) returns int language plpgsql as $$
declare
    w int := (select count(*) from test.cell) + 1;
    rank int := 0; p int; found int;
    one float8[];
begin
    create temp table if not exists deduced (vec float8[], n float8) on commit drop;
    truncate deduced;
    insert into deduced select distinct * from test.known;
    create temp table if not exists matrix (i int, v float8[]) on commit drop;
    truncate matrix;
    insert into matrix select row_number() over (), k.vec || k.n from test.known k;
    for col in 1 .. w - 1 loop
        select i, v into p, one from matrix where i > rank and abs(v[col]) > 1e-9 order by i limit 1;
        continue when p is null;
        rank := rank + 1;
        update matrix set i = -1 where i = rank;
        update matrix set i = rank where i = p and p <> rank;
        update matrix set i = p where i = -1 and p <> rank;
        update matrix set i = rank where i = -1;
        one := (select array_agg(e / one[col] order by o) from unnest(one) with ordinality u (e, o));
        update matrix set v = one where i = rank;
        update matrix x set v = (select array_agg(e - x.v[col] * one[o] order by o) from unnest(x.v) with ordinality u (e, o))
         where x.i <> rank and abs(x.v[col]) > 1e-9;
    end loop;
    insert into deduced select v[1 : w - 1], v[w] from matrix;
    insert into deduced
    select (select array_agg(x + s * y order by o) from unnest(d.vec, e.vec) with ordinality u (x, y, o)), d.n + s * e.n
      from (select distinct * from deduced) d, (select distinct * from deduced) e, unnest('{1,-1}'::int[]) s where d <> e;
    select count(*) into found from deduced d
     where (select bool_and(abs(e) < 1e-9 or abs(e - 1) < 1e-9) and bool_or(abs(e - 1) < 1e-9) from unnest(d.vec) e)
       and d.n > 0.5 and d.n < few - 0.5;
    return found;
end $$;

create function test.month(seed int) returns text language plpgsql as $$
declare
    month date := date '2001-01-01' + make_interval(months => seed);
begin
    perform setseed(seed / 100.0);
    perform test.report(3000 + seed * 200 + n, 100 + (n * 7) % 90, (month + (random() * 27)::int)::date,
        ('{LIGHT,LIGHT,LIGHT,WATER,WATER,POL_ID,POL_COND,DV}'::text[])[1 + floor(8 * random() * random())],
        ('{Vranje,Vranje,Bujanovac,Niš}'::text[])[1 + floor(4 * random() ^ (1 + seed % 3))],
        case when random() < 0.2 + 0.6 * (seed % 2) then interval '1 day' end,
        ('{sr-Latn,sq}'::text[])[1 + floor(2 * random() ^ (1 + seed % 4))])
       from generate_series(1, 25 + seed * 6) n;
    return to_char(month, 'YYYY-MM');
end $$;
-- What is there without any care: each row of enough people, and how many there are.
create table test.naive as select measure, "by", value, people, in_time from glas_data.published limit 0;
create function test.naive(month date) returns void language sql as $$
    truncate test.naive;
    insert into test.naive
    select v.measure, v.by, v.value, count(*), count(*) filter (where v.took <= interval '7 days')
      from glas_data.publish_voices(month) v group by 1, 2, 3 having count(*) >= 5 $$;

create table test.attacked (month text, careful int, careless int);
do $$
declare
    published text;
    people int;
begin
    for seed in 1 .. 14 loop
        published := test.month(seed);
        people := (select count(distinct v.person) from glas_data.publish_voices((published || '-01')::date) v where measure = 'reports');
        perform glas.publish(published);
        perform test.learn(format('(select * from glas_data.published where month = %L)', published || '-01'));
        insert into test.attacked (month, careful) values (published, test.attack(5));
        perform test.naive((published || '-01')::date);
        perform test.learn('test.naive');
        insert into test.known select array_agg(1 order by n), people from test.cell;
        update test.attacked a set careless = test.attack(5) where a.month = published;
    end loop;
end $$;
select is_empty($$ select * from test.attacked where careful > 0 $$, 'nobody computes fewer than five from what is published');
select cmp_ok((select count(*)::int from test.attacked where careless > 0), '>=', 5, 'where it is published without care they do');
select cmp_ok((select count(*)::int from glas_data.published where month < '2003-01-01' and value <> 'other'), '>=', 60,
    'and there is something to read');
select is_empty($$ select * from glas_data.published where people < 5 or in_time between 1 and 4 or people - in_time between 1 and 4 $$,
    'no row is smaller');
select is_empty($$ select t.month from (select month, case measure when 'answers' then 'reports' else measure end as m, "by", measure,
                          sum(people) as n from glas_data.published group by 1, 2, 3, 4) t
                    group by t.month, t.m having count(distinct n) > 1 $$,
    'everybody is in one row of each table');

-- Counts and times are of the same people: the difference of their rows is nobody, or
-- enough. First three municipalities, of which one is the difference; then what comes.
create table test.drawn (value text, person bigint generated always as identity, took interval);
create or replace function glas_data.publish_voices(p_month date)
    returns table (measure text, by text, value text, person bigint, took interval)
    language sql stable as $$
    select m, 'municipality', d.value, d.person, d.took from test.drawn d, unnest('{reports,answers}'::text[]) m $$;
create function test.draw(place text, people int, late int) returns void language sql as $$
    insert into test.drawn (value, took)
    select place, case when n > late then interval '1 day' end from generate_series(1, people) n $$;
create function test.small(few int) returns bigint language sql as $$
    with r as (select * from glas_data.publish_rows('2026-01-01') where by = 'municipality'),
    counts as (select * from r where measure = 'reports'), times as (select * from r where measure = 'answers')
    select count(*) from (
        select t.people - coalesce(c.people, 0) as n from times t left join counts c using (value) where t.value <> 'other'
        union all
        -- Who is in the rest of both.
        select coalesce((select people from times where value = 'other'), 0)
             - coalesce((select sum(c.people) from counts c where c.value <> 'other'
                            and not exists (select from times t where t.value = c.value)), 0)
          from times having count(*) > 0
        union all
        select abs(coalesce((select people from times where value = 'other'), 0)
             - coalesce((select people from counts where value = 'other'), 0)) from times having count(*) > 0) d (n)
     where d.n <> 0 and abs(d.n) < few $$;
select test.draw('Vranje', 30, 3), test.draw('Preševo', 4, 2), test.draw('Leskovac', 5, 0);
select is(test.small(5), 0::bigint, 'the four of the smallest place are no difference');
select results_eq($$ select measure, value, people from glas_data.publish_rows('2026-01-01') order by 1, 3 $$,
    $$ values ('answers', 'other', 39), ('reports', 'other', 9), ('reports', 'Vranje', 30) $$, 'times are of rows of the counts, or of several');
create table test.months (n int, small bigint, rows bigint);
do $$
begin
    perform setseed(0.7);
    for n in 1 .. 250 loop
        truncate test.drawn;
        perform test.draw('m' || i, p, least(p, floor(p * late + 3 * random())::int))
           from (select i, 1 + floor(40 * random() ^ 3)::int as p, random() ^ 2 as late
                   from generate_series(1, 3 + n % 6) i) x;
        insert into test.months select n, test.small(5), count(*) from glas_data.publish_rows('2026-01-01');
    end loop;
end $$;
select is_empty($$ select * from test.months where small > 0 $$, 'nor is anybody in any of many months');
select cmp_ok((select count(*)::int from test.months where rows > 4), '>=', 100, 'most of which have something to read');

select * from finish();
rollback;
