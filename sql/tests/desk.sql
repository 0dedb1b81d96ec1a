-- What waits, and a case on a page.
begin;
\ir fixture.psql
select plan(19);
select test.clock('2026-11-25 12:00+01');
select test.office();
grant execute on all functions in schema test to public;
update glas_data.message set received_at = '2026-11-25 11:00+01';
update glas_data.body set received_at = '2026-11-25 11:00+01';
update glas_data.report set reported_at = '2026-11-25 11:00+01';
insert into glas_data.person (role, organisation, kind, since) values ('oto', 'Zajednica', 'operator', now());

set session authorization mira;
select results_eq('select what, number, look from glas.today()', $$ values
    ('new cases', 1::bigint, ':new'), ('texts that came today', 1, ':last') $$, 'a case worker: their own');
set session authorization kosta;
select results_eq('select what, number from glas.today()', $$ values
    ('new cases', 2::bigint), ('cases that no organisation has', 1), ('texts that came today', 2) $$,
    'a coordinator: all, and what nobody has');
set session authorization oto;
select results_eq('select what from glas.today()', array['nothing waits'], 'an operator: nothing of people');
reset session authorization;
select glas_gw.quarantine('vranje', 'mts', glas.now(), test.sealed('x'), test.sealed('x'), 'no', '\x00');
set session authorization oto;
select results_eq('select what from glas.today()', array['things that could not be stored', 'alerts'],
    'but of the machine');
set session authorization petra;
select throws_ok('select glas.today()', '42501', null, 'the press has no cases');
set session authorization revizor;
select is((select count(*) from glas.today()), 5::bigint, 'an auditor: all that may be read');

set session authorization mira;
select is((select string_agg(l, e'\n') from glas.read('100 008') l), 'Report 100008, new, Odbor Vranje
  LIGHT, Vranje, in sr-Latn, from baba-baba

25.11. 11:00  baba-baba [1]: nema svetla
25.11. 12:00  glas (queued): Primljeno.', 'a case on a page');
select lives_ok($$ select glas.reply('100008', repeat('Duga rečenica. ', 20)), glas.ask('100008', 'Gde?') $$, 'it goes on');
select lives_ok($$ select * from glas.set_status('100008', 'open', 'zvala sam') $$, 'and on');
select is((select max(length(l)) < 79 from glas.read('100008') l), true, 'it fits eighty columns');
select ok(exists (select from glas.read('100008') l where l = '25.11. 12:00  mira: status: new -> open: zvala sam'),
    'what was done, with the reason');
select ok(exists (select from glas.read('100008') l where l = '  A question is open until 30.11. 12:00.'),
    'what is asked');
select is((select count(*) from glas.read('100008') l where l like '%mira: reply%'), 0::bigint,
    'what a text says is not said twice');
select throws_like($$ select glas.read('200006') $$, 'there is no report 200006 among those that you may see%',
    'not that of another');
set session authorization kosta;
select is((select string_agg(l, e'\n') from glas.read('200006') l limit 1), 'Report 200006, new, no organisation has it
  no category yet, Vranje, in sr-Latn, from pila-vivo

25.11. 11:00  pila-vivo [2]: rupa na putu', 'one that nobody has');
select lives_ok($$ select glas.merge('200006', '100008', 'isto') $$, 'the same as another');
select ok(exists (select from glas.read('200006') l where l = '  A duplicate of 100008.'), 'says so');
select ok(exists (select from glas.read('100008') l where l = '  The same was reported by one other: glas.merged.'),
    'and so does the other');
reset session authorization;
select is((select count(*) from glas_data.may_read('reports') r where r), 1::bigint, 'the owner may');
select * from finish();
rollback;
