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
-- What would go is counted by months and what is known to stay or go otherwise: this
-- asks of each text of months that the night takes, or that has been moved aside.
create function test.one_by_one() returns setof record language sql as $$
    select to_char(t.received_at at time zone 'utc', 'YYYY-MM'),
           case when t.other then 'other texts' else 'texts' end, coalesce(k.category, ''),
           count(*) filter (where not t.due), count(*) filter (where t.due)
      from glas_data.body b
      join glas_data.text_due t on t.message = b.message
      left join glas_data.retention k on k.what = 'texts' and k.category = t.category
     where t.received_at < glas_data.texts_begun() or b.tableoid = 'glas_data.body_kept'::regclass
     group by 1, 2, 3 having bool_or(t.due) order by 1, 2, 3 $$;
create function test.counts_right(p_what text) returns text language sql as $$
    select results_eq('select * from glas_data.retention_texts()',
        'select * from test.one_by_one() t (month text, what text, category text, kept bigint, to_go bigint)',
        'what would go is what goes: ' || p_what) $$;
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
select throws_like($$ select * from glas.retention_set('replies', 100, 'ROAD') $$, 'replies have one rule, for all of them:%', 'categories are of texts');
select throws_like($$ select * from glas.retention_set('texts', 100, 'PUT') $$, '"PUT" is no category of reports (glas.categories)', 'and have to be there');
select throws_like($$ select * from glas.retention_set('texts', 0) $$, 'texts are kept from 1 to 36500 days', 'a day at least');
select results_eq($$ select what, category, days, set_by from glas.retention_set('texts', 60, 'road') $$,
    $$ values ('texts', 'ROAD', 60, 'kosta') $$, 'a rule of a category');
select is((select days from glas.retention where what = 'texts' and category = 'ROAD'), 60, 'which is listed');
select lives_ok($$ select glas.retention_set('other texts', 30), glas.retention_set('replies', 90), glas.retention_set('texts', 90) $$, 'shorter ones');
select is_empty('select * from glas.retention_preview()', 'nothing is old enough');
reset session authorization;

select test.clock('2026-04-20 12:00+02');
select results_eq('select * from glas.retention_preview()',
    $$ values ('2026-03', 'numbers', '', 1::bigint, 1::bigint), ('2026-03', 'segments', '', 0, 2) $$,
    'what would go: of a month that is not old enough as a whole no text');
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca", "version": 1}],
    "texts": [{"id": 5, "intent": "rights", "received": "2026-03-30 12:00+02", "text": "PRAVO 4"},
              {"id": 6, "intent": "rights", "received": "2026-04-01 00:00Z", "text": "PRAVO 5"}]}');
select test.clock('2026-04-30 23:59Z');
select is_empty($$ select * from glas.retention_preview() where what like '%texts' $$, 'nor on its last day');
select test.clock('2026-05-01 00:00Z');
select results_eq($$ select * from glas.retention_preview() where what like '%texts' $$,
    $$ values ('2026-03', 'other texts', '', 0::bigint, 2::bigint) $$, 'then all that is old enough, and of no other month');
select test.counts_right('of no case');
delete from glas_data.body where message in (5, 6);
delete from glas_data.message where id in (5, 6);
-- Texts of cases go earlier than others.
savepoint counted;
update glas_data.retention set days = case what when 'texts' then 30 else 400 end where what like '%texts' and category = '';
select test.clock('2026-04-20 12:00+02');
select test.counts_right('cases before what is none');
update glas_data.retention set days = 1095 where what = 'texts' and category = '';
update glas_data.retention set days = 30 where what = 'texts' and category <> '';
select test.counts_right('a category before what is none');
rollback to counted;
-- Two cases of no rule of their own, one with, a duplicate of an open one, half a month.
savepoint counted;
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca", "version": 2}],
    "texts": [{"id": 21, "reference": "700005", "text": "a"}, {"id": 22, "reference": "800003", "text": "b"},
              {"id": 23, "reference": "900001", "text": "c"}, {"id": 24, "intent": "rights", "text": "d"}],
    "reports": [{"reference": "700005", "message": 21, "category": "LIGHT"}, {"reference": "800003", "message": 22, "category": "WASTE"},
                {"reference": "900001", "message": 23, "category": "ROAD"}]}');
update glas_data.report set status = 'closed' where reference in ('700005', '800003');
update glas_data.report set status = 'duplicate', merged_into = '200006' where reference = '900001';
select test.clock('2026-05-15 12:00+02');
select test.counts_right('a category');
select test.clock('2026-07-19 11:59+02');
select test.counts_right('half a month');
select test.clock('2026-09-19 12:00+02');
select test.counts_right('all but what is open');
select results_eq($$ select what, category, sum(kept), sum(to_go) from glas_data.retention_texts() group by 1, 2 order by 1, 2 $$,
    $$ values ('other texts', '', 0::numeric, 2::numeric), ('texts', '', 1, 3), ('texts', 'ROAD', 0, 1) $$,
    'categories without a rule of their own are together');
update glas_data.report set status = 'closed' where reference = '200006';
select test.counts_right('nothing is open');
update glas_data.report set status = 'open' where reference in ('200006', '800003');
select test.clock('2026-09-19 02:30+02');
select lives_ok($$ select test.passes(6) $$, 'months go');
select test.counts_right('what is kept aside');
select test.clock('2026-12-19 02:30+01');
update glas_data.report set status = 'closed' where reference = '800003';
select test.counts_right('and is closed');
rollback to counted;
select test.clock('2026-05-01 12:00+02');
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
select is((select string_agg(what, ', ' order by what) from dana, glas.disclose(name, 'x')), 'STOP, person, report, sent, text', 'all that there is');
select is((select count(*) from dana, glas.disclose(name, 'x') where words like '%tajna rec%'), 2::bigint, 'in words');
select throws_like($$ select glas.forget('baba-nana', 'x') $$, 'nobody is called "baba-nana"%', 'somebody who is there');
select throws_like($$ select glas.forget(name, ' ') from dana $$, 'the reason is empty%', 'with a reason');
select matches(glas.consent_withdraw('400002', 'safe', 'ne pisite mi'), 'is taken back', 'it is not safe to write to her');
select matches((select glas.forget(name, 'dosla je u kancelariju') from dana), 'is forgotten', 'is forgotten');
select throws_like(format('select glas.%s', f), 'who reported 400002 had their number erased%', 'nobody is there whom a yes could be had of: ' || f)
  from unnest(array[$$ reply('400002', 'x') $$, $$ ask('400002', 'x') $$]) f;
select throws_like($$ select * from dana, glas.disclose(name, 'x') $$, '%had their number erased%', 'then there is nothing to say');
reset session authorization;
select results_eq($$ select text, original = '' from glas_data.body where message = 9 $$, $$ values ('[obrisano]', true) $$, 'words are gone');
select ok((select reply_copy is null and token <> test.sealed('dana') from glas_data.citizen c join dana using (id)), 'and the number');
select is((select text from glas_data.outbox where id = 9), '[obrisano]', 'and what was said to her');
select is((select count(*) from glas.reports where reference = '400002'), 1::bigint, 'her case is counted');

-- Numbers, what was asked, segments, logs, what was set aside: rules as well.
select test.clock('2026-08-01 12:00+02');
delete from glas_data.identity;
update glas_data.citizen set reply_copy = null;
select test.store('{"citizens": [{"who": "ema", "copy": "ema"}, {"who": "fata", "copy": "fata"}],
    "segments": [{"identity": "e", "message": 11}, {"identity": "f", "message": 12, "citizen": 2}],
    "texts": [{"id": 11, "reference": "500009"}, {"id": 12, "citizen": 2, "reference": "600007"}],
    "reports": [{"reference": "500009", "message": 11, "category": "ROAD"},
                {"reference": "600007", "message": 12, "citizen": 2, "category": "LIGHT"}]}');
update glas_data.report set status = 'closed', status_at = glas.now() where reference in ('500009', '600007');
update glas_data.citizen set dialog = 'place 500009 0', dialog_until = glas.now() + interval '1 day' where token = test.sealed('ema');
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at) values (1, 1, 'mts', 7, glas.now());
select glas_gw.ussd_put('vranje', 'mts', glas.now(), '*100#', 'answered', 'Stanje 5 din');
select glas_gw.balance_put('vranje', 'mts', glas.now(), 100, 'RSD', 'Stanje', 100, 7, null, 7);
insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed, state)
values ('x', glas.now(), 'vranje', 'mts', 'r', 'sealed', 'dismissed'), ('y', glas.now(), 'vranje', 'mts', 'r', 'sealed', 'open');
set session authorization kosta;
select results_eq($$ select what, category, days from glas.retention where what not like '%texts' order by what, category $$,
    $$ values ('dialogs', '', 1), ('logs', '', 365), ('numbers', 'call', 0), ('numbers', 'case', 30), ('numbers', 'dialog', 0),
              ('numbers', 'duty', 0), ('numbers', 'event', 1), ('numbers', 'observer', 0), ('numbers', 'question', 30),
              ('numbers', 'subscription', 0), ('numbers', 'text', 3), ('numbers', 'wrote', 3), ('quarantine', '', 365),
              ('recalls', '', 1095), ('replies', '', 90),
              ('segments', '', 40) $$, 'each is a row');
select throws_like($$ select * from glas.retention_set('numbers', 3) $$, '"" is no category%, and no reason to keep a number: call, case,%', 'numbers have a reason');
select throws_like($$ select * from glas.retention_set('segments', 6) $$, 'segments are kept from 7 to 36500 days', 'less would not work');
select throws_like($$ select * from glas.retention_set('logs', 13) $$, 'logs are kept from 14 to%', 'nor for logs');
select results_eq($$ select what, category, days, about from glas.retention_set('numbers', 10, 'Case') $$,
    $$ values ('numbers', 'case', 10, 'Sealed number: a report of theirs is open, or what it is the same as; counted from when it was answered or closed') $$,
    'a reason');
select results_eq($$ select category, days from glas.retention_set('numbers', 20, 'road') $$, $$ values ('ROAD', 20) $$, 'a category');
select lives_ok($$ select glas.retention_set('dialogs', 5), glas.retention_set('segments', 30), glas.retention_set('logs', 60),
    glas.retention_set('quarantine', 15), glas.retention_set('numbers', 0, 'wrote') $$, 'and the rest');
select results_eq($$ select reason, until from glas.owed('500009') union all select reason, until from glas.owed('600007') order by 1, 2 $$,
    $$ values ('case', timestamptz '2026-08-11 12:00+02'), ('case', '2026-08-21 12:00+02'), ('dialog', '2026-08-02 12:00+02') $$,
    'a number is kept as they say');
reset session authorization;
create function test.goes() returns text language sql as $$
    select string_agg(format('%s %s', what, to_go), ', ' order by what)
      from glas.retention_preview() where what not like '%texts' and what <> 'replies' $$;
select is(test.goes(), null, 'nothing goes yet');
select test.clock('2026-08-12 02:30+02');
select is(test.goes(), 'dialogs 1, numbers 1', 'what would go');
select is(glas_gw.copies_drop(100), 1, 'goes');
select results_eq($$ select reply_copy is null, dialog from glas_data.citizen where token in (test.sealed('ema'), test.sealed('fata')) order by 1 $$,
    $$ values (false, ''), (true, '') $$, 'that number, and what was asked');
select is(test.goes(), null, 'and is gone');
select test.clock('2026-08-22 02:30+02');
select is(test.goes(), 'numbers 1, quarantine 1', 'then the other number, and what was set aside');
select is(glas_gw.copies_drop(100), 1, 'goes');
select is(glas_gw.retain(), 1::bigint, 'at night, too');
select is((select string_agg(state, ' ') from glas_data.quarantine where sealed <> ''), 'open', 'but for what nobody has decided');
select is(test.goes(), null, 'and is gone');
select test.clock('2026-09-05 02:30+02');
select is(test.goes(), 'segments 3', 'what came and what went');
select is(glas_gw.prune(100), 3, 'goes');
select test.clock('2026-10-05 02:30+02');
select is(test.goes(), 'logs 2', 'what networks said');
select is(test.passes(1), 2::bigint, 'goes');
select is(test.goes(), null, 'all of it');
select is((select gone from glas.retention_history where what = 'logs'), 2::bigint, 'it is written down');
-- Neither has written for long; fata has a reply copy still.
update glas_data.citizen set recall_copy = 'r' where token in (test.sealed('ema'), test.sealed('fata'));
update glas_data.citizen set reply_copy = 'c' where token = test.sealed('fata');
set session authorization kosta;
select throws_like($$ select * from glas.retention_set('recalls', 29) $$, 'recalls are kept from 30 to%', 'the offline key has a month');
select lives_ok($$ select glas.retention_set('recalls', 100) $$, 'as long as it is worth');
reset session authorization;
select throws_ok($$ update glas_data.retention set days = 1 where what = 'logs' $$, '23514', null, 'nor is it shorter by any other way');
select test.clock('2026-11-08 02:30+01');
select is(test.goes(), 'numbers 1', 'from when they wrote');
select lives_ok($$ select test.passes(2) $$, 'what else is due goes');
select is((select count(*) from glas_data.citizen where recall_copy is not null), 2::bigint, 'they stay');
select test.clock('2026-11-10 02:30+01');
select is(test.goes(), 'numbers 1, recalls 1', 'what only the offline key opens');
update glas_data.report set status = 'open' where citizen = (select id from glas_data.citizen where token = test.sealed('ema'));
select is(test.goes(), 'numbers 1', 'and not of whom an answer is owed to');
update glas_data.report set status = 'closed' where citizen = (select id from glas_data.citizen where token = test.sealed('ema'));
select is(test.passes(2), 1::bigint, 'goes');
select results_eq($$ select recall_copy is null from glas_data.citizen where token in (test.sealed('ema'), test.sealed('fata')) order by 1 $$,
    $$ values (false), (true) $$, 'but where there is a reply copy');
select is(test.goes(), 'numbers 1', 'it is gone');

-- A duplicate is open as long as what it is a duplicate of; and what stands beside
-- texts goes with them.
select test.store('{"citizens": [{"who": "gaga", "copy": "gaga"}, {"who": "hana", "copy": "hana"}],
    "texts": [{"id": 21, "reference": "700005", "text": "prva"}, {"id": 22, "citizen": 2, "reference": "800003", "text": "druga"},
              {"id": 23, "text": "JAVLJANJE 5 video sam komandira"}, {"id": 24, "reference": "800003", "text": "Da, sme"}],
    "reports": [{"reference": "700005", "message": 21}, {"reference": "800003", "message": 22, "citizen": 2}],
    "replies": [{"id": 21, "message": 21, "reference": "700005", "text": "o prvoj", "state": "delivered"}],
    "acts": [{"message": 23, "kind": "entry", "key": "23/PROBA", "value": "complete"},
             {"message": 23, "kind": "value", "key": "23/remark", "value": "video sam komandira"},
             {"message": 23, "kind": "unread", "key": "23", "value": "jos reci"}]}');
insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed, answer, answered_at, message, paper)
values ('800003', 'safe', 'sme li?', glas.now(), 'mira', true, 'Da, sme', glas.now(), 24, 'u kancelariji');
select glas.merge('700005', '800003', 'isto');
insert into glas_data.referral (reference, organisation, note, asked_at, asked_by, asked, answer, state)
values ('800003', 'Druga', 'zbog roka', glas.now(), 'mira', '?', 'moze', 'granted');
insert into glas_data.callback (citizen, gateway, link, first_at, last_at, state, note)
select id, 'vranje', 'mts', glas.now(), glas.now(), 'called', 'rekla je da zove sutra' from glas_data.citizen where token = test.sealed('hana');
select glas_data.record_said('800003', 'mira', 'referral', 'asked: Druga', 'granted: Druga', 'moze');
create function test.beside() returns text language sql as $$
    select concat_ws('|', (select answer || ',' || paper || ',' || asked from glas_data.consent where reference = '800003'),
        (select answer || ',' || note from glas_data.referral where reference = '800003'),
        (select note from glas_data.report_history where reference = '800003' and what = 'referral'), (select note from glas_data.callback),
        (select value from glas_data.form_value where entry = 23), (select unread from glas_data.form_entry where message = 23)) $$;
select test.clock('2027-03-10 02:30+01');
update glas_data.retained set until = '2026-11-10' where what = 'replies';
select test.passes(12);
select is((select string_agg(text, ' ' order by message) from glas_data.body where message between 21 and 24), 'prva druga Da, sme',
    'both are open');
select is((select text from glas_data.outbox where id = 21), 'o prvoj', 'and what was answered is there');
select test.clock('2027-03-11 02:30+01');
select test.passes(3);
select is(test.beside(), 'Da, sme,u kancelariji,sme li?|moze,zbog roka|moze|[isteklo]|[isteklo]|[isteklo]', 'what is of no case is gone');
select glas.set_status('800003', 'closed', 'gotovo');
select is((select to_go from glas.retention_preview() where what = 'beside texts'), 3::bigint, 'what would go');
select test.clock('2027-03-12 02:30+01');
update glas_data.retained set until = '2026-11-10' where what = 'replies';
select test.passes(12);
select is((select count(*) from glas_data.body where message between 21 and 24), 0::bigint, 'then both go');
select is((select text from glas_data.outbox where id = 21), '[isteklo]', 'with what was answered');
select is(test.beside(), '[isteklo],[isteklo],[isteklo]|[isteklo],[isteklo]|[isteklo]|[isteklo]|[isteklo]|[isteklo]', 'and what was agreed to');

select * from finish();
rollback;
