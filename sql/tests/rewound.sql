-- What a gateway knows of a database, and what a database that has gone backwards
-- does until somebody looks.
begin;
\ir fixture.psql
select plan(21);

select test.office();
select is((select known[1:2] from glas_gw.remember('vranje', '')),
    array[1, 1]::bigint[], 'a batch that is stored counts');
update glas_data.outbox set state = 'queued';
select glas_gw.mt_claim('vranje', '{}', '{}');
select is((select known[1] from glas_gw.remember('vranje', '')), 1::bigint,
    'who finds nothing to claim changes nothing');
select glas_gw.mt_claim('vranje', array['mts'], array[9]);
select glas_gw.mt_result('vranje', current_date, array[1]::bigint[], array[1],
    array['queued'], array['no network'], array[38], array[now()],
    array[now() + interval '1 minute'], '{}', '{}', '{}', '{}', '{}');
select is((select known[1] from glas_gw.remember('vranje', '')), 3::bigint,
    'a claim does, and a result');
select glas_gw.connect('nis', '0.1', 'set', interval '1 minute');
select glas_gw.mt_result('nis', current_date, '{}', '{}', '{}', '{}', '{}', '{}',
    '{}', '{}', '{}', '{}', '{}', '{}');
select is((select known[1:2] from glas_gw.remember('vranje', '')),
    array[3, 4]::bigint[], 'that of another gateway counts for all');
select is((select place from glas_gw.remember('vranje', 'a:7')), 'a:7',
    'it is told up to where the log is here');
select is((select place from glas_gw.remember('vranje', '')), 'a:7', 'and keeps it');
select matches((select server from glas_gw.remember('vranje', '')),
    '^\d+/[0-9A-F]{8}$', 'the server has a name and a timeline');

insert into glas_data.identity (identity, message, received_at) values ('here', 1, now());
insert into glas_data.quarantine (identity, at, gateway, link, reason, sealed)
values ('aside', now(), 'vranje', 'mts', 'test', '');
select is(glas_gw.lacks(array['here', 'aside']::bytea[]), false,
    'a text is here when it is stored or set aside');
select is(glas_gw.lacks(array['here', 'lost']::bytea[]), true, 'and else is missing');

-- Back it went: 1 is queued, 3 in flight here, 4 there, 5 has been sent.
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}], "texts": [{"id": 3}],
    "replies": [{"id": 3}, {"id": 4}, {"id": 5}, {"id": 6}, {"id": 7}]}');
update glas_data.outbox set state = 'inflight', gateway = 'vranje', attempts = 1 where id = 3;
update glas_data.outbox set state = 'inflight', gateway = 'nis', attempts = 1 where id = 4;
update glas_data.outbox set state = 'accepted' where id = 5;
update glas_data.outbox set state = 'queued', attempts = 0 where id in (6, 7);
update glas_data.outbox set expires_at = now() - interval '1 second' where id = 7;
select is(glas_gw.rewind('vranje', array[99, 99, 500, 1000, 2000, 40]::bigint[]), 4,
    'what is to be sent, or was about to be, is held');
select is((select string_agg(state, ' ' order by id) from glas_data.outbox where id in (1, 3, 4, 5, 6, 7)),
    'held held inflight accepted held held', 'but for what another gateway has in hand');
select ok((select reference_list[1] from glas_gw.reserve(1, 1)) <>
    glas_data.reference_nth(501, glas_data.setting('reference_factor')::bigint)
    and nextval('glas_data.reference_number') > 500
    and nextval('glas_data.message_block') > 1000
    and nextval('glas_data.outbox_block') > 2000
    and nextval('glas_data.citizen_id_seq') > 40,
    'numbers that were given out since are not given out again');
select is((select name from glas.alerts where name in ('outbox-held', 'database-rewound')),
    'database-rewound', 'there is an alert of its own');
select throws_ok('select glas.resume_outbox()', '55000', null,
    'nothing is let go while the log is read again');

-- Its results are those of any attempt.
select glas_gw.mt_result('vranje', current_date, array[1, 3]::bigint[], array[2, 1],
    array['accepted', 'queued'], array['', 'no network'], array[null, 38], array[now(), now()],
    array[null, now() + interval '1 minute'], '{}', '{}', '{}', '{}', '{}');
select is((select string_agg(state || attempts, ' ' order by id) from glas_data.outbox where id in (1, 3)),
    'accepted2 held1', 'what was sent is settled, what was refused stays held');
select glas_gw.reread('vranje', array[5, 6]::bigint[]);
select is((select string_agg(state, ' ' order by id) from glas_data.outbox where id in (5, 6)),
    'accepted unknown', 'what was handed over without a result is unknown');
select is((select reread from glas_gw.remember('vranje', '')), true, 'the log is read');

select is(glas_gw.resume_outbox(), 2, 'what is left is let go');
select is((select string_agg(state, ' ' order by id) from glas_data.outbox where id in (3, 7)),
    'queued expired', 'what is too old is not sent any more');
select is((select count(*) from glas.alerts where name = 'database-rewound'), 0::bigint,
    'and the alert with it');
select glas_gw.rewind('vranje', (select known from glas_gw.remember('vranje', '')));
update glas_data.gateway set alive_until = now() - interval '1 second';
select lives_ok('select glas.resume_outbox()', 'a gateway that is gone holds up nobody');

select * from finish();
rollback;
