-- Who called and is to be called back; what networks answered to codes.
begin;
\ir fixture.psql
select plan(41);
select test.office();
create function test.call(message bigint, who text default 'ana', at timestamptz default glas.now()) returns void
    language sql as $$
    select test.store(jsonb_build_object(
        'citizens', jsonb_build_array(jsonb_build_object('who', who, 'version', (
            select c.version from glas_data.citizen c where c.token = test.sealed(who)))),
        'segments', jsonb_build_array(jsonb_build_object('identity', 'call ' || message, 'message', message)),
        'texts', jsonb_build_array(jsonb_build_object('id', message, 'channel', 'call', 'intent', 'unclassified',
            'text', '', 'received', at)),
        'acts', jsonb_build_array(jsonb_build_object('message', message, 'kind', 'callback')))) $$;
create function test.queue() returns text
    language sql as $$
    select coalesce(string_agg(concat_ws(' ', state, times, nullif(note, '')), ', ' order by state, id), '')
      from glas.callbacks $$;
create function test.who() returns text language sql security definer as $$
    select glas_data.pseudonym(id) from glas_data.citizen where token = test.sealed('ana') $$;
grant execute on all functions in schema test to public;

select is(test.queue(), '', 'nobody has called');
select test.call(10, at => '2026-11-20 12:00+01'), test.call(11, at => '2026-11-20 11:00+01');
select is(test.queue(), 'waiting 2', 'two calls of one person are one entry');
select is((select array[first_at, last_at] from glas.callbacks),
    array[timestamptz '2026-11-20 11:00+01', '2026-11-20 12:00+01'], 'since the first, till the last, in whatever order they came');
select is((select citizen from glas.callbacks), test.who(), 'by their pseudonym');
select test.call(12, 'vera');
select is(test.queue(), 'waiting 2, waiting 1', 'another person is another entry');
select is((select done from glas_data.message where id = 12), 'waits in glas.callbacks', 'the call says what it did');
select ok(exists (select from glas_data.owed where reason = 'call' and ends = 'infinity'),
    'their number is kept until they are called back');

-- Written to.
update glas_data.citizen set reply_copy = token where token = test.sealed('ana');
set session authorization mira;
create temp table sent as select glas.text_back((select id from glas.callbacks where times = 2), 'Zvali ste. Pišite nam.') as id;
reset session authorization;
select is((select concat_ws(' ', kind, state, text) from glas_data.outbox where id = (select id from sent)),
    'reply queued Zvali ste. Pisite nam.', 'a case worker writes to who called');
set session authorization mira;
select throws_like($$select glas.text_back((select id from glas.callbacks where times = 2), 'Jos')$$,
    '% was written to within the hour: wait for what they say', 'once an hour');
select throws_like($$select glas.text_back(777, 'Ko?')$$, 'no call 777 waits: %', 'not to who has not called');
select is(test.queue(), 'waiting 2, waiting 1', 'and they still wait');

-- Called back.
select is(glas.called_back((select id from glas.callbacks where times = 2), e'dolazi \x1b[31m u petak'),
    test.who() || ' was called back.', 'somebody calls back');
select is(test.queue(), 'called 2 dolazi [31m u petak, waiting 1', 'which is there with the note, without its controls');
select is((select called_by from glas.callbacks where state = 'called'), 'mira', 'and who it was');
select throws_like($$select glas.called_back((select id from glas.callbacks where state = 'called'))$$,
    '% was called back at % by mira: a new call is a new row of glas.callbacks', 'once');
select throws_like($$select glas.text_back((select id from glas.callbacks where state = 'called'), 'x')$$,
    'no call % waits: %', 'who was called back is not written to from here');
select throws_ok($$select glas.called_back(777)$$, 'P0002', 'there is no call 777: select * from glas.callbacks has them',
    'not who has not called');
select throws_ok($$select glas.called_back(null)$$, 'P0002',
    'there is no call without a number: select * from glas.callbacks has them', 'nor nobody');
select throws_ok($$select * from glas_data.callback$$, '42501', null, 'the table is out of reach');
select throws_ok($$select * from glas.ussd_results$$, '42501', null, 'and what operators dial');
reset session authorization;
select is((select count(*)::int from glas_data.owed where reason = 'call'), 1, 'no call is owed any more to who was called');

select test.call(13);
select is(test.queue(), 'called 2 dolazi [31m u petak, waiting 1, waiting 1', 'who calls again waits again');
select glas_data.silence((select id from glas_data.citizen where token = test.sealed('ana')), 'robot', false);
select is(test.queue(), 'called 2 dolazi [31m u petak, waiting 1', 'who is silenced does not wait');
select glas_data.erase((select id from glas_data.citizen where token = test.sealed('ana')), 13);
select is(test.queue(), 'called 2, waiting 1', 'who had all erased does not either, and the note is gone');
select is((select count(*)::int from glas_data.callback where state = 'erased'), 1, 'the count stays');
set session authorization kosta;
select lives_ok($$select count(*) from glas.callbacks$$, 'a coordinator sees them');
reset session authorization;

-- Two organisations.
create role ines login;
grant glas_caseworker to ines;
insert into glas_data.person (role, organisation, kind, since) values ('ines', 'Druga', 'caseworker', now());
delete from glas_data.callback;
update glas_data.report set organisation = 'Odbor Vranje' where reference in ('100008', '200006');
update glas_data.report set citizen = (select id from glas_data.citizen where token = test.sealed('beba'));
select test.call(20, 'beba'), test.call(21, 'nova');
create temp table called as select k.id, c.token = test.sealed('beba') as beba
  from glas_data.callback k join glas_data.citizen c on c.id = k.citizen;
grant select on called to public;
set session authorization ines;
select results_eq('select beba from glas.callbacks join called using (id)', $$ values (false) $$,
    'who waits is seen by all, but for those whom another organisation cares for');
select throws_like($$select glas.called_back((select id from called where beba))$$, 'there is no call %', 'nor ends it');
select throws_like($$select glas.text_back((select id from called where beba), 'Ko ste?')$$, 'no call % waits: %', 'nor writes to them');
set session authorization mira;
select results_eq('select beba from glas.callbacks join called using (id) order by 1', $$ values (false), (true) $$, 'who cares for them does');
select lives_ok($$select glas.called_back(id, 'dolazi') from called$$, 'and calls both back');
select is((select count(*) from glas.callbacks), 2::bigint, 'what came of it her organisation sees');
set session authorization ines;
select is_empty('select * from glas.callbacks', 'and no other');
set session authorization revizor;
select is((select count(*) from glas.callbacks), 2::bigint, 'but who sees all');
reset session authorization;
update glas_data.report set organisation = 'Druga' where reference = '200006';
set session authorization ines;
select is(test.queue(), 'called 1', 'who cares for them as well sees that they were called, and not what they told');
reset session authorization;
update glas_data.report set organisation = null where reference = '200006';
update glas_data.person set organisation = 'Druga' where role = 'mira';
set session authorization ines;
select is_empty('select * from glas.callbacks', 'what was told does not move with who heard it');
reset session authorization;
update glas_data.person set organisation = 'Odbor Vranje' where role = 'mira';
set session authorization mira;
select is(test.queue(), 'called 1 dolazi, called 1 dolazi', 'it is her organisation''s');
reset session authorization;

-- Codes.
select glas_gw.ussd_put('vranje', 'mts', glas.now() - interval '2 years', '*100#', 'answered', 'Stanje 5 din');
select glas_gw.ussd_put('vranje', 'mts', glas.now() - interval '1 hour', '*100#', 'answered', 'Stanje 7 din');
select glas_gw.ussd_put('vranje', 'a1', glas.now(), '*7#', 'menu', '1 Paketi');
select is((select string_agg(concat_ws(' ', link, code, outcome, text), ', ') from glas.ussd_results),
    'a1 *7# menu 1 Paketi, mts *100# answered Stanje 7 din, mts *100# answered Stanje 5 din', 'the newest comes first');
set session authorization oto;
select lives_ok($$select * from glas.ussd_results$$, 'an operator sees them');
select throws_ok($$select * from glas.callbacks$$, '42501', null, 'but not who called');
select throws_ok($$select glas_gw.ussd_put('vranje', 'mts', glas.now(), '*1#', 'answered', '')$$, '42501', null,
    'and writes none');
reset session authorization;
select * from finish();
rollback;
