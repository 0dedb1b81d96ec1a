-- What ends if nobody looks after it: the validity of a SIM, keys half replaced.
begin;
\ir fixture.psql
select plan(16);

select glas_gw.connect('vranje', '0.1', 'set', interval '1 minute');
insert into glas_data.link (gateway, name, kind, state, day)
values ('vranje', 'mts', 'modem', 'ready', current_date);

create function test.said(ago text, hundredths bigint, valid int, valid_days int default 14)
    returns text
    language sql as $$
    select p.low || coalesce(' ' || p.days_left, '')
      from glas_gw.balance_put('vranje', 'mts', now() - ago::interval, hundredths, 'RSD',
               '', 0, 0, glas.now()::date + valid, valid_days) p
    $$;
create function test.valid() returns text
    language sql as $$
    select concat_ws('|', valid_until - glas.now()::date, valid_days_left, expires)
      from glas.credit where link = 'mts' $$;

select is(test.said('3 days', 50000, null), 'false', 'an answer that does not say until when');
select is(test.valid(), 'f', 'leaves that open');
select is(test.said('2 days', 50000, 14), 'false', 'one that says so');
select is(test.valid(), '14|14|f', 'is kept, and is no reason to worry');
select is(test.said('1 day', 50000, 13), 'false', 'a day less');
select is(test.valid(), '13|13|t', 'is one');
select is(test.said('12 hours', 50000, null), 'false', 'what an answer does not say');
select is(test.valid(), '13|13|t', 'is as it was');
select test.said('6 hours', null, -1, 14);
select is(test.valid(), '-1|-1|t', 'nor need it say the amount');
select test.said('3 hours', 50000, -1, 0);
select is(test.valid(), '-1|-1|f', 'who does not want to know is not told');

create function test.keys() returns text[]
    language sql as $$
    select array(select concat_ws('|', glas_data.utc(a.since), a.text)
                   from glas.alerts a where a.name = 'keys-unfinished') $$;
select is(test.keys(), '{}', 'no keys are replaced');
insert into glas_data.rekey (number, keyset_before, keyset_both, keyset_after, begun_at, begun_by)
values (2, 'a', 'b', 'c', glas.now() - interval '7 hours', 'vranje');
select is(test.keys(), array[glas_data.utc(glas.now() - interval '7 hours') || '|the keys are '
    'being replaced by number 2, and for six hours nothing was sealed anew: 0 rows are done'],
    'that they stand still is said');
select glas_gw.rekey_put('people', 0, 5, array[1]::bigint[], array[0], array['x']::bytea[],
    array['y']::bytea[], array[null]::bytea[]);
select is(test.keys(), '{}', 'until it goes on');
update glas_data.rekey set state = 'moved', step = '', moved_at = glas.now() - interval '13 days';
select is(test.keys(), '{}', 'there is time for backups');
update glas_data.rekey set moved_at = glas.now() - interval '15 days';
select is(test.keys(), array[glas_data.utc(glas.now() - interval '15 days') || '|all is sealed '
    'under the keys with number 2, and for two weeks the old ones were not removed'],
    'though not for ever');
update glas_data.rekey set state = 'finished';
select is(test.keys(), '{}', 'and that is the end of it');

select * from finish();
rollback;
