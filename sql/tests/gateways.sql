-- Who has the name of a gateway.
begin;
\ir fixture.psql
select plan(17);
select test.office();
delete from glas_data.outbox;
select test.clock('2026-12-01 10:00Z');

create function test.connects(instance text) returns text
    language sql as $$
    select problem from glas_gw.connect('vranje', '0.1', 'set', interval '15 seconds', instance) $$;

select is(test.connects('one'), '', 'a name that nobody has yet is taken');
select ok(not glas_gw.name_wanted('vranje', 'one'), 'it is its own');
select ok(not glas_gw.name_wanted('bor', 'one'), 'and one that is not there is free');
select is((select rival_at from glas_data.gateway), null, 'nobody else came');
select test.clock('2026-12-01 10:00:05Z');
select ok(glas_gw.name_taken('vranje', 'two'), 'another sees that it is taken');
select ok(glas_gw.name_taken('vranje', ''), 'and one that was never here');
select ok(glas_gw.name_wanted('vranje', 'two'), 'it is told so');
select is(test.connects('two'), 'another glasd has the name vranje', 'and not let in');
select is((select instance from glas_data.gateway), 'one', 'nothing changed');
select test.clock('2026-12-01 10:00:10Z');
select glas_gw.name_wanted('vranje', 'two');
select is((select array_agg(a.name || ' ' || a.gateway || ' ' || glas_data.utc(a.since)) from glas.alerts a),
    array['name-taken vranje 2026-12-01T10:00:05Z'], 'people see it, and since when');
select test.clock('2026-12-01 10:00:14Z');
select is(test.connects('one'), '', 'who has it comes again at once');
select test.clock('2026-12-01 10:01:20Z');
select is((select array_agg(a.name) from glas.alerts a), array['gateway-lost'], 'what did not come for a minute is over');

-- The lease is over, and the log of who had it is not here.
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}], "texts": [{"id": 50}],
    "replies": [{"id": 51}, {"id": 52, "kind": "reply"}, {"id": 53, "kind": "emergency"},
                {"id": 54, "kind": "reply"}, {"id": 55, "kind": "reply"}, {"id": 56, "kind": "receipt"}]}');
update glas_data.outbox set state = 'inflight', gateway = 'vranje', attempts = 1 where id < 55;
update glas_data.outbox set state = 'unknown', reason = 'its gateway has been away' where id = 54;
update glas_data.outbox set state = 'inflight', gateway = 'vranje', attempts = 2 where id = 56;
savepoint over;
select is(test.connects('one'), '', 'who had it');
select is((select array_agg(state order by id) from glas_data.outbox where id > 50),
    array['inflight', 'inflight', 'inflight', 'unknown', 'queued', 'inflight'], 'knows what became of it');
rollback to over;
select is(test.connects('two'), '', 'another is let in when it is over');
select is((select array_agg(state order by id) from glas_data.outbox where id > 50),
    array['queued', 'unknown', 'queued', 'unknown', 'queued', 'unknown'],
    'does not know, and sends again what must not be missing');
select is((select array_agg(distinct reason) from glas_data.outbox where state = 'unknown'),
    array['outcome of the last attempt is unknown'], 'nor will it ever');

select * from finish();
rollback;
