-- Who has the name of a gateway.
begin;
\ir fixture.psql
select plan(53);
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
-- It ran out, perhaps, since nobody could renew it.
select ok(glas_gw.name_wanted('vranje', 'two'), 'another finds it over, and has to wait');
select is(test.connects('two'), 'another glasd has the name vranje', 'and is not let in');
create function test.asks(variadic at text[]) returns boolean[]
    language plpgsql as $$
    declare
        answers boolean[];
        answer boolean;
    begin
        for n in 1 .. cardinality(at) loop
            perform test.clock('2026-12-01 ' || at[n] || 'Z');
            -- Planned anew, since the clock is a function that is replaced.
            execute $q$ select glas_gw.name_wanted('vranje', 'two') $q$ into answer;
            answers := answers || answer;
        end loop;
        return answers;
    end $$;
savepoint asked;
select is(test.asks('10:01:30', '10:01:40', '10:01:44'), '{t,t,t}', 'as long as who had it may need to come back');
select is(test.connects('one'), '', 'who did');
select is(test.asks('10:01:50', '10:02:05', '10:02:15', '10:02:25'), '{t,t,t,t}', 'when it is over anew, so is the wait');
rollback to asked;
select is(test.asks('10:01:30', '10:01:50', '10:02:00', '10:02:10'), '{t,t,t,t}', 'what was away meanwhile has not waited');
rollback to asked;
select is(test.asks('10:01:30', '10:01:40', '10:01:50'), '{t,t,f}', 'then it is free');
select is(test.connects('two'), '', 'and another is let in');
select is((select array_agg(a.name) from glas.alerts a where a.name = 'name-taken'), null, 'which nobody is warned of');
select is((select array_agg(state order by id) from glas_data.outbox where id > 50),
    array['queued', 'unknown', 'queued', 'unknown', 'queued', 'unknown'],
    'does not know, and sends again what must not be missing');
select is((select array_agg(distinct reason) from glas_data.outbox where state = 'unknown'),
    array['outcome of the last attempt is unknown'], 'nor will it ever');

-- Which links send.
delete from glas_data.outbox;
update glas_data.gateway set alive_until = glas.now() + interval '1 minute';
insert into glas_data.gateway (name, alive_until, version, started_at)
values ('nis', glas.now() + interval '1 minute', '0.1', glas.now());
create function test.links(gateway text, names text[], sends boolean[], failover int) returns void
    language sql as $$
    select glas_gw.links_put(gateway, names, u.k, u.k, u.k, u.n, u.k, u.n, u.n, null::timestamptz[],
               u.n, u.n, u.f, sends)
      from (select array_agg(''::text) k, array_agg(0) n, array_agg(failover) f from unnest(names)) u $$;
create function test.found(text) returns text[]
    language sql as $$ select array(select a.text from glas.alerts a where a.name = $1) $$;
create function test.claims(by text) returns bigint[]
    language sql as $$
    select array_agg(id order by id) from glas_gw.mt_claim('nis', array['a1'], array[9], by) $$;
select test.links('vranje', array['ussd', 'mts'], array[false, true], 10), test.links('nis', array['a1'], array[true], -1);
select is(test.found('link-shared'), '{}', 'each link has a name of its own');
select is((select array_agg(l.name order by l.name) from glas_data.link l where l.sends), array['a1', 'mts'],
    'a gateway says which of them send');
select test.store('{"citizens": [{"who": "eva", "copy": "eva"}], "texts": [{"id": 60}],
    "replies": [{"id": 61, "kind": "reply", "link": "ussd"}, {"id": 62, "kind": "reply", "link": "mts"},
                {"id": 63, "kind": "event", "link": "ussd"}]}');
select is(test.found('no-sender'), '{}', 'what does not send has one that does it instead');
savepoint sent;
select is(test.claims('a1'), array[61, 63]::bigint[], 'wherever that is');
rollback to sent;
select test.links('vranje', array['ussd', 'mts'], array[false, true], -1);
select is(test.claims(''), null, 'unless it keeps to its own');
select is(test.found('no-sender'), array['2 texts can be sent by no link: what these people wrote by sends no '
    'texts, and no other does for it'], 'which people hear of');
update glas_data.outbox set expires_at = glas.now() where id = 61;
select glas_gw.mt_release(9);
select is((select array_agg(state order by id) from glas_data.outbox), array['expired', 'queued', 'queued'],
    'what finds none in time is over');

-- Who has the name of a link first has it while it lives.
create function test.held() returns text[]
    language sql as $$ select array(select l.gateway || ' ' || l.name from glas_data.link l where not l.sends order by 1) $$;
select test.links('vranje', array['mts'], array[true], -1);
create function test.put_two() returns text[]
    language sql as $$
    select array_agg(p.link || ' ' || p.holder)
      from glas_gw.links_put('nis', array['a1', 'mts'], array['', ''], array['down', 'down'], array['', 'name-held'],
               array[0, 0], array['', ''], array[0, 0], array[0, 0], null::timestamptz[], array[0, 0], array[0, 0]) p $$;
select is(test.put_two(), array['mts vranje'], 'a second is told who has its link''s name');
select is(test.held(), array['nis mts'], 'and does not send by it');
select alike(test.found('link-shared')::text, '%link mts of gateway nis has the name of one that another gateway has%', 'which people are told');
select is((select array_agg(s.link || ' ' || s.gateway) from glas_gw.links_shared('nis', array['mts', 'a1']) s),
    array['mts vranje'], 'and who looks before a start');
update glas_data.outbox set state = 'queued', link = 'mts', kind = 'reply' where id = 62;
select is((select count(*) from glas_gw.mt_claim('nis', array['mts'], array[9])), 0::bigint, 'it claims nothing');
select is(test.put_two(), array['mts vranje'], 'as long as that lives');
update glas_data.gateway set alive_until = glas.now() - interval '1 second' where name = 'vranje';
select is(test.put_two(), array['mts vranje'], 'or could still come back');
update glas_data.gateway set started_at = glas.now() - interval '25 seconds' where name = 'nis';
select is(test.put_two(), array['mts vranje'], 'as in a restart of its machine');
update glas_data.gateway set alive_until = glas.now() - interval '45 seconds' where name = 'vranje';
select is(test.put_two(), null, 'and has it then');
select is(test.held(), array['vranje mts'], 'so that who comes back has not');
select is(test.found('link-shared'), '{}', 'nor is anybody told any more');
-- A text of two segments: the other number has sent one.
update glas_data.outbox set gateway = 'vranje', segments = 2, attempts = 1 where id = 62;
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at) values (62, 1, 'mts', 7, glas.now());
savepoint half;
select is((select glas_gw.mt_taken(c.id, c.link) from glas_gw.mt_claim('nis', array['mts'], array[9]) c where c.id = 62), 0,
    'what it began goes as a whole');
rollback to half;
update glas_data.outbox set gateway = 'nis' where id = 62;
select is((select glas_gw.mt_taken(c.id, c.link) from glas_gw.mt_claim('nis', array['mts'], array[9]) c where c.id = 62), 1,
    'what we began goes on');
rollback to half;
-- Both had it before that was looked at.
update glas_data.link set sends = true;
update glas_data.gateway set alive_until = glas.now() + interval '1 minute';
update glas_data.gateway set started_at = glas.now() - interval '1 hour' where name = 'vranje';
select is(test.put_two(), array['mts vranje'], 'of two that had it, the later one has not');

-- One that comes no more.
select throws_like($$ select glas.forget_gateway('bor') $$, 'there is no gateway "bor"%', 'only what is there is forgotten');
select throws_like($$ select glas.forget_gateway('nis') $$, 'gateway nis lives%', 'and does not live');
update glas_data.gateway set alive_until = glas.now() - interval '1 day' where name = 'nis';
update glas_data.outbox set state = 'inflight', gateway = 'nis' where id = 62;
select throws_like($$ select glas.forget_gateway('nis') $$, 'gateway nis has replies in flight%', 'and has nothing in hand');
select glas_gw.mt_orphans();
select ok('gateway-lost' = any (array(select a.name from glas.alerts a where a.gateway = 'nis')), 'it is missed');
select alike(glas.forget_gateway('nis'), 'nis is forgotten%', 'until it is forgotten');
select is((select count(*) from glas.alerts a where a.gateway = 'nis')
    + (select count(*) from glas.links l where l.gateway = 'nis'), 0::bigint, 'then nothing tells of it any more');
select is((select state from glas_data.outbox where id = 62), 'unknown', 'but what it did');

select * from finish();
rollback;
