-- What is wrong: as gateways say, and as it is found here.
begin;
\ir fixture.psql
select plan(24);
select test.office();
delete from glas_data.alert;

-- What one alive call says and is told.
create function test.alive(alerts jsonb) returns text[]
    language sql as $$
    select array(select o ->> 'name' || ' ' || (o ->> 'gateway')
                   from json_array_elements((select others::json from glas_gw.alive(
                       'vranje', interval '1 minute', glas_data.setting('content_version'),
                       alerts, true))) o order by 1) $$;
create function test.alert(name text, since text, text text default 'it is so', link text default '')
    returns jsonb
    language sql as $$
    select jsonb_build_object('name', name, 'link', link, 'since', since, 'text', text,
        'remedy', 'do this') $$;
create function test.alerts() returns text[]
    language sql as $$
    select array(select concat_ws('|', a.name, a.gateway, a.link, glas_data.utc(a.since), a.text)
                   from glas.alerts a order by 1) $$;

select is(test.alerts(), '{}', 'all is well');
select is(test.alive(jsonb_build_array(
    test.alert('spool-failing', '2026-11-28T01:00:00Z'),
    test.alert('link-down', '2026-11-28T02:00:00Z', 'unplugged', 'mts'),
    test.alert('link-down', '2026-11-28T02:30:00Z', 'no-sim', 'a1'))), '{}',
    'a gateway says what is wrong with it');
select is(test.alerts(), array[
    'link-down|vranje|a1|2026-11-28T02:30:00Z|no-sim',
    'link-down|vranje|mts|2026-11-28T02:00:00Z|unplugged',
    'spool-failing|vranje||2026-11-28T01:00:00Z|it is so'], 'and people see it');
select is((select distinct remedy from glas.alerts), 'do this', 'and what to do');
create temp table before as select ctid as place, name, link from glas_data.alert;
select is(test.alive(jsonb_build_array(
    test.alert('spool-failing', '2026-11-28T01:00:00Z'),
    test.alert('link-down', '2026-11-28T02:00:00Z', 'no-device', 'mts'))), '{}',
    'it says what it is now');
select is(test.alerts(), array[
    'link-down|vranje|mts|2026-11-28T02:00:00Z|no-device',
    'spool-failing|vranje||2026-11-28T01:00:00Z|it is so'], 'what is over is gone');
select is((select count(*) from before b join glas_data.alert a using (name, link)
            where a.ctid = b.place), 1::bigint, 'and what is as it was is not written again');
select is((select alerts::jsonb from glas_gw.connect('vranje', '0.1', 'set', interval '1 minute')),
    jsonb_build_array(
        jsonb_build_object('name', 'spool-failing', 'link', '', 'since', '2026-11-28T01:00:00Z'),
        jsonb_build_object('name', 'link-down', 'link', 'mts', 'since', '2026-11-28T02:00:00Z')),
    'a gateway that is started hears since when');
select is((select alerts from glas_gw.connect('nis', '0.1', 'set', interval '1 minute')), '[]',
    'of its own alone');
select throws_ok($$ select test.alive('[{"name": "no-link"}]') $$, '23502', null,
    'half an alert is none');

update glas_data.gateway set alive_until = now() - interval '1 second' where name = 'vranje';
select is(test.alerts(), array[
    'gateway-lost|vranje||' || glas_data.utc(now() - interval '1 second')
        || '|gateway vranje has not been heard of',
    'link-down|vranje|mts|2026-11-28T02:00:00Z|when last heard of: no-device',
    'spool-failing|vranje||2026-11-28T01:00:00Z|when last heard of: it is so'],
    'of a gateway that is lost they are those of before');
select is(test.alive('[]'), '{}', 'it is back, and well');
select is(test.alerts(), '{}', 'nothing is left of it');

update glas_data.gateway set alive_until = now() - interval '1 second' where name = 'nis';
insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed)
values (test.sealed('q'), '2026-11-28 03:00Z', 'vranje', 'mts', 'raw', 'x');
select is(test.alive('[]'), array['gateway-lost nis', 'quarantine '],
    'a gateway is told what is found here');
select is((select o ->> 'since' from json_array_elements((select others::json from glas_gw.alive(
    'vranje', interval '1 minute', '', '[]', true))) o where o ->> 'name' = 'quarantine'),
    '2026-11-28T03:00:00Z', 'and since when');
update glas_data.outbox set state = 'queued', due_at = now() - interval '20 minutes', reason = '';
select is((select array_agg(name order by name) from glas.alerts),
    array['gateway-lost', 'outbox-late', 'quarantine'], 'people see the same');
delete from glas_data.quarantine;
delete from glas_data.gateway where name = 'nis';
update glas_data.outbox set due_at = now();
select is(test.alive('[]'), '{}', 'until it is over');
update glas_data.outbox set due_at = now() + interval '30 minutes', attempts = 6,
    created_at = now() - interval '20 minutes';
select is(test.alive('[]'), array['outbox-late '], 'each attempt that is refused moves its turn');
update glas_data.outbox set reason = 'waits for the morning';
select is(test.alive('[]'), '{}', 'the night does so without a fault');
update glas_data.outbox set due_at = now() - interval '20 minutes';
select is(test.alive('[]'), array['outbox-late '], 'until the morning has come and nothing goes');
update glas_data.outbox set due_at = now(), attempts = 0, reason = '';
select is(test.alive('[]'), '{}', 'until that is over');
select is(test.alerts(), '{}', 'for all');
select is((select others from glas_gw.alive('vranje', interval '1 minute', '', '[]', false)), '',
    'who does not ask is not told');

set local role oto;
select lives_ok($$ select * from glas.alerts $$, 'an operator may look');
reset role;

select * from finish();
rollback;
