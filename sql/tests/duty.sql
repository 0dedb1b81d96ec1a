-- Somebody is woken, takes it, or the next one is.
begin;
\ir fixture.psql
select no_plan();
-- A Wednesday.
select test.clock('2026-11-25 23:00+01');
select test.office();
update glas_data.gateway set alive_until = '2027-01-01';
select glas_data.content_import(jsonb_set(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "UNCLEAR", "lang": "sr-Latn", "text": "Nismo razumeli."},
    {"key": "DUTY_CALL", "lang": "sr-Latn", "text": "HITNO: {REF}, {PLACE}"}]}'),
    '{categories}', '{"entries": [{"code": "LIGHT"}, {"code": "DV", "urgent": true}]}'));
insert into glas_data.person (role, organisation, kind, since) values
    ('vera', 'Odbor Vranje', 'caseworker', now()), ('petra', 'Zajednica', 'press', now()),
    ('revizor', 'Zajednica', 'auditor', now());
create function test.report(number bigint, reference text, more jsonb default '{}') returns int[]
    language sql as $$
    select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', 'c' || number, 'copy', 'c')),
        'segments', jsonb_build_array(jsonb_build_object('identity', 's' || number, 'message', number)),
        'texts', jsonb_build_array(jsonb_build_object('id', number, 'reference', reference, 'text', 'muz me bije')),
        'reports', jsonb_build_array(jsonb_build_object('reference', reference, 'message', number) || more))) $$;
-- What each on duty was told, by reference.
create view test.told as
select p.member, o.reference::text as reference, o.text, o.kind, o.state, o.due_at
  from glas_data.outbox o join glas_data.duty_phone p on p.citizen = o.citizen
 where o.message is null order by o.id;

-- Without a rota nobody is woken, and nothing is wrong.
select test.report(10, '300004', '{"urgent": true}');
select is((select count(*) from glas_data.duty_call), 0::bigint, 'where nobody is on duty nobody is woken');

-- Who is on duty.
set session authorization mira;
select throws_ok($$ select glas.duty_add('mira', 3, '16:00', '08:00') $$, '42501', null, 'a case worker makes no rota');
select throws_ok($$ select glas.duty_code('vera') $$, '42501', null, 'nor codes for others');
select matches(glas.duty_code('mira'), '^mira texts DEZURSTVO \d{6} from the telephone itself, until 03:00\.$', 'but her own');
set session authorization kosta;
select throws_ok($$ select glas.duty_add('nobody', 3, '16:00', '08:00') $$, 'P0002', null, 'somebody who is not there');
select throws_ok($$ select glas.duty_add('mira', 8, '16:00', '08:00') $$, '22023', null, 'a day that is none');
select throws_ok($$ select glas.duty_add('mira', 3, '16:00', '08:00', 'Niko') $$, '22023', null, 'an organisation that is none');
select throws_like($$ select glas.duty_add('petra', 3, '16:00', '08:00') $$, 'petra is of kind press and works on no cases%', 'the press');
select throws_like($$ select glas.duty_add('revizor', 3, '16:00', '08:00', '') $$, 'revizor is of kind auditor and works on no cases%', 'an auditor');
select throws_like($$ select glas.duty_add('vera', 3, '16:00', '08:00', '') $$, 'vera sees the cases of Odbor Vranje alone%leave the last argument out',
    'the network is for who can read its cases');
select throws_like($$ select glas.duty_add('vera', 3, '16:00', '08:00', 'Zajednica') $$, 'vera works for Odbor Vranje and does not see the cases of Zajednica%',
    'another organisation is for who can read its cases');
select is(regexp_replace(glas.duty_add('mira', 3, '16:00', '08:00'), '\d+', 'N'),
    'Duty N: mira, Wed 16:00-08:00, Odbor Vranje; no phone: glas.duty_code(''mira'')',
    'a night');
select matches(glas.duty_add('vera', 3, '20:00', '23:59'), 'vera, Wed', 'a second one');
select matches(glas.duty_add('kosta', 3, '00:00', '00:00', ''), 'the network', 'and one for the network');
select matches(glas.duty_add('vera', 4, '08:00', '16:00'), 'vera, Thu', 'and the day after');
select results_eq('select member, organisation, hours, next, phone from glas.duty',
    $$ values ('kosta', '(network)', 'Wed 00:00-00:00', 'now', 'none'), ('mira', 'Odbor Vranje', 'Wed 16:00-08:00', 'now', 'none'),
              ('vera', 'Odbor Vranje', 'Wed 20:00-23:59', 'now', 'none'), ('vera', 'Odbor Vranje', 'Thu 08:00-16:00', '26.11. 08:00', 'none') $$,
    'who is now, and who is next');
select throws_ok($$ select glas.duty_remove(0) $$, 'P0002', null, 'none of that number');
reset session authorization;

-- Telephones register themselves.
create temp table code as select glas.duty_code('mira') as said, 'mira' as member;
insert into code select glas.duty_code('vera'), 'vera';
insert into code select glas.duty_code('kosta'), 'kosta';
select test.store('{"citizens": [{"who": "m", "copy": "m"}, {"who": "v", "copy": "v"}, {"who": "k", "copy": "k"}, {"who": "x", "copy": "x"}],
    "segments": [{"identity": "m", "message": 21}, {"identity": "v", "message": 22, "citizen": 2}, {"identity": "k", "message": 23, "citizen": 3},
                 {"identity": "x", "message": 24, "citizen": 4}],
    "texts": [{"id": 21}, {"id": 22, "citizen": 2}, {"id": 23, "citizen": 3}, {"id": 24, "citizen": 4}]}');
create function test.texts_in(who text, kind text, key text) returns void language sql as $$
    select glas_data.act((select id from glas_data.citizen where token = test.sealed(who)), 21, kind, key, '') $$;
select test.texts_in('m', 'duty', substring((select said from code where member = 'mira') from '\d{6}'));
select test.texts_in('v', 'duty', substring((select said from code where member = 'vera') from '\d{6}'));
select results_eq('select member, text, kind, state from test.told', $$ values
    ('mira', 'Ovaj telefon je sada za dezurstvo.', 'emergency', 'queued'), ('vera', 'Ovaj telefon je sada za dezurstvo.', 'emergency', 'queued') $$,
    'they are told at once, whatever the content lacks');
select is((select count(*) from glas_data.duty_code where member in ('mira', 'vera')), 0::bigint, 'a code is good once');
select test.texts_in('x', 'duty', substring((select said from code where member = 'mira') from '\d{6}'));
select is((select count(*) from glas_data.duty_phone), 2::bigint, 'not for the second who has seen it');
select test.texts_in('x', 'duty', 'wrong') from generate_series(1, 9);
select test.texts_in('k', 'duty', substring((select said from code where member = 'kosta') from '\d{6}'));
select is((select count(*) from glas_data.duty_phone), 2::bigint, 'ten guesses end every code');
select is((select count(*) from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
            where c.token = test.sealed('x') and o.text = 'Nismo razumeli.'), 0::bigint, 'as long as there was one it is said that it is wrong');
select test.texts_in('x', 'duty', 'wrong') from generate_series(1, 10);
select is((select count(*) from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
            where c.token = test.sealed('x') and o.text = 'Nismo razumeli.'), 1::bigint, 'then that it is not understood, once');
update code set said = glas.duty_code('kosta') where member = 'kosta';
select test.clock('2026-11-26 03:01+01');
select test.texts_in('k', 'duty', substring((select said from code where member = 'kosta') from '\d{6}'));
select is((select count(*) from glas_data.duty_phone), 2::bigint, 'a code is good for hours');
select test.clock('2026-11-25 23:00+01');
update code set said = glas.duty_code('kosta') where member = 'kosta';
select test.texts_in('k', 'duty', substring((select said from code where member = 'kosta') from '\d{6}'));
select is((select count(*) from glas_data.duty_phone), 3::bigint, 'a new one is as good');

-- An urgent report of nobody goes to the network, at night and at once.
truncate glas_data.outbox cascade;
select test.report(11, '400002', '{"category": "DV"}');
select results_eq('select member, text, kind, due_at from test.told',
    $$ values ('kosta', 'HITNO: 400002, Vranje', 'emergency', null::timestamptz) $$, 'number and municipality, and nothing else');
select test.report(12, '500009');
select test.report(13, '600007', '{"category": "DV", "test": true}');
select is((select count(*) from test.told), 1::bigint, 'nobody is woken for a lamp, or for a trial');
select is(glas_gw.duty(), 0, 'there is time to take it');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 0::bigint, 'and nothing is wrong yet');
select test.clock('2026-11-25 23:15+01');
select is(glas_gw.duty(), 0, 'there is nobody else');
select results_eq($$ select name, text from glas.alerts where name like 'duty%' $$,
    $$ values ('duty-unanswered', '1 urgent report that nobody on duty has taken') $$, 'which is seen');
select test.texts_in('x', 'take', '400002');
select is((select taken_by from glas.duty_calls), '', 'not everybody can take it');
select test.texts_in('m', 'take', '400002');
select is((select taken_by from glas.duty_calls), '', 'nor who was not told');
select test.texts_in('k', 'take', '400002');
select results_eq('select reference, told, taken_by, taken_at from glas.duty_calls',
    $$ values ('400002', 'kosta', 'kosta', timestamptz '2026-11-25 23:15+01') $$, 'but who was');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 0::bigint, 'then all is well');
select is((select status from glas.reports where reference = '400002'), 'open', 'somebody works on it');
select results_eq($$ select who, what, now_is from glas.history where reference = '400002' $$,
    $$ values ('glas', 'duty', 'kosta'), ('kosta', 'taken', 'kosta'), ('kosta', 'status', 'open') $$, 'the history has all of it');
select is((select text from test.told order by 1 desc limit 1), 'Prijava 400002 je vasa.', 'who took it is told');

-- One of an organisation goes round in it, then to the network.
update glas_data.report set organisation = 'Odbor Vranje' where reference = '500009';
truncate glas_data.outbox cascade;
select lives_ok($$ select glas.classify('500009', urgent => true) $$, 'somebody sees that it is urgent');
select results_eq('select member from test.told', $$ values ('mira') $$, 'the first of its organisation');
select lives_ok($$ select glas.classify('500009', 'DV') $$, 'and what it is');
select test.clock('2026-11-25 23:29+01');
select is(glas_gw.duty(), 0, 'a quarter of an hour is one');
select test.clock('2026-11-25 23:30+01');
select is(glas_gw.duty(), 1, 'then the next');
select is(glas_gw.duty(), 0, 'once');
select results_eq('select member from test.told', $$ values ('mira'), ('vera') $$, 'is told');
select test.clock('2026-11-25 23:45+01');
select is(glas_gw.duty(), 1, 'at last');
select is((select told from glas.duty_calls where reference = '500009'), 'mira, vera, kosta', 'the network');
select test.texts_in('v', 'take', '');
select test.texts_in('m', 'take', '500009');
select results_eq($$ select member, text from test.told where text like 'Prijav%' $$,
    $$ values ('vera', 'Prijava 500009 je vasa.'), ('mira', 'Prijavu 500009 ima vera.') $$, 'the first has it, the second hears who');
select test.texts_in('v', 'take', '500009');
select is((select count(*) from test.told where text = 'Prijava 500009 je vasa.'), 2::bigint, 'said twice is said twice');
select test.clock('2026-11-26 00:30+01');
select is(glas_gw.duty(), 0, 'nobody is woken for what is taken');
select test.texts_in('v', 'take', '');
select test.texts_in('v', 'take', '900008');
select is((select count(*) from test.told where text = 'Nijedna hitna prijava ne ceka na vas.'), 2::bigint,
    'who is on duty, and nothing waits, hears so');

-- At psql, too; and who goes off duty or has all erased is not told.
select test.report(14, '700005', '{"urgent": true}');
select is((select told from glas.duty_calls where reference = '700005'), null, 'the network sleeps on Thursdays');
select is(glas_gw.duty(), 0, 'nobody');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 1::bigint, 'which is seen at once');
select lives_ok($$ select glas.set_status('700005', 'open') $$, 'somebody does something');
select is(glas_gw.duty(), 0, 'it is enough');
select isnt((select taken_by from glas.duty_calls where reference = '700005'), '', 'that one has it');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 0::bigint, 'and all is well');

-- What is settled wakes nobody: found not to be urgent, the same as another, a part of it.
select test.clock('2026-11-25 22:00+01');
truncate glas_data.duty_told, glas_data.duty_call, glas_data.outbox cascade;
select test.report(60, '150003', '{"category": "DV"}');
select test.report(61, '160002', '{"category": "LIGHT", "urgent": true}');
select test.report(62, '170001', '{"category": "LIGHT", "urgent": true}');
select is((select count(*) from test.told), 3::bigint, 'three are told of');
select lives_ok($$ select glas.classify('160002', 'LIGHT', urgent => false) $$, 'one is a lamp');
select lives_ok($$ select glas.merge('170001', '150003', 'isto') $$, 'one is the same');
select test.texts_in('k', 'take', '150003');
select test.clock('2026-11-25 22:20+01');
select is(glas_gw.duty(), 0, 'nobody is told of them again');
select results_eq('select reference, taken_by from glas.duty_calls order by 1',
    format('values (%L, %L), (%L, %L)', '150003', 'kosta', '170001', session_user), 'who merged it has it');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 0::bigint, 'and nothing is wrong');
select lives_ok($$ select glas.classify('160002', urgent => true) $$, 'it is urgent after all');
select is((select count(*) from test.told where reference = '160002'), 2::bigint, 'then it begins anew');
select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', 'c60', 'copy', 'c',
        'version', (select version from glas_data.citizen where token = test.sealed('c60')))),
    'segments', '[{"identity": "s63", "message": 63}]'::jsonb,
    'texts', '[{"id": 63, "reference": "150003", "text": "kontejner je pun smeca"}]'::jsonb));
select is((select urgent from glas.split('150003', array[63])), false, 'a part of what is urgent is not, by itself');
select test.clock('2026-11-25 23:45+01');

select glas_data.erase((select citizen from glas_data.duty_phone where member = 'mira'), 21);
select is((select phone from glas.duty where member = 'mira'), 'none', 'an erasure takes the telephone');
select count(glas.duty_remove(id)) from glas.duty where member = 'vera';
select is((select count(*) from glas_data.duty_phone where member = 'vera'), 0::bigint, 'and so does the end of duty');

-- Who cries again and again wakes once, and one text says how many more there are.
select test.clock('2026-11-25 23:00+01');
truncate glas_data.duty_told, glas_data.duty_call, glas_data.outbox cascade;
delete from glas_data.duty where member <> 'kosta';
create function test.reference(number bigint) returns text language sql as $$
    select '90' || number || glas_data.luhn_digit('90' || number) $$;
create function test.cry(who text, number bigint) returns void language sql as $$
    select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', who, 'copy', 'c', 'version',
            (select version from glas_data.citizen where token = test.sealed(who)))),
        'segments', jsonb_build_array(jsonb_build_object('identity', 'cry' || number, 'message', number)),
        'texts', jsonb_build_array(jsonb_build_object('id', number, 'reference', r, 'text', 'gori ' || number)),
        'reports', jsonb_build_array(jsonb_build_object('reference', r, 'message', number, 'urgent', true))))
      from (select test.reference(number) as r) f $$;
select test.cry('loud', n) from generate_series(100, 158) n;
select test.clock('2026-11-25 23:01+01');
select test.cry('loud', 159);
select is((select count(*) from test.told), 1::bigint, 'sixty reports of one person are one text');
select is((select count(*) from glas.duty_calls where told = 'kosta' and taken_at is null), 60::bigint, 'all of them are seen');
select is(glas_gw.duty(), 1, 'and one text more');
select is((select text from test.told offset 1), format('HITNO: jos 59, %s. PREUZIMAM %1$s', test.reference(159)), 'says how many there are');
select test.cry('loud', 160);
select is(glas_gw.duty(), 0, 'within the hour nothing is said of the next');
select test.clock('2026-11-25 23:02+01');
select test.cry('other', 161);
select is((select reference from test.told offset 2), test.reference(161), 'another person wakes as ever');
select test.texts_in('k', 'take', '');
select is((select taken_by from glas.duty_calls where reference = test.reference(161)), 'kosta', 'and is the one that is meant');
select test.cry('someone' || n, n) from generate_series(162, 178) n;
select test.clock('2026-11-25 23:03+01');
select test.cry('someone179', 179);
select is((select count(*) from test.told where text like 'HITNO: %, Vranje'), 10::bigint, 'ten texts an hour, of whomever');
select test.clock('2026-11-26 00:00+01');
select is(glas_gw.duty(), 0, 'nor to who is not on duty any more');
select matches(glas.duty_add('kosta', 4, '00:00', '00:00', ''), 'kosta, Thu', 'who goes on');
select is((select sum(glas_gw.duty()) from generate_series(1, 5)), 0::bigint, 'nothing is said before that hour is over');
select is((select count(*) from glas_data.duty_call where stuck_at is not null), 79::bigint, 'what nobody takes is an alert');
select test.clock('2026-11-26 00:02+01');
select is(glas_gw.duty(), 1, 'then the rest is told of');
select is((select text from test.told order by text like '% jos 11, ' || test.reference(179) || '.%' desc limit 1),
    format('HITNO: jos 11, %s. PREUZIMAM %1$s', test.reference(179)), 'in one text');

-- Whoever could not read it is not woken, whatever stands in the rota, nor takes it.
select test.clock('2026-12-02 23:00+01');
insert into glas_data.duty_phone (member, citizen, since)
select v.member, c.id, glas.now() from (values ('mira', 'm'), ('vera', 'v')) v (member, who)
  join glas_data.citizen c on c.token = test.sealed(v.who) where c.erased_at is null;
delete from glas_data.duty;
insert into glas_data.duty (organisation, weekday, from_time, to_time, member, set_by, set_at) values
    ('', 3, '00:00', '00:00', 'vera', 'kosta', glas.now()), ('', 3, '00:00', '00:00', 'petra', 'kosta', glas.now());
set session authorization mira;
select results_eq('select member, phone from glas.duty', $$ values ('vera', 'no use'), ('petra', 'no use') $$, 'which is seen');
reset session authorization;
truncate glas_data.outbox cascade;
select test.report(40, '110007', '{"urgent": true}');
select is((select count(*) from test.told), 0::bigint, 'nobody is woken for what they cannot read');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 1::bigint, 'that nobody is left is seen at once');
set session authorization kosta;
select matches(glas.duty_add('kosta', 3, '00:00', '00:00', ''), 'the network', 'a coordinator');
select matches(glas.duty_add('vera', 3, '00:00', '00:00'), 'Odbor Vranje', 'and vera for her own');
reset session authorization;
select test.clock('2026-12-02 23:01+01');
select is(glas_gw.duty(), 1, 'the next round');
select results_eq('select member, reference from test.told', $$ values ('kosta', '110007') $$, 'wakes who can read it');
select test.texts_in('k', 'take', '');
set session authorization kosta;
select is((select count(*) from glas.read('110007') r where r like 'Report 110007, open%'), 1::bigint, 'who takes it reads it');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje' where reference = '110007';
select test.report(41, '120006');
update glas_data.report set organisation = 'Odbor Vranje' where reference = '120006';
select lives_ok($$ select glas.classify('120006', urgent => true) $$, 'one of her own');
select is((select told from glas.duty_calls where reference = '120006'), 'vera', 'wakes her');
update glas_data.report set organisation = 'Druga' where reference = '120006';
select test.texts_in('v', 'take', '120006');
select results_eq($$ select taken_by from glas_data.duty_call where reference = '120006' $$, $$ values ('') $$,
    'what has gone elsewhere meanwhile she does not take');
select is((select text from test.told where member = 'vera' order by text desc limit 1), 'Nijedna hitna prijava ne ceka na vas.', 'and hears so');
select test.clock('2026-12-02 23:20+01');
savepoint ails;
create or replace function glas_data.due_on() returns void language plpgsql as $f$ begin raise 'it ails'; end $f$;
select throws_ok('select glas_gw.tend()', 'P0001', 'it ails', 'whatever else fails');
select is(glas_gw.duty(), 1, 'keeps nobody asleep');
rollback to ails;
select is(glas_gw.duty(), 1, 'the next one is woken');
select is((select told from glas.duty_calls where reference = '120006'), 'vera, kosta', 'who can read it');

-- Who was helped, and is not: they write again, and somebody is woken again.
create function test.says(kind text, value text) returns text language sql as $$
    select glas_data.act(citizen, 40, kind, '110007', value) from glas_data.report where reference = '110007';
    select format('%s %s %s', (select status from glas_data.report where reference = '110007'),
                  (select count(*) from test.told where reference = '110007' and text like 'HITNO%'),
                  (select taken_by from glas.duty_calls where reference = '110007')) $$;
select is(test.says('follow', ''), 'open 1 kosta', 'what is added while somebody has it wakes nobody');
select test.clock('2026-12-03 00:10+01');
set session authorization kosta;
select glas.duty_add('kosta', 4, '00:00', '00:00', ''), glas.set_status('110007', 'answered');
reset session authorization;
select test.clock('2026-12-03 00:11+01');
select is(test.says('follow', ''), 'open 1 kosta', 'who writes that all is well wakes nobody');
select is(test.says('follow', '/DV/'), 'open 1 kosta', 'nor what is of something else');
select is(test.says('follow', '//LIGHT/'), 'open 2 ', 'of the same, who had it is told once more, and it is nobody''s');
select is(test.says('follow', '///urgent'), 'open 2 ', 'once');
select is(glas_gw.duty(), 0, 'who opened it has not taken it');
select is((select taken_by from glas.duty_calls where reference = '110007'), '', 'nor does it say so');
set session authorization kosta;
select is((select status from glas.set_status('110007', 'open', 'zovem je')), 'open', 'who is at psql takes it as the alert says');
select is((select taken_by from glas.duty_calls where reference = '110007'), 'kosta', 'at once');
select results_eq($$ select who, note from glas.history where reference = '110007' and what = 'taken' order by at desc limit 1 $$,
    $$ values ('kosta', 'zovem je') $$, 'as the history says');
select throws_like($$ select glas.set_status('110007', 'open') $$, 'report 110007 is open and cannot become "open"%', 'once');
select glas.set_status('110007', 'closed', 'gotovo');
reset session authorization;
select is(test.says('solved', 'no'), 'open 3 ', 'and so who says that it is not solved');
select is((select count(*) from glas.history where reference = '110007' and what = 'duty'), 3::bigint, 'all of which is kept');
set session authorization kosta;
select glas.classify('110007', urgent => false), glas.set_status('110007', 'answered');
reset session authorization;
select is(test.says('follow', ''), 'open 3 ', 'of what is not urgent nobody is woken');

select is(test.says('follow', 'POLICE/POL_DET//urgent'), 'open 4 ', 'but where what they add is, once');
select is(test.says('follow', '///urgent'), 'open 4 ', 'and no more of what they add then');
select results_eq($$ select was, now_is from glas.history where reference = '110007' and what = 'urgent' and who = 'citizen' $$,
    $$ values ('false', 'true') $$, 'which is written down');
-- Somebody has it, and finds it calm, or refers it.
set session authorization kosta;
select glas.set_status('110007', 'open', 'moja je'), glas.classify('110007', urgent => false);
reset session authorization;
select is(test.says('follow', '///urgent'), 'open 5 ', 'danger wakes somebody where it was found calm');
set session authorization kosta;
select glas.set_status('110007', 'open', 'moja je'), glas.set_status('110007', 'referred', 'opstini');
reset session authorization;
select is(test.says('follow', 'MUNI///'), 'referred 5 kosta', 'what is calm stays referred');
select is(test.says('follow', '///urgent'), 'open 6 ', 'danger does not');

-- A fault in all of this costs no text.
alter table glas_data.duty_told rename to gone;
select lives_ok($$ select test.report(15, '800003', '{"urgent": true}') $$, 'a fault costs no text');
alter table glas_data.gone rename to duty_told;
select is((select count(*) from glas.reports where reference = '800003'), 1::bigint, 'which is here');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 1::bigint, 'that nobody is woken is seen');
select test.clock('2026-12-03 00:12+01');
select is(glas_gw.duty(), 1, 'and somebody is, a minute later');
select is((select told from glas.duty_calls where reference = '800003'), 'kosta', 'who can read it');
select test.texts_in('k', 'take', '800003');
set session authorization kosta;
select glas.set_status('800003', 'answered');
reset session authorization;
alter function glas_data.duty_tell(text) rename to duty_tells;
create function glas_data.duty_tell(p_reference text) returns int language plpgsql as $f$
begin
    if p_reference = '800003' then
        raise 'it ails';
    end if;
    return glas_data.duty_tells(p_reference);
end $f$;
select test.clock('2026-12-03 00:13+01');
select lives_ok($$ select glas_data.act(citizen, 15, 'solved', '800003', 'no') from glas_data.report where reference = '800003' $$,
    'nor a word that it is not solved');
select results_eq($$ select status, taken_by, c.taken_at from glas.duty_calls c join glas.reports using (reference) where reference = '800003' $$,
    $$ values ('open', '', null::timestamptz) $$, 'it is open, and nobody''s');
select is((select count(*) from glas.alerts where name = 'duty-unanswered'), 1::bigint, 'which is seen');
select test.report(16, '810002', '{"urgent": true}');
update glas_data.duty_call set next_at = '2026-12-03 00:13+01' where reference = '810002';
delete from glas_data.duty_told where reference = '810002';
select test.clock('2026-12-03 00:14+01');
select is(glas_gw.duty(), 1, 'nor does it keep anybody asleep for another report');
select is((select told from glas.duty_calls where reference = '810002'), 'kosta', 'of which they are told');
drop function glas_data.duty_tell(text);
alter function glas_data.duty_tells(text) rename to duty_tell;
select test.clock('2026-12-03 00:15+01');
select is(glas_gw.duty(), 1, 'whoever was not told is told when it ails no more');

-- Who leaves is woken no more, and their number is nobody's.
create role nina login;
set session authorization kosta;
select lives_ok($$ select glas.member_add('nina', 'Zajednica', 'caseworker') $$, 'somebody comes');
select lives_ok($$ select glas.duty_add('nina', 1, '08:00', '16:00') $$, 'is on duty');
select lives_ok($$ select glas.duty_code('nina') $$, 'gets a code');
reset session authorization;
insert into glas_data.duty_phone (member, citizen, since) select 'nina', min(id), now() from glas_data.citizen
 where id not in (select citizen from glas_data.duty_phone);
set session authorization kosta;
select lives_ok($$ select glas.member_remove('nina') $$, 'and leaves');
reset session authorization;
select is_empty($$ select member from glas_data.duty where member = 'nina' union all select member from glas_data.duty_phone where member = 'nina'
    union all select member from glas_data.duty_code where member = 'nina' $$, 'with duty, telephone and code');

select * from finish();
rollback;
