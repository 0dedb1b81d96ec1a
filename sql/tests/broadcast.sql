-- A text to many: one drafts it, another approves, a few get it first, then the
-- others by and by; nobody twice, nobody who must not.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-11-25 12:00+01');
select test.office();
update glas_data.gateway set alive_until = '2027-01-01';
create role klara login;
grant glas_coordinator to klara;
select glas_data.content_import(jsonb_set(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "LIST_LEAVE", "lang": "sr-Latn", "text": "Odjava: STOP {LIST}"}]}'),
    '{categories}', '{"entries": [{"code": "LIGHT", "named_in_reply": true}, {"code": "VIOLENCE"}]}'));

-- Thirty who reported the street light, five of them in Albanian; one who was
-- blocked, one whose number is not kept, one who only tries, one for whom a text
-- would be dangerous.
select test.store(jsonb_build_object(
    'citizens', jsonb_build_array(jsonb_build_object('who', 'p' || n, 'copy',
        case when n <> 32 then 'p' || n end, 'lang', case when n <= 5 then 'sq' else 'sr-Latn' end)),
    'segments', jsonb_build_array(jsonb_build_object('identity', 'p' || n, 'message', 1000 + n)),
    'texts', jsonb_build_array(jsonb_build_object('id', 1000 + n, 'text', 'nema svetla')),
    'reports', jsonb_build_array(jsonb_build_object('reference', glas_data.reference_nth(5000 + n, 7),
        'message', 1000 + n, 'category', case when n = 34 then 'VIOLENCE' else 'LIGHT' end,
        'municipality', 'Bujanovac', 'test', n = 33)))) from generate_series(1, 34) n;
update glas_data.citizen set blocked = true, silenced_until = 'infinity' where token = test.sealed('p31');
create function test.sent(n int) returns text language sql security definer as $$
    select concat_ws(' ', count(*), 'to', count(distinct o.citizen)) from glas_data.outbox o
      join glas_data.broadcast_person p on p.outbox = o.id where p.broadcast = n $$;
create function test.become(was text, is_now text, how_many int default 1000) returns void language sql security definer as $$
    update glas_data.outbox set state = is_now where id in (select id from glas_data.outbox
        where kind = 'broadcast' and state = was order by id limit how_many) $$;
create function test.state(n int) returns text language sql as $$ select state from glas.broadcasts where number = n $$;

-- Drafts.
set session authorization mira;
select throws_ok($$ select glas.broadcast_draft('{"sr-Latn": "x"}', list => 'Vranje') $$, '42501', null, 'no case worker writes to many');
set session authorization kosta;
select throws_like($$ select glas.broadcast_draft('Voda', list => 'Vranje') $$, 'texts are written by language, Serbian always%', 'no JSON');
select throws_like($$ select glas.broadcast_draft('Voda', list => 'Vranje') $$, 'texts are written by language, Serbian always%', 'no JSON');
select throws_like($$ select glas.broadcast_draft('["x"]', list => 'Vranje') $$, 'texts are written by language, Serbian always%', 'no list of texts');
select throws_like($$ select glas.broadcast_draft('{"sq": "x"}', list => 'Vranje') $$, 'texts are written by language%', 'Serbian must be there');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x", "de": "y"}', list => 'Vranje') $$, 'the text in "de"%', 'no such language');
select throws_like($$ select glas.broadcast_draft(jsonb_build_object('sr-Latn', repeat('x', 307))::text, list => 'Vranje') $$,
    'in sr-Latn: %3 segments, 2 are allowed%', 'a long one');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}') $$, 'say who is to get it%', 'to whom?');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', list => 'Vranje', place => 'Vranje') $$,
    'either a list or%', 'one kind of audience');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', list => 'NOSUCH') $$, 'there is no list "NOSUCH"%', 'no such list');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', place => 'Beograd') $$, 'there is no place%', 'no such place');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', category => 'NOSUCH') $$, 'there is no category "NOSUCH"%', 'no such category');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', lang => 'de') $$, 'people write in%', 'no such language');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', list => 'Vranje') $$, 'nobody is meant by that: who gets news of Vranje', 'an empty list');
select throws_ok($$ select glas.broadcast_draft('{"sr-Latn": "x"}', "references" => '{999}') $$, '22023', null, 'no reference');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', "references" => '{}') $$, 'say which references%', 'none is not all');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', place => 'Vranje', "references" => '{}') $$, 'say which references%', 'with a place either');
select is(glas.broadcast_draft('{"sr-Latn": "Rasveta je popravljena.", "sq": "Ndriçimi u rregullua."}',
    place => 'Bujanovac'), 1, 'a draft');
select is((select people from glas.broadcasts), 33, 'of the place, without trials');
select results_eq($$ select line from glas.broadcast_preview(1) with ordinality l (line, n) where n < 9 order by n $$,
    $$ values ('Broadcast 1, draft'), ('To: who reported anything in Bujanovac'), ('Drafted by kosta'), (''),
       ('People: 33'), ('      30 can be reached'), ('       1 not: a text could endanger them'), ('       1 not: blocked') $$, 'who');
select ok(exists (select from glas.broadcast_preview(1) l (line) where line = 'sr-Latn: people 25, segments 1 each, 25 together')
      and exists (select from glas.broadcast_preview(1) l (line) where line = 'sq: people 5, segments 1 each, 5 together')
      and exists (select from glas.broadcast_preview(1) l (line) where line = '       1 not: the number is not kept')
      and exists (select from glas.broadcast_preview(1) l (line) where line ~ '^Segments: 30; what one costs is not known'), 'and what it costs');
select is((select max(length(line)) <= 80 from glas.broadcast_preview(1) l (line)), true, 'on a narrow screen');
-- Another person approves.
select throws_like($$ select glas.broadcast_approve(1) $$, 'you have drafted broadcast 1: another person%', 'not who wrote it');
select throws_like($$ select glas.broadcast_approve(9) $$, 'there is no broadcast 9%', 'none of that number');
select throws_like($$ select glas.broadcast_pause(1) $$, 'broadcast 1 is draft, and this is for one that is canary or sending', 'a draft has no pause');
select throws_like($$ select glas.broadcast_resume(1) $$, 'broadcast 1 is draft%', 'and does not go on');
reset session authorization;
select is(glas_gw.tend(), 0, 'a draft sends nothing');
select test.clock('2026-12-03 12:00+01');
set session authorization klara;
select throws_like($$ select glas.broadcast_approve(1) $$, '%more than a week ago%', 'an old draft');
reset session authorization;
select test.clock('2026-11-25 21:00+01');
set session authorization klara;
select is(glas.broadcast_approve(1), 'Broadcast 1 goes to 30 people, 30 segments, from 26.11. 09:00 on.', 'in the evening');
select throws_like($$ select glas.broadcast_approve(1) $$, 'broadcast 1 is canary%', 'once');
reset session authorization;
select is(glas_gw.tend(), 0, 'nobody is woken');

-- A few first.
select test.clock('2026-11-26 09:00+01');
select is(glas_gw.tend(), 5, 'five by day');
select is(test.sent(1), '5 to 5', 'one each');
select is((select count(distinct text) from glas_data.outbox where kind = 'broadcast'), 2::bigint, 'in each language');
select results_eq($$ select distinct priority::int, created_by, state from glas_data.outbox where kind = 'broadcast' $$,
    $$ values (4, 'klara', 'queued') $$, 'behind all receipts');
select test.clock('2026-11-26 10:00+01');
select is(glas_gw.tend(), 0, 'they must have gone out');
select test.become('queued', 'accepted');
select test.clock('2026-11-26 09:29+01');
select is(glas_gw.tend(), 0, 'and half an hour must be over');
select is(test.state(1), 'canary', 'it waits');
select test.become('accepted', 'undelivered', 2);
select test.clock('2026-11-26 10:00+01');
select is(glas_gw.tend(), 0, 'two of five did not get it');
set session authorization klara;
select is(test.state(1), 'paused', 'so it is held');
select is((select who || ' ' || note from glas.broadcast_history where what = 'paused'), 'glas 2 of the first 5 did not get it', 'and says why');
select is(glas.broadcast_resume(1), 'Broadcast 1 goes on: sending; texts let go: 0', 'a person decides');

-- By and by.
reset session authorization;
select is(glas_gw.tend(), 20, 'so many a minute');
select is(glas_gw.tend(), 0, 'and no more while these wait');
select test.become('queued', 'inflight', 3);
set session authorization kosta;
select is(glas.broadcast_pause(1, 'the date is wrong'), 'Broadcast 1 is paused, texts held: 17; select glas.broadcast_resume(1) goes
on.', 'paused');
reset session authorization;
select test.become('inflight', 'queued');
select results_eq($$ select state, count(*)::int from glas_data.outbox where kind = 'broadcast' group by 1 order by 1 $$,
    $$ values ('accepted', 3), ('held', 20), ('undelivered', 2) $$, 'what comes back is held, too');
select is(glas_gw.tend(), 0, 'nothing while it is paused');
set session authorization kosta;
select is(glas.broadcast_resume(1), 'Broadcast 1 goes on: sending; texts let go: 20', 'resumed');
reset session authorization;
select test.clock('2026-11-26 20:00+01');
select is(glas_gw.tend(), 0, 'the evening comes');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[99]) where kind = 'broadcast'), 0::bigint, 'none goes');
select is((select count(*) from glas_data.outbox where kind = 'broadcast' and state = 'queued'
    and due_at = '2026-11-27 09:00+01'), 20::bigint, 'what is left waits for the morning');
select test.clock('2026-11-27 09:00+01');
select test.become('queued', 'delivered');
update glas_data.setting set value = '28' where name = 'broadcast_a_day';
update glas_data.broadcast_person set at = '2026-11-27 09:00+01' where at is not null;
select is(glas_gw.tend(), 3, 'no more than a day may cost');
update glas_data.setting set value = '200' where name = 'broadcast_a_day';
update glas_data.setting set value = '29' where name = 'broadcast_each_day';
select is(glas_gw.tend(), 1, 'nor more than one of them may');
update glas_data.setting set value = '150' where name = 'broadcast_each_day';
select is(glas_gw.tend(), 1, 'the last');
set session authorization kosta;
select results_eq('select state, people, sent, arrived, failed, none, bar from glas.broadcasts',
    $$ values ('sending', 33, 3, 20, 2, 3, '#######+xx..') $$, 'how far it is');
reset session authorization;
select test.become('queued', 'suppressed');
select is(glas_gw.tend(), 0, 'nobody is left');
select is(test.state(1), 'done', 'done');
select is(test.sent(1), '30 to 30', 'nobody twice, nobody forgotten');
select results_eq($$ select none, count(*)::int from glas_data.broadcast_person where none <> '' group by 1 order by 1 $$,
    $$ values ('a text could endanger them', 1), ('blocked', 1), ('the number is not kept', 1) $$, 'and why the others got none');
set session authorization kosta;
select throws_like($$ select glas.broadcast_cancel(1) $$, 'broadcast 1 is done, % glas.broadcast_draft() writes another', 'nothing is called off then');

-- A list; who leaves it gets nothing more.
reset session authorization;
set session authorization kosta;
select throws_like($$ select glas.list_add('v', '{"sr-Latn": "Voda"}') $$, '"v" is no word for a list%', 'a word');
select throws_like($$ select glas.list_add('VRANJE', '{"sr-Latn": "x"}') $$, '"vranje" is a place%', 'no place');
select throws_like($$ select glas.list_add('VODA', 'Voda') $$, 'titles by language are written as%', 'names by language');
select throws_like($$ select glas.list_add('VODA', '{}') $$, 'the title is empty%', 'a name');
select throws_like($$ select glas.list_add('VODA', '{"sr-Latn": "Voda"}', '{"dve reci"}') $$, '%not "dve reci"', 'single words');
select is(glas.list_add('voda', '{"sr-Latn": "Voda", "sq": "Uji"}', '{Uji,vodovod,voda}'), 'VODA', 'a list');
select throws_like($$ select glas.list_add('REKA', '{"sr-Latn": "Reka"}', '{uji}') $$, 'list VODA has one%', 'a word means one list');
reset session authorization;
select is(glas_gw.content() #> '{live,lists}', '[{"code": "VODA", "words": ["uji", "vodovod"]}]'::jsonb, 'gateways know it');
select glas_data.act(c.id, 1000 + n, 'subscribe', 'VODA', '') from generate_series(6, 9) n
  join glas_data.citizen c on c.token = test.sealed('p' || n);
set session authorization kosta;
select is((select people from glas.lists where list = 'VODA'), 4, 'people ask for it');
select is(glas.broadcast_draft('{"sr-Latn": "Sutra nema vode."}', list => 'uji'), 2, 'a draft to its people');
select ok(exists (select from glas.broadcast_preview(2) l (line) where line ~ 'STOP VODA'), 'says how to leave it');
set session authorization klara;
select glas.broadcast_approve(2);
select throws_like($$ select glas.list_remove('VODA') $$, 'broadcast 2 goes to list VODA%', 'a list in use stays');
reset session authorization;
select glas_data.act(c.id, 1006, 'leave', 'VODA', '') from glas_data.citizen c where c.token = test.sealed('p6');
select is(glas_gw.tend(), 3, 'who has left gets none');
select is((select string_agg(distinct text, '|') from glas_data.outbox where text ~ 'Sutra'), e'Sutra nema vode.\nOdjava: STOP VODA', 'what is sent');
select test.become('queued', 'inflight', 1);
set session authorization klara;
select is(glas.broadcast_cancel(2, 'ima vode'), 'Broadcast 2 is cancelled; texts that had gone: 1', 'cancelled');
reset session authorization;
select test.become('inflight', 'queued');
select is((select string_agg(distinct o.state, ' ') from glas_data.outbox o join glas_data.broadcast_person p on p.outbox = o.id
    where p.broadcast = 2), 'cancelled', 'and nothing of it comes back');
select is(glas_gw.tend(), 0, 'nor goes on');
set session authorization kosta;
select throws_like($$ select glas.broadcast_resume(2) $$, 'broadcast 2 is cancelled%', 'for good');
select is(glas.list_remove('voda'), 'List VODA is gone; it had 3 people.', 'a list goes');
select throws_like($$ select glas.list_remove('voda') $$, 'there is no list "VODA"%', 'once');
select is((select string_agg(what || ' ' || who, ', ') from glas.broadcast_history where broadcast = 2),
    'drafted kosta, approved klara, canary glas, cancelled klara', 'who did what');
reset session authorization;

-- By category, time and reference.
set session authorization kosta;
select is(glas.broadcast_draft('{"sr-Latn": "x"}', category => 'light', place => 'Bujanovac', lang => 'sq'), 3, 'a cluster');
select is(glas.broadcast_draft('{"sr-Latn": "x"}', "references" => '{100008}'), 4, 'a reference');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', category => 'LIGHT', since => '2027-01-01') $$, 'nobody is meant by that: who reported LIGHT from %', 'a time');
select results_eq('select number, people from glas.broadcasts where number > 2 order by 1', 'values (3, 5), (4, 1)', 'who is meant');
reset session authorization;
update glas_data.citizen set blocked = true, silenced_until = 'infinity' where token = test.sealed('ana');
set session authorization klara;
select throws_like($$ select glas.broadcast_approve(4) $$, 'nobody can be reached by broadcast 4%', 'to nobody');
set session authorization revizor;
select throws_ok($$ select glas.broadcast_cancel(3) $$, '42501', null, 'an auditor reads');
select isnt_empty('select * from glas.broadcast_preview(3)', 'but changes nothing');
reset session authorization;

-- What a person said, and what their report is about, as it is when a text goes.
create function test.lights(first int, last int) returns text[] language sql security definer as $$
    select array(select glas_data.reference_nth(5000 + n, 7) from generate_series(first, last) n) $$;
set session authorization kosta;
select is(glas.broadcast_draft('{"sr-Latn": "Rasveta radi."}', "references" => test.lights(10, 13)), 5, 'four who reported a light');
reset session authorization;
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
select glas_data.reference_nth(5010, 7), 'safe', glas.now(), 'kosta', false, 'NE', glas.now();
update glas_data.report set category = 'VIOLENCE' where reference = glas_data.reference_nth(5011, 7);
set session authorization klara;
select results_eq($$ select line from glas.broadcast_preview(5) with ordinality l (line, n) where n between 5 and 8 order by n $$,
    $$ values ('People: 4'), ('       2 can be reached'), ('       1 not: a text could endanger them'),
       ('       1 not: said that it is not safe to write') $$, 'who must not be written to is not');
select glas.broadcast_approve(5);
reset session authorization;
select is(glas_gw.tend(), 2, 'nor sent to');
select results_eq($$ select none from glas_data.broadcast_person where broadcast = 5 and none <> '' order by 1 $$,
    $$ values ('a text could endanger them'), ('said that it is not safe to write') $$, 'which is said');

-- What waits in the outbox is looked at again.
create function test.person(n int) returns bigint language sql security definer as $$
    select id from glas_data.citizen where token = test.sealed('p' || n) $$;
create function test.waits(n int) returns text language sql security definer as $$
    select string_agg(concat_ws(' ', o.kind, o.state, nullif(o.reason, '')), '|' order by o.id) from glas_data.outbox o
     where o.citizen = test.person(n) and o.created_at >= '2026-11-27 10:00+01' and o.created_by <> '' $$;
select glas_data.content_import(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "EVENT_INVITE", "lang": "sr-Latn", "text": "{EVENT}"}, {"key": "EVENT_OFF", "lang": "sr-Latn", "text": "{EVENT}"},
    {"key": "SPLIT", "lang": "sr-Latn", "text": "{REF}"}, {"key": "STEP_SAFE", "lang": "sr-Latn", "text": "Bezbedno?"}]}'));
select test.clock('2026-11-27 10:00+01');
set session authorization kosta;
select glas.list_add('STRUJA', '{"sr-Latn": "Struja"}');
reset session authorization;
select glas_data.act(test.person(n), 1000 + n, 'subscribe', 'STRUJA', '') from generate_series(14, 16) n;
set session authorization kosta;
select glas.broadcast_draft('{"sr-Latn": "Sutra nema struje."}', list => 'STRUJA');
set session authorization klara;
select glas.broadcast_approve(6);
reset session authorization;
select is(glas_gw.tend(), 3, 'three of a list');
update glas_data.outbox o set state = 'inflight' where o.citizen = test.person(15) and o.state = 'queued';
set session authorization kosta;
select glas.broadcast_pause(6);
reset session authorization;
select glas_data.act(test.person(n), 1000 + n, 'leave', 'STRUJA', '') from generate_series(14, 15) n;
update glas_data.outbox o set state = 'queued' where o.citizen = test.person(15) and o.state = 'inflight';
set session authorization kosta;
select is(glas.broadcast_resume(6), 'Broadcast 6 goes on: canary; texts let go: 1', 'who has left is not resumed');
reset session authorization;
select is(array[test.waits(14), test.waits(15), test.waits(16)], array['broadcast cancelled has left the list',
    'broadcast cancelled has left the list', 'broadcast queued'], 'also when a gateway gives it back');
-- But where what they said has to do with it, and then of them alone.
savepoint audience;
create sequence test.asked;
create function test.asks() returns bigint language sql as $$
    select case when is_called then last_value else 0 end from test.asked $$;
create or replace function glas_data.silence_of(c glas_data.citizen) returns text language plpgsql stable as $$
begin
    perform nextval('test.asked');
    return '';
end $$;
insert into glas_data.broadcast_person (broadcast, citizen, place)
select 6, test.person(n), 100 + n from generate_series(20, 30) n;
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
select glas_data.reference_nth(5016, 7), step, glas.now(), 'kosta', agreed, 'x', glas.now()
  from (values ('contact_allowed', false), ('safe', true)) v (step, agreed);
insert into glas_data.referral (reference, organisation, asked_at, asked_by, asked)
values (glas_data.reference_nth(5016, 7), 'Druga', glas.now(), 'kosta', '?');
update glas_data.referral set state = 'granted';
select is(test.asks(), 0::bigint, 'another yes or no looks at no audience');
update glas_data.report set actor = 'MUNI' where reference = glas_data.reference_nth(5016, 7);
select is(array[test.asks()::text, test.waits(16)], array['1', 'broadcast queued'], 'what they report does');
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
select glas_data.reference_nth(5016, 7), 'safe', glas.now() + interval '1 minute', 'kosta', false, 'NE', glas.now() + interval '1 minute';
select is(array[test.asks()::text, test.waits(16)], array['2', 'broadcast cancelled said that it is not safe to write'],
    'and so does that it is not safe: one of many is looked at');
rollback to audience;
set enable_seqscan = off;
create function test.plan(query text) returns setof text language plpgsql as $$
begin
    return query execute 'explain ' || query;
end $$;
select ok(exists (select from test.plan('select h.barrier from glas_data.broadcast_reach(6) h where h.citizen = 1') l
                   where l like '%report_citizen%'), 'of whom their own reports are read, and not those of all');
rollback to audience;

select test.clock('2026-11-27 22:00+01');
select glas_data.act(test.person(n), 1000 + n, 'subscribe', 'Bujanovac', '') from generate_series(17, 19) n;
set session authorization kosta;
select glas.event_announce('Bujanovac', 'Tribina', '2026-12-02 18:00+01', 'Dom');
reset session authorization;
select glas_data.act(test.person(17), 1017, 'leave', 'Bujanovac', '');
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
select glas_data.reference_nth(5018, 7), 'safe', glas.now(), 'kosta', false, 'NE', glas.now();
select is(array[test.waits(17), test.waits(18), test.waits(19)], array['event cancelled has left the list',
    'event cancelled said that it is not safe to write', 'event queued'], 'nor does an invitation wait for the morning');
select is((select string_agg(dialog, '|' order by id) from glas_data.citizen where id in (test.person(17), test.person(19))),
    '|attend 1 0', 'who is not invited is not asked');

select glas_data.act(test.person(23), 1023, 'subscribe', 'Bujanovac', '');
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
select glas_data.reference_nth(5023, 7), 'safe', glas.now(), 'kosta', false, 'NE', glas.now();
set session authorization kosta;
select glas.event_announce('Bujanovac', 'Druga tribina', '2026-12-03 18:00+01', 'Dom');
reset session authorization;
select is(test.waits(23), null, 'who said so before is not invited, either');

-- What is told unasked, when the report turns out to be one that must not be named.
select glas_data.tell(test.person(n), 'SPLIT', '{"REF": "1"}', glas_data.reference_nth(5000 + n, 7)) from generate_series(20, 22) n;
set session authorization kosta;
select glas.ask((test.lights(22, 22))[1], 'Gori li opet?');
select glas.classify((test.lights(n, n))[1], 'VIOLENCE') from unnest(array[20, 22]) n;
reset session authorization;
select is(array[test.waits(20), test.waits(21), test.waits(22)], array['reply cancelled a text could endanger them',
    'reply queued', 'reply cancelled a text could endanger them|reply queued'], 'nor what names it; a question of ours stays');
select glas_data.tell(test.person(24), 'SPLIT', '{"REF": "1"}', glas_data.reference_nth(5024, 7));
set session authorization kosta;
create temp table meant as select glas.broadcast_draft('{"sr-Latn": "Radi."}', "references" => test.lights(24, 25)) as number;
select glas.classify((test.lights(24, 24))[1], actor => 'POLICE');
reset session authorization;
select is(test.waits(24), 'reply cancelled a text could endanger them', 'nor what is told of what an officer did');
set session authorization kosta;
select results_eq($$ select * from glas.broadcast_preview((select number from meant)) l where l ~ '^  .* (can|not)' $$,
    $$ values ('       1 can be reached'), ('       1 not: a text could endanger them') $$, 'who is not written to with others, either');
select lives_ok($$ select glas.merge((test.lights(n, n))[1], (test.lights(25, 25))[1], 'the same light') from generate_series(26, 27) n $$, 'duplicates');
create temp table joined as select glas.broadcast_draft('{"sr-Latn": "Opet radi."}', "references" => test.lights(25, 25)) as number;
select is((select people from glas.broadcasts join joined using (number)), 3,
    'who reported the same is told with them');
reset session authorization;
select * from finish();
rollback;
