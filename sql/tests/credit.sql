-- The credit of the SIMs: read or not, how fast it goes, who is told.
begin;
\ir fixture.psql
select plan(26);

select glas_gw.connect('vranje', '0.1', 'set', interval '1 minute');
insert into glas_data.link (gateway, name, kind, state, day)
values ('vranje', 'mts', 'modem', 'ready', current_date),
       ('vranje', 'a1', 'modem', 'ready', current_date);

create function test.said(link text, ago text, hundredths bigint, currency text default 'RSD',
    answer text default '', low_under int default 100, low_days int default 7) returns text
    language sql as $$
    select p.low || coalesce(' ' || p.days_left, '')
      from glas_gw.balance_put('vranje', link, now() - ago::interval, hundredths, currency,
               answer, low_under, low_days) p
    $$;

select is_empty('select * from glas.credit', 'nothing is known before it is asked');
select is(test.said('mts', '4 days', 50000), 'false', 'an answer');
select is((select balance from glas.links where name = 'mts'), '500.00 RSD', 'stands with its link');
select is((select burn_a_day from glas.credit), null, 'of one answer nobody can tell how fast it goes');
select is(test.said('mts', '2 days', 40000), 'false 8', 'of two they can');
select is((select burn_a_day from glas.credit), 50.00, 'by the day');
select is(test.said('mts', '1 day', 100000), 'false 30', 'what is paid in is not spent');
select is(test.said('mts', '1 day', 7), 'false 30', 'the same answer again is one');
select is(test.said('mts', '0 days', 8550), 'true 0', 'it is low below a limit');
select is((select array_agg(link) from glas.credit where low), array['mts'], 'as people see');
select is(test.said('a1', '3 days', 90000), 'false', 'another link is another credit');
select is(test.said('a1', '0 days', 30000), 'true 1', 'it is low for its days alone');
select is(test.said('a1', '-1 second', 30000, low_days => 0), 'false 1', 'unless days do not count');
select is(test.said('a1', '-2 seconds', 100, low_under => 0, low_days => 0), 'false 0',
    'nor does the amount');
select is(test.said('a1', '-3 seconds', 5, 'EUR', low_under => 0), 'false',
    'another currency is another account');

select is(test.said('a1', '-4 seconds', null, '', 'Usluga \u{1B} nije', low_under => 0), 'false',
    'an answer without an amount');
select is((select amount || '|' || unread || '|' || answer from glas.credit where link = 'a1'),
    '0.05|1|Usluga \u{1B} nije', 'is counted and kept, and the amount of before with it');
select is((select balance from glas.links where name = 'a1'), '0.05 EUR', 'also in the links');
select test.said('a1', '-5 seconds', null), test.said('a1', '-6 seconds', null);
select is((select unread from glas.credit where link = 'a1'), 3, 'and so is each that follows');
select test.said('neu', '0 days', null, '', 'nichts');
select is((select low::text || unread || coalesce(amount::text, '') from glas.credit
            where link = 'neu'), 'false1', 'also of a link of which nothing was ever read');
select glas_gw.links_put('vranje', array['neu', 'a1'], array['modem', 'modem'], array['ready', 'ready'], array['', ''],
    array[null, null]::int[], array['', ''], array[null, null]::int[], array[null, null]::int[],
    array[now(), now()], array[0, 0], array[0, 0]);
select glas_gw.links_put('vranje', array['mts', 'a1'], array['modem', 'modem'], array['ready', 'ready'], array['', ''],
    array[null, null]::int[], array['', ''], array[null, null]::int[], array[null, null]::int[],
    array[now(), now()], array[0, 0], array[0, 0]);
select is((select array_agg(balance order by name) from glas.links), array['0.05 EUR', '85.50 RSD'],
    'a link that is told of after its credit has it');
delete from glas_data.link where name = 'mts';

select is(glas_gw.credit_warn('vranje', 'a1', 'a1', test.sealed('boss'), test.sealed('copy')),
    null, 'nobody is told that all is well');
select isnt(glas_gw.credit_warn('vranje', 'mts', 'a1', test.sealed('boss'), test.sealed('copy')),
    null, 'who looks after it is told that it is low');
select is(glas_gw.credit_warn('vranje', 'mts', 'a1', test.sealed('boss'), test.sealed('copy')),
    null, 'once a day');
select is((select kind || '|' || link || '|' || state || '|' || text from glas.outbox),
    'notice|a1|queued|Glas vranje: the credit of mts is low: 85.50 RSD, about 0 days. Top it up, or texts will not go out.',
    'by a link that has some');
select test.said('a1', '-7 seconds', 30, 'EUR');
select isnt(glas_gw.credit_warn('vranje', 'a1', 'a1', test.sealed('boss'), test.sealed('copy')),
    null, 'that another is low, too, is not kept from them');

select * from finish();
rollback;
