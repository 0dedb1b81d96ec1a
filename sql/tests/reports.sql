begin;
\ir fixture.psql
select plan(14);

select glas_gw.connect('vranje', '0.1', 'set', interval '1 minute');
select test.store('{
    "citizens": [{"who": "ana", "copy": "ana"}],
    "texts": [{"id": 1}],
    "replies": [{"id": 1, "segments": 3}, {"id": 2}, {"id": 3}]}');
update glas_data.outbox
   set state = 'accepted', gateway = 'vranje', link = 'kannel', sent_at = now() where id in (1, 2);
insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at)
values (1, 1, 'kannel', 256, now());

create function test.report(mt bigint, link text, status int, outcome text,
    at timestamptz default now(), gateway text default 'vranje') returns int
    language sql as $$
    select glas_gw.mt_report(array[link], array[0], array[''::bytea], array[status],
        array[outcome], array[at], interval '2 days', array[mt], gateway)
    $$;

select is(test.report(1, 'mts', 0, 'delivered'), 0,
    'a report that names a reply does not match that of another link');
select is(test.report(1, 'kannel', 0, 'delivered', now() + interval '3 days'), 0,
    'nor one of days before');
select is(test.report(1, 'kannel', 0, 'delivered', now(), 'bujanovac'), 0,
    'nor that of a link of this name in another office');
select is(test.report(3, 'kannel', 0, 'delivered'), 0, 'nor one that was not sent');
select is(test.report(1, 'kannel', 48, 'pending'), 1, 'one that says wait matches');
select is((select state || (delivered_at is null) from glas_data.outbox where id = 1),
    'acceptedtrue', 'and changes nothing');
select is(test.report(1, 'kannel', 0, 'delivered'), 1,
    'one report settles a reply of several segments');
select is((select state || (delivered_at is not null) || (reported_at is not null)
             from glas_data.outbox join glas_data.outbox_segment on outbox = id where id = 1),
    'deliveredtruetrue', 'with its time, and that of the segments that are known');
select is(test.report(1, 'kannel', 70, 'failed'), 0, 'and nothing unsettles it');
select is(test.report(2, 'kannel', 70, 'failed'), 1, 'what was not delivered');
select is((select state || cause || reason from glas_data.outbox where id = 2),
    'undelivered70the network could not deliver it', 'is said with the cause');

update glas_data.outbox
   set state = 'queued', gateway = 'vranje', link = 'kannel', attempts = 1 where id = 3;
select is(test.report(3, 'kannel', 70, 'failed'), 0,
    'one that is to go once more does so where the first did not arrive');
select is(test.report(3, 'kannel', 0, 'delivered'), 1,
    'and not where it did: nobody gets it twice');
select is((select state || (delivered_at is not null) || (sent_at is not null)
             from glas_data.outbox where id = 3),
    'deliveredtruetrue', 'it is delivered');

select * from finish();
rollback;
