-- Who did not ask is not woken, whatever kept a text until the night.
begin;
\ir fixture.psql
select no_plan();
select test.office();
select test.clock('2026-11-25 12:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
select glas_data.content_import(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "EVENT_INVITE", "lang": "sr-Latn", "text": "{EVENT}, {VENUE}, {DATE} u {TIME}. DA ili NE?"},
    {"key": "EVENT_OFF", "lang": "sr-Latn", "text": "Otkazano: {EVENT}"}]}'));
select test.store('{
    "citizens": [{"who": "eva", "copy": "eva"}],
    "texts": [{"id": 14}],
    "acts": [{"message": 14, "kind": "subscribe", "key": "Bujanovac"}]}');
update glas_data.outbox set state = 'delivered' where state = 'queued';
create function test.claimed() returns text[] language sql security definer as $$
    select coalesce(array_agg(text order by id), '{}') from glas_gw.mt_claim('vranje', array['mts'], array[9]) $$;
create function test.morning() returns bigint language sql security definer as $$
    select count(*) from glas_data.outbox
     where state = 'queued' and by_day and reason = 'waits for the morning'
       and (due_at at time zone 'Europe/Belgrade')::time = '09:00' $$;
create function test.again(what text) returns void language sql security definer as $$
    update glas_data.outbox set state = 'queued', due_at = null where text like what $$;

select is(glas_data.day_ends('2026-11-25 10:00+01'), timestamptz '2026-11-25 20:00+01', 'a day ends');
select is(glas_data.next_morning('2026-11-25 10:00+01'), timestamptz '2026-11-26 09:00+01', 'the next morning by day,');
select is(glas_data.next_morning('2026-11-25 22:00+01'), timestamptz '2026-11-26 09:00+01', 'in the evening');
select is(glas_data.next_morning('2026-11-26 03:00+01'), timestamptz '2026-11-26 09:00+01', 'and at night');

-- Invited by day; a cap ends at midnight, a link is refused, or was away.
select glas.event_announce('Bujanovac', 'Tribina', '2026-12-02 18:00+01', 'Dom');
select glas.ask('100008', 'U kojoj ulici?');
select glas.reply('100008', 'Popravljeno.');
select results_eq($$ select kind, by_day from glas_data.outbox where state = 'queued' order by id $$,
    $$ values ('event', true), ('reply', true), ('reply', false) $$, 'who waits for it is answered at any hour');
select test.clock('2026-11-26 01:05+01');
select is(test.claimed(), '{Popravljeno.}', 'nothing else goes at night');
select is(test.morning(), 2::bigint, 'it waits for the morning');
select is(glas_gw.mt_next_due(), timestamptz '2026-11-26 09:00+01', 'which gateways know');
select is(test.claimed(), '{}', 'each time that they look');
select test.clock('2026-11-26 08:59:59+01');
select is(test.claimed(), '{}', 'and no earlier');
select test.clock('2026-11-26 09:00+01');
select is((select array_agg(day_ends_at) from glas_gw.mt_claim('vranje', array['mts'], array[9])),
    array_fill(timestamptz '2026-11-26 20:00+01', array[2]), 'then it goes, until the evening');
select test.again('U kojoj%');
select test.clock('2026-11-26 20:00+01');
select is(test.claimed(), '{}', 'what a gateway gave back then');
select is(test.morning(), 1::bigint, 'waits for the next');
select is((select count(*) from glas.alerts where name = 'outbox-late'), 0::bigint,
    'and is not late until then');
-- Held by a cap, called by nobody.
update glas_data.outbox set state = 'held', reason = 'the segments of the day are spent', due_at = null
 where text like 'U kojoj%';
select test.clock('2026-11-27 01:00+01');
select is(glas_gw.mt_release(9), 1, 'the cap lets it go at midnight');
select is(test.claimed(), '{}', 'the night does not');
select test.clock('2026-11-27 10:00+01');
select is(test.claimed(), '{"U kojoj ulici?"}', 'the morning does');

-- Called off in the evening.
insert into glas_data.attendance (event, citizen, coming, at)
select 1, c.id, true, glas.now() from glas_data.citizen c where c.token = test.sealed('eva');
select test.clock('2026-12-02 19:00+01');
update glas_data.event set starts_at = '2026-12-03 08:00+01';
select is(glas.event_cancel(1), 1, 'who comes is told');
select test.clock('2026-12-02 23:00+01');
select is(test.claimed(), '{"Otkazano: Tribina"}', 'at night, too: rather woken than at a closed door');

select * from finish();
rollback;
