-- Erasure: what goes, and what stays because it came after.
begin;
\ir fixture.psql
select plan(17);

select test.office();
create function test.texts_of(who bigint[]) returns text[]
    language sql as $$
    select array_agg(message || ' ' || text || case when original = '' then '' else ' sealed' end order by message)
      from glas_data.body where message = any (who) $$;
create function test.replies(which bigint[]) returns text[]
    language sql as $$
    select array_agg(concat_ws(' ', id, state, text) order by id) from glas_data.outbox where id = any (which) $$;

-- By another gateway, whose ids are greater.
select test.store('{"citizens": [{"who": "ana", "version": 1}],
    "texts": [{"id": 901, "text": "by the other", "received": "2026-11-25 08:00+01"}],
    "replies": [{"id": 901, "message": 901, "state": "inflight"}, {"id": 902, "state": "delivered"}]}');
update glas_data.message set gateway = 'leskovac' where id = 901;
select test.store('{"citizens": [{"who": "ana", "version": 2}],
    "texts": [{"id": 11, "text": "before", "received": "2026-11-25 09:01+01"},
              {"id": 12, "text": "OBRISI 1234", "intent": "erase", "received": "2026-11-25 09:02+01"},
              {"id": 13, "text": "after", "reference": "300004", "received": "2026-11-25 09:02+01"}],
    "reports": [{"reference": "300004", "message": 13}],
    "replies": [{"id": 11, "message": 11, "state": "held"}, {"id": 12, "message": 12, "state": "inflight"},
                {"id": 13, "message": 13, "reference": "300004", "state": "inflight"},
                {"id": 14, "message": 13}, {"id": 15}],
    "parts": [{"seq": 1, "received": "2026-11-25 09:01+01"}, {"seq": 2, "received": "2026-11-25 09:03+01"},
              {"group": -1, "ref": 8, "seq": 1, "received": "2026-11-25 09:03+01"}],
    "acts": [{"message": 11, "kind": "subscribe", "key": "Vranje"}, {"message": 12, "kind": "erase"},
             {"message": 13, "kind": "follow", "key": "300004"}]}');
select is(test.texts_of('{1,11,12,901}'), array['1 [obrisano]', '11 [obrisano]', '12 [obrisano]', '901 [obrisano]'],
    'words go, whichever gateway had them');
select is(test.texts_of('{13}'), array['13 after sealed'], 'what came after in the same batch stays');
select is((select text from glas.reports where reference = '300004'), 'after', 'and so do the words of its report');
select is(test.replies('{13,14}'), array['13 inflight Primljeno.', '14 queued Primljeno.'], 'and its replies');
select is(test.replies('{11,15}'), array['11 cancelled [obrisano]', '15 cancelled [obrisano]'],
    'others are not sent any more');
select is(test.replies('{902}'), array['902 delivered [obrisano]'], 'what was sent is not kept');
select is(test.replies('{12,901}'), array['12 inflight [obrisano]', '901 inflight [obrisano]'],
    'nor what is on its way');
select is((select array_agg(ref) from glas_data.concat_group where token = test.sealed('ana')), array[8],
    'parts of a long text that was begun before go, of one that was begun after stay');
select is((select count(*) from glas_data.concat_segment), 1::bigint, 'each with its segments');
select is((select array_agg(id || ': ' || done order by id) from glas_data.message where id between 11 and 13),
    array['11: ', '12: had their number and words erased', '13: added to report 300004'],
    'what was done before is not told, what was done after is');
select is((select count(*) from glas_data.citizen where token = test.sealed('ana')), 0::bigint, 'the number is gone');

-- What is settled later.
select glas_gw.mt_result('vranje', current_date, array[12, 901]::bigint[], array[1, 1], array['queued', 'accepted'],
    array['no network', ''], array[null, null]::int[], array[now(), now()], array[null, null]::timestamptz[],
    '{}', '{}', '{}', '{}', '{}');
select is(test.replies('{12,901}'), array['12 queued [obrisano]', '901 accepted [obrisano]'],
    'no result brings the words back');
select results_eq($$ select id, text, reply_copy from glas_gw.mt_claim('vranje', array['mts'], array[9])
                      where id = 12 $$, $$ values (12::bigint, '[obrisano]', null::bytea) $$,
    'and what is tried again has nobody to go to');

-- What was never there is no error.
select lives_ok($$ select glas_data.erase(c.id, null) from glas_data.citizen c where c.token = test.sealed('beba') $$,
    'erasure without a text');
select is(test.texts_of('{2}'), array['2 [obrisano]'], 'takes all');
select lives_ok($$ select glas_data.erase(-1, 1) $$, 'erasure of nobody');
select is((select count(*) from glas_data.body where text <> '[obrisano]'), 1::bigint, 'takes nothing');

select * from finish();
rollback;
