-- How long words are kept, and what a person may ask for.
begin;
\ir fixture.psql
select no_plan();
create function test.march() returns boolean language sql as $$
    select to_regclass('glas_data.body_2026_03') is not null $$;
create function test.words() returns text language sql as $$
    select string_agg(id || ' ' || text, ', ' order by id) from glas.inbox $$;
create function test.passes(n int) returns bigint language plpgsql as $$
declare
    gone bigint := 0;
begin
    for i in 1 .. n loop
        gone := gone + glas_gw.retain();
        perform test.clock((glas.now() + interval '1 second')::text);
    end loop;
    return gone;
end $$;
-- Nothing is left of the months that were made when the schema was.
do $$ declare p regclass; begin
    for p in select part from glas_data.body_part where begins is not null loop execute 'drop table ' || p; end loop; end $$;

-- Whatever the plan, no table that is no month is asked when it ends: here all of
-- the catalogue are, before it is known which are parts.
set local enable_nestloop = off;
set local enable_indexscan = off;
select lives_ok($$ select * from glas_data.body_part where ends is not null $$,
    'months are found by any plan');
reset enable_nestloop;
reset enable_indexscan;

select test.clock('2026-03-10 12:00+01');
select test.office();
select is((select count(*) from glas_data.body_kept), 2::bigint, 'what comes before its month was made is kept aside');
delete from glas_data.body;
grant usage on schema test, tap to glas_owner; grant execute on all functions in schema tap, test to glas_owner; set role glas_owner;
select is(glas_data.body_ahead(), 3, 'three months are made');
select is(glas_data.body_ahead(), 0, 'once');
reset role;
insert into glas_data.body select m.id, m.received_at, case m.id when 1 then 'nema svetla' else 'rupa na putu' end, 'sealed', ''
  from glas_data.message m;
select is((select count(*) from glas_data.body_kept), 0::bigint, 'words go to their month');
-- Cases: one closed, one open, a text of no case, one of a category of its own.
update glas_data.report set status = 'closed' where reference = '100008';
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}],
    "texts": [{"id": 3, "intent": "rights", "text": "PRAVO 3"}, {"id": 4, "reference": "300004", "text": "rupa i ovde"}],
    "reports": [{"reference": "300004", "message": 4, "category": "ROAD"}],
    "replies": [{"id": 4, "message": 4, "reference": "300004", "text": "o rupi", "state": "delivered"},
                {"id": 5, "message": 2, "reference": "200006", "text": "o otvorenom", "state": "delivered"}]}');
update glas_data.report set status = 'closed' where reference = '300004';
create temp table counts as select (select count(*) from glas_data.report) as reports, (select count(*) from glas_data.message) as texts;

set session authorization mira;
select throws_ok($$ select * from glas.retention_set('texts', 1) $$, '42501', null, 'a case worker sets no rule');
select throws_ok($$ select glas.forget('baba-baba', 'x') $$, '42501', null, 'forgets nobody');
select throws_ok($$ select * from glas.disclose('baba-baba', 'x') $$, '42501', null, 'and discloses nobody');
set session authorization kosta;
select throws_like($$ select * from glas.retention_set('tekstovi', 1) $$, 'nothing is kept under the name "tekstovi"%', 'what there is');
select throws_like($$ select * from glas.retention_set('replies', 100, 'ROAD') $$, '%not one of texts%', 'categories are of texts');
select throws_like($$ select * from glas.retention_set('texts', 100, 'PUT') $$, '"PUT" is no category%', 'and have to be there');
select throws_like($$ select * from glas.retention_set('texts', 0) $$, 'words are kept from 1 day%', 'a day at least');
select results_eq($$ select what, category, days, set_by from glas.retention_set('texts', 60, 'road') $$,
    $$ values ('texts', 'ROAD', 60, 'kosta') $$, 'a rule of a category');
select is((select days from glas.retention where what = 'texts' and category = 'ROAD'), 60, 'which is listed');
select lives_ok($$ select glas.retention_set('other texts', 30), glas.retention_set('replies', 90), glas.retention_set('texts', 90) $$, 'shorter ones');
select is_empty('select * from glas.retention_preview()', 'nothing is old enough');
reset session authorization;

select test.clock('2026-04-20 12:00+02');
select results_eq('select * from glas.retention_preview()',
    $$ values ('2026-03', 'other texts', '', 0::bigint, 1::bigint) $$, 'what would go');
select is(test.passes(3), 0::bigint, 'nothing goes by day');
select test.clock('2026-05-02 02:30+02');
select is(test.passes(3), 1::bigint, 'at night it does, once');
select is(test.words(), '1 nema svetla, 2 rupa na putu, 3 [isteklo], 4 rupa i ovde', 'what is no case first');
select is((select text from glas.reports where reference = '300004'), 'rupa i ovde', 'a case has its words');
select test.clock('2026-06-02 02:30+02');
select is(test.passes(3), 1::bigint, 'then the category');
select is(test.words(), '1 nema svetla, 2 rupa na putu, 3 [isteklo], 4 [isteklo]', 'that has a rule of its own');
select ok(test.march(), 'its month is there');
-- A reply was sent after its text came: the rule counts from then.
select test.clock('2026-07-01 02:30+02');
select is(test.passes(9), 3::bigint, 'the rest of the month, and replies');
select ok(not test.march(), 'goes with it at once');
select is(test.words(), '1 [isteklo], 2 rupa na putu, 3 [isteklo], 4 [isteklo]', 'but for an open case');
select is((select string_agg(text, ', ' order by id) from glas_data.outbox where reference in ('300004', '200006')),
    '[isteklo], o otvorenom', 'replies, too');
select is((select count(*) from glas_data.body_kept), 1::bigint, 'which is kept aside');
update glas_data.report set status = 'closed' where reference = '200006';
select is(test.passes(150), 2::bigint, 'until it is closed');
select is(test.words(), '1 [isteklo], 2 [isteklo], 3 [isteklo], 4 [isteklo]', 'all words are gone');
select results_eq('select (select count(*) from glas_data.report), (select count(*) from glas_data.message)', 'select * from counts',
    'and everything is counted');
select is(test.passes(30), 0::bigint, 'nothing is left to do');
select results_eq($$ select what, gone from glas.retention_history where who = 'gateway' order by at, what $$,
    $$ values ('texts of 2026-03', 1::bigint), ('texts of 2026-03', 1), ('replies', 2), ('texts of 2026-03', 1),
              ('texts of what was kept', 1), ('replies', 1) $$, 'it is written down');
select lives_ok($$ select glas.explain(1) $$, 'a text without words is explained');

-- Whoever asks.
select test.clock('2026-07-01 12:00+02');
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}], "texts": [{"id": 9, "reference": "400002", "text": "tajna rec", "note": "odd"}],
    "reports": [{"reference": "400002", "message": 9}], "replies": [{"id": 9, "message": 9, "text": "tajna rec stigla"}]}');
create temp table dana as select glas_data.pseudonym(id) as name, id from glas_data.citizen where token = test.sealed('dana');
grant select on dana to public;
set session authorization kosta;
select is((select string_agg(what, ', ' order by what) from dana, glas.disclose(name, 'x')), 'person, report, sent, text', 'all that there is');
select is((select count(*) from dana, glas.disclose(name, 'x') where words like '%tajna rec%'), 2::bigint, 'in words');
select throws_like($$ select glas.forget('baba-nana', 'x') $$, 'nobody is called "baba-nana"%', 'somebody who is there');
select throws_like($$ select glas.forget(name, ' ') from dana $$, 'the reason is empty%', 'with a reason');
select matches((select glas.forget(name, 'dosla je u kancelariju') from dana), 'is forgotten', 'is forgotten');
select throws_like($$ select * from dana, glas.disclose(name, 'x') $$, '%had their number erased%', 'then there is nothing to say');
reset session authorization;
select results_eq($$ select text, original = '' from glas_data.body where message = 9 $$, $$ values ('[obrisano]', true) $$, 'words are gone');
select ok((select reply_copy is null and token <> test.sealed('dana') from glas_data.citizen c join dana using (id)), 'and the number');
select is((select text from glas_data.outbox where id = 9), '[obrisano]', 'and what was said to her');
select is((select count(*) from glas.reports where reference = '400002'), 1::bigint, 'her case is counted');

select * from finish();
rollback;
