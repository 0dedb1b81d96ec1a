begin;
\ir fixture.psql
select plan(31);

select is(test.store('{
    "citizens": [{"who": "ana", "copy": "ana"}, {"who": "beba", "link": "a1"}],
    "segments": [{"identity": "a", "message": 1}, {"citizen": 2, "identity": "b", "message": 2}],
    "texts": [{"id": 1, "reference": "100008"}, {"id": 2, "citizen": 2, "intent": "help"}],
    "reports": [{"reference": "100008", "message": 1}],
    "replies": [{"id": 1, "message": 1, "reference": "100008"},
                {"id": 2, "citizen": 2, "message": 2, "state": "inflight"}]}'),
    '{}', 'a batch of new citizens is stored');
select is((select array_agg(m.id order by m.id) from glas_data.message m
             join glas_data.citizen c on c.id = m.citizen
            where c.token = test.sealed('beba')), array[2::bigint],
    'each text belongs to who wrote it');
select is((select array_agg(c.link order by m.id) from glas_data.message m
             join glas_data.citizen c on c.id = m.citizen), array['mts', 'a1'],
    'the order of the batch is kept though citizens are made in another');
select is((select c.token from glas_data.report r join glas_data.citizen c on c.id = r.citizen),
    test.sealed('ana'), 'the report belongs to its author');
select is((select array_agg(attempts || coalesce(gateway, '-') order by id) from glas_data.outbox),
    array['0-', '1vranje'], 'a reply in flight is this gateway''s first attempt');
select is((select array_agg(version) from glas_data.citizen), array[1, 1],
    'a new citizen has version 1');

select is(test.store('{
    "citizens": [{"who": "ana", "version": 1, "lang": "sq"}, {"who": "vera"}],
    "texts": [{"id": 3, "reference": "100008"}, {"id": 4, "citizen": 2}]}'),
    '{}', 'known and new citizens in one batch');
select is((select lang || version from glas_data.citizen where token = test.sealed('ana')),
    'sq2', 'a known citizen is changed and has the next version');
select isnt((select reply_copy from glas_data.citizen where token = test.sealed('ana')), null,
    'the reply copy stays when none is given');

select is(test.store('{
    "citizens": [{"who": "ana", "version": 1, "lang": "bg"}, {"who": "dana"}, {"who": "vera"}],
    "segments": [{"identity": "x"}, {"identity": "y", "citizen": 2}],
    "texts": [{"id": 5, "reference": "300004"}, {"id": 6, "citizen": 2}, {"id": 7, "citizen": 3}],
    "reports": [{"reference": "300004", "message": 5}],
    "replies": [{"id": 5}, {"id": 6, "citizen": 2}],
    "parts": [{"seq": 1}]}'),
    '{1,3}', 'who has changed meanwhile, or is not new any more, is stale');
select is((select lang from glas_data.citizen where token = test.sealed('ana')), 'sq',
    'a stale citizen is left alone');
select is((select array_agg(id order by id) from glas_data.message where id >= 5), array[6::bigint],
    'nothing of stale citizens is stored, everything of the others is');
select is((select count(*) from glas_data.report), 1::bigint, 'nor their reports');
select is((select array_agg(id order by id) from glas_data.outbox where id >= 5), array[6::bigint],
    'nor their replies');
select is((select array_agg(identity) from glas_data.identity
            where identity in (test.sealed('x'), test.sealed('y'))),
    array[test.sealed('y')], 'nor that their segments came');
select is((select count(*) from glas_data.concat_group), 0::bigint, 'nor parts of long texts');

-- Segments that a modem gives again.
select throws_ok($$ select test.store('{"citizens": [{"who": "eva"}],
        "segments": [{"identity": "a", "message": 9}], "texts": [{"id": 9}]}') $$,
    '23505', null, 'a segment that is here already is refused');
select is((select count(*) from glas_data.citizen where token = test.sealed('eva')), 0::bigint,
    'and nothing of that batch is stored');
select is(test.store('{"citizens": [{"who": "ana", "version": 2}],
    "segments": [{"identity": "a", "seen": true}, {"identity": "a", "seen": true}]}'), '{}',
    'a segment that is known to be here');
select is((select seen from glas_data.identity where identity = test.sealed('a')), 3,
    'is counted');

select throws_ok($$ select test.store('{"citizens": [{"who": "eva"}],
        "texts": [{"id": 9, "reference": "400002"}]}') $$,
    '23503', null, 'a text cannot belong to a report that is not there');

-- Long texts.
select is(test.store('{"citizens": [{"who": "ana", "version": 3}, {"who": "beba", "version": 1}],
    "parts": [{"seq": 2, "group": 0}, {"seq": 1, "group": 0},
              {"seq": 1, "group": -1, "citizen": 2, "ref": 9, "max": 2}]}'), '{}',
    'parts of two long texts');
select is((select array_agg((n, ref, max, seqs)::text order by ref)
             from (select ref, max, count(*) n, array_agg(seq order by seq) seqs
                     from glas_data.concat_group g
                     join glas_data.concat_segment s on s.grp = g.id
                    group by 1, 2) x),
    array['(2,7,3,"{1,2}")', '(1,9,2,{1})'], 'each in its own group');
select is((select array_agg(seq order by seq) from glas_gw.mo_groups(
            array[test.sealed('ana'), test.sealed('ana')], array[7, 9], array[3, 2],
            interval '1 day') where message is null),
    array[1, 2], 'they are found again for their originator alone');
select is((select count(*) from glas_gw.mo_groups_due(interval '10 minutes', 5, 1000, 10)), 0::bigint,
    'nothing is due while they are fresh');
update glas_data.concat_group set last_at = now() - interval '11 minutes' where ref = 9;
select is((select array_agg(max) from glas_gw.mo_groups_due(interval '10 minutes', 5, 1000, 10)), array[2],
    'after ten quiet minutes a group is due');
select test.store(format('{"citizens": [{"who": "ana", "version": 4}],
    "parts": [{"seq": 3, "group": %1$s}], "texts": [{"id": 20}],
    "closed": [{"group": %1$s, "message": 20}]}', id)::jsonb)
  from glas_data.concat_group where ref = 7;
select is((select message from glas_data.concat_group where ref = 7), 20::bigint,
    'the last part closes its group');

-- STOP, START.
select test.store('{"citizens": [{"who": "ana", "version": 5, "stop": "stop"}]}');
select is((select array_agg(stopped) from glas_gw.mo_context(
            array[test.sealed('ana'), test.sealed('beba')],
            array[test.sealed('optout ana'), test.sealed('optout beba')],
            array[test.sealed('a'), test.sealed('new')], array['', null])),
    array[true, false], 'STOP is remembered');
select test.store('{"citizens": [{"who": "ana", "version": 6, "stop": "start"}]}');
select is((select count(*) from glas_data.optout), 0::bigint, 'START takes it back');

-- What waits until somebody writes again.
update glas_data.outbox set state = 'waiting', reason = 'x' where id in (2, 6);
select test.store('{"citizens": [{"who": "beba", "version": 2, "copy": "beba", "link": "mts"}]}');
select is((select array_agg((id, state, link)::text order by id) from glas_data.outbox where id in (2, 6)),
    array['(2,queued,mts)', '(6,waiting,mts)'],
    'a reply that has waited goes when its citizen writes, by the link that they wrote to');

select is(test.store('{}'), '{}', 'an empty batch is one');

select * from finish();
rollback;
