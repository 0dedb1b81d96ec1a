-- What coordinators watch: numbers as they are, and what became of a recommendation.
begin;
\ir fixture.psql
select no_plan();
select test.office();
select test.clock('2026-11-25 12:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
delete from glas_data.outbox; update glas_data.message set reference = null; delete from glas_data.report;
insert into glas_data.citizen (id, token, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at, people)
overriding system value
select 100 + n, test.sealed('p' || n), 'sq', false, false, 1, 1, now(), now(), now(), case when n <= 3 then 'roma' else '' end
  from generate_series(0, 20) n;
create function test.report(n int, who bigint, day date, what text, place text, village text default '', answered interval default null,
                            tongue text default 'sr-Latn', for_whom bigint default null, state text default 'new')
    returns text language sql as $$
    insert into glas_data.report (reference, reported_at, message, citizen, category, municipality, settlement, lang, channel,
        urgent, status, status_at, answered_at, helped)
    values (glas_data.reference_nth(n, 7), day + time '12:00', n, who, what, place, village, tongue, 'sms', false, state,
            now(), day + time '12:00' + answered, for_whom) returning reference::text $$;

-- Three people for one lamp: one of them twice, one helped by her who reported herself.
select test.report(1001, 101, '2026-11-01', 'LIGHT', 'Vranje', 'Suvi Dol', '1 hour', 'sq'),
       test.report(1002, 101, '2026-11-02', 'LIGHT', 'Vranje', 'Suvi Dol', null, 'sq'),
       test.report(1003, 101, '2026-11-10', 'LIGHT', 'Vranje', 'Suvi Dol', '30 days', 'sq', 7),
       test.report(1004, 102, '2026-11-12', 'LIGHT', 'Vranje', 'Suvi Dol', '2 hours', 'sr-Latn', null, 'closed'),
       test.report(1005, 103, '2026-10-01', 'LIGHT', 'Vranje', 'Suvi Dol', '3 hours'),
       test.report(1006, 104, '2026-11-12', 'LIGHT', 'Vranje', '', '3 hours'),
       test.report(1007, 105, '2026-11-23', 'ROAD', 'Bujanovac', '', null),
       test.report(1008, 106, '2026-11-11', 'ROAD', 'Bujanovac', '', '1 hour', 'sr-Latn', null, 'withdrawn');
update glas_data.report set test = true where citizen = 107;
select test.recount();
set session authorization kosta;
select results_eq($$ select place, category, people, reports, open, since, until from glas.clusters $$,
    $$ values ('Vranje/Suvi Dol', 'LIGHT', 3, 4, 3, date '2026-11-01', date '2026-11-12') $$,
    'the same place, subject and time: two people and one who was helped; what was weeks before is another matter');
select is((select bar from glas.clusters), repeat('#', 10), 'and how many, to look at');
select is((select array_length("references", 1) from glas.clusters), 4, 'with the references to merge');
select results_eq($$ select municipality, category, reports, people, length(bar) from glas.heatmap $$,
    $$ values ('Vranje', 'LIGHT', 6, 5, 25), ('Bujanovac', 'ROAD', 1, 1, 5) $$, 'a row a place and subject, the busiest first');
select results_eq($$ select value, reports, people, hours, in_time, length(bar) from glas.equity where by = 'language' $$,
    $$ values ('sq', 3, 2, 720.0, 33, 3), ('sr-Latn', 3, 3, 3.0, 100, 8) $$,
    'who waits longest is first; what may still be answered in time does not count');
select is((select in_time from glas.equity where by = 'people' and value = 'unknown'), 50,
    'the group of a helper is not that of who was helped');
reset session authorization;
update glas_data.setting set value = '1' where name = 'answer_days';
select test.recount();
select is((select hours from glas.equity where by = 'municipality' and value = 'Bujanovac'), 'Infinity'::numeric,
    'who has no answer waits for ever');

-- Recommendations.
set session authorization kosta;
select is(glas.recommend('Mrak', 'Popraviti rasvetu', 'Grad Vranje', '2026-12-31', 'LIGHT', 'Vranje'), 1, 'the first');
select results_eq($$ select number, evidence, answer, response, rated, rating, bar from glas.recommendations $$,
    $$ values (1, 5, 'waiting', '', 0, null::numeric, '') $$, 'with how many people reported it');
select throws_ok($$ select glas.recommend(' ', 'x', 'y') $$, '22023', 'the issue is empty: write it down', 'an issue has words');
select throws_ok($$ select glas.recommend('x', e'\t\n', 'y') $$, '22023', 'the recommendation is empty: write it down', 'a recommendation, too');
select throws_ok($$ select glas.recommend('x', 'y', null) $$, '22023', 'the addressee is empty: write it down', 'and somebody it is for');
select throws_like($$ select glas.recommend('x', 'y', 'z', null, 'NONE') $$, 'there is no category "NONE"%', 'a category there is');
select throws_like($$ select glas.recommend('x', 'y', 'z', null, '', 'Atlantis') $$, 'there is no municipality "Atlantis"%', 'a place there is');
select throws_like($$ select glas.recommend('x', 'y', 'z', '2026-11-01') $$, '2026-11-01 has passed%', 'a day to come');
select throws_ok($$ select glas.recommend(repeat('x', 501), 'y', 'z') $$, '54000', null, 'not without end');
select throws_like($$ select glas.rate(1, glas_data.reference_nth(1001, 7), 4) $$, '%permission denied%', 'references are of glas.reports');
reset session authorization;
select glas_data.reference_nth(1001, 7) as own, glas_data.reference_nth(1002, 7) as same, glas_data.reference_nth(1003, 7) as helped,
       glas_data.reference_nth(1007, 7) as other, glas_data.reference_nth(1004, 7) as third \gset
set session authorization kosta;
select throws_like(format('select glas.rate(1, %L, 4)', :'own'), 'recommendation 1 has no response yet%', 'nothing to rate yet');
select throws_like($$ select glas.respond(1, 'maybe', 'x') $$, 'there is no answer "maybe"%', 'an answer is one of four');
select throws_like($$ select glas.respond(1, null, 'x') $$, 'there is no answer ""%', 'and not nothing');
select throws_ok($$ select glas.respond(1, 'partly', '') $$, '22023', 'what they said is empty: write it down', 'it has words');
select throws_like($$ select glas.respond(1, 'partly', 'x', '2026-12-24') $$, '2026-12-24 has not come yet%', 'and was said');
select throws_like($$ select glas.respond(7, 'partly', 'x') $$, 'there is no recommendation 7%', 'to something');
select is((select answer from glas.respond(1, 'refused', 'Nema para.', '2026-11-20')), 'refused', 'they said no');
select is((select answer || response from glas.respond(1, 'accepted', 'Na proleće.')), 'acceptedNa proleće.', 'and then yes: that counts');
select is((select rated || ' ' || rating || ' ' || bar from glas.rate(1, :'own', 5)), '1 5.0 ##########', 'a rating');
select throws_like(format('select glas.rate(1, %L, 1)', :'same'), '%each person once', 'her other report is still her');
select is((select rated || ' ' || rating || ' ' || bar from glas.rate(1, :'helped', 2)), '2 3.5 #######', 'who was helped rates for themselves');
select throws_like(format('select glas.rate(1, %L, 3)', :'other'), 'report % is not of what recommendation 1 is about%', 'a road is no lamp');
select throws_ok(format('select glas.rate(1, %L, 6)', :'third'), '22023', 'a rating is 1, 2, 3, 4 or 5', 'not six');
select throws_ok(format('select glas.rate(1, %L, null)', :'third'), '22023', null, 'not nothing');
select throws_like(format('select glas.rate(9, %L, 3)', :'third'), 'there is no recommendation 9%', 'not of nothing');
select throws_ok($$ select glas.rate(1, '123', 3) $$, '22023', null, 'by a report');
reset session authorization;
update glas_data.recommendation set due_on = '2026-11-01'; delete from glas_data.response;
select is((select answer from glas.recommendations), 'overdue', 'who does not answer in time is late');

set session authorization mira;
select throws_ok($$ select * from glas.clusters $$, '42501', null, 'a case worker sees their own cases, not all places');
select throws_ok($$ select glas.recommend('x', 'y', 'z') $$, '42501', null, 'and recommends nothing alone');
reset session authorization;
select * from finish();
rollback;
