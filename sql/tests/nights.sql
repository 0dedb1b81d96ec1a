-- What the preview says is what the nights then do, to the row: where a rule ends inside
-- of a month, with shorter ones for a category and without.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-01-02 12:00+01');
select test.office();
delete from glas_data.outbox_segment; delete from glas_data.outbox; delete from glas_data.body;
do $$ declare p regclass; begin
    for p in select part from glas_data.body_part where begins is not null loop execute 'drop table ' || p; end loop; end $$;
grant usage on schema test, tap to glas_owner; grant execute on all functions in schema tap, test to glas_owner; set role glas_owner;
select count(glas_data.body_month(m::date)) from generate_series(timestamp '2026-02-01', '2026-09-01', '1 month') m;
reset role;

-- Every three days a text of each kind; of one month all were moved aside.
create table test.kinds as
select row_number() over () as id, d + k.n * interval '10 minutes' as at, k.*
  from generate_series(timestamptz '2026-01-10 01:10Z', '2026-09-20', interval '3 days') d,
       (values (1, 'closed', 'ROAD'), (2, 'closed', 'LIGHT'), (3, 'open', 'ROAD'), (4, 'duplicate', 'ROAD'),
               (5, 'answered', 'LIGHT'), (6, null, ''), (7, null, '')) k (n, status, category);
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, confidence, reference)
select 1000 + k.id, k.at, 'vranje', 'mts', 'sms', (select min(id) from glas_data.citizen), 1, 'sr-Latn', 'report', 80,
       case when k.n < 6 then glas_data.reference_nth(1000 + k.id, 7) end from test.kinds k;
insert into glas_data.report (reference, reported_at, message, citizen, category, first, municipality, settlement, lang, channel, urgent,
       status, status_at, merged_into)
select m.reference, k.at, m.id, m.citizen, k.category, k.category, '', '', 'sr-Latn', 'sms', false, k.status, k.at,
       case when k.status = 'duplicate' then (select o.reference from glas_data.message o where o.id = m.id - case when k.id % 2 = 0 then 1 else 2 end) end
  from test.kinds k join glas_data.message m on m.id = 1000 + k.id where k.n < 6;
insert into glas_data.body (message, received_at, text, original)
select m.id, m.received_at, 'reci', '' from glas_data.message m where m.id > 1000;
insert into glas_data.outbox (id, created_at, kind, priority, citizen, message, reference, text, encoding, segments, state)
select m.id, m.received_at, 'receipt', 1, m.citizen, m.id, m.reference, 'odgovor', 'GSM7', 1, 'delivered'
  from glas_data.message m where m.id > 1000;
insert into glas_data.form_entry (message, form, citizen, at, complete, unread)
select 1000 + k.id, 'PROBA', (select min(id) from glas_data.citizen), k.at, true, case when k.n = 6 then 'jos' else '' end
  from test.kinds k where k.n in (1, 3, 6, 7);
insert into glas_data.form_value (entry, field, value) select message, 'remark', 'video sam' from glas_data.form_entry where message > 1000;
insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed, answer, answered_at)
select r.reference, 'safe', 'sme li?', r.reported_at, 'mira', true, 'da', r.reported_at
  from glas_data.report r join test.kinds k on 1000 + k.id = r.message;
insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed, state)
select k.id::text::bytea, k.at, 'vranje', 'mts', 'r', 'sealed', 'dismissed' from test.kinds k where k.n = 1;
select count(*) from test.kinds k, glas_gw.balance_put('vranje', 'mts', k.at, 100, 'RSD', 'Stanje', 100, 7, null, 7) where k.n = 1;

create view test.words as
select to_char(m.received_at at time zone 'utc', 'YYYY-MM') as month,
       case when r.reference is null then 'other texts' else 'texts' end as what,
       coalesce((select k.category from glas_data.retention k where k.what = 'texts' and k.category = r.category), '') as category,
       b.message
  from glas_data.body b
  join glas_data.message m on m.id = b.message
  left join glas_data.report r on r.reference = m.reference;
create view test.beside as
select count(*) from (
    select from glas_data.form_entry where unread = '[isteklo]' union all
    select from glas_data.form_value where value = '[isteklo]' union all
    select from glas_data.consent where answer = '[isteklo]') b;
-- Asked by a person, in their time zone; done by a gateway in its own. Then undone.
create function test.night(p_at text, p_rules text, p_what text) returns setof text language plpgsql as $$
declare
    asked text[]; gone text[]; again text; beside bigint; aside bigint;
begin
    begin
        perform test.clock(p_at);
        delete from glas_data.retention where what = 'texts' and category <> '';
        perform glas.retention_set(btrim(r[1]), r[3]::int, coalesce(r[2], ''))
           from regexp_matches(p_rules, '([a-z ]+)(?: ([A-Z]+))? (\d+)', 'g') r;
        create temp table had on commit drop as select * from test.words;
        set local timezone = 'Europe/Belgrade';
        asked := array(select p::text from glas.retention_preview() p
                        where p.what not in ('numbers', 'segments', 'dialogs') order by 1);
        set local timezone = 'UTC';
        for n in 1 .. 20 + (select glas.now()::date - min(created_at)::date from glas_data.outbox) loop
            perform glas_gw.retain();
            perform test.clock((glas.now() + interval '1 millisecond')::text);
        end loop;
        gone := array(
            select row(h.month, h.what, h.category, count(w.message), count(*) - count(w.message))::text
              from had h left join test.words w on w.message = h.message
             group by h.month, h.what, h.category having count(*) > count(w.message)
            union all
            select row(to_char(created_at at time zone 'utc', 'YYYY-MM'), 'replies', '', 0, count(*))::text
              from glas_data.outbox where text = '[isteklo]'
             group by to_char(created_at at time zone 'utc', 'YYYY-MM')
            order by 1);
        -- Of forms the night after.
        delete from glas_data.retained where what = 'beside';
        perform glas_gw.retain();
        beside := (select nullif(b.count, 0) from test.beside b);
        aside := (select sum(h.gone)::bigint from glas_data.retention_history h where h.what in ('quarantine', 'logs'));
        again := (select string_agg(p::text, ' ') from glas.retention_preview() p
                   where p.what not in ('numbers', 'segments', 'dialogs'));
        raise sqlstate 'UNDO0';
    exception when sqlstate 'UNDO0' then null;
    end;
    return next ok(cardinality(gone) > 0, 'something goes: ' || p_what);
    return next is((select string_agg(a, ' ' order by a) from unnest(asked) a where a ~ 'texts|replies' and a !~ 'beside'),
        (select string_agg(g, ' ' order by g) from unnest(gone) g), 'texts and replies: ' || p_what);
    return next is((select sum((regexp_match(a, ',(\d+)\)'))[1]::int) from unnest(asked) a where a ~ 'beside'), beside,
        'what stands beside them: ' || p_what);
    return next is((select sum((regexp_match(a, ',(\d+)\)'))[1]::int) from unnest(asked) a where a ~ 'quarantine|logs'), aside,
        'what was set aside, and logs: ' || p_what);
    return next is(again, null, 'then nothing is left to go: ' || p_what);
end $$;
select test.night('2026-07-19 02:30+02', 'texts 90, other texts 30, replies 60, quarantine 45, logs 50', 'cases later than others');
select test.night('2026-07-19 02:30+02', 'texts 90, texts ROAD 20, other texts 30, replies 60', 'a category before all');
select test.night('2026-07-19 02:30+02', 'texts 90, texts ROAD 150, other texts 30, replies 10', 'a category after all');
select test.night('2026-07-31 03:30+02', 'texts 20, other texts 120, replies 61, quarantine 20, logs 20', 'cases before others');
select test.night('2026-08-01 01:30+02', 'texts 61, texts LIGHT 31, other texts 61, replies 31', 'the last day of a month');
select test.night('2026-04-12 03:30+02', 'texts 14, other texts 14, replies 29, quarantine 14, logs 14', 'when the hour was moved meanwhile');
select * from finish();
rollback;
