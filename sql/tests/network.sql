-- Organisations, what each takes, and to whom a case is shown.
begin;
\ir fixture.psql
select plan(180);
select test.office();
create role ines login;
create role zoran login;
create role novi login;
create role dusan login;
create role vladan login createrole;
grant glas_caseworker to ines, dusan;
grant glas_coordinator to zoran;
insert into glas_data.reply_text (key, lang, text, source, reviewer, last_checked)
values ('REFER_ASK', 'sr-Latn', 'Prijava {REF}: sme li da je vidi {ORG}?', 'project', 'none', '2026-11-28');
insert into glas_data.category (code) values ('POL_FORCE'), ('POL_ID');

-- Who is in it.
set session authorization kosta;
select is((select kind || comment from glas.organisation_add(' Policija Vranje ', 'police', 'PU')),
    'policePU', 'an organisation is added');
select throws_like($$ select glas.organisation_add('X', 'bank') $$, 'there is no kind "bank": it is one of ngo,%',
    'of a kind that there is');
select throws_like($$ select glas.organisation_add(' ') $$, 'the name is empty%', 'with a name');
select is((select kind from glas.organisation_add('odbor vranje', 'ngo')), 'ngo', 'again it is the same one');
select is((select count(*) from glas.organisations where lower(name) = 'odbor vranje'), 1::bigint,
    'however it is written');
select throws_ok($$ select glas.organisation_add('ZAJEDNICA', 'ministry') $$, '42501',
    'nobody changes what their own organisation is: ask a coordinator of another than Zajednica', 'the own one stays what it is');
select is((select organisation || kind from glas.member_add('ines', 'druga', 'caseworker')),
    'Drugacaseworker', 'a role is given its place');
select is((select organisation from glas.member_add('dusan', 'Policija Vranje', 'caseworker')),
    'Policija Vranje', 'an officer, too');
select is((select kind from glas.member_add('zoran', 'Policija Vranje', 'coordinator')), 'coordinator',
    'and a coordinator of theirs');
select is((select kind from glas.member_add('novi', 'Druga', 'press')), 'press', 'a fresh role');
reset session authorization;
select ok(pg_has_role('novi', 'glas_press', 'member'), 'is a member of that group then');
set session authorization kosta;
select is((select kind from glas.member_add('novi', 'Druga', 'operator')), 'operator', 'what it is can change');
reset session authorization;
select ok(pg_has_role('novi', 'glas_operator', 'member') and not pg_has_role('novi', 'glas_press', 'member'),
    'and it is not both');
set session authorization kosta;
select throws_like($$ select glas.member_add('nema', 'Druga', 'press') $$, 'there is no role "nema": an operator makes it with glasctl admin add%', 'a role that is not there');
select throws_like($$ select glas.member_add('vladan', 'Druga', 'press') $$, 'role vladan cannot be given a place%', 'one that makes roles');
select throws_like($$ select glas.member_add('vrata', 'Druga', 'press') $$, 'role vrata cannot%', 'the daemon');
select throws_like($$ select glas.member_add('glas_owner', 'Druga', 'press') $$, 'role glas_owner cannot%', 'the owner');
select throws_like($$ select glas.member_add('glas_press', 'Druga', 'auditor') $$, 'role glas_press cannot%', 'a group');
select throws_like($$ select glas.member_add('pg_read_all_data', 'Druga', 'auditor') $$, 'role pg_read_all_data cannot%', 'a role of PostgreSQL');
select throws_like($$ select glas.member_add('kosta', 'Druga', 'auditor') $$, 'nobody changes their own place%', 'oneself');
select throws_like($$ select glas.member_add('novi', 'Nema', 'press') $$, 'there is no organisation "Nema"%', 'nowhere');
select throws_like($$ select glas.member_add('novi', 'Druga', 'owner') $$, 'there is no kind "owner"%', 'as nothing');
select matches(glas.member_remove('novi'), '^novi may nothing here any more', 'a place is taken away');
reset session authorization;
select ok(not pg_has_role('novi', 'glas_operator', 'member'), 'and the group with it');
set session authorization kosta;
select throws_like($$ select glas.member_remove('novi') $$, 'there is no member novi%', 'once');
set session authorization mira;
select results_eq('select role from glas.members', array['mira'], 'a case worker sees the own people');
select throws_ok($$ select glas.member_add('novi', 'Druga', 'press') $$, '42501', null, 'and places nobody');
reset session authorization;
select is_empty($$ select r.rolname from pg_roles r
                    where (r.rolsuper or r.rolcreaterole) and exists (
                          select from pg_shdepend d where d.refobjid = r.oid and d.deptype = 'o'
                             and d.classid = 'pg_proc'::regclass
                             and d.objid in (select oid from pg_proc where pronamespace in
                                 ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace))) $$,
    'no function belongs to a role that may make roles');
select is((select array_agg(g.rolname::text order by g.rolname::text) from pg_auth_members m
             join pg_roles g on g.oid = m.roleid where m.member = 'glas_owner'::regrole),
    array['glas_auditor', 'glas_caseworker', 'glas_coordinator', 'glas_operator', 'glas_press', 'glas_reader'],
    'the owner passes on the groups of people, and makes views for its reader');
select is_empty($$ select m.member::regrole from pg_auth_members m
                    where m.roleid = 'glas_reader'::regrole and m.member <> 'glas_owner'::regrole $$,
    'as which nobody reads');
select is_empty($$ select c.oid::regclass from pg_class c
                    where c.relnamespace = 'glas_data'::regnamespace and c.relkind in ('r', 'p')
                      and not c.relrowsecurity $$, 'every table guards its rows');

-- What each takes.
set session authorization kosta;
select glas.organisation_add('Pusta'), glas.cover('Pusta', 'Vranje', 'LIGHT', priority => 1);
select is((select count(*) from glas.cover('Odbor Vranje', 'vranje')), 1::bigint, 'a municipality');
select is((select category from glas.cover('druga', 'Vranje', 'road')), 'ROAD', 'more is said');
select is((select priority from glas.cover('Zajednica', category => 'POL_*', priority => 5)), 5, 'a family');
select throws_like(format('select glas.cover(''Policija Vranje'', %s)', said), 'Policija Vranje is an authority of the police, and never%cover '
    || what, said) from (values ($$'Vranje', 'POL_FORCE'$$, 'POL_FORCE'), ($$category => 'pol_*'$$, 'POL_*'),
    ($$'Vranje', 'ROAD', actor => 'police'$$, 'ROAD, POLICE')) v (said, what);
select throws_like($$ select glas.cover('Druga', 'Atlantida') $$, 'there is no place%', 'no such place');
select throws_like($$ select glas.cover('Druga', category => 'STARS') $$, 'there is no category "STARS"%', 'no such category');
select throws_like($$ select glas.cover('Druga', lang => 'fr') $$, 'there is no language "fr"%', 'no such language');
reset session authorization;
-- As it may stand there from before.
insert into glas_data.coverage (organisation, municipality, category, since) values ('Policija Vranje', 'Vranje', 'POL_FORCE', glas.now());
insert into glas_data.organisation (name, since) select n, now() from unnest(array['Pravna pomoć', 'Šuma', 'Suma']) n;
select is(glas_data.organisation_of(typed), name, typed) from (values ('pravna pomoc', 'Pravna pomoć'), ('ПРАВНА ПОМОЋ', 'Pravna pomoć'),
    ('suma', 'Suma'), ('šuma', 'Šuma')) v (typed, name);
select throws_like($$ select glas_data.organisation_of('шума') $$, 'there is no organisation%', 'of two that read alike none is guessed');
delete from glas_data.organisation where name in ('Pravna pomoć', 'Šuma', 'Suma');
select is(glas_data.route('LIGHT', '', '', 'Vranje', 'sq', ''), 'Odbor Vranje', 'a place');
select is(glas_data.route('ROAD', '', '', 'Vranje', 'sq', ''), 'Druga', 'who says more is first');
select is(glas_data.route('ROAD', '', '', 'Bujanovac', 'sq', ''), null, 'nobody');
select is(glas_data.route('POL_FORCE', '', '', 'Vranje', 'sq', 'POLICE'), 'Zajednica', 'never the police about the police');
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}], "segments": [{"identity": "c", "message": 3}],
    "texts": [{"id": 3, "reference": "300004", "text": "udario me policajac"}],
    "reports": [{"reference": "300004", "message": 3, "category": "POL_FORCE", "actor": "POLICE"}]}');
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}], "segments": [{"identity": "d", "message": 4}],
    "texts": [{"id": 4, "reference": "400002", "text": "mrak"}],
    "reports": [{"reference": "400002", "message": 4}]}');
select results_eq($$ select reference::text, organisation from glas_data.report where reference in ('300004', '400002') order by 1 $$,
    $$ values ('300004', 'Zajednica'), ('400002', 'Odbor Vranje') $$, 'what comes goes where it belongs');
select results_eq($$ select who, what, now_is from glas_data.report_history where reference = '400002' $$,
    $$ values ('routing', 'organisation', 'Odbor Vranje') $$, 'and the history says so');
set session authorization mira;
select is((select count(*) from glas.classify('400002', 'ROAD')), 0::bigint, 'corrected, it goes to another');
reset session authorization;
select is((select organisation from glas_data.report where reference = '400002'), 'Druga', 'who takes roads');
set session authorization kosta;
select is((select organisation from glas.assign('400002', 'Zajednica')), 'Zajednica', 'a person decides');
select is((select organisation from glas.classify('400002', 'LIGHT')), 'Zajednica', 'which stays');
select throws_like($$ select glas.assign('300004', 'Policija Vranje') $$, 'report 300004 is about the police, and Policija Vranje is of the police%', 'police are not assigned what is about them');
select throws_like($$ select glas.refer('300004', 'Policija Vranje') $$, 'report 300004 is about the police%', 'nor is it referred to them');
select is((select organisation from glas.assign('400002', 'Policija Vranje')), 'Policija Vranje', 'something else is');
set session authorization dusan;
select results_eq('select reference from glas.reports', array['400002'], 'they see that');
set session authorization kosta;
select is((select actor from glas.classify('400002', actor => 'POLICE')), 'POLICE', 'it turns out to be about them');
select is((select organisation from glas.reports where reference = '400002'), null, 'which makes it the network''s');
select ok((select number from glas.today() where what = 'cases that no organisation has') > 0, 'and a coordinator is told');
select is((select who || ' ' || was || ': ' || note from glas.history where reference = '400002' order by at desc, note desc limit 1),
    'glas Policija Vranje: it is about the police', 'with the reason');
set session authorization dusan;
select is((select count(*) from glas.reports), 0::bigint, 'then they see it no more');
set session authorization zoran;
select is((select count(*) from glas.reports) + (select count(*) from glas.inbox), 0::bigint, 'nor does their coordinator');

-- That an organisation is of them turns out last.
reset session authorization;
savepoint late;
update glas_data.report set organisation = 'Odbor Vranje' where reference in ('100008', '300004');
set local track_functions = 'all';
set session authorization kosta;
select is((select comment from glas.organisation_add('Odbor Vranje', comment => '9-15')), '9-15', 'what others should know of it');
select is((select calls from pg_stat_xact_user_functions where schemaname = 'glas_data' and funcname = 'is_barred'), null,
    'is corrected without a look at its reports');
select is((select kind from glas.organisation_add('Odbor Vranje', 'police')), 'police', 'they are of the police');
select results_eq($$ select reference, coalesce(organisation, 'nobody') from glas.reports where reference in ('100008', '300004') order by 1 $$,
    $$ values ('100008', 'Odbor Vranje'), ('300004', 'nobody') $$, 'what is about the police is for a coordinator to assign');
reset session authorization;
rollback to late;

-- What is added later speaks of them: it was theirs, and is not any more.
reset session authorization;
update glas_data.report set actor = '', organisation = 'Policija Vranje' where reference = '400002';
select glas_data.follow('400002', r.citizen, r.message, 'MUNI/ROAD/LIGHT') from glas_data.report r where reference = '400002';
set session authorization dusan;
select is((select count(*) from glas.reports where reference = '400002'), 1::bigint, 'they see what is added to theirs');
reset session authorization;
select glas_data.follow('400002', r.citizen, r.message, 'POLICE') from glas_data.report r where reference = '400002';
select results_eq($$ select organisation, actor from glas_data.report where reference = '400002' $$,
    $$ values (null::text, 'POLICE') $$, 'but what speaks of the police');
update glas_data.report set actor = '', organisation = null where reference = '400002';
select glas_data.follow('400002', r.citizen, r.message, 'POLICE') from glas_data.report r where reference = '400002';
select is((select actor from glas_data.report where reference = '400002'), 'POLICE', 'also where it was nobody''s: nor will they get it');
select results_eq($$ select who, was, now_is, note from glas_data.report_history
                      where reference = '400002' and what = 'actor' and who = 'citizen' order by id desc limit 1 $$,
    $$ values ('citizen', '', 'POLICE', 'what was added speaks of the police') $$, 'and the history has who was named');
-- A guess hides it, and is undone by who says what the case is about.
create function test.may_be(p_of text) returns text language plpgsql as $f$
begin
    update glas_data.report set actor = '', police_guess = false, organisation = 'Policija Vranje' where reference = '400002';
    perform glas_data.follow('400002', r.citizen, r.message, p_of) from glas_data.report r where reference = '400002';
    return (select concat_ws(' ', coalesce(r.organisation, 'nobody'), '(' || r.actor || ')', r.police_guess)
              from glas_data.report r where reference = '400002');
end $f$;
select is(test.may_be('?MUNI/ROAD/'), 'Policija Vranje () f', 'a place by the town hall is theirs');
select is(test.may_be('?POLICE/ROAD/'), 'nobody () t', 'one by the police may be about them');
select is(test.may_be('/COR/POL_BRIBE'), 'nobody () t', 'nor what may be about them, where nobody is named');
select results_eq($$ select who, was, now_is, note from glas_data.report_history
                      where reference = '400002' and what = 'police_guess' order by id desc limit 1 $$,
    $$ values ('citizen', 'false', 'true', 'what was added may be about the police') $$, 'and the history says so');
select is(due_what, '', 'nothing is due of a guess') from glas_data.report where reference = '400002';
set session authorization kosta;
select is((select count(*) from glas.read('400002') l where l like '%perhaps about the police%'), 1::bigint, 'who works on it is told');
select throws_like($$ select glas.assign('400002', 'Policija Vranje') $$, 'report 400002 is perhaps about the police%', 'they are not given it');
select is((select actor from glas.classify('400002', place => 'Vranje')), '', 'a place says nothing of it');
select throws_like($$ select glas.assign('400002', 'Policija Vranje') $$, 'report 400002 is perhaps about the police%', 'so the guess stays');
select is((select actor from glas.classify('400002', actor => '', note => 'niko od njih')), '', 'a person has decided');
select results_eq($$ select who, was, now_is, note from glas.history where reference = '400002' and what = 'police_guess' and who = 'kosta' $$,
    $$ values ('kosta', 'true', 'false', 'niko od njih') $$, 'which the history has');
select is((select organisation from glas.assign('400002', 'Policija Vranje')), 'Policija Vranje', 'so they may have it');
reset session authorization;
select is(test.may_be('/POL_BRIBE/'), 'nobody () t', 'until more is said');
set session authorization kosta;
select is((select category from glas.classify('400002', 'ROAD')), 'ROAD', 'whoever says what it is');
reset session authorization;
select ok(not police_guess, 'has decided as well') from glas_data.report where reference = '400002';
select is(test.may_be('/COR/POL_BRIBE'), 'nobody () t', 'and it is theirs no more');
-- "Nobody came", to a street light, is said of the electricians.
select is(test.may_be('/POL_NOACT/OTHER'), 'nobody () t', 'nobody came: that may be the police');
insert into glas_data.category (code, "group") values ('MUNI', 8), ('THEFT', 6), ('POL_NOACT', 1);
update glas_data.category set "group" = 8 where code in ('LIGHT', 'ROAD');
select test.store('{"citizens": [{"who": "gaga", "copy": "gaga"}, {"who": "hana"}],
    "segments": [{"identity": "g", "message": 7}, {"identity": "h", "message": 8, "citizen": 2}],
    "texts": [{"id": 7, "reference": "700005", "text": "nema svetla"},
              {"id": 8, "citizen": 2, "reference": "800003", "text": "ni kod nas"}],
    "reports": [{"reference": "700005", "message": 7}, {"reference": "800003", "message": 8, "citizen": 2}]}');
create function test.nobody_came(p_of text default '/POL_NOACT/OTHER') returns text language plpgsql as $f$
begin
    update glas_data.report set organisation = 'Policija Vranje', police_guess = false, actor = '' where reference = '700005';
    perform glas_data.follow('700005', r.citizen, r.message, p_of) from glas_data.report r where reference = '700005';
    return (select concat_ws(' ', coalesce(r.organisation, 'nobody'), r.police_guess) from glas_data.report r where reference = '700005');
end $f$;
select is(test.nobody_came(), 'Policija Vranje f', 'or the service that was to mend the light');
select is(test.nobody_came('MUNI/POL_NOACT/'), 'Policija Vranje f', 'also where it is named');
savepoint service;
select is(test.nobody_came('POLICE/POL_NOACT/'), 'nobody f', 'who names the police means them');
rollback to service;
select is(test.nobody_came('?POLICE/POL_NOACT/'), 'nobody t', 'or may');
rollback to service;
select is(test.nobody_came('/POL_NOACT/POL_BRIBE'), 'nobody t', 'more than that may be about them');
rollback to service;
update glas_data.report set category = 'THEFT' where reference = '700005';
select is(test.nobody_came(), 'nobody t', 'a theft is told to the police');
rollback to service;
update glas_data.report set category = '', first = 'LIGHT', second = 'ROAD' where reference = '700005';
select is(test.nobody_came(), 'Policija Vranje f', 'where it is open, both of what it may be are of a service');
update glas_data.report set second = 'THEFT' where reference = '700005';
select is(test.nobody_came(), 'nobody t', 'or it may be the police');
rollback to service;
update glas_data.report set category = '' where reference = '700005';
select is(test.nobody_came(), 'nobody t', 'so it is where nothing is known');
rollback to service;
update glas_data.body set text = 'zvali smo 192 za kabl' where message = 7;
select is(test.nobody_came(), 'nobody t', 'or their number stands in the case');
rollback to service;
update glas_data.report set merged_into = '700005' where reference = '800003';
select is(test.nobody_came(), 'Policija Vranje f', 'where another of the same light is joined');
update glas_data.body set text = 'zvao sam 192, niko nije dosao' where message = 8;
select is(test.nobody_came(), 'nobody t', 'it may stand in that one');
rollback to service;
update glas_data.report set merged_into = '700005', category = 'THEFT' where reference = '800003';
select is(test.nobody_came(), 'nobody t', 'or a joined report is of what is told to them');
rollback to service;
insert into glas_data.report_history (reference, at, who, what, was) values ('700005', now(), 'kosta', 'actor', 'POLICE');
select is(test.nobody_came(), 'nobody t', 'or somebody has spoken of them before');
rollback to service;
update glas_data.report set organisation = null where reference = '700005';
select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', 'dana', 'copy', 'dana',
        'version', (select version from glas_data.citizen where token = test.sealed('dana')))),
    'segments', '[{"identity": "d44", "message": 44}]'::jsonb,
    'texts', '[{"id": 44, "text": "i uzimaju pare", "reference": "400002"}]'::jsonb));
set session authorization kosta;
select from glas.split('400002', array[44]::bigint[], 'nešto drugo', 'LIGHT');
reset session authorization;
select ok(bool_and(police_guess), 'what is split from it may be about them, too') from glas_data.report
 where message = 44 having count(*) = 1;
set session authorization zoran;
select is_empty($$ select reference from glas.reports union all select reference from glas.inbox
                   union all select reference from glas.history $$, 'which they never see');
set session authorization kosta;
select is((select note from glas.history where reference = '400002' order by at desc, note desc limit 1),
    'what was added speaks of the police', 'and others see why');

-- Joined with what is about them: a case is one, whichever report of it is looked at.
reset session authorization;
select test.store('{"citizens": [{"who": "ema", "copy": "ema"}, {"who": "fata", "copy": "fata"}],
    "segments": [{"identity": "e", "message": 5}, {"identity": "f", "message": 6, "citizen": 2}],
    "texts": [{"id": 5, "reference": "500009", "text": "auto smeta"},
              {"id": 6, "citizen": 2, "reference": "600007", "text": "stoji na trotoaru"}],
    "reports": [{"reference": "500009", "message": 5}, {"reference": "600007", "message": 6, "citizen": 2}]}');
update glas_data.report set organisation = 'Policija Vranje' where reference = '500009';
set session authorization kosta;
select throws_like($$ select glas.merge('300004', '500009', 'isto') $$, 'report 300004 is about the police, and Policija Vranje is%',
    'what is about them is not joined with what they have');
select throws_like($$ select glas.merge('500009', '300004', 'isto') $$, 'report 300004 is about the police%', 'nor the other way round');
select is((select reference from glas.merge('600007', '500009', 'isto')), '500009', 'something else is');
set session authorization dusan;
select results_eq('select reference from glas.reports order by 1', array['500009'], 'they see theirs');
set session authorization kosta;
select is((select category from glas.classify('600007', 'POL_FORCE')), 'POL_FORCE', 'of which it turns out later');
select is((select organisation from glas.reports where reference = '500009'), null, 'what it is joined with is the network''s, too');
reset session authorization;
select glas_data.follow('600007', (select id from glas_data.citizen where token = test.sealed('fata')), 6, '');
set session authorization dusan;
select is_empty($$ select reference, text from glas.reports union all select reference, text from glas.inbox
                   union all select reference, now_is from glas.history where reference in ('500009', '600007') $$,
    'then they see neither, nor what was added');
select throws_like($$ select glas.reply_all('500009', 'ko ste?') $$, 'there is no report 500009%', 'nor write to who reported them');
set session authorization kosta;
select lives_ok($$ select glas.assign('500009', 'Zajednica') $$, 'others take it');
select throws_like($$ select glas.assign('500009', 'Policija Vranje') $$, 'report 500009 is joined with one about the police, and%', 'and they do not get it back');
select throws_like($$ select glas.refer('500009', 'Policija Vranje') $$, 'report 500009 is joined with one%', 'nor by consent');
reset session authorization;
update glas_data.coverage set category = 'LIGHT' where organisation = 'Policija Vranje';
update glas_data.coverage set municipality = 'Bujanovac' where organisation = 'Odbor Vranje';
insert into glas_data.report_history (reference, at, who, what, now_is) values ('500009', now(), 'routing', 'organisation', 'Zajednica');
select glas_data.reroute('500009');
select is((select organisation from glas_data.report where reference = '500009'), 'Zajednica', 'nor by a correction');
savepoint apart;
set session authorization kosta;
select lives_ok($$ select glas.set_status('600007', 'open', 'to je onaj koga je udario Petrović') $$, 'taken apart');
reset session authorization;
update glas_data.report set organisation = 'Policija Vranje' where reference = '500009';
set session authorization dusan;
select is((select count(*) from glas.reports where reference = '500009'), 1::bigint, 'it may be theirs then');
select is_empty($$ select h::text from glas.history h where h::text ~ '600007|Petrović|isto' $$, 'without a word of what it was joined with');
select is_empty($$ select l from glas.read('500009') l where l ~ '600007|Petrović|isto' $$, 'also on the page');
select isnt_empty($$ select from glas.history where reference = '500009' and what = 'organisation' $$, 'what else became of it they read');
reset session authorization;
rollback to apart;
set session authorization kosta;
select is((select guesses from glas.split('500009', array[6])), 'LIGHT', 'what is split away may be what the whole was');
reset session authorization;
select ok(police_guess, 'and who wrote it may have told of the police elsewhere in it') from glas_data.report
 where message = 6 and reference <> '600007';
update glas_data.report set category = '', first = 'LIGHT', second = 'POL_ID' where reference = '500009';
update glas_data.message set reference = '500009' where id = 6;
set session authorization kosta;
select is((select guesses from glas.split('500009', array[6])), 'LIGHT, POL_ID', 'where it was a guess, too');

-- Who has nobody gets nothing, and what they have is seen.
set session authorization kosta;
select lives_ok($$ select glas.member_add('novi', 'Pusta', 'press') $$, 'the press works on no cases');
reset session authorization;
select isnt(glas_data.route('LIGHT', '', '', 'Vranje', 'bg', ''), 'Pusta', 'so it is given none');
update glas_data.report set organisation = 'Pusta' where reference = '400002';
set session authorization kosta;
select is((select number from glas.today() where what = 'cases of organisations that have nobody'), 1::bigint, 'what it has is counted');
select lives_ok($$ select glas.member_add('novi', 'Pusta', 'caseworker') $$, 'somebody comes');
reset session authorization;
select is(glas_data.route('LIGHT', '', '', 'Vranje', 'bg', ''), 'Pusta', 'then it is given some');

-- Shown with consent.
set session authorization mira;
select is((select state || asked from glas.refer('100008', 'Druga', 'pravna pomoć')),
    'askedPrijava 100008: sme li da je vidi Druga?', 'the person is asked');
set session authorization ines;
select is((select count(*) from glas.reports), 0::bigint, 'until they agree nobody sees it');
reset session authorization;
update glas_data.outbox set state = 'accepted' where reference = '100008' and state = 'queued' and kind = 'reply';
set session authorization mira;
select throws_like($$ select glas.consent('100008', 'Druga', true) $$, 'write what they said%', 'in what words');
select is((select state from glas.consent('100008', 'Druga', true, 'da, može')), 'granted', 'they did');
set session authorization ines;
select results_eq($$ select reference from glas.reports $$, array['100008'], 'then it is seen');
select throws_like($$ select glas.assign('100008', 'Druga') $$, 'report 100008 was shown to your organisation, and belongs to another%', 'and not taken over');
select throws_like($$ select glas.set_status('100008', 'closed') $$, 'report 100008 was shown%', 'nor closed');
select throws_like($$ select glas.classify('100008', 'ROAD') $$, 'report 100008 was shown%', 'nor changed');
-- The question had gone out: a no to it is what they say now.
reset session authorization;
savepoint phone;
select glas_data.act(id, 1, 'step', split_part(dialog, ' ', 2), 'no') from glas_data.citizen where token = test.sealed('ana');
select is((select state from glas_data.referral order by id desc limit 1), 'withdrawn', 'who says no by text takes back what was written down');
set session authorization ines;
select is((select count(*) from glas.reports), 0::bigint, 'seen no more');
reset session authorization;
select results_eq($$ select was, now_is, note from glas_data.report_history where reference = '100008' and who = 'citizen' order by id desc limit 1 $$,
    $$ values ('granted: Druga', 'withdrawn: Druga', 'nema svetla') $$, 'as the history has it, in their words');
select results_eq($$ select answer, answered_in, recorded_by from glas_data.referral order by id desc limit 1 $$,
    $$ values ('da, može', null::bigint, 'mira') $$, 'and the yes stands as it was written down');
rollback to phone;
set session authorization mira;
savepoint spoken;
select results_eq($$ select state, answer from glas.consent('100008', 'Druga', false, 'ipak ne') $$,
    $$ values ('withdrawn', 'da, može') $$, 'taken back, the yes stands as it was');
select is((select answer from glas.consent('100008', 'Druga', true, 'ipak da')), 'ipak da', 'they change their mind');
select is((select answer from glas.consent('100008', 'Druga', false, 'nikako')), 'ipak da', 'and once more');
select results_eq($$ select was, now_is, note from glas.history where what = 'referral' and who = 'mira' and was <> '' order by at, was, note $$,
    $$ values ('asked: Druga', 'granted: Druga', 'da, može'), ('granted: Druga', 'withdrawn: Druga', 'ipak ne'),
              ('granted: Druga', 'withdrawn: Druga', 'nikako'), ('withdrawn: Druga', 'granted: Druga', 'ipak da') $$,
    'the history has the words of each');
rollback to spoken;
select is((select state from glas.consent('100008', 'Druga', false, 'ipak ne')), 'withdrawn', 'and taken back');
set session authorization ines;
select is((select count(*) from glas.reports) + (select count(*) from glas.inbox), 0::bigint, 'seen no more');
-- Or by a text, which is the answer to the one question that is open.
savepoint another;
set session authorization mira;
select is((select state from glas.refer('100008', 'Zajednica')), 'asked', 'what was refused keeps nobody from another question');
rollback to another;
reset session authorization;
update glas_data.citizen set dialog = '', version = version + 1 where token = test.sealed('ana');
set session authorization mira;
select throws_like($$ select glas.refer('100008', 'Druga') $$, 'they have agreed to that, and took it back: nobody is asked twice%', 'who took it back is left alone');
set session authorization kosta;
select throws_like($$ select glas.assign('100008', 'Druga') $$, 'who reported 100008 does not want Druga to see it%glas.consent(%',
    'nobody gives it to whom they do not want to see it');
select lives_ok($$ select glas.assign('700005', 'Druga') $$, 'who have another one');
select throws_like($$ select glas.merge('100008', '700005', 'isto') $$, 'who reported 100008 does not want Druga to see it%', 'which it is not joined with');
reset session authorization;
update glas_data.report set status = 'duplicate', merged_into = '700005', organisation = null where reference = '100008';
update glas_data.report set organisation = null where reference = '700005';
set session authorization kosta;
select throws_like($$ select glas.assign('700005', 'Druga') $$, 'who reported 100008 does not want Druga to see it%', 'nor given to them with it');
reset session authorization;
update glas_data.report set status = 'new', merged_into = null, organisation = 'Odbor Vranje' where reference = '100008';
update glas_data.report set organisation = null where reference = '700005';
update glas_data.coverage set priority = 50 where organisation = 'Pusta';
insert into glas_data.coverage (organisation, category, municipality, actor, priority, since) select 'Druga', category, municipality, actor, 1, now() from glas_data.report where reference = '100008';
insert into glas_data.report_history (reference, at, who, what, now_is) values ('100008', now(), 'routing', 'organisation', 'Odbor Vranje');
select glas_data.reroute('100008');
select is((select organisation from glas_data.report where reference = '100008'), 'Odbor Vranje', 'nor routed there by a correction');
delete from glas_data.coverage where organisation = 'Druga' and category = 'LIGHT' and municipality <> '';
reset session authorization;
update glas_data.referral set state = 'ended' where state = 'withdrawn';
set session authorization mira;
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'who did not answer is asked once more');
reset session authorization;
create temp table referred as
select c.id as who, split_part(c.dialog, ' ', 2) as about
  from glas_data.citizen c where c.token = test.sealed('ana');
select matches((select about from referred), '^100008/r[0-9]+$', 'their next yes or no is the answer');
select glas_data.act((select id from glas_data.citizen where token = test.sealed('beba')), 2, 'step', about, 'yes') from referred;
select is((select count(*) from glas_data.referral where state = 'granted'), 0::bigint, 'not that of somebody else');
update glas_data.outbox set state = 'accepted' where state = 'queued';
select glas_data.act(who, 1, 'step', about, 'yes') from referred;
set session authorization ines;
select results_eq($$ select reference from glas.reports $$, array['100008'], 'a yes shows it');
reset session authorization;
select glas_data.act(who, 1, 'step', about, 'no') from referred;
select is((select state || recorded_by from glas_data.referral order by id desc limit 1), 'grantedcitizen', 'one answer counts');
-- A no is one, too, until they tell otherwise; no answer is over in three days.
reset session authorization;
update glas_data.referral set state = 'refused', answer = 'Ne' where state = 'granted';
update glas_data.citizen set dialog = '', version = version + 1 where token = test.sealed('ana');
set session authorization mira;
select throws_like($$ select glas.refer('100008', 'Druga') $$, 'they said no to that on %: nobody is asked twice%glas.consent(%', 'a no is a no');
select is((select state from glas.consent('100008', 'Druga', true, 'predomislila sam se, može')), 'granted', 'until they tell otherwise');
select is((select state from glas.refer('100008', 'Zajednica')), 'asked', 'others are another question');
select throws_like($$ select glas.refer('100008', 'Zajednica') $$, 'Zajednica has report 100008, or the person is asked already%', 'asked once');
reset session authorization;
update glas_data.referral set asked_at = asked_at - interval '5 days' where state = 'asked';
update glas_data.citizen set dialog = '', version = version + 1 where token = test.sealed('ana');
set session authorization mira;
select is((select state from glas.refer('100008', 'Zajednica')), 'asked', 'who did not answer in three days may be asked again');
-- What waits for the morning is not asked of who has answered on the phone.
select is((select state from glas.consent('100008', 'Zajednica', false, 'ne')), 'refused', 'they say so before they read it');
reset session authorization;
select results_eq($$ select o.state, o.reason, c.dialog from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
                      where o.id = (select max(outbox) from glas_data.referral where organisation = 'Zajednica') $$,
    $$ values ('cancelled', 'was answered otherwise', '') $$, 'and are not asked');
reset session authorization;
delete from glas_data.referral where organisation = 'Zajednica';
-- Nor is what a gateway had in hand, and gives back: a no to something else is none to it.
set session authorization mira;
select is((select state from glas.refer('100008', 'Zajednica')), 'asked', 'asked');
reset session authorization;
update glas_data.outbox set state = 'inflight' where id = (select max(outbox) from glas_data.referral);
set session authorization mira;
select is((select state from glas.consent('100008', 'Zajednica', true, 'da, neka vide')), 'granted', 'answered on the phone meanwhile');
reset session authorization;
select matches((select dialog from glas_data.citizen where token = test.sealed('ana')), '^step 100008/r', 'it may be on its way');
update glas_data.outbox set state = 'queued' where id = (select max(outbox) from glas_data.referral);
select results_eq($$ select o.state, o.reason, c.dialog, c.dialog_until from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
                      where o.id = (select max(outbox) from glas_data.referral) $$,
    $$ values ('cancelled', 'was answered otherwise', '', null::timestamptz) $$, 'it was not, and nobody answers it');
delete from glas_data.referral where organisation = 'Zajednica';
set session authorization mira;
select is((select state from glas.refer('100008', 'Zajednica')), 'asked', 'asked');
reset session authorization;
update glas_data.outbox set state = 'expired' where id = (select max(outbox) from glas_data.referral);
select is((select dialog from glas_data.citizen where token = test.sealed('ana')), '', 'nor one that no link took in time');
delete from glas_data.referral where organisation = 'Zajednica';
select glas_data.erase(citizen, 1) from glas_data.report where reference = '100008';
select results_eq($$ select state, answer, note from glas_data.referral order by id $$,
    $$ values ('ended', '[obrisano]', '[obrisano]'), ('granted', '[obrisano]', '') $$, 'who has all erased has these words erased, too');

-- Who is given something no longer.
set session authorization kosta;
select lives_ok($$ select glas.cover('Zajednica', 'Bujanovac', 'ROAD'), glas.cover('Zajednica', 'Bujanovac', 'LIGHT') $$, 'two kinds');
select matches(glas.uncover('Zajednica', 'bujanovac', 'road'), '^1 row of Zajednica is taken away', 'one is taken back');
select results_eq($$ select category from glas.coverage where organisation = 'Zajednica' and municipality = 'Bujanovac' $$,
    array['LIGHT'], 'the other stays');
select throws_like($$ select glas.uncover('Zajednica', 'bujanovac', 'road') $$, 'Zajednica covers nothing like that%', 'once');
reset session authorization;
select * from finish();
rollback;
