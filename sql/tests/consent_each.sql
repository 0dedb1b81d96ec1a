-- A yes is that of one person, for their own words: a case that is joined with those of
-- others shows none of theirs.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-11-25 12:00+01');
select test.office();
update glas_data.gateway set alive_until = '2027-01-01';
create role ines login;
grant glas_caseworker to ines;
insert into glas_data.person (role, organisation, kind, since) values ('ines', 'Druga', 'caseworker', now());
insert into glas_data.reply_text (key, lang, text, source, reviewer, last_checked)
values ('REFER_ASK', 'sr-Latn', 'Prijava {REF}: sme li da je vidi {ORG}?', 'project', 'none', '2026-11-28');
update glas_data.report set organisation = 'Odbor Vranje' where reference = '200006';
create function test.over() returns void language sql security definer as $$
    update glas_data.citizen set dialog = '', dialog_until = null, reply_copy = token where erased_at is null $$;
create function test.adds(who text, number bigint, words text, reference text) returns void language sql security definer as $$
    select test.store(jsonb_build_object(
        'citizens', jsonb_build_array(jsonb_build_object('who', who, 'copy', who, 'version',
            (select version from glas_data.citizen where token = test.sealed(who)))),
        'segments', jsonb_build_array(jsonb_build_object('identity', 't' || number, 'message', number)),
        'texts', jsonb_build_array(jsonb_build_object('id', number, 'text', words, 'reference', reference)),
        'acts', jsonb_build_array(jsonb_build_object('message', number, 'kind', 'follow', 'key', reference)))) $$;
grant execute on all functions in schema test to public;
select test.over();

-- Who reported the same has not been asked.
set session authorization mira;
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'one is asked');
select throws_like($$ select glas.merge('200006', '100008', 'isto') $$,
    'who reported 200006 has not agreed that Druga sees what they write: keep it apart from 100008%', 'and nobody joined while that is open');
select is((select state from glas.consent('100008', 'Druga', true, 'da, može')), 'granted', 'one agrees');
select throws_like($$ select glas.merge('200006', '100008', 'isto') $$, 'who reported 200006 has not agreed%', 'for themselves alone');
select test.over();
select is((select state from glas.refer('200006', 'Druga')), 'asked', 'the other one is asked');
select is((select state from glas.consent('200006', 'Druga', true, 'da')), 'granted', 'and agrees');
select is((select reference from glas.merge('200006', '100008', 'isto')), '100008', 'then they are joined');
select test.adds('beba', 41, 'zovem se Petrija', '200006');
set session authorization ines;
select is((select count(*) from glas.inbox where text = 'zovem se Petrija'), 1::bigint, 'and read together');

-- What is joined is not shown for the yes of one of them, also where they are apart again.
reset session authorization;
delete from glas_data.referral;
select test.over();
set session authorization mira;
select throws_like($$ select glas.refer('100008', 'Druga') $$, 'who reported 200006 has not agreed that Druga sees%', 'what is joined is not referred');
select is((select status from glas.set_status('200006', 'open', 'ipak drugo')), 'open', 'apart');
select is((select reference from glas.inbox where id = 41), '200006', 'with what was added meanwhile');
reset session authorization;
update glas_data.message set reference = '100008' where id = 41;
set session authorization mira;
select throws_like($$ select glas.refer('100008', 'Druga') $$, 'report 100008 has texts of others%glas.split()%', 'where it is still there');
select is((select count(*) from glas.split('100008', array[41], 'njeno', tell => false)), 1::bigint, 'until it is split away');
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'then one may be asked');
select is((select state from glas.consent('100008', 'Druga', false, 'ne')), 'refused', 'and refuses');
reset session authorization;
update glas_data.report set merged_into = '100008', status = 'duplicate' where reference = '200006';
set session authorization mira;
select throws_like($$ select glas.consent('100008', 'Druga', true, 'predomislila sam se') $$, 'who reported 200006 has not agreed%', 'a later yes is one person''s, too');
reset session authorization;
update glas_data.referral set state = 'granted' where reference = '100008';
set session authorization mira;
select throws_like($$ select glas.assign('100008', 'Druga') $$, 'who reported 200006 has not agreed%', 'nor is it given away by it');

-- One's own words are one's own, and what they have is theirs.
reset session authorization;
update glas_data.report set merged_into = null, status = 'open', citizen = (select citizen from glas_data.report where reference = '100008')
 where reference = '200006';
set session authorization mira;
select is((select reference from glas.merge('200006', '100008', 'isto')), '100008', 'the same person told it twice');
reset session authorization;

-- Taken back is taken back, also where the case was given away by it.
delete from glas_data.referral;
update glas_data.report set merged_into = null, status = 'open' where reference = '200006';
select test.over();
set session authorization mira;
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'asked');
select is((select state from glas.consent('100008', 'Druga', true, 'da')), 'granted', 'agreed');
select is((select count(*) from glas.assign('100008', 'Druga')), 0::bigint, 'given away');
set session authorization ines;
select is((select count(*) from glas.reports), 1::bigint, 'seen, and theirs');
select throws_like($$ select glas.consent_withdraw('100008', '', 'ne') $$, 'say what is taken back of report 100008: safe,%', 'something');
select is(glas.consent_withdraw('100008', 'Druga', 'ne zelim da vide'), 'Druga does not see report 100008 any more.', 'taken back');
select is((select count(*) from glas.reports) + (select count(*) from glas.inbox), 0::bigint, 'is seen no more');
reset session authorization;
select is((select organisation from glas_data.report where reference = '100008'), null, 'it is the network''s');
select results_eq($$ select who, was, now_is from glas_data.report_history where note = 'they do not want it there' $$,
    $$ values ('ines', 'Druga', '') $$, 'as the history says');
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';
select test.over();
set session authorization mira;
select throws_like($$ select glas.refer('100008', 'Druga') $$, 'they have agreed to that, and took it back: nobody is asked twice%glas.consent(%', 'nor are they asked again');
select is((select state from glas.consent('100008', 'Druga', true, 'ipak da')), 'granted', 'until they say so');
select is((select count(*) from glas.assign('100008', 'Druga')), 0::bigint, 'and it is given away');
set session authorization kosta;
select is((select state from glas.consent('100008', 'Druga', false, 'ne, nikako')), 'withdrawn', 'taken back by a no');
select is((select organisation from glas.reports where reference = '100008'), null, 'is the same');
reset session authorization;
delete from glas_data.referral;
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';
select test.over();
set session authorization mira;
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'asked');
select lives_ok($$ select glas.consent_withdraw('100008', 'Druga', 'ne pitajte me to') $$, 'taken back before it was answered');
reset session authorization;
select test.over();
set session authorization mira;
select throws_like($$ select glas.refer('100008', 'Druga') $$, 'they said no to that on 25.11.2026.: nobody is asked twice%', 'is a no');
reset session authorization;

-- What is taken out of a case goes where its person does not want the whole to go no more
-- than that does; what others wrote is not what they said no to.
savepoint apart;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked, answer, answered_at, recorded_by)
values ('100008', 'Zajednica', 'granted', glas.now(), 'mira', '?', 'da', glas.now(), 'mira');
select test.adds('ana', 46, 'rekla sam i ovo', '100008');
select test.adds('beba', 47, 'i kod mene', '100008');
set session authorization mira;
create temp table hers as select reference from glas.split('100008', array[46], 'drugo', tell => false);
create temp table others as select reference from glas.split('100008', array[47], 'njeno', tell => false);
grant select on hers, others to public;
set session authorization kosta;
select throws_like(format('select glas.assign(%L, ''Druga'')', (select reference from hers)),
    'who reported ' || (select reference from hers) || ' does not want Druga to see it%', 'a no holds for what was part of it');
select results_eq($$ select organisation, state, answer, answered_at, recorded_by from glas.referrals where reference = (select reference from hers) $$,
    $$ select organisation, state, answer, answered_at, recorded_by from glas.referrals where reference = '100008' and organisation = 'Druga' $$,
    'word for word, and a yes does not');
select lives_ok(format('select glas.assign(%L, ''Druga'')', (select reference from others)), 'nobody has said no for others');
reset session authorization;
rollback to apart;

-- Who takes it back takes their words along, also out of a case that others agreed to.
delete from glas_data.referral;
update glas_data.report set organisation = 'Odbor Vranje', merged_into = null, status = 'open',
    citizen = case reference when '200006' then (select id from glas_data.citizen where token = test.sealed('beba')) else citizen end
 where reference in ('100008', '200006');
update glas_data.message set reference = '200006' where id = 41;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked)
select r, 'Druga', 'granted', glas.now(), 'mira', '?' from unnest(array['100008', '200006']) r;
set session authorization mira;
select is((select reference from glas.merge('200006', '100008', 'isto')), '100008', 'both agreed, and are joined');
reset session authorization;
select test.adds('beba', 43, 'i jos ovo', '200006');
select is((select reference::text from glas_data.message where id = 43), '100008', 'what one adds goes to the other');
set session authorization ines;
select is((select count(*) from glas.inbox where id = 43), 1::bigint, 'and is read there');
set session authorization mira;
select is((select state from glas.consent('200006', 'Druga', false, 'ne, ipak ne')), 'withdrawn', 'until they take it back');
reset session authorization;
select results_eq($$ select status, merged_into::text from glas_data.report where reference = '200006' $$,
    $$ values ('open', null::text) $$, 'theirs is a case of its own');
select results_eq($$ select who, was, now_is, note from glas_data.report_history where reference = '200006' and what = 'status' order by id desc limit 1 $$,
    $$ values ('mira', 'duplicate', 'open', 'they do not want it there') $$, 'as the history says');
select test.adds('beba', 44, 'samo za vas', '200006');
set session authorization ines;
select is_empty($$ select id from glas.inbox where id in (43, 44) $$, 'nor is what they add read by them any more');
select is((select count(*) from glas.reports), 1::bigint, 'the other one is');
reset session authorization;
delete from glas_data.referral where reference = '200006';
update glas_data.report set merged_into = '100008', status = 'duplicate' where reference = '200006';
update glas_data.referral set state = 'asked' where reference = '100008';
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('200006', 'Druga', 'granted', glas.now(), 'mira', '?');
set session authorization mira;
select lives_ok($$ select glas.consent_withdraw('200006', 'Druga', 'ne') $$, 'also while the other is asked');
select is((select state from glas.consent('100008', 'Druga', true, 'da')), 'granted', 'whose yes is for their own words');
reset session authorization;
update glas_data.report set organisation = 'Druga' where reference = '100008';
update glas_data.report set merged_into = '100008', status = 'duplicate' where reference = '200006';
delete from glas_data.referral;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('200006', 'Druga', 'granted', glas.now(), 'mira', '?');
set session authorization kosta;
select lives_ok($$ select glas.consent_withdraw('200006', 'Druga', 'ne') $$, 'and where the other is theirs');
select is((select count(*) from glas.merged), 0::bigint, 'they are apart');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';

-- A no takes it from who has it, also where the question was open still.
delete from glas_data.referral;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('100008', 'Druga', 'asked', glas.now(), 'mira', '?');
update glas_data.report set organisation = 'Druga' where reference = '100008';
set session authorization kosta;
select is((select state from glas.consent('100008', 'Druga', false, 'ne dam')), 'refused', 'said on the phone');
reset session authorization;
select is((select organisation from glas_data.report where reference = '100008'), null, 'it is not theirs');
update glas_data.referral set state = 'asked', answer = '', answered_at = null;
update glas_data.report set organisation = 'Druga' where reference = '100008';
select lives_ok($$ select glas_data.put_referral(r.citizen, r.message, f.id, false)
                     from glas_data.report r join glas_data.referral f using (reference) $$, 'said by a text');
select is((select organisation from glas_data.report where reference = '100008'), null, 'is the same');
select is((select array_agg(who order by id) from glas_data.report_history where what = 'organisation' and note = 'they do not want it there' and id > (
    select max(id) from glas_data.report_history where now_is = 'open' and note = 'they do not want it there')), array['kosta', 'citizen'], 'and it is told who said so');
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';

-- The paper for the authority is that of who complains.
update glas_data.report set category = 'POL_FORCE', actor = 'POLICE' where reference = '100008';
select test.adds('ana', 42, 'udario me', '100008');
update glas_data.message set reference = '100008' where id = 41;
set session authorization mira;
select ok(exists (select from glas.complaint('100008') l where l like '%udario me%'), 'what they said is in it');
select is_empty($$ select l from glas.complaint('100008') l where l like '%Petrija%' $$, 'and not what others did');
reset session authorization;

-- What they add to a duplicate is with the other one, and their own nevertheless.
delete from glas_data.referral;
update glas_data.report set organisation = 'Druga', merged_into = '100008', status = 'duplicate' where reference = '200006';
select test.adds('beba', 45, 'da, pokazite im', '200006');
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('200006', 'Odbor Vranje', 'asked', glas.now(), 'ines', '?');
set session authorization ines;
select throws_like($$ select glas.consent('200006', 'Odbor Vranje', true, text => 45) $$, 'text 45 is not of who reported 200006%', 'who does not see it does not show it');
set session authorization kosta;
select throws_like($$ select glas.consent('200006', 'Odbor Vranje', true, text => 42) $$, 'text 42 is not of who reported 200006%', 'nor is one of others theirs');
select is((select answer from glas.consent('200006', 'Odbor Vranje', true, text => 45)), 'da, pokazite im', 'who does, does');
reset session authorization;

-- Who does not see what it is joined with is sent to who does.
delete from glas_data.referral;
select test.over();
update glas_data.message set reference = '200006' where id in (41, 45);
set session authorization mira;
select throws_ok($$ select glas.refer('100008', 'Zajednica') $$, '55000',
    'a report that is joined with it belongs to others: ask a coordinator', 'no case worker is sent to a case of others');
set session authorization kosta;
select throws_like($$ select glas.refer('100008', 'Zajednica') $$, 'who reported 200006 has not agreed that Zajednica sees%', 'a coordinator is told which');
reset session authorization;
savepoint refused;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('200006', 'Odbor Vranje', 'refused', glas.now(), 'ines', '?');
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}], "segments": [{"identity": "c", "message": 51}],
    "texts": [{"id": 51, "reference": "300004"}], "reports": [{"reference": "300004", "message": 51}]}');
update glas_data.report set organisation = 'Odbor Vranje' where reference = '300004';
update glas_data.report set category = 'LIGHT', actor = '' where reference = '100008';
set session authorization mira;
select throws_ok($$ select glas.merge('100008', '300004', 'isto') $$, '55000',
    'a report that is joined with it belongs to others: ask a coordinator', 'nor told of a no that was said to others');
set session authorization kosta;
select throws_like($$ select glas.merge('100008', '300004', 'isto') $$, 'who reported 200006 does not want Odbor Vranje to see it%', 'as a coordinator is');
reset session authorization;
rollback to refused;

-- What was joined before each was asked is taken apart by an upgrade.
update glas_data.message set reference = '100008' where id = 45;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values
    ('100008', 'Zajednica', 'granted', glas.now(), 'mira', '?'), ('200006', 'Zajednica', 'granted', glas.now(), 'mira', '?');
\ir ../migrations/0047_taken_back.sql
select is((select merged_into::text from glas_data.report where reference = '200006'), '100008', 'not where both agreed');
update glas_data.referral set state = 'refused' where reference = '200006';
\ir ../migrations/0047_taken_back.sql
select results_eq($$ select r.status, r.merged_into::text, m.reference::text from glas_data.report r, glas_data.message m where r.reference = '200006' and m.id = 45 $$,
    $$ values ('open', null::text, '200006') $$, 'their words are theirs again');
select results_eq($$ select who, was, now_is from glas_data.report_history where reference = '200006' order by id desc limit 1 $$,
    $$ values ('glas', 'duplicate', 'open') $$, 'as the history says');
select is((select reference::text from glas_data.message where id = 42), '100008', 'and those of others stay');


-- What they said of an organisation is not for it, nor for another that does not have
-- the case.
delete from glas_data.referral;
update glas_data.report set merged_into = null, status = 'open', organisation = 'Odbor Vranje' where reference = '100008';
insert into glas_data.organisation (name, since) values ('Treca', now());
create role tijana login;
grant glas_caseworker to tijana;
insert into glas_data.person (role, organisation, kind, since) values ('tijana', 'Treca', 'caseworker', now());
create function test.noes(who text) returns text language plpgsql as $$
declare
    read text;
begin
    execute format('set local session authorization %I', who);
    select format('%s %s %s %s', (select count(*) from glas.reports where reference = '100008'),
                  (select count(*) from glas.history where note ~ 'mom muzu'),
                  (select count(*) from glas.read('100008') r where r ~ 'mom muzu'),
                  (select count(*) from glas.referrals where answer ~ 'mom muzu')) into read;
    set local session authorization default;
    return read;
end $$;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('100008', 'Druga', 'asked', glas.now(), 'mira', '?');
set session authorization mira;
select glas.consent('100008', 'Druga', false, 'ne, njihov covek me je prijavio mom muzu');
reset session authorization;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('100008', 'Treca', 'granted', glas.now(), 'mira', '?');
select is(test.noes('mira'), '1 1 1 1', 'who has the case reads why they said no');
select is(test.noes('kosta'), '1 1 1 1', 'and a coordinator');
select is(test.noes('tijana'), '1 0 0 0', 'who was shown it does not');
set session authorization mira;
select glas.consent('100008', 'Druga', true, 'dobro, neka');
reset session authorization;
select is(test.noes('ines'), '1 0 0 0', 'nor who was refused, and is not any more');
set session authorization mira;
select glas.assign('100008', 'Druga');
reset session authorization;
select is(test.noes('ines'), '1 0 0 0', 'also where the case is theirs then');

select * from finish();
rollback;
