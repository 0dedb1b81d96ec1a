-- What was agreed to is taken back, and the yes stays written down; and on which
-- day it happened, which is what the law counts from.
begin;
\ir fixture.psql
select plan(64);
select test.clock('2026-11-25 12:00+01');
select test.office();
create role ines login;
grant glas_caseworker to ines;
insert into glas_data.person (role, organisation, kind, since) values ('ines', 'Druga', 'caseworker', now());
insert into glas_data.reply_text (key, lang, text, source, reviewer, last_checked)
values ('REFER_ASK', 'sr-Latn', 'Prijava {REF}: sme li da je vidi {ORG}?', 'project', 'none', '2026-11-28');
insert into glas_data.category (code) values ('POL_FORCE');
select glas_data.open_question(id, 'x', now()) from glas_data.citizen where false;

-- A referral.
set session authorization mira;
select throws_like($$ select glas.consent_withdraw('100008', 'Druga', 'ne') $$,
    'nobody has agreed that Druga sees report 100008: select%', 'nobody was asked');
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'somebody is asked');
select is((select state from glas.consent('100008', 'Druga', true, 'da, može')), 'granted', 'and agrees');
select throws_like($$ select glas.consent_withdraw('100008', 'Druga') $$, 'write what they said%', 'in what words?');
select throws_like($$ select glas.consent_withdraw('100008', 'Druga', text => 2) $$,
    'text 2 is not of who reported 100008%', 'not in those of another person');
select throws_like($$ select glas.consent_withdraw('100008', 'Nema', 'ne') $$, 'there is no organisation "Nema"%', 'from whom?');
set session authorization ines;
select is((select count(*) from glas.reports), 1::bigint, 'until then it is seen');
select throws_like($$ select glas.consent_withdraw('100008', 'Druga', 'ne') $$,
    'report 100008 was shown to your organisation, and belongs to another%', 'and not taken back by who sees it');
set session authorization mira;
select is(glas.consent_withdraw('100008', 'Druga', text => 1), 'Druga does not see report 100008 any more.', 'by their text');
set session authorization ines;
select is((select count(*) from glas.reports), 0::bigint, 'then it is seen no more');
set session authorization mira;
select results_eq($$ select state, answer from glas.referrals $$, $$ values ('withdrawn', 'da, može') $$, 'the yes stands as it was');
select results_eq($$ select who, was, now_is, note from glas.history where now_is like 'withdrawn%' $$,
    $$ values ('mira', 'granted: Druga', 'withdrawn: Druga', 'nema svetla') $$, 'and the history has the no');
select throws_like($$ select glas.consent_withdraw('100008', 'Druga', 'ne') $$, 'nobody has agreed%', 'once');
-- A no to what was only asked, in a long text, and a yes after it.
savepoint long;
reset session authorization;
update glas_data.body set text = repeat('ne, ', 300) || 'ne' where message = 1;
update glas_data.referral set state = 'asked', answer = '', answered_at = null, recorded_by = '';
set session authorization mira;
select lives_ok($$ select glas.consent_withdraw('100008', 'Druga', text => 1) $$, 'a long text says no as well');
select is((select answer from glas.consent('100008', 'Druga', true, 'ipak da')), 'ipak da', 'and they say yes');
select is((select length(note) from glas.history where now_is = 'refused: Druga'), 1202, 'all words of the no are found in the history');
rollback to long;

-- A step.
select lives_ok($$ select glas.classify('100008', 'POL_FORCE', actor => 'POLICE') $$, 'about the police');
select throws_like($$ select glas.consent_withdraw('100008', 'mandate', 'ne') $$,
    'nobody has agreed to mandate in report 100008: select * from glas.consents%', 'not reached');
select lives_ok($$ select glas.record_step('100008', s, 'potpisano, 12/2026', asked => 'Smemo li?', answer => 'Da')
                     from unnest(array['safe', 'contact_allowed', 'mandate']) s $$, 'three steps');
select ok(exists (select from glas.complaint('100008') l where l like '[ima]       potpisano%'), 'signed');
select is(glas.consent_withdraw('100008', 'Contact_allowed', 'ne zovite me'),
    'Report 100008: contact_allowed is taken back, and what came after it.', 'a step is taken back');
select ok(exists (select from glas.complaint('100008') l where l like '[NEDOSTAJE] potpisano%'), 'nothing is signed then');
select is((select count(*) from glas.complaint('100008') l where l ~ '^\d\d\.\d\d\.\d{4}\.  '), 1::bigint,
    'and what was said before counts no more');
select throws_like($$ select glas.ask_step('100008') $$, 'they said no to that on 25.11.2026.%', 'nor are they asked again');
select results_eq($$ select step, agreed from glas.consents where step = 'contact_allowed' $$,
    $$ values ('contact_allowed', true), ('contact_allowed', false) $$, 'yes and no are both there');
select lives_ok($$ select glas.record_step('100008', s, 'u kancelariji', asked => 'Ipak?', answer => 'Ipak da')
                     from unnest(array['contact_allowed', 'mandate', 'filed']) s $$, 'they change their mind');
select throws_like($$ select glas.consent_withdraw('100008', 'mandate', 'ne') $$,
    'the complaint of report 100008 was filed on 25.11.2026., and is with the authority%', 'what is filed is not ours to take back');


-- That it is not safe is heard at any time.
select is(glas.consent_withdraw('100008', 'safe', 'muž mi čita telefon'), 'Report 100008: safe is taken back, and what came '
    'after it; what was filed stays with the authority.', 'also after it was filed');
select throws_like($$ select glas.reply('100008', 'Zdravo') $$, '%not safe to write%', 'and holds');
select ok(exists (select from glas.complaint('100008') l where l like 'Podneta %'), 'what is filed stays so');
select is(glas.record_step('100008', 'safe', 'telefonom', asked => 'Sme li?', answer => 'Sad sme'),
    'Report 100008: safe since 25.11.2026.', 'until they say otherwise');
select lives_ok($$ select glas.reply('100008', 'Zdravo') $$, 'which holds, too');
select throws_like($$ select glas.record_step('100008', 'mandate', 'x', answer => 'ne', agreed => false) $$,
    'the complaint of report 100008 was filed%', 'but what is filed is not refused');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje', category = 'POL_FORCE', actor = 'POLICE' where reference = '200006';
update glas_data.citizen set reply_copy = token where token = test.sealed('beba');
set session authorization mira;
select is(glas.consent_withdraw('200006', 'safe', 'ne pišite mi'), 'Report 200006: safe is taken back, and what came after it.',
    'and where nobody was asked');
select throws_like($$ select glas.ask('200006', 'Kada?') $$, '%not safe to write%', 'nobody asks them then');
select throws_like($$ select glas.record_step('200006', 'safe', 'telefonom', asked => 'Sme li?', answer => 'Ne, nikako') $$,
    '"Ne, nikako" begins like a no: agreed => false%', 'a no is not made a yes');
select throws_like($$ select glas.record_step('200006', 'invited', 'x', answer => 'ne', agreed => false) $$,
    'nobody is asked for "invited"%', 'nor said to what nobody asks');
select throws_like($$ select glas.record_step('200006', 'safe', answer => 'Ne', agreed => false) $$, 'say where they said it%', 'where?');
select is(glas.record_step('200006', 'safe', 'telefonom', asked => 'Sme li?', answer => 'Ne, nikako', agreed => false),
    'Report 200006: they said no to safe.', 'and is recorded as one');
select results_eq($$ select asked, agreed, answer, paper from glas.consents where reference = '200006' order by asked_at, asked desc limit 1 $$,
    $$ values ('Sme li?', false, 'Ne, nikako', 'telefonom') $$, 'in their words');
select is(glas.record_step('200006', 'safe', 'telefonom', asked => 'Sme li?', answer => 'Ne brinite, sme', agreed => true),
    'Report 200006: safe since 25.11.2026.', 'what begins like one may be a yes');

-- A yes that nothing was done upon yet is taken back as well.
select lives_ok($$ select glas.record_step('200006', s, 'potpisano', asked => 'Smemo li?', answer => 'Da')
                     from unnest(array['contact_allowed', 'mandate']) s $$, 'two steps more');
reset session authorization;
insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed, answer, answered_at)
values ('200006', 'filed', 'da podnesemo?', glas.now(), 'mira', true, 'Da', glas.now());
set session authorization mira;
select ok(exists (select from glas.complaint('200006') l where l like 'Pristanak da se podnese je dat%'), 'they want it filed');
select is(glas.consent_withdraw('200006', 'filed', 'ipak ne'), 'Report 200006: filed is taken back, and what came after it.', 'and do not');
select ok(not exists (select from glas.complaint('200006') l where l like 'Pristanak%'), 'which is not said any more');
select throws_like($$ select glas.consent_withdraw('200006', 'filed', 'ipak ne') $$, 'nobody has agreed to filed%', 'once');
reset session authorization;
insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed, answer, answered_at)
values ('200006', 'filed', 'da podnesemo?', glas.now(), 'mira', true, 'Da', glas.now());
set session authorization mira;
select is(glas.consent_withdraw('200006', 'mandate', 'da se ne podnese ništa'),
    'Report 200006: mandate is taken back, and what came after it.', 'with what it rests on');
select ok(not exists (select from glas.complaint('200006') l where l like 'Pristanak%'), 'the yes to filing falls, too');
select lives_ok($$ select glas.record_step('200006', 'mandate', 'novo, 13/2026') $$, 'a new mandate');
select throws_like($$ select glas.ask_step('200006') $$, 'they said no to that on%', 'does not bring it back');
select ok(not exists (select from glas.complaint('200006') l where l like 'Pristanak%'), 'nor does it in print');
select throws_like($$ select glas.record_step('200006', 'filed', 'prijemni pečat') $$, 'they said no to filing report 200006%asked =>%',
    'nor is it filed against their word');
savepoint filed;
select is(glas.record_step('200006', 'filed', 'prijemni pečat', asked => 'Ipak?', answer => 'Da, podnesite'),
    'Report 200006: filed since 25.11.2026.', 'but by their word');
rollback to filed;

-- The day.
reset session authorization;
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}], "segments": [{"identity": "c", "message": 3}],
    "texts": [{"id": 3, "reference": "300004", "text": "udario me pre nedelju dana"}],
    "reports": [{"reference": "300004", "message": 3, "category": "POL_FORCE", "actor": "POLICE", "reported": "2026-11-25 12:00+01"}]}');
update glas_data.report set organisation = 'Odbor Vranje' where reference = '300004';
create temp table others as select reference, ctid as place from glas_data.report where reference <> '300004';
set session authorization mira;
select is((select until from glas.due where reference = '300004'), '25.12. 23:59', 'from the first text, until somebody knows better');
select throws_like($$ select glas.happened('300004', '2026-11-26') $$, 'say on which day it happened, not later than now%', 'not tomorrow');
select throws_like($$ select glas.happened('300004', '1990-01-01') $$, 'that is more than ten years ago%', 'nor so long ago');
select throws_like($$ select glas.happened('300004', null) $$, 'say on which day%', 'some day');
select is(glas.happened('300004', '2026-11-18', 'rekla na telefon'),
    'Report 300004 happened on 18.11.2026.; until 18.12. 23:59: file the complaint
(pritužba)', 'from the event then');
select ok(exists (select from glas.complaint('300004') l where l = 'Rok: najkasnije 18.12.2026., još dana: 23'),
    'also in the complaint');
select ok(exists (select from glas.complaint('300004') l where l like '[ima]       vreme događaja: 18.11.2026.'), 'which has it');
select is((select until from glas.due where reference = '300004'), '18.12. 23:59', 'and in what is due');
select lives_ok($$ select glas.happened('300004', '2026-11-20') $$, 'it can be set right');
select results_eq($$ select was, now_is, note from glas.history where what = 'happened' order by at, was $$,
    $$ values ('', '2026-11-18 00:00', 'rekla na telefon'), ('2026-11-18 00:00', '2026-11-20 00:00', '') $$,
    'with its history');
reset session authorization;
select results_eq($$ select reference, ctid from glas_data.report where reference <> '300004' order by 1 $$,
    $$ select reference, place from others order by 1 $$, 'no other report is written');
select * from finish();
rollback;
