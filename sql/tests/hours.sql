-- Texts by the hour, for the page of the operator.
begin;
\ir fixture.psql
select plan(10);
select test.clock('2026-11-25 12:30+01');
delete from glas_data.message;
delete from glas_data.outbox;
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, confidence)
select n, at, gateway, 'mts', channel, 1, 1, 'sq', 'report', 90
  from (values (1, timestamptz '2026-11-25 12:00+01', 'vranje', 'sms'),
               (2, '2026-11-25 12:29:59+01', 'vranje', 'sms'),
               (3, '2026-11-25 12:10+01', 'bujanovac', 'ussd'),
               (4, '2026-11-25 12:10+01', 'vranje', 'call'),
               (5, '2026-11-24 23:59:59+01', 'vranje', 'sms'),
               (6, '2026-10-26 13:00+01', 'vranje', 'sms'),
               (7, '2026-10-26 12:59+01', 'vranje', 'sms'),
               (8, '2026-10-25 11:59+01', 'vranje', 'sms')) v (n, at, gateway, channel);
insert into glas_data.outbox (id, created_at, kind, priority, citizen, text, encoding, segments, state, gateway, sent_at)
values (1, '2026-11-20 12:00+01', 'reply', 1, 1, 'da', 'GSM7', 2, 'delivered', 'vranje', '2026-11-25 11:59+01'),
       (2, '2026-11-25 12:00+01', 'reply', 1, 1, 'da', 'GSM7', 1, 'queued', null, null),
       (3, '2026-11-25 12:00+01', 'reply', 1, 1, 'da', 'GSM7', 1, 'accepted', 'bujanovac', '2026-11-25 12:10+01');
refresh materialized view glas_data.hours;
select results_eq($$ select hour, gateway, received, sent from glas.hours limit 4 $$,
    $$ values (timestamp '2026-11-25 12:00', 'bujanovac', 1, 1), ('2026-11-25 12:00', 'vranje', 2, 0),
              ('2026-11-25 11:00', 'vranje', 0, 1), ('2026-11-24 23:00', 'vranje', 1, 0) $$,
    'texts by the hour and the gateway, calls left out');
select is((select count(*)::int from glas.hours where hour < '2026-10-26 12:00'), 0, 'what is older than a month is not counted');
select is((select bar from glas.hours where received = 2), repeat('#', 24), 'with a bar to look at');
set session authorization oto;
select lives_ok('select * from glas.hours', 'also to who looks after a gateway');
reset session authorization;

create function test.told() returns jsonb language sql as $$ select glas_gw.hours('vranje') $$;
select is(jsonb_array_length(test.told() -> 'received') || ' ' || jsonb_array_length(test.told() -> 'sent'), '720 720',
    'a gateway is told 720 hours');
select is(test.told() ->> 'first', '2026-10-26T12:00:00Z', 'of which the first is 30 days before the next one');
select is(array[test.told() #>> '{received,719}', test.told() #>> '{sent,718}', test.told() #>> '{received,706}',
                test.told() #>> '{received,0}'], array['2', '1', '1', '1'], 'its own, the newest last');
select is((test.told() ->> 'offset_min')::int, 60, 'and how the clocks go');
update glas_data.counted set at = '2026-11-25 12:29+01' where name = 'hours';
select is(test.told() ->> 'at', '2026-11-25T11:29:00Z', 'and when it was counted');
select is((select sum(n::int)::int from jsonb_array_elements_text(glas_gw.hours('nis') -> 'received') n), 0,
    'of a gateway that never had a text, nothing');
select * from finish();
rollback;
