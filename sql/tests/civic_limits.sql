-- What somebody could do with taking part that harms others, and cannot.
begin;
\ir fixture.psql
select plan(34);
select test.office();
grant execute on all functions in schema test to public;
select test.clock('2026-11-25 12:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
create function test.act(message bigint, kind text, key text, value text default '') returns void
    language sql security definer as $$
    select glas_data.act(m.citizen, message, kind, key, value) from glas_data.message m where m.id = message $$;
create function test.numbers(kind text) returns jsonb
    language sql security definer as $$
    select jsonb_path_query_array(glas_data.content_live() -> kind, '$[*].number') $$;

-- An event without end must not stop all that comes after it.
set session authorization kosta;
select throws_like($$ select glas.event_announce('Vranje', 'x', 'infinity', 'y') $$, '"infinity" is no day%',
    'an event that never comes');
select throws_like($$ select glas.event_announce('Vranje', 'x', '-infinity', 'y') $$, '"-infinity" is no day%', 'or always was');
select throws_like($$ select glas.event_announce('Vranje', 'x', '2027-11-26', 'y') $$, '%more than a year away%',
    'one in more than a year');
select is(glas.event_announce('Vranje', 'x', '2027-11-25 00:00', 'y'), 1, 'one in a year');
select glas.poll_open('Šta?', '{most,put}', '2026-11-25 13:00+01');
select glas.poll_open('Gde?', '{tu,tamo}', '2026-11-25 15:00+01');
reset session authorization;
insert into glas_data.event (number, municipality, title, venue, starts_at, announced_at)
select number, 'Vranje', '{"sr-Latn": "x"}', 'y', at, glas.now()
  from (values (2, timestamptz 'infinity'), (3, '-infinity'), (4, '294276-01-01')) v (number, at);
insert into glas_data.poll (number, title, options, yes_no, opened_at, closes_at)
select number, '{"sr-Latn": "x"}', '["a"]', false, glas.now(), at
  from (values (3, timestamptz 'infinity'), (4, '-infinity')) v (number, at);
select is(test.numbers('events'), '[1, 4]', 'gateways are told what can be told');
select is(test.numbers('polls'), '[1, 2]', 'and the rest is left out');
delete from glas_data.poll where number > 2;

-- Votes count when they came in time, however late they are read.
select test.store('{"citizens": [{"who": "vera"}, {"who": "goca"}, {"who": "toma"}],
    "texts": [{"id": 11, "received": "2026-11-25 12:59:59+01"}, {"id": 12, "citizen": 2, "received": "2026-11-25 13:00:00+01"},
              {"id": 13, "citizen": 3, "received": "2026-11-25 14:00:00+01"}]}');
select test.clock('2026-11-25 14:00+01');
select test.act(11, 'vote', '1', '2');
select test.act(12, 'vote', '1', '2');
select test.act(13, 'vote', '2', '1');
select results_eq($$ select poll, citizen, at from glas_data.vote where poll = 1 $$,
    $$ select 1, citizen, received_at from glas_data.message where id = 11 $$,
    'a vote of a minute before the end counts an hour later, one of the end does not');
select is(test.numbers('polls'), '[1, 2]', 'gateways know a poll that is over');
select test.clock('2026-11-26 13:00+01');
select is(test.numbers('polls'), '[2]', 'for a day');
select test.clock('2026-11-25 14:00+01');
update glas_data.poll set closes_at = '2026-11-25 15:00:00.9+01' where number = 2;
select is(glas_data.content_live() #>> '{polls,1,closes_at}', extract(epoch from timestamptz '2026-11-25 15:00+01')::int::text,
    'and no vote is confirmed that does not count');

-- Results while people vote.
set session authorization kosta;
select is((select array_agg(distinct poll) from glas.poll_results), '{1,2}', 'a coordinator sees results of all polls');
set session authorization mira;
select is((select array_agg(distinct poll) from glas.poll_results), '{1}', 'a case worker of those that are over');
select is((select votes from glas.polls where number = 2), 1, 'and how many voted so far');
set session authorization revizor;
select is((select array_agg(distinct poll) from glas.poll_results), '{1}', 'and so does an auditor');
reset session authorization;

-- Who wrote at which minute is nobody's business.
insert into glas_data.form (code) values ('CHECKIN');
insert into glas_data.observer (citizen, form, weekday, name, organisation, since)
select citizen, 'CHECKIN', 1, 'MZ', 'Odbor Vranje', '2026-10-01 08:30+01' from glas_data.message where id = 1;
insert into glas_data.form_entry (message, form, citizen, at, complete)
select 1, 'CHECKIN', citizen, '2026-11-10 23:41:17+01', true from glas_data.message where id = 1;
set session authorization mira;
select results_eq($$ select last_at, silent_for from glas.observers $$,
    $$ values (timestamptz '2026-11-10 00:00+01', interval '15 days 14:00') $$, 'a case worker sees the day of an entry');
set session authorization revizor;
select results_eq($$ select last_at, silent_for from glas.observers $$,
    $$ values (timestamptz '2026-11-10 23:41:17+01', interval '14 days 14:00') $$, 'an auditor the time');
reset session authorization;

-- Counts are of people.
insert into glas_data.citizen (id, token, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at, people)
overriding system value
select 100 + n, test.sealed('p' || n), 'sq', false, false, 1, 1, now(), now(), now(), case when n = 1 then 'roma' else '' end
  from generate_series(1, 9) n;
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, code, confidence)
select 1000 + n, '2026-10-07 12:00+00', 'vranje', 'mts', 'sms', case when n <= 20 then 101 else 81 + n end, 1, 'sq', 'rights',
       case when n <= 20 then 'POLICE' else 'COURT' end, 90
  from generate_series(1, 24) n;
select test.recount();
set session authorization kosta;
select results_eq($$ select topic, requests, people from glas.rights_demand $$,
    $$ values ('other', 24, 5) $$, 'twenty texts of one person are put to those of others');
reset session authorization;
delete from glas_data.message where id = 1024;
select test.recount();
select is((select count(*) from glas.rights_demand), 0::bigint, 'and are not shown where these are too few');
update glas_data.message set citizen = 101 + id % 5 where id between 1001 and 1020;
select test.recount();
select results_eq($$ select topic, municipality, requests, people from glas.rights_demand $$,
    $$ values ('POLICE', '', 20, 5) $$, 'five people are');
insert into glas_data.report (reference, reported_at, message, citizen, category, municipality, lang, channel, urgent, status_at)
select glas_data.reference_nth(1000 + n, 7), case when n <= 5 then timestamptz '2026-10-07 12:00+00' else '2026-10-15 12:00+00' end,
       n, 101 + n % 5, 'ROAD', case when n <= 5 then 'Vranje' else 'Bujanovac' end, 'sq', 'sms', false, now()
  from generate_series(1, 10) n;
select test.recount();
select is((select municipality from glas.rights_demand), 'Vranje', 'what somebody reports later changes no week of before');
update glas_data.report set citizen = 101 where category = 'ROAD' and reported_at < '2026-10-10';
select test.recount();
select results_eq($$ select week, category, reports, people from glas.trend where week < '2026-11-01' $$,
    $$ values (date '2026-10-12', 'ROAD', 5, 5) $$, 'five reports of one person are no trend');
select is((select count(*) from glas.voices where people = 'roma'), 0::bigint, 'nor is one who reports five times a group');

-- Erasure, and what others wrote.
select test.store('{"citizens": [{"who": "erna"}],
    "texts": [{"id": 21, "reference": "300004"}, {"id": 22, "intent": "erase"}],
    "reports": [{"reference": "300004", "message": 21}],
    "acts": [{"message": 21, "kind": "question", "key": "300004"}]}');
set session authorization kosta;
select glas.question_moderate('300004', 'approved');
select glas.question_answer('300004', 'Postovana Erna, dodjite.');
select glas.set_status('300004', 'closed', 'zvala je Erna');
select glas.set_status('100008', 'open', 'zvala je Ana');
reset session authorization;
select test.act(22, 'erase', '');
select results_eq($$ select answer, state from glas_data.question $$, $$ values ('[obrisano]', 'answered') $$,
    'what was answered goes');
select results_eq($$ select distinct reference::text, note from glas_data.report_history where note <> '' order by 1 $$,
    $$ values ('100008', 'zvala je Ana'), ('300004', '[obrisano]') $$, 'and what was noted, of nobody else');

-- Lengths, before anything is made of them.
set session authorization kosta;
set statement_timeout = '2s';
select throws_ok($$ select glas.poll_open(repeat('x', 301)) $$, '54000',
    'the title has 301 letters, 300 are allowed: shorten it', 'a title');
select throws_like($$ select glas.poll_open('x', titles => jsonb_build_object('sq', repeat('x', 5000000))::text) $$,
    'the title in sq has 5000000 letters%', 'in any language');
select throws_like($$ select glas.poll_open('x', array_fill('a'::text, '{1000000}')) $$, '%not 1000000%', 'options');
select throws_ok($$ select glas.poll_open('x', array['a', repeat('b', 1000000)]) $$, '22023',
    format('option "%s" has 1000000 letters: write 1 to 20, it is told by text', repeat('b', 40)), 'each of them');
select throws_like($$ select glas.event_announce('Vranje', repeat('x', 5000000), '2026-12-01 18:00', 'y') $$,
    'the title has 5000000 letters%', 'what an event is');
select throws_like($$ select glas.event_announce('Vranje', 'x', '2026-12-01 18:00', repeat('y', 5000000)) $$,
    'the venue has 5000000 letters%', 'where it is');
select throws_like($$ select glas.observer_add('baba-baba', 'CHECKIN', 1, repeat('y', 81)) $$,
    'the name has 81 letters, 80 are allowed%', 'a name');
select throws_like($$ select glas.assign('100008', repeat('y', 201)) $$,
    'the organisation has 201 letters, 200 are allowed%', 'an organisation');
select throws_like($$ select glas.teach(repeat('y', 5000000), 'category', 'LIGHT', 'sr') $$,
    'the word has 5000000 letters, 120 are allowed%', 'a word to teach');
select throws_like($$ select glas.unteach(repeat('y', 5000000)) $$, 'the word has 5000000 letters%', 'or to forget');
set statement_timeout = 0;
reset session authorization;

select * from finish();
rollback;
