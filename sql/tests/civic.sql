begin;
\ir fixture.psql
select plan(133);
select test.office();
grant execute on all functions in schema test to public;
-- Noon, so that nobody sleeps.
select test.clock('2026-11-25 12:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
select glas_data.content_import(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "VOTE_HOW", "lang": "sr-Latn", "text": "Tog odgovora nema. Npr. GLAS 1. {OPTIONS}"},
    {"key": "VOTE_HOW", "lang": "sr-Cyrl", "text": "Нема тог одговора. {OPTIONS}"},
    {"key": "EVENT_INVITE", "lang": "sr-Latn", "text": "{EVENT}, {VENUE}, {DATE} u {TIME}. Dolazite? DA ili NE. Odjava: STOP {LIST}"},
    {"key": "EVENT_INVITE", "lang": "sq", "text": "{EVENT}, {VENUE}, {DATE} në {TIME}. PO ose JO?"},
    {"key": "EVENT_INVITE", "lang": "rom", "text": "nobody read this", "reviewer": "none"},
    {"key": "EVENT_OFF", "lang": "sr-Latn", "text": "Otkazano: {EVENT}, {NOTHING}."}]}'));
-- Vera writes Albanian, Goca Romani; Toma tries, Eva goes.
select test.store('{
    "citizens": [{"who": "vera", "copy": "vera", "lang": "sq"}, {"who": "goca", "copy": "goca", "lang": "rom"},
                 {"who": "toma", "copy": "toma"}, {"who": "eva", "copy": "eva"}],
    "texts": [{"id": 11, "text": "VESTI VRANJE"}, {"id": 12, "citizen": 2, "text": "VESTI VRANJE"},
              {"id": 13, "citizen": 3, "test": true, "text": "PROBA GLAS 1"}, {"id": 14, "citizen": 4},
              {"id": 15, "citizen": 4, "sent": "2026-11-15 12:00+01"}],
    "acts": [{"message": 11, "kind": "subscribe", "key": "Vranje"},
             {"message": 12, "citizen": 2, "kind": "subscribe", "key": "Vranje"},
             {"message": 13, "citizen": 3, "kind": "subscribe", "key": "Vranje"},
             {"message": 14, "citizen": 4, "kind": "subscribe", "key": "Bujanovac"}]}');

create function test.act(who text, message bigint, kind text, key text, value text default '') returns void
    language sql security definer as $$
    select glas_data.act(c.id, message, kind, key, value) from glas_data.citizen c where c.token = test.sealed(who) $$;
create function test.version() returns int
    language sql security definer as $$ select glas_data.setting('content_version')::int $$;
create function test.name(who text) returns text
    language sql security definer as $$
    select glas_data.pseudonym(c.id) from glas_data.citizen c where c.token = test.sealed(who) $$;
create function test.told(who text) returns text[]
    language sql security definer as $$
    select coalesce(array_agg(o.kind || ' ' || o.state || ': ' || o.text order by o.id), '{}')
      from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
     where c.token = test.sealed(who) and o.created_by <> '' $$;

-- Polls.
create temp table before as select test.version() as version;
grant select on before to public;
set session authorization kosta;
select is(glas.poll_open('Park u centru?'), 1, 'a poll of yes and no');
select results_eq($$ select title, options, state, votes, opened_by, closes_at::date from glas.polls $$,
    $$ values ('Park u centru?', '1 da, 2 ne', 'open', 0, 'kosta', date '2026-12-02') $$, 'is open for a week');
select is(glas.poll_open('Šta prvo?', '{most, put,škola}', '2026-12-24 00:00+01', '{"sq": "Çka së pari?"}'), 2, 'one of options');
select is(test.version(), (select version + 2 from before), 'gateways are to fetch each');
reset session authorization;
select is(glas_gw.content() -> 'live', '{"events": [], "lists": [], "polls": [
    {"number": 1, "title": {"sr-Latn": "Park u centru?"}, "options": ["da", "ne"], "yes_no": true, "closes_at": 1796209200},
    {"number": 2, "title": {"sq": "Çka së pari?", "sr-Latn": "Šta prvo?"}, "options": ["most", "put", "škola"],
     "yes_no": false, "closes_at": 1798066800}]}'::jsonb, 'and find them there');
set session authorization kosta;
select throws_ok($$ select glas.poll_open(' ') $$, '22023', 'the title is empty: write what people are to read',
    'a poll without a title');
select throws_like($$ select glas.poll_open('x', '{a}') $$, 'a poll has 2 to 9 options, not 1%', 'one option');
select throws_like($$ select glas.poll_open('x', '{a,b,c,d,e,f,g,h,i,j}') $$, '%not 10%', 'ten of them');
select throws_like($$ select glas.poll_open('x', array['a', repeat('b', 21)]) $$, '%has 21 letters%', 'a long one');
select throws_like($$ select glas.poll_open('Koliko puta?', '{3,2,1}') $$, 'option "3" is a number%', 'numbers');
select throws_like($$ select glas.poll_open('x', '{a," A "}') $$, 'two options are the same%', 'the same twice');
select throws_like($$ select glas.poll_open('x', closes_at => '2026-11-01') $$, '%cannot be voted in%', 'in the past');
select throws_like($$ select glas.poll_open('x', titles => '{"de": "y"}') $$, 'the title in "de"%', 'no such language');
select throws_like($$ select glas.poll_open('x', titles => '["y"]') $$, 'titles by language are written as%', 'a list');
select throws_like($$ select glas.poll_open('x', titles => 'y') $$, 'titles by language are written as%', 'what is no JSON');
select throws_like($$ select glas.poll_open(repeat('x', 190)) $$,
    'in sr-Cyrl it takes % segments to say what one can vote for, 3 are allowed%', 'a long title');

-- Votes.
select test.act('ana', 1, 'vote', '2', '1');
select test.act('ana', 1, 'vote', '2', '3');
select test.act('beba', 2, 'vote', '2', '3');
select test.act('eva', 14, 'vote', '2', '2');
select test.act('toma', 13, 'vote', '2', '2');
select test.act('ana', 1, 'vote', '2', '9');
select results_eq($$ select option, votes, share, length(bar) from glas.poll_results where poll = 2 $$,
    $$ values ('1 most', 0, 0, 0), ('2 put', 1, 33, 8), ('3 škola', 2, 67, 17) $$,
    'one vote a person, the last one; no trials; nothing that is not there');
select is((select sum(votes) from glas.poll_results where poll = 1), 0::bigint, 'a poll without votes has results');
select test.act('eva', 14, 'vote', '1', '1');
select results_eq($$ select state, closed_by, votes from glas.poll_close(1) $$,
    $$ values ('closed', 'kosta', 1) $$, 'a poll is closed before its time');
select test.act('beba', 2, 'vote', '1', '1');
select is((select votes from glas.polls where number = 1), 1, 'and takes no vote then');
select throws_ok($$ select glas.poll_close(1) $$, 'P0002', 'there is no open poll 1: open are 2', 'nor is closed twice');
select test.act('toma', 14, 'vote', '2', '1');
select is((select votes from glas.polls where number = 2), 4, 'who tried can vote');
select test.act('toma', 13, 'vote', '2', '2');
select is((select votes from glas.poll_results where poll = 2 and option = '1 most'), 1,
    'and a trial does not take the place of that');
select test.act('toma', 15, 'vote', '2', '3');
select is((select votes from glas.poll_results where poll = 2 and option = '1 most'), 1,
    'nor does a text of days ago that comes today');
select test.act('vera', 13, 'vote', '2', '1');
select test.act('vera', 15, 'vote', '2', '1');
select is((select votes from glas.poll_results where poll = 2 and option = '1 most'), 2,
    'which is more than a trial');
reset session authorization;
select is(jsonb_path_query_array(glas_gw.content(), '$.live.polls[*].number'), '[1, 2]', 'gateways know it for a day');
set session authorization mira;
select throws_ok($$ select glas.poll_open('x') $$, '42501', null, 'a case worker opens no poll');
select throws_ok($$ select glas.poll_close(2) $$, '42501', null, 'nor closes one');
select is((select count(*) from glas.polls), 2::bigint, 'but sees them');
set session authorization petra;
select throws_ok($$ select * from glas.poll_results $$, '42501', null, 'the press is told results by people');
reset session authorization;

-- Events.
update glas_data.citizen set dialog = 'place 100008 0', dialog_until = '2026-11-25 18:00+01'
 where token = test.sealed('toma');
set session authorization kosta;
select throws_like($$ select glas.event_announce('Vranje/Suvi Dol', 'x', '2026-12-01', 'y') $$,
    '%write "Vranje"', 'people ask for news of municipalities');
select throws_like($$ select glas.event_announce('Leskovac', 'x', '2026-12-01', 'y') $$, 'there is no place%', 'no such place');
select throws_like($$ select glas.event_announce('Vranje', 'x', '2026-11-01', 'y') $$, '%comes too late%', 'an event of the past');
select throws_ok($$ select glas.event_announce('Vranje', 'x', '2026-12-01', 'y') $$, '22023',
    'people are told at what hour to come: write it behind the day, as in "01.12.2026. 18:00"', 'at no hour');
select throws_like($$ select glas.event_announce('Vranje', 'x', '2026-12-01 18:00', ' ') $$, 'the venue is empty%', 'an event nowhere');
select throws_like($$ select glas.event_announce('Vranje', repeat('x', 260), '2026-12-01 18:00', 'y') $$,
    'in sr-Latn the invitation would take 3 segments, 2 are allowed%', 'too much to say');
select is(glas.event_announce('vranje', 'Tribina o vodi', '2026-12-01 18:00+01', 'Dom kulture', '{"sq": "Tribunë për ujin"}'),
    1, 'an event is announced');
select results_eq($$ select municipality, title, venue, invited, coming, not_coming, announced_by from glas.events $$,
    $$ values ('Vranje', 'Tribina o vodi', 'Dom kulture', 3, 0, 0, 'kosta') $$, 'to those who asked for news');
reset session authorization;
select test.clock('2026-11-25 12:00:01+01');
set session authorization kosta;
select throws_like($$ select glas.event_announce('Vranje', 'TRIBINA o vodi', '1.12.2026 18:00', 'Dom') $$,
    'that is event 1, and its people have been invited: nobody is invited twice%', 'twice is once');
select throws_like($$ select glas.event_announce('Vranje', 'Tribina o vodi', '2026-12-01 19:00+01', repeat('x', 301)) $$,
    'the venue%', 'what is another hour is looked at');
reset session authorization;
select test.clock('2026-11-25 12:00+01');
select is((select count(*) from glas_data.event), 1::bigint, 'there is one');
select is(test.told('vera'), array['event queued: Tribune per ujin, Dom kulture, 01.12.2026. ne 18:00. PO ose JO?'],
    'each in their language');
select is(test.told('goca'),
    array['event queued: Tribina o vodi, Dom kulture, 01.12.2026. u 18:00. Dolazite? DA ili NE. Odjava: STOP Vranje'],
    'and not in one that nobody has read');
select results_eq($$ select distinct priority::int, due_at, expires_at from glas_data.outbox where kind = 'event' $$,
    $$ values (3, timestamptz '2026-11-25 12:00+01', timestamptz '2026-12-01 18:00+01') $$,
    'after all else, at noon at once, and not when it is over');
select results_eq($$ select dialog, dialog_until, version from glas_data.citizen where token in
        (test.sealed('vera'), test.sealed('toma')) order by dialog $$,
    $$ values ('attend 1 0', timestamptz '2026-12-01 18:00+01', 2),
              ('place 100008 0', '2026-11-25 18:00+01', 1) $$,
    'and asked whether they come, unless something else was asked');
select is(glas_gw.content() #> '{live,events}', '[{"number": 1, "title": {"sq": "Tribunë për ujin", "sr-Latn": "Tribina o vodi"},
    "venue": "Dom kulture", "starts_at": 1796144400}]'::jsonb, 'gateways know of it');
select results_eq($$ select invited from glas_gw.mo_context(
        array[test.sealed('vera'), test.sealed('eva'), test.sealed('nobody')], array[test.sealed('x'), test.sealed('y'), test.sealed('z')],
        array[test.sealed('new 1'), test.sealed('new 2'), test.sealed('new 3')], array[null, null, null]) $$,
    $$ values ('1'), (''), ('') $$, 'and of who was invited');
select test.act('vera', 11, 'attend', '1', 'yes');
select test.act('goca', 12, 'attend', '1', 'yes');
select test.act('goca', 12, 'attend', '1', 'no');
select test.act('toma', 13, 'attend', '1', 'yes');
select test.act('vera', 15, 'attend', '1', 'no');
select test.act('eva', 14, 'attend', '1', 'yes');
select results_eq($$ select coming, not_coming from glas.events $$, $$ values (2, 1) $$,
    'who comes is who wrote so last; trials do not come');
select is(glas_data.polite_time('2026-11-25 20:00+01'), timestamptz '2026-11-26 09:00+01', 'in the evening, tomorrow');
select is(glas_data.polite_time('2026-11-25 00:10+01'), timestamptz '2026-11-25 09:00+01', 'at night, in the morning');
select is(glas_data.polite_time('2026-11-25 08:59:59+01'), timestamptz '2026-11-25 09:00+01', 'early, too');
select is(glas_data.polite_time('2026-11-25 19:59+01'), timestamptz '2026-11-25 19:59+01', 'by day, at once');
update glas_data.outbox set state = 'delivered' where kind = 'event' and id =
    (select outbox from glas_data.invitation i join glas_data.citizen c on c.id = i.citizen where c.token = test.sealed('vera'));
set session authorization kosta;
select is(glas.event_cancel(1), 3, 'an event is called off');
select is(test.told('vera'), array['event delivered: Tribune per ujin, Dom kulture, 01.12.2026. ne 18:00. PO ose JO?',
    'event queued: Otkazano: Tribina o vodi, {NOTHING}.'], 'those who come are told');
select is((test.told('goca'))[1] ~ '^event cancelled', true, 'invitations on their way are not sent');
select is(cardinality(test.told('goca')), 1, 'and who does not come is not told');
select throws_ok($$ select glas.event_cancel(1) $$, 'P0002', 'there is no event 1 to come: to come are none', 'once');
reset session authorization;
select is((select count(*) from glas_data.citizen where dialog like 'attend%'), 0::bigint, 'nobody is waited for');
select is(glas_gw.content() #> '{live,events}', '[]'::jsonb, 'gateways forget it');
set session authorization mira;
select throws_ok($$ select glas.event_announce('Vranje', 'x', '2026-12-01', 'y') $$, '42501', null,
    'a case worker invites nobody');
reset session authorization;

-- Questions.
select test.act('ana', 1, 'question', '100008');
select test.act('beba', 2, 'question', '200006');
set session authorization kosta;
select glas.event_announce('Bujanovac', 'Tribina', '2026-12-02 18:00+01', 'Sala');
set session authorization mira;
select results_eq($$ select reference, state, text, municipality from glas.questions $$,
    $$ values ('100008', 'waiting', 'nema svetla', 'Vranje') $$, 'a case worker sees the questions of the own organisation');
select results_eq($$ select state, event, decided_by from glas.question_moderate('100 008', 'approved', 2) $$,
    $$ values ('approved', 2, 'mira') $$, 'and approves one for a debate');
select throws_ok($$ select glas.question_moderate('100008', 'great') $$, '22023',
    'a question cannot become "great": write approved or rejected', 'a word that is none');
select throws_like($$ select glas.question_moderate('100008', 'approved', 1) $$, 'event 1 was called off: leave the number out%', 'an event that was called off');
select throws_ok($$ select glas.question_moderate('200006', 'approved') $$, 'P0002', null, 'not their question');
select is((select state from glas.question_moderate('100008', 'rejected')), 'rejected', 'and rejects it');
select is((select status from glas.reports where reference = '100008'), 'closed', 'whoever asks is promised no answer');
select throws_like($$ select glas.question_answer('100008', 'x') $$, '%was rejected: approve it%', 'what is rejected has no answer');
select glas.question_moderate('100008', 'approved');
select is((select status from glas.reports where reference = '100008'), 'open', 'until it is approved after all');
select is(test.told('ana'), '{}', 'the person is told nothing so far');
select lives_ok($$ select glas.question_answer('100008', 'Patrola ide svake noći.') $$, 'it is answered');
select is(test.told('ana'), array['reply queued: Patrola ide svake noci.'], 'and the person told');
select results_eq($$ select q.state, q.answer, q.event, r.status from glas.questions q join glas.reports r using (reference) $$,
    $$ values ('answered', 'Patrola ide svake noci.', 2, 'answered') $$, 'and the report answered');
select results_eq($$ select what, now_is from glas.history where reference = '100008' order by 1, 2 $$,
    $$ select * from (values ('question', 'answered'), ('question', 'approved'), ('question', 'approved'), ('question', 'rejected'),
        ('reply', (select max(id)::text from glas.outbox where kind = 'reply')), ('status', 'answered'), ('status', 'closed'), ('status', 'open')) v order by 1, 2 $$,
    'all of which is in the history');
select throws_like($$ select glas.question_answer('100008', 'x') $$, '%has been answered: glas.reply() says more%', 'once');
reset session authorization;
delete from glas_data.question where reference = '100008';
set session authorization mira;
select throws_like($$ select glas.question_answer('100008', 'x') $$, '%is no question for a debate%', 'a report that is none');
reset session authorization;

-- Rumours.
select test.store('{"citizens": [{"who": "ana", "version": 1}, {"who": "beba", "version": 1}, {"who": "eva", "version": 2},
                                 {"who": "toma", "version": 1}],
    "texts": [{"id": 21, "text": "GLASINA skola", "municipality": "Vranje"}, {"id": 22, "citizen": 2}, {"id": 23, "citizen": 3},
              {"id": 24}, {"id": 25, "citizen": 4, "test": true}],
    "acts": [{"message": 21, "kind": "rumour"}, {"message": 22, "citizen": 2, "kind": "rumour"},
             {"message": 23, "citizen": 3, "kind": "rumour"}, {"message": 24, "kind": "rumour"},
             {"message": 25, "citizen": 4, "kind": "rumour"}]}');
select test.store('{"citizens": [{"who": "ana", "version": 2}],
    "texts": [{"id": 26, "text": "Glasina: ŠKOLA!"}], "acts": [{"message": 26, "kind": "rumour"}]}');
select results_eq($$ select m.id, r.id from glas_data.message m left join glas_data.rumour r using (id) where m.id in (24, 26) order by 1 $$,
    $$ values (24::bigint, 24::bigint), (26, null) $$, 'the same words again ask nothing more');
savepoint scripts;
select test.store('{"citizens": [{"who": "ana", "version": 3}], "texts": [{"id": 27, "text": "GLASINA هل المدرسة مغلقة"}, {"id": 28, "text": "GLASINA هل الطريق مغلق"}],
    "acts": [{"message": 27, "kind": "rumour"}, {"message": 28, "kind": "rumour"}]}');
select is((select count(*)::int from glas_data.rumour where id in (27, 28)), 2, 'other words are others in any script');
rollback to scripts;
set session authorization kosta;
select results_eq($$ select asked from glas.rumour_same(22, 21) union all select asked from glas.rumour_same(24, 22)
        union all select asked from glas.rumour_same(25, 21) $$, array[2, 2, 2],
    'one who asks twice is one, and a trial is none');
select throws_like($$ select glas.rumour_same(21, 24) $$, 'rumours 21 and 24 are one already', 'together already');
select results_eq($$ select id, municipality, text, asked, state from glas.rumours $$,
    $$ values (21::bigint, 'Vranje', 'GLASINA skola', 2, 'open'), (23, '', 'nema svetla', 1, 'open') $$,
    'those about the same are one row');
select throws_ok($$ select glas.rumour_answer(21, repeat('x', 460)) $$, '54000', null, 'an answer of four segments');
select throws_ok($$ select glas.rumour_answer(99, 'x') $$, 'P0002', null, 'a rumour that is not there');
select is(glas.rumour_answer(24, 'Škola se ne zatvara.'), 3, 'all who asked are told');
select is((test.told('ana'))[2], 'reply queued: Skola se ne zatvara.', 'each once');
select is(test.told('beba'), array['reply waiting: Skola se ne zatvara.'], 'or when they write again');
select is(cardinality(test.told('ana')), 2, 'though asked twice');
select throws_like($$ select glas.rumour_answer(22, 'x') $$, 'rumour 21 has been answered%', 'it is answered once');
select is((select asked || state from glas.rumour_same(23, 21)), '3answered', 'one that turns out to be the same');
select is((test.told('eva'))[3], 'reply queued: Skola se ne zatvara.', 'is told of it then');
select is(cardinality(test.told('ana')), 2, 'and nobody else again');
reset session authorization;
create function test.plan(statement text) returns text
    language plpgsql as $$
declare
    line text;
    plan text := '';
begin
    for line in execute 'explain ' || statement loop
        plan := plan || line || e'\n';
    end loop;
    return plan;
end $$;
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, confidence)
select n, now(), 'vranje', 'mts', 'sms', 1, 1, 'sq', 'rumour', 90 from generate_series(100000, 119999) n;
insert into glas_data.rumour (id, citizen, same_as)
select n, 1, case when n % 10 > 0 then n - n % 10 end from generate_series(100000, 119999) n;
analyze glas_data.message, glas_data.rumour;
select matches(test.plan('select asked from glas.rumours'), 'Bitmap Index Scan on rumour_same_as',
    'many rumours are not looked through for each');
delete from glas_data.rumour where id >= 100000;
delete from glas_data.message where id >= 100000;
set session authorization mira;
select throws_ok($$ select * from glas.rumours $$, '42501', null, 'rumours are no cases of an organisation');
reset session authorization;

-- People.
set session authorization kosta;
select throws_like($$ select glas.helper('nobody') $$, 'nobody is called "nobody"%', 'nobody');
select matches(glas.helper(test.name('ana')), 'reports for others from now on', 'somebody helps others');
select matches(glas.helper(test.name('ana'), false), 'does not report for others any more', 'or no more');
select matches(glas.tester(test.name('toma'), "is" => true), 'may try the whole path', 'somebody tries');
reset session authorization;
insert into glas_data.form (code) values ('CHECKIN');
set session authorization mira;
select throws_like($$ select glas.observer_add(test.name('ana'), 'CHECKIN', 8, 'MZ') $$, 'the weekday is a number%', 'day eight');
select throws_like($$ select glas.observer_add(test.name('ana'), 'CHECK IN', 1, 'MZ') $$, '"CHECK IN" is no code%', 'no form');
select throws_like($$ select glas.observer_add(test.name('ana'), 'CHECKIN', 1, ' ') $$, 'the name is empty%', 'no name');
select throws_like($$ select glas.observer_add(test.name('ana'), 'KONTROLA', 1, 'MZ') $$,
    'there is no form "KONTROLA": known are CHECKIN', 'a form that nobody can send');
select results_eq($$ select name, form, organisation, weekday, state, silent_for
                       from glas.observer_add(test.name('ana'), 'checkin', 1, 'MZ Klenike') $$,
    $$ values ('MZ Klenike', 'CHECKIN', 'Odbor Vranje', 1, 'well', null::interval) $$, 'a community reports each Monday');
reset session authorization;
-- The 25th is a Wednesday.
select is(glas_data.observer_due('2026-11-25 12:00+01', null, 1), timestamptz '2026-12-01 00:00+01',
    'who never wrote has until the next such day is over');
select is(glas_data.observer_due('2026-11-25 12:00+01', null, 3), timestamptz '2026-11-26 00:00+01', 'which can be today');
select is(array(select glas_data.observer_due('2026-01-01', day, 1) - timestamptz '2026-12-01 00:00+01'
                  from generate_series(timestamptz '2026-11-20 12:00+01', '2026-11-27 12:00+01', '1 day') day),
    array['0', '0', '0', '0', '0', '0', '0', '7 days']::interval[], 'three days early or late are of that day');
insert into glas_data.form_entry (message, form, citizen, at, complete, test)
select e.message, e.form, c.id, e.at, e.complete, e.test
  from glas_data.citizen c,
       (values (901, 'CHECKIN', timestamptz '2026-11-03 12:00+01', true, false),
               (902, 'CHECKIN', '2026-11-10 12:00+01', false, false),
               (903, 'CHECKIN', '2026-11-24 12:00+01', true, true),
               (904, 'COUNT', '2026-11-24 12:00+01', true, false))
       e (message, form, at, complete, test)
 where c.token = test.sealed('ana');
set session authorization mira;
select is((select last_at from glas.observers), timestamptz '2026-11-10 00:00+01',
    'neither a trial nor another form is a sign of life, an entry that lacks something is');
select results_eq($$ select state, due_at, silent_for from glas.observers $$,
    $$ values ('silent', timestamptz '2026-11-17 00:00+01', interval '15 days 12:00') $$, 'silence is seen');
reset session authorization;
insert into glas_data.person values ('tuda', 'Druga', 'caseworker', now());
create role tuda login;
grant glas_caseworker to tuda;
set session authorization tuda;
select is((select count(*) from glas.observers), 0::bigint, 'others do not see who reports to whom');
select throws_like($$ select glas.observer_add(test.name('ana'), 'CHECKIN', 2, 'x') $$,
    '%has no report of your organisation: ask a coordinator%', 'nor register whom they do not know');
reset session authorization;
insert into glas_data.report (reference, reported_at, message, citizen, category, lang, channel, urgent, status_at, organisation)
select '400002', now(), 1, c.id, '', 'sq', 'sms', false, now(), 'Druga' from glas_data.citizen c where c.token = test.sealed('ana');
set session authorization tuda;
select throws_like($$ select glas.observer_add(test.name('ana'), 'CHECKIN', 2, 'x') $$, '%to another organisation already%',
    'nor change whom others have');
reset session authorization;
delete from glas_data.report where reference = '400002';
set session authorization kosta;
select is((select weekday from glas.observer_add(test.name('ana'), 'CHECKIN', 2, 'MZ Klenike')), 2, 'a coordinator may');
set session authorization tuda;
select throws_ok($$ select glas.observer_remove(test.name('ana'), 'CHECKIN') $$, 'P0002', null, 'nor end it');
set session authorization mira;
select is(glas.observer_remove(test.name('ana'), 'Checkin'), 'Nobody waits for CHECKIN from MZ Klenike any more.', 'they do');
reset session authorization;

-- Erasure.
create temp table eva as select test.name('eva') as name;
select test.act('eva', 14, 'erase', '');
select is((select votes from glas.polls where number = 2), 4, 'a vote that could be given once more is taken back');
select is((select votes from glas.polls where number = 1), 1, 'one in a poll that is over stays');
select throws_like($$ select glas.tester((select name from eva)) $$, '%had their number erased%', 'there is nobody any more');
select test.store('{"citizens": [{"who": "erna", "copy": "erna"}],
    "texts": [{"id": 41, "reference": "300004"}, {"id": 42, "intent": "erase"}],
    "reports": [{"reference": "300004", "message": 41}],
    "acts": [{"message": 41, "kind": "question", "key": "300004"}, {"message": 42, "kind": "erase"}]}');
select throws_like($$ select glas.reply('300004', 'x') $$, '%had their number erased: nobody can be told%', 'nor answered');
select is((select string_agg(line, e'\n') from glas.explain(42) line) ~ 'Done: had their number and words erased\.', true,
    'what a text did is explained');
select is((select string_agg(line, e'\n') from glas.explain(11) line) ~ 'Done: gets news of Vranje\.', true, 'whatever it was');

-- Counts.
select results_eq($$ select list, people from glas.lists $$, $$ values ('Vranje', 2) $$, 'lists count people, not trials');
insert into glas_data.report (reference, reported_at, message, citizen, category, municipality, lang, channel, urgent,
                              status_at, helped, test)
select glas_data.reference_nth(1000 + n, 7), '2026-10-07 12:00+00', n, case when n <= 8 then n + 100 else 100 end, 'ROAD',
       'Vranje', 'sq', 'sms', false, now(), case when n > 8 then n % 6 end, n = 1
  from generate_series(1, 20) n;
insert into glas_data.citizen (id, token, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at, people)
overriding system value
select 100 + n, test.sealed('p' || n), 'sq', false, false, 1, 1, now(), now(), now(),
       case when n between 1 and 6 then 'roma' when n > 6 then 'elderly' else '' end
  from generate_series(0, 8) n;
update glas_data.report set test = true where reported_at > '2026-11-01';
select test.recount();
set session authorization kosta;
select results_eq($$ select * from glas.voices where people <> 'other' $$, $$ values ('unknown', 6, 12), ('roma', 5, 5) $$,
    'who was helped is a voice, the helper is none; trials and few are left out');
select is((select reports from glas.trend where week = '2026-10-05'), 19, 'trials are no trend');
reset session authorization;
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, code, confidence,
                               municipality, test)
select 1000 + n, '2026-10-07 12:00+00', 'vranje', 'mts', 'sms', case when n <= 3 then 1000 + n else 102 + n % 6 end, 1, 'sq',
       case when n <= 14 then 'rights' else 'body' end, case when n <= 8 then 'POLICE' when n <= 14 then '' else 'ROAD' end,
       90, case when n = 4 then 'Vranje' when n <= 3 then 'Bujanovac' else '' end, n = 14
  from generate_series(1, 16) n;
select test.recount();
set session authorization kosta;
select results_eq($$ select topic, lang, municipality, requests, length(bar) from glas.rights_demand where week = '2026-10-05' $$,
    $$ values ('POLICE', 'sq', 'Vranje', 5, 25), ('TOPICS', 'sq', 'Vranje', 5, 25), ('other', '', '', 5, 25) $$,
    'what rights are asked about: place of the text, else of the person; few are put together');
reset session authorization;
select is((select guesses from glas.reports where reference = '200006'), '', 'no guess');
update glas_data.report set first = 'ROAD', second = 'LIGHT' where reference = '200006';
select is((select guesses from glas.reports where reference = '200006'), 'ROAD, LIGHT', 'guesses where the category is open');

-- So many segments, and no more.
delete from glas_data.invitation;
delete from glas_data.outbox;
delete from glas_data.subscription;
insert into glas_data.subscription (citizen, list, consent, since)
select id, 'Vranje', 'sms', now() from glas_data.citizen where token in
    (select test.sealed(who) from unnest('{vera,goca,toma}'::text[]) who);
create function test.invited() returns text
    language sql security definer as $$
    select string_agg(o.state, ' ' order by o.id) from glas_data.outbox o where o.kind = 'event' $$;
set session authorization kosta;
select lives_ok($$ select glas.event_announce('Vranje', 'Tribina', '2026-12-20 18:00+01', 'Dom', most_segments => 2) $$,
    'an event with a cap is announced');
select is(test.invited(), 'queued queued held', 'what is more than its cap is held');
select is((select held || ' of ' || most_segments from glas.events order by number desc limit 1), '1 of 2', 'as people see');
select is(glas.event_cap((select max(number) from glas.events), 1), 2, 'the cap may come down');
reset session authorization;
update glas_data.outbox set state = 'accepted' where state = 'queued';
set session authorization kosta;
select is(glas.event_cap((select max(number) from glas.events), 2), 1, 'and go up: what has gone out counts');
select is(glas.event_cap((select max(number) from glas.events), null) || test.invited(), '0accepted queued queued',
    'or away');
select throws_like($$ select glas.event_cap((select max(number) from glas.events), -1) $$, '%write 0 or more%', 'never below none');
select throws_like($$ select glas.event_cap(99, 1) $$, 'there is no event 99%', 'nor of an event that is not');
reset session authorization;

select * from finish();
rollback;
