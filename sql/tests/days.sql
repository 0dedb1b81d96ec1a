-- A day as people type it; what is none is refused in words that say how to write it.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-11-25 12:00+01');
select test.office();
set timezone = 'America/New_York';
set datestyle = 'SQL, MDY';

select is(glas_data.time_said(said), at, said) from (values
    ('2026-11-24', timestamptz '2026-11-24 00:00+01'), ('2026-11-24 22:00', '2026-11-24 22:00+01'),
    ('2026-7-4', '2026-07-04 00:00+02'), ('2026-11-24T22:00:05.25', '2026-11-24 22:00:05.25+01'), ('24.11.2026.', '2026-11-24 00:00+01'),
    ('24. 11. 2026. 8:05', '2026-11-24 08:05+01'), ('4.7.2026', '2026-07-04 00:00+02'), (' 2026-11-24 ', '2026-11-24 00:00+01'),
    ('2026-11-24 22:00+00', '2026-11-24 22:00+00'), ('2026-11-24 22:00:00-05:30', '2026-11-24 22:00-05:30'),
    ('2028-02-29', '2028-02-29 00:00+01'), (null, null)) v (said, at);
select throws_ok(format('select glas_data.time_said(%L)', said), '22023',
    format('"%s" is no day: write it as 2026-11-25 or 25.11.2026., and an hour behind it where it matters: 2026-11-25 22:00', shown), said)
  from (select said, said from unnest(array['juče', 'sutra', '2026-11-31', '31.11.2026', '1.13.2026', '2027-02-29', '24.11.', '', ' ',
      '2026-11-24 25:00', 'now', 'infinity', '2026', 'tomorrow']) said union all values ('11/24/2026', '...026'),
      ('2026-11-24 22', '...4 22'), ('2026-11-24 22:00+99', '...0+99'), ('0641-23-45', '...3-45'), ('064 123 4567', '...567')) v (said, shown);
select is(glas_data.day_said('2026-11-24 00:30'), date '2026-11-24', 'a day is one in Serbia');

set session authorization kosta;
select throws_like(call, '"31.11.2026." is no day: write it as 2026-11-25 or 25.11.2026.,%', call) from unnest(array[
    $$ select glas.happened('100008', '31.11.2026.') $$,
    $$ select glas.deadline_begin('100008', 'legal-aid', '31.11.2026.') $$,
    $$ select glas.deadline_set('x', 15, 'days', 'answer', 'authority', 'referred', 'answered', checked_on => '31.11.2026.') $$,
    $$ select glas.record_step('100008', 'safe', 'x', '31.11.2026.') $$,
    $$ select glas.broadcast_draft('{"sr-Latn": "x"}', category => 'LIGHT', since => '31.11.2026.') $$,
    $$ select glas.broadcast_draft('{"sr-Latn": "x"}', category => 'LIGHT', until => '31.11.2026.') $$,
    $$ select glas.holiday('31.11.2026.', 'Dan') $$,
    $$ select glas.event_announce('Vranje', 'Skup', '31.11.2026.', 'Dom') $$,
    $$ select glas.poll_open('Da li?', closes_at => '31.11.2026.') $$,
    $$ select glas.recommend('A', 'B', 'C', '31.11.2026.') $$]) call;
select is(glas.recommend('A', 'B', 'C', '31.12.2026.'), 1, 'a recommendation');
select throws_like($$ select glas.respond(1, 'done', 'D', '31.11.2026.') $$, '"31.11.2026." is no day:%', 'what they said');
select results_eq($$ select due_on from glas.recommendations $$, $$ values (date '2026-12-31') $$, 'until when');
select is((select name from glas.poll_open('Da li?', closes_at => '30.11.2026. 20:00') name), 1, 'a poll');
select results_eq($$ select closes_at from glas.polls $$, $$ values (timestamptz '2026-11-30 20:00+01') $$, 'which closes in Serbia');
select is(glas.poll_open('Šta?', closes_at => '2026-11-29'), 2, 'a poll until a day');
select is((select closes_at from glas.polls where number = 2), timestamptz '2026-11-30 00:00+01', 'which is over then');
select is(glas.broadcast_draft('{"sr-Latn": "x"}', category => 'LIGHT', since => '25.11.2026.', until => '25.11.2026.'), 1,
    'who reported on a day, or until it is over');
select is((select line from glas.broadcast_preview(1) line offset 1 limit 1),
    'To: who reported LIGHT from 25.11.2026. until 25.11.2026.', 'is meant');
select throws_like($$ select glas.broadcast_draft('{"sr-Latn": "x"}', category => 'LIGHT', until => '25.11.2026. 10:00') $$,
    'nobody is meant%', 'an hour is one');
select is(glas.event_announce('Vranje', 'Skup', '03.02.2027. 18:00', 'Dom'), 1, 'a meeting');
select results_eq($$ select starts_at from glas.events $$, $$ values (timestamptz '2027-02-03 18:00+01') $$, 'which begins in Serbia');
-- Where it is the day before, still.
reset session authorization;
select test.clock('2026-11-25 00:30+01');
set session authorization kosta;
select is((select given_on from glas.respond(1, 'done', 'D', '2026-11-25')), date '2026-11-25', 'today is in Serbia');
select throws_like($$ select glas.recommend('A', 'B', 'C', '2026-11-24') $$, '%has passed%', 'and yesterday');
reset session authorization;
select bag_eq($$ select distinct p.proname::text from pg_proc p, unnest(p.proargtypes) t
     where p.pronamespace = 'glas'::regnamespace
       and t in ('date'::regtype, 'time'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) $$,
    array['duty_add'], 'which functions read days by themselves: that one hours alone');
select * from finish();
rollback;
