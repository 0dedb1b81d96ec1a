begin;
\ir fixture.psql
select plan(93);

select glas_gw.connect('vranje', '0.1', 'set', interval '1 minute');
select test.store('{
    "citizens": [{"who": "ana", "copy": "ana"}, {"who": "beba", "copy": "beba"}],
    "texts": [{"id": 1}],
    "replies": [{"id": 1, "priority": 5, "message": 1}, {"id": 2, "priority": 0, "kind": "emergency"},
                {"id": 3, "link": "a1", "kind": "rights"}, {"id": 4, "citizen": 2, "segments": 2},
                {"id": 5, "link": "gone"}, {"id": 6, "state": "inflight"}]}');
insert into glas_data.link (gateway, name, kind, state, day)
values ('vranje', 'mts', 'modem', 'ready', current_date),
       ('vranje', 'a1', 'modem', 'ready', current_date);
update glas_data.outbox set due_at = now() + interval '1 hour' where id = 4;
-- Refused while the clock was ahead.
update glas_data.outbox set due_at = now() + interval '9 hours' where id = 2;

select is((select array_agg(id order by id) from glas_gw.mt_claim('vranje', array['mts'], array[1])),
    array[2::bigint], 'danger goes first');
select is((select array_agg(id order by id) from glas_gw.mt_claim('vranje', array['mts', 'a1'], array[9, 9])),
    array[1, 3, 5]::bigint[],
    'each by its link, and by the first what belongs to none that is here; not before it is due');
select is((select array_agg(o.state || o.attempts || o.gateway || o.link order by id)
             from glas_data.outbox o where id in (3, 5)),
    array['inflight1vranjea1', 'inflight1vranjemts'], 'what is claimed is in flight');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[9])), 0::bigint,
    'and is not claimed twice');
select is(glas_gw.mt_next_due(), (select due_at from glas_data.outbox where id = 4),
    'when the next is due');

select glas_gw.mt_result('vranje', current_date,
    array[1, 2, 3]::bigint[], array[1, 1, 1], array['accepted', 'queued', 'failed'],
    array['', 'no network', 'the recipient is barred'], array[null, 38, 8],
    array[now(), now(), now()], array[null, now() + interval '1 minute', null],
    array[1]::bigint[], array[1], array['mts'], array[77], array[now()]);
select is((select array_agg(state || coalesce(cause::text, '') order by id)
             from glas_data.outbox where id <= 3),
    array['accepted', 'queued38', 'failed8'], 'results are stored');
select isnt((select sent_at from glas_data.outbox where id = 1), null, 'with the time of acceptance');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[9])), 0::bigint,
    'danger waits for its turn, too');
select is((select segments from glas_data.spend), 1, 'what was spent is counted');
select glas_gw.mt_result('vranje', current_date,
    array[1, 5]::bigint[], array[1, 1], array['accepted', 'unknown'], array['', ''], array[null, null]::int[],
    array[now(), now() - interval '1 day'], array[null, null]::timestamptz[], '{}', '{}', '{}', '{}', '{}')
  from generate_series(1, 2);
select is((select segments_today from glas_gw.connect('vranje', '0.1', 'set', interval '1 minute')),
    1, 'over the day, and once, also when the log gives a result again');
select is((select segments from glas_data.spend where day = (now() at time zone 'UTC')::date - 1),
    1, 'over that of the result, however late the database heard of it');

select is(glas_gw.mt_report(array['mts'], array[77], array[test.sealed('beba')], array[0],
        array['delivered'], array[now()], interval '3 days'), 0,
    'a status report of somebody else does not match');
select is(glas_gw.mt_report(array['a1'], array[77], array[test.sealed('ana')], array[0],
        array['delivered'], array[now()], interval '3 days'), 0,
    'nor does one of another link');
select is(glas_gw.mt_report(array['mts'], array[77], array[test.sealed('ana')], array[48],
        array['pending'], array[now()], interval '3 days'), 1,
    'one that says wait matches');
select is((select state from glas_data.outbox where id = 1), 'accepted', 'and changes nothing');
select is(glas_gw.mt_report(array['mts'], array[77], array[test.sealed('ana')], array[0],
        array['delivered'], array[now()], interval '3 days'), 1, 'the final one matches');
select is((select state from glas_data.outbox where id = 1), 'delivered', 'and settles it');
select is(glas_gw.mt_report(array['mts'], array[77], array[test.sealed('ana')], array[0],
        array['delivered'], array[now()], interval '3 days'), 0, 'once');
select glas_gw.mt_result('vranje', current_date, array[1]::bigint[], array[1], array['accepted'], array[''],
    array[null]::int[], array[now()], array[null]::timestamptz[],
    array[1]::bigint[], array[1], array['mts'], array[77], array[now()]);
select is((select state || (reported_at is not null) from glas_data.outbox
             join glas_data.outbox_segment on outbox = id where id = 1), 'deliveredtrue',
    'a result that comes again from the log does not undo it');

-- A result of an attempt before this one.
update glas_data.outbox set state = 'inflight', attempts = 2 where id = 2;
select glas_gw.mt_result('vranje', current_date, array[2, 99]::bigint[], array[1, 1],
    array['queued', 'accepted'], array['', ''], array[null, null]::int[], array[now(), now()],
    array[null, null]::timestamptz[], array[99]::bigint[], array[1], array['mts'], array[78], array[now()]);
select is((select state from glas_data.outbox where id = 2), 'inflight',
    'what the log says of an earlier attempt changes nothing; nor does a reply that has no row');
update glas_data.outbox set state = 'queued', attempts = 1 where id = 2;

-- Two segments: delivered when both are, failed when one is not.
update glas_data.outbox set state = 'accepted' where id = 4;
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at)
values (4, 1, 'mts', 78, now()), (4, 2, 'mts', 79, now());
select glas_gw.mt_report(array['mts'], array[78], array[test.sealed('beba')], array[0],
    array['delivered'], array[now()], interval '3 days');
select is((select state from glas_data.outbox where id = 4), 'accepted', 'one of two is not all');
select glas_gw.mt_report(array['mts'], array[79], array[test.sealed('beba')], array[70],
    array['failed'], array[now()], interval '3 days');
select is((select state || cause from glas_data.outbox where id = 4), 'undelivered70',
    'the worst segment is what counts');

-- Nobody knows what became of the last segment of two: a report tells.
update glas_data.outbox set state = 'unknown', link = 'mts', sent_at = now() where id = 4;
delete from glas_data.outbox_segment where outbox = 4 and seq = 2;
update glas_data.outbox_segment set status = 0, reported_at = now() where outbox = 4;
select is(glas_gw.mt_report(array['mts'], array[99], array[test.sealed('beba')], array[0],
        array['delivered'], array[now() + interval '4 days'], interval '3 days'), 0,
    'a report of days later is not of a reply of unknown outcome');
select is(glas_gw.mt_report(array['mts'], array[99], array[test.sealed('beba')], array[0],
        array['delivered'], array[now()], interval '3 days'), 1,
    'a report to the person is of the one segment that is not known');
select is((select state from glas_data.outbox where id = 4), 'delivered', 'and settles it');
delete from glas_data.outbox_segment where outbox = 4;
update glas_data.outbox set state = 'unknown' where id = 4;
select is(glas_gw.mt_report(array['mts'], array[99], array[test.sealed('beba')], array[0],
        array['delivered'], array[now()], interval '3 days'), 0,
    'where two may be meant nothing is guessed');

-- A modem was started again, and gave the same reference to the same person.
update glas_data.outbox set state = 'accepted', gateway = 'vranje', segments = 1 where id in (4, 5);
update glas_data.outbox set citizen = (select citizen from glas_data.outbox where id = 4) where id = 5;
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at)
values (4, 1, 'mts', 5, now() - interval '3 hours'), (5, 1, 'mts', 5, now() - interval '1 hour');
create function test.twice(status int, outcome text, scts interval) returns text language sql as $$
    select glas_gw.mt_report(array['mts'], array[5], array[test.sealed('beba')], array[status],
        array[outcome], array[now()], interval '3 days', array[0], 'vranje', array[now() - scts]) $$;
create function test.both() returns text language sql as $$
    select string_agg(state, ' ' order by id) from glas_data.outbox where id in (4, 5) $$;
savepoint twice;
select test.twice(70, 'failed', '2 hours 58 minutes');
select is(test.both(), 'undelivered accepted', 'a report is of what its centre got then');
select test.twice(0, 'delivered', '58 minutes');
select is(test.both(), 'undelivered delivered', 'and the next of the other');
rollback to twice;
select test.twice(0, 'delivered', null);
select is(test.both(), 'accepted delivered', 'where it does not say when, of the newer');
delete from glas_data.outbox_segment where outbox in (4, 5);

-- The SIM is in another modem now.
update glas_data.outbox set state = 'accepted', gateway = 'vranje', segments = 1 where id in (4, 5);
update glas_data.outbox set citizen = (select citizen from glas_data.outbox where id = 4) where id = 5;
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at) values (4, 1, 'mts', 90, now()), (5, 1, 'a1', 90, now());
create function test.moved(gateway text) returns int language sql as $$
    select glas_gw.mt_report(array['new'], array[90], array[test.sealed('beba')], array[0],
        array['delivered'], array[now()], interval '3 days', array[0], gateway) $$;
select is(test.moved('vranje'), 0, 'where two of other links may be meant nothing is guessed');
delete from glas_data.outbox_segment where outbox = 5;
select is(test.moved('nis'), 0, 'nor is it of one that another gateway sent');
select is(test.moved('vranje'), 1, 'what another link of the gateway sent is reported by this one');
select is((select state from glas_data.outbox where id = 4), 'delivered', 'and settled');

-- Two gateways have a link of one name.
update glas_data.outbox set state = 'accepted', gateway = case id when 4 then 'vranje' else 'nis' end
 where id in (4, 5);
delete from glas_data.outbox_segment where outbox in (4, 5);
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at)
values (4, 1, 'new', 90, now() - interval '1 minute'), (5, 1, 'new', 90, now());
select is(test.moved('vranje'), 1, 'of two links of one name a report is of that of its gateway');
select is((select state from glas_data.outbox where id = 4) || (select state from glas_data.outbox where id = 5),
    'deliveredaccepted', 'and settles that alone');
delete from glas_data.outbox_segment where outbox in (4, 5);
update glas_data.outbox set citizen = (select citizen from glas_data.outbox where id = 1) where id = 5;

-- A gateway that comes back: ids that its log says were handed over.
update glas_data.outbox set state = 'inflight', gateway = 'vranje', attempts = 1 where id in (1, 2, 3, 5);
update glas_data.outbox set kind = 'receipt' where id = 1;
select is((select array_agg((id, state)::text order by id) from glas_gw.mt_recover('vranje', '{1,3}', '{6}')),
    array['(1,queued)', '(2,queued)', '(3,unknown)', '(5,queued)'],
    'unknown outcomes: only what must not be missing goes again');
select is((select state from glas_data.outbox where id = 6), 'inflight',
    'what has a result in the log is left to that');
select is((select array_agg(attempts order by id) from glas_data.outbox where id in (1, 2, 3, 5)),
    array[1, 0, 1, 0]::smallint[], 'an attempt that was not made does not count');
update glas_data.outbox set state = 'inflight', attempts = 2 where id = 1;
select is((select array_agg(state) from glas_gw.mt_recover('vranje', '{1}', '{6}')), array['unknown'],
    'and not for ever');
update glas_data.outbox set state = 'inflight', gateway = 'vranje', attempts = 2 where id in (1, 2);
select is((select array_agg((id, state)::text) from glas_gw.mt_recover('vranje', '{}', '{1,2,6}', '{1,2,1}')),
    array['(1,queued)'], 'the result of an earlier attempt is not that of what was claimed since');
select is((select attempts::int from glas_data.outbox where id = 1), 1, 'and it was not made');
select is((select count(*)::int from glas_gw.mt_recover('vranje', '{}', '{1,2,5,5,6}', '{1,2,0,1,1}')), 0,
    'what a gateway has in hand is its attempt');
select is((select array_agg((id, state, attempts)::text order by id) from glas_data.outbox where id in (1, 5)),
    array['(1,queued,1)', '(5,inflight,1)'], 'also one that had been queued before that');
update glas_data.outbox set state = 'queued', attempts = 0 where id = 5;

-- A gateway that does not come back.
update glas_data.outbox set state = 'inflight', gateway = 'vranje' where id in (1, 2);
select is(glas_gw.mt_orphans(), 0, 'a living gateway keeps what it has');
update glas_data.gateway set alive_until = now() - interval '1 second';
select is(glas_gw.mt_orphans(), 3, 'a dead one''s is unknown');
select is((select count(*) from glas_data.outbox where state = 'queued' and id in (1, 2)), 0::bigint,
    'never queued');

-- By another link.
delete from glas_data.outbox_segment;
delete from glas_data.outbox;
select test.store('{
    "citizens": [{"who": "ceca", "copy": "ceca"}], "texts": [{"id": 70}],
    "replies": [{"id": 71, "kind": "emergency", "priority": 0, "link": "a1"}, {"id": 72, "link": "a1"},
                {"id": 73, "kind": "event", "link": "a1"}, {"id": 74, "kind": "emergency", "priority": 0, "link": "far"},
                {"id": 75, "link": "far"}, {"id": 76, "kind": "event", "link": "far"},
                {"id": 77, "kind": "emergency", "priority": 0, "link": "kept"}]}');
insert into glas_data.gateway (name, alive_until, version, started_at)
values ('nis', now() + interval '1 minute', '0.1', now());
insert into glas_data.link (gateway, name, kind, state, day, failover_after)
values ('nis', 'far', 'modem', 'ready', current_date, '10 minutes'),
       ('nis', 'kept', 'modem', 'ready', current_date, null);
create function test.claimed(from_ text[], long_ boolean[]) returns bigint[]
    language sql as $$
    select array_agg(id order by id)
      from glas_gw.mt_claim('vranje', array['mts'], array[9], 'mts', from_, long_) $$;
select is(test.claimed('{}', '{}'), null, 'others are left alone while they are well');
savepoint spent;
select is((select array_agg(id) from glas_gw.mt_claim('vranje', array['a1'], array[9], p_danger => array[true])),
    array[71::bigint], 'a link whose segments are spent takes danger alone');
rollback to spent;
select is(test.claimed('{a1}', '{f}'), array[71::bigint], 'danger of a link that cannot send goes at once');
select is(test.claimed('{a1}', '{t}'), array[72::bigint], 'the rest when that lasts, and no invitation');
update glas_data.gateway set alive_until = now() - interval '1 minute' where name = 'nis';
select is(test.claimed('{}', '{}'), array[74::bigint], 'danger of a lost gateway at once');
update glas_data.gateway set alive_until = now() - interval '10 minutes' where name = 'nis';
select is(test.claimed('{}', '{}'), array[75::bigint], 'the rest of it later, and no link that keeps its own');
select glas_gw.mt_result('vranje', current_date, array[72, 75]::bigint[], array[1, 1], array['accepted', 'failed'],
    array['', 'x'], array[null, null]::int[], array[now(), now()], array[null, null]::timestamptz[],
    '{}', '{}', '{}', '{}', '{}', array['a1', '']);
select is((select array_agg(link order by id) from glas_data.outbox where id in (72, 75)), array['a1', 'mts'],
    'a result says by which link');
select glas_gw.links_put('nis', array['far'], array['modem'], array['ready'], array[''], array[null]::int[],
    array[''], array[null]::int[], array[null]::int[], array[null]::timestamptz[], array[0], array[0], array[-1]);
select is((select failover_after from glas_data.link where name = 'far'), null, 'a link says whether others may');

-- What was told of danger while its row was queued, or in the hands of another.
delete from glas_data.outbox_segment;
delete from glas_data.outbox;
select test.store('{"citizens": [{"who": "ema", "copy": "ema"}], "texts": [{"id": 90}, {"id": 91}, {"id": 92}],
    "segments": [{"identity": "x", "message": 90}, {"identity": "y", "message": 91}, {"identity": "z", "message": 92}],
    "replies": [{"id": 93, "kind": "emergency", "message": 90}, {"id": 94, "kind": "emergency", "message": 91},
                {"id": 95, "kind": "emergency", "message": 92}]}');
update glas_data.outbox set state = 'inflight', gateway = 'nis' where id = 94;
select glas_gw.mt_said('vranje', array[test.sealed('x'), test.sealed('y'), test.sealed('z')],
    array[96, 97, null]::bigint[], array['Zovite 193.', 'Zovite 193.', 'Zovite 193.'],
    array['GSM7', 'GSM7', 'GSM7'], array[1, 1, 1]);
select is((select array_agg(id || state || gateway order by id) from glas_data.outbox),
    array['94inflightnis', '95suppressedvranje', '96inflightvranje'],
    'a row that is queued becomes that of what was said, and one that others have does not');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[9])), 0::bigint,
    'nothing of it is told again');
update glas_data.outbox set state = 'unknown', reason = 'its gateway has been away' where id in (94, 96);
select glas_gw.mt_said('vranje', array[test.sealed('x'), test.sealed('y')], array[98, 99]::bigint[],
    array['Zovite 193.', 'Zovite 193.'], array['GSM7', 'GSM7'], array[1, 1]);
select is((select array_agg(id || state order by id) from glas_data.outbox where state <> 'suppressed'),
    array['94unknown', '98inflight'], 'nor is one lost that others found without its gateway');
select is((select array_agg((id, attempts, repeats)::text) from glas_gw.mt_inflight('vranje')),
    array['(98,1,t)'], 'a gateway is told what it has in flight');

-- What a link may spend.
select is((select array_agg(link || segments order by link) from glas_gw.spent('vranje')),
    array['a11', 'mts1'], 'what was spent is told by link');
select is((select segments_today from glas_gw.connect('vranje', '0.1', 'set', interval '1 minute')),
    (select sum(segments)::int from glas_data.spend where day = (now() at time zone 'UTC')::date
        and gateway = 'vranje'), 'and for all together');
delete from glas_data.outbox_segment;
delete from glas_data.outbox;
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}], "texts": [{"id": 80}],
    "replies": [{"id": 81, "link": "a1"}, {"id": 82, "link": "a1", "segments": 2}, {"id": 83, "link": "a1"},
                {"id": 84}, {"id": 85, "link": "far"}, {"id": 86, "link": "far"}, {"id": 87}]}');
update glas_data.outbox set expires_at = now() + interval '1 day';
update glas_data.outbox set state = 'held', reason = 'the segments of its link are spent' where id < 86;
update glas_data.outbox set state = 'held', reason = 'the segments of the day are spent' where id = 86;
update glas_data.outbox set state = 'held', reason = 'the segments of the event are spent',
       expires_at = now() - interval '1 second' where id = 87;
create function test.held() returns bigint[]
    language sql as $$ select array_agg(id order by id) from glas_data.outbox where state = 'held' $$;
select is(glas_gw.mt_release(100, array['a1', 'mts'], array[2, 0]), 3,
    'what fits into its link goes: one of two segments does not, the next does');
select is(test.held(), array[82, 84, 85]::bigint[], 'that of a link of others waits for them');
select is((select state from glas_data.outbox where id = 87), 'expired', 'what is of no use any more goes, too');
select is(glas_gw.mt_release(1, array['a1', 'mts'], array[9, 9]), 0, 'within the segments of the gateway');
select is(glas_gw.mt_release(3, array['a1', 'mts'], array[9, 9]), 2, 'a new day lets the rest go');

-- Answers to texts of hours ago.
delete from glas_data.outbox;
select test.clock('2026-11-25 14:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
select test.store('{"citizens": [{"who": "eva", "copy": "eva"}, {"who": "fata", "copy": "fata"}],
    "texts": [{"id": 100}, {"id": 101}, {"id": 102, "citizen": 2}],
    "replies": [{"id": 100, "message": 100}, {"id": 101, "message": 101, "kind": "status"}, {"id": 102, "message": 101, "kind": "rights"},
                {"id": 103, "message": 101, "kind": "emergency", "priority": 0},
                {"id": 104, "message": 102, "citizen": 2, "kind": "rights"}, {"id": 105, "message": 102, "citizen": 2, "kind": "status"},
                {"id": 106, "priority": 2, "kind": "reply"}]}');
update glas_data.outbox set expires_at = created_at + interval '1 day';
update glas_data.outbox set due_at = '2026-11-26 00:10+01' where id = 105;
create function test.late() returns text[]
    language sql as $$ select array_agg(id || ' ' || state || ' ' || reason order by id) from glas_data.outbox where state <> 'inflight' $$;
create function test.claimed(room int default 9) returns bigint[]
    language sql as $$ select array_agg(id order by id) from glas_gw.mt_claim('vranje', array['mts'], array[room]) $$;
select test.clock('2026-11-25 15:00+01');
select is(test.claimed(0), null, 'within an hour');
select is((select count(*) from glas_data.outbox where state = 'queued' and reason = ''), 7::bigint, 'all is as it was');
select test.clock('2026-11-26 00:15+01');
select is(test.claimed(), array[103, 106]::bigint[], 'danger goes at any hour, and what a person wrote when it is due');
select is(test.late(), array['100 queued answered late', '101 suppressed answered late, by one reply alone',
    '102 suppressed answered late, by one reply alone', '104 suppressed answered late, by one reply alone', '105 queued answered late'],
    'of answers each has one: the receipt, or else the newest');
select results_eq($$ select distinct due_at, expires_at from glas_data.outbox where state = 'queued' $$,
    $$ values (timestamptz '2026-11-26 09:00+01', timestamptz '2026-11-26 20:00+01') $$, 'by day');
select test.clock('2026-11-26 09:00+01');
select test.store('{"citizens": [{"who": "goca", "copy": "goca"}], "texts": [{"id": 110}], "replies": [{"id": 110, "message": 110}, {"id": 111, "message": 110}]}');
update glas_data.outbox set expires_at = created_at + interval '1 day' where id in (110, 111);
update glas_data.outbox set created_at = '2026-11-26 07:00+01' where id = 110;
select is(test.claimed(), array[100, 105, 110, 111]::bigint[], 'then they go, with what was written a moment ago');
update glas_data.outbox set state = 'accepted', reason = '', sent_at = glas.now() where id = 110;
update glas_data.outbox set state = 'queued', created_at = '2026-11-26 07:00+01', expires_at = '2026-11-27 07:00+01' where id = 111;
select is(test.claimed(), null, 'what is found later');
select is((select reason from glas_data.outbox where id = 111), 'answered late, by one reply alone', 'is not sent any more');
update glas_data.outbox set state = 'queued', created_at = '2026-11-26 09:30+01', reason = '' where id = 111;
select test.clock('2026-11-26 19:00+01');
select is(test.claimed(), array[111]::bigint[], 'but what was written since');

-- What was refused, or put off until morning, while the clock was a year ahead.
update glas_data.outbox set state = 'queued', due_at = '2027-11-27 09:00+01', expires_at = '2027-11-27 20:00+01',
       created_at = '2026-11-26 18:59+01' where id in (110, 111);
select is(test.claimed(), array[110, 111]::bigint[], 'does not wait for a year');
update glas_data.outbox set state = 'queued', due_at = '2027-11-27 09:00+01', kind = 'reply', priority = 2 where id = 110;
select test.clock('2026-11-26 23:00+01');
select is(test.claimed(), null, 'nor wakes anybody');
select test.clock('2026-11-27 09:00+01');
select is(test.claimed(), array[110]::bigint[], 'but goes in the morning');
-- What waits for the morning, when the clock is set back by days and right again.
update glas_data.outbox set state = 'queued', due_at = '2026-11-27 09:00+01', expires_at = '2026-11-27 20:00+01',
       created_at = '2026-11-26 21:00+01' where id = 110;
select test.clock('2026-11-22 22:00+01');
select is(test.claimed(), null, 'what is due on a day to come');
select test.clock('2026-11-26 22:30+01');
select is(test.claimed(), null, 'does not go by night for that');
update glas_data.outbox set state = 'suppressed' where id = 110;
select test.clock('2026-11-26 19:00+01');

-- A queue is long when a campaign goes out, and claims come by the second.
insert into glas_data.outbox (id, created_at, kind, priority, citizen, text, encoding, segments, state, link, expires_at)
select 1000 + n, glas.now() - interval '2 hours', 'broadcast', 4, (select min(id) from glas_data.citizen),
       'Sastanak u Vranju.', 'GSM7', 1, 'queued', 'mts', glas.now() + interval '1 day'
  from generate_series(1, 3000) n;
insert into glas_data.outbox (id, created_at, kind, priority, citizen, text, encoding, segments, state, link, expires_at)
select 5000, glas.now(), 'emergency', 0, min(id), 'Zovite 192.', 'GSM7', 1, 'queued', 'mts', glas.now() + interval '1 day'
  from glas_data.citizen;
analyze glas_data.outbox;
create function test.looked_at() returns bigint
    language sql as $$ select seq_tup_read + idx_tup_fetch from pg_stat_xact_all_tables where relid = 'glas_data.outbox'::regclass $$;
create temp table looked as select test.looked_at() as rows;
select is((select array_agg(id) from glas_gw.mt_claim('vranje', array['mts'], array[8], p_danger => array[true])),
    array[5000::bigint], 'danger in a long queue');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[8], p_danger => array[true])), 0::bigint,
    'and none');
select cmp_ok(test.looked_at() - (select rows from looked), '<', 100::bigint, 'is not looked for in all of it');
update looked set rows = test.looked_at();
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[8])), 8::bigint, 'nor is the rest');
select cmp_ok(test.looked_at() - (select rows from looked), '<', 100::bigint, 'of which the head is read');
update looked set rows = test.looked_at();
update glas_data.outbox set state = 'queued', due_at = glas.now() + interval '9 minutes' where id in (5000, 1001);
select glas_gw.mt_hasten('{a1}');
select is((select count(due_at) from glas_data.outbox where id in (5000, 1001)), 2::bigint, 'what is of another link');
select glas_gw.mt_hasten('{a1, mts}');
select is((select array_agg(id) from glas_data.outbox where id in (5000, 1001) and due_at is null), array[5000::bigint],
    'waits on, and so does all but danger');
update glas_data.outbox set due_at = null, state = 'accepted' where id in (5000, 1001);
select cmp_ok(test.looked_at() - (select rows from looked), '<', 100::bigint, 'and none of the rest is read');
update looked set rows = test.looked_at();
select is((select count(*) from glas_gw.mt_claim('vranje', array['a1'], array[8])), 0::bigint, 'a link for which nothing is queued');
select is((select count(*) from glas_gw.mt_claim('vranje', array['a1'], array[8], 'a1', '{mts}', '{f}')), 0::bigint,
    'or no danger of one that cannot send');
select is(glas_gw.mt_next_due(), null, 'and what is due later');
select cmp_ok(test.looked_at() - (select rows from looked), '<', 100::bigint, 'read nothing of what is queued for another');

-- Where rows were counted when nothing was queued, each of its indexes seems empty.
update glas_data.outbox set state = case state when 'queued' then 'accepted' else state end, due_at = null;
analyze glas_data.outbox;
update glas_data.outbox set state = 'queued' where id > 1000;
update pg_class set reltuples = 0, relpages = 1 where oid = any (array['glas_data.outbox_due', 'glas_data.outbox_queue', 'glas_data.outbox_work']::regclass[]);
select test.clock('2026-11-25 12:00+01');
update looked set rows = test.looked_at();
select glas_data.mt_ahead();
select is(glas_gw.mt_next_due(), null, 'in a queue that was counted empty');
select cmp_ok(test.looked_at() - (select rows from looked), '<', 100::bigint, 'what waits is found without the rest');

select * from finish();
rollback;
