-- What could not be stored: put aside, looked at, released, dismissed; and who did
-- what with it.
begin;
\ir fixture.psql
select plan(43);
select test.office();
create function test.aside(word text, who text default 'ana', why text default 'no') returns bigint
    language sql as $$
    select glas_gw.quarantine('vranje', 'mts', '2026-11-20 12:00+01', test.sealed(who),
        test.sealed(word), why, convert_to('sealed ' || word, 'utf8')) $$;
create function test.of(word text) returns bigint
    language sql security definer as $$
    select id from glas_data.quarantine where identity = test.sealed(word) $$;
create function test.offered(gateway text) returns bigint[]
    language sql as $$ select coalesce(array_agg(id), '{}') from glas_gw.quarantine_released(gateway, 20) $$;
create function test.now_is(word text) returns text
    language sql as $$
    select concat_ws(' ', state, reason, octets, seen, inbox) from glas.quarantine where id = test.of(word) $$;
create function test.done(word text) returns text[]
    language sql as $$
    select coalesce(array_agg(concat_ws(' ', who, what, nullif(note, ''))), '{}')
      from glas.quarantine_history where id = test.of(word) $$;
create function test.alert() returns text
    language sql as $$ select text from glas.alerts where name = 'quarantine' $$;
grant usage on schema test to public;
grant execute on all functions in schema test to public;

-- Put aside.
select is(test.alert(), null, 'nothing is, at first');
select test.aside('otrov'), test.aside('kuga'), test.aside('pdu', null, 'the link cannot read it');
select is(test.now_is('otrov'), 'open no 12 1', 'it waits for a person');
select is((select at from glas.quarantine where id = test.of('otrov')), timestamptz '2026-11-20 12:00+01', 'since it came');
select is(test.aside('otrov'), test.of('otrov'), 'the same thing is there once');
select is(test.now_is('otrov'), 'open no 12 2', 'and counted');
select is(test.alert(), '3 things could not be stored as a text', 'there is an alert');
select is((select since from glas.alerts where name = 'quarantine'), timestamptz '2026-11-20 12:00+01', 'since the first came');

-- Released, and refused once more.
set session authorization oto;
select matches(glas.quarantine_release(test.of('otrov')), '^\d+ goes to gateway vranje once more', 'an operator releases it');
select matches(glas.quarantine_release(test.of('otrov')), '^\d+ goes to gateway vranje once more', 'twice is once');
reset session authorization;
select is(test.offered('vranje'), array[test.of('otrov')], 'the gateway is offered it');
select is(test.done('otrov'), array['oto released no'], 'with who released it, and what kept it');
select is(test.alert(), '2 things could not be stored as a text', 'it waits for nobody');
select is(test.aside('otrov', 'ana', 'still no'), test.of('otrov'), 'refused again');
select is(test.now_is('otrov'), 'open still no 12 3', 'it is open, with the reason');
select is(test.done('otrov'), array['oto released no', 'gateway vranje returned still no'], 'as the history says');
select is(test.offered('vranje'), '{}', 'and not offered by itself');

-- Whoever lives takes it, one gateway alone.
select glas_gw.connect('nis', '0.1', 'set', interval '1 minute'), glas_gw.connect('bor', '0.1', 'set', interval '1 minute');
select glas.quarantine_release(test.of('otrov'));
select is(concat_ws(' ', test.offered('vranje'), test.offered('bor'), test.offered('nis')),
    array[test.of('otrov')]::text || ' {} {}', 'it is for who received it');
update glas_data.gateway set alive_until = now() - interval '1 second' where name = 'vranje';
select is(test.offered('bor'), array[test.of('otrov')], 'or for another when that is gone');
select is(test.offered('nis'), '{}', 'not for two');
update glas_data.gateway set alive_until = now() - interval '1 second';
select matches(glas.quarantine_release(test.of('otrov')), 'goes to the next gateway that runs', 'and waits when none lives');
update glas_data.gateway set alive_until = now() + interval '1 minute';

-- Stored.
select glas_gw.quarantine_stored('vranje', test.of('otrov'));
select is(test.now_is('otrov'), 'released still no 12 3', 'what is not here is not stored');
select test.store('{"citizens": [{"who": "ana", "version": 1}],
    "segments": [{"identity": "otrov", "message": 21}], "texts": [{"id": 21, "text": "otrov"}]}');
select glas_gw.quarantine_stored('vranje', test.of('otrov'));
select glas_gw.quarantine_stored('vranje', test.of('otrov'));
select is(test.now_is('otrov'), 'stored still no 0 3 21', 'what is, is; the copy is gone');
select is((test.done('otrov'))[4:], array['gateway vranje stored text 21'], 'written down once');
select throws_ok($$ select glas.quarantine_release(test.of('otrov')) $$, '55000',
    format('%s is not here any more: it was stored, see glas.inbox where id = 21', test.of('otrov')), 'there is nothing to release');
select throws_ok($$ select glas.quarantine_dismiss(test.of('otrov'), 'x') $$, '55000', null, 'nor to dismiss');
select test.aside('otrov');
select is(test.now_is('otrov'), 'stored still no 0 4 21', 'however often it comes again');

-- Dismissed.
set session authorization kosta;
select throws_ok($$ select glas.quarantine_dismiss(test.of('pdu'), e' \t') $$, '22023',
    'the reason is empty: write why nobody needs it, for whoever sees it next', 'a reason is asked for');
select throws_ok($$ select glas.quarantine_dismiss(test.of('pdu'), repeat('x', 201)) $$, '54000', null, 'a short one');
select throws_like($$ select glas.quarantine_dismiss(999, 'x') $$, 'there is no 999 in quarantine%', 'of something that is here');
select matches(glas.quarantine_dismiss(test.of('pdu'), 'settings of the operator'), '^\d+ is dismissed', 'a coordinator dismisses it');
reset session authorization;
select test.aside('pdu', null, 'the link cannot read it');
select is(test.now_is('pdu'), 'dismissed the link cannot read it 10 2', 'it stays so when it comes again');
select is(test.alert(), '1 thing could not be stored as a text', 'without an alert');
select is(test.done('pdu'), array['kosta dismissed settings of the operator'], 'with who, and why');
select matches(glas.quarantine_release(test.of('pdu')), 'once more', 'it can be taken back');
select glas.quarantine_dismiss(test.of('pdu'), 'no, after all');
select is(test.offered('vranje'), '{}', 'also on its way');

-- Through glasctl.
set session authorization vrata;
select results_eq($$ select id, state, link, octets, reason from glas_gw.quarantine_list() $$,
    $$ select test.of('kuga'), 'open', 'mts', 11, 'no' $$, 'what is not decided is listed');
select is((select convert_from(sealed, 'utf8') from glas_gw.quarantine_show(test.of('kuga'), false, e'mo\nmir')),
    'sealed kuga', 'and shown');
select glas_gw.quarantine_release(test.of('kuga'), 'momir');
select glas_gw.quarantine_show(test.of('kuga'), true, 'momir');
select glas_gw.quarantine_dismiss(test.of('kuga'), 'rude', 'momir');
reset session authorization;
select is(test.done('kuga'), array['vrata (mo mir) shown', 'vrata (momir) released no',
    'vrata (momir) shown with the number', 'vrata (momir) dismissed rude'], 'with the name of who types');

-- Erased.
select test.aside('tajna', 'ana'), test.aside('kasnije', 'ana'), test.aside('tudja', 'beba');
update glas_data.quarantine set at = '2026-11-25 12:00+01' where id = test.of('kasnije');
select glas_data.quarantine_erase(test.sealed('ana'), '2026-11-24 12:00+01');
select is(test.now_is('tajna') || ', ' || test.now_is('kasnije') || ', ' || test.now_is('tudja'),
    'erased no 0 1, open no 14 1, open no 12 1', 'who has all erased has this erased, too');
select throws_ok($$ select glas.quarantine_release(test.of('tajna')) $$, '55000',
    format('%s is not here any more: who sent it had all erased', test.of('tajna')), 'nothing is left of it');
select glas_data.erase(citizen, null) from glas_data.message where id = 1;
select is(test.now_is('kasnije'), 'erased no 0 1', 'with all else');
select is((test.done('kasnije')), array['the person erased'], 'at their own wish');

-- Who may.
set session authorization mira;
select throws_ok($$ select glas.quarantine_release(1) $$, '42501', null, 'a case worker decides nothing of it');
reset session authorization;

select * from finish();
rollback;
