-- From a safe report to a signed complaint: no step without a word or a paper.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-11-25 12:00+01');
select test.office();
update glas_data.gateway set alive_until = '2027-01-01';
select glas_data.content_import(jsonb_set(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "STEP_SAFE", "lang": "sr-Latn", "text": "Da li je bezbedno?"},
    {"key": "STEP_CONTACT_ALLOWED", "lang": "sr-Latn", "text": "{REF}: smemo li da zovemo?"},
    {"key": "STEP_MANDATE", "lang": "sr-Latn", "text": "{REF}: potpis?"},
    {"key": "STEP_FILED", "lang": "sr-Latn", "text": "{REF}: da podnesemo?"}]}'),
    '{categories}', '{"entries": [{"code": "POL_FORCE"}, {"code": "LIGHT"}]}'));
update glas_data.report set category = 'POL_FORCE', actor = 'POLICE' where reference = '100008';

-- One at a time, and only what comes next.
set session authorization mira;
select throws_ok($$ select glas.ask_step('200006') $$, 'P0002', null, 'not what one may not see');
select matches(glas.ask_step('100008'), '^safe is asked by text \d+: Da li je bezbedno\?$', 'the first question');
select results_eq($$ select step, asked, answer, agreed, asked_by from glas.consents $$,
    $$ values ('safe', 'Da li je bezbedno?', '', null::boolean, 'mira') $$, 'it is kept letter by letter');
select throws_like($$ select glas.ask_step('100008') $$, '%about this very report until 28.11. 12:00: one question at a time', 'one at a time');
select throws_like($$ select glas.record_step('100008', 'mandate', 'potpisano') $$, 'what comes next for report 100008 is safe%',
    'none is left out');
reset session authorization;
select is(dialog, 'step 100008/' || (select id from glas_data.consent) || ' 0', 'the question is open')
  from glas_data.citizen where token = test.sealed('ana');

-- The answer is that of who reported, to what was asked.
create function test.answers(who text, number bigint, words text, yes boolean) returns void language sql as $$
    -- They have read it.
    update glas_data.outbox set state = 'accepted'
     where state = 'queued' and id = (select outbox from glas_data.consent order by id desc limit 1);
    select test.store(jsonb_build_object(
        'citizens', jsonb_build_array(jsonb_build_object('who', who, 'copy', who,
            'version', (select version from glas_data.citizen where token = test.sealed(who)))),
        'segments', jsonb_build_array(jsonb_build_object('identity', 't' || number, 'message', number)),
        'texts', jsonb_build_array(jsonb_build_object('id', number, 'text', words)),
        'acts', jsonb_build_array(jsonb_build_object('message', number, 'kind', 'step',
            'key', '100008/' || (select max(id) from glas_data.consent), 'value', case when yes then 'yes' else 'no' end)))) $$;
select test.answers('beba', 31, 'Da', true);
select is((select count(*) from glas_data.case_step), 0::bigint, 'nobody else can agree');
select test.answers('ana', 32, 'Da, jeste', true);
select results_eq($$ select agreed, answer, answered_at from glas.consents $$,
    $$ values (true, 'Da, jeste', timestamptz '2026-11-25 12:00+01') $$, 'the answer is kept letter by letter');
select test.answers('ana', 33, 'Ne', false);
select is((select answer from glas.consents), 'Da, jeste', 'and once');
select results_eq('select step, who from glas_data.case_step', $$ values ('safe', 'citizen') $$, 'the step is reached');
select results_eq($$ select who, was, now_is from glas.history where what = 'step' $$, $$ values ('citizen', '', 'safe') $$,
    'the history has it');

-- Who says no is not asked again.
set session authorization mira;
select matches(glas.ask_step('100008'), 'contact_allowed', 'the next question');
reset session authorization;
select test.answers('ana', 34, 'NE', false);
set session authorization mira;
select throws_like($$ select glas.ask_step('100008') $$, 'they said no to that on 25.11.2026.: nobody is asked twice%', 'no is no');
select throws_ok($$ select glas.record_step('100008', 'contact_allowed', 'došla sama u kancelariju') $$, '22023',
    'contact_allowed needs a yes of theirs: write what they were asked and what they answered, word for word: select '
    'glas.record_step(''100008'', ''contact_allowed'', ''in the office'', asked => ''May we ...?'', answer => ''Yes, ...''); '
    'glas.ask_step(''100008'') asks by text', 'that somebody was there is no yes');
select throws_like($$ select glas.record_step('100008', 'contact_allowed', 'u kancelariji', asked => 'Smemo li da vas zovemo?') $$,
    'write what they said, word for word%', 'asked is not answered');
select throws_like($$ select glas.record_step('100008', 'contact_allowed', asked => 'Smemo li da vas zovemo?', answer => 'Da') $$,
    'say what you have seen, or where it was said%', 'where was it said?');
select throws_ok($$ select glas.record_step('100008', 'contact_allowed', asked => 'Smemo li?', text => 31) $$, 'P0002', null,
    'not in a text of somebody else');
select is(glas.record_step('100008', 'contact_allowed', 'u kancelariji', asked => 'Smemo li da vas zovemo?',
    answer => 'Sad može, posle pet'), 'Report 100008: contact_allowed since 25.11.2026.', 'until they tell otherwise');
select results_eq($$ select asked, answer, answered_at, paper, asked_by from glas.consents order by asked_at, answer desc limit 1 $$,
    $$ values ('Smemo li da vas zovemo?', 'Sad može, posle pet', timestamptz '2026-11-25 12:00+01', 'u kancelariji', 'mira') $$,
    'what was asked, what was answered, when, where, and who wrote it');

-- What the authority requires.
select results_eq($$ select * from glas.complaint('100008') limit 3 $$, array['PRITUŽBA NA RAD POLICIJE, prijava 100008',
    'Rok: najkasnije 25.12.2026., još dana: 30', 'Rok teče od događaja, a ovde je računat od prve poruke, 25.11.2026.'], 'until when');
select results_eq($$ select substr(l, 1, 12) || split_part(substr(l, 13), ':', 1) from glas.complaint('100008') l where l like '[%' $$,
    array['[NEDOSTAJE] ime i prezime podnosioca', '[NEDOSTAJE] adresa za kontakt', '[NEDOSTAJE] potpisano ovlašćenje',
          '[ima]       mesto', '[NEDOSTAJE] vreme događaja', '[ima]       šta se desilo'], 'what there is, and what is missing');
select is_empty($$ select l from glas.complaint('100008') l where length(l) > 76 $$, 'it fits eighty columns');
select is((select l from glas.complaint('100008') l where l like '%vreme%'), '[NEDOSTAJE] vreme događaja: pitati; prva poruka je stigla 25.11.2026. u',
    'a day that was not told is asked for');
select ok((select bool_or(l = 'Dalje (mandate): select glas.ask_step(''100008'');') from glas.complaint('100008') l), 'and what comes next');
select throws_ok($$ select glas.record_step('100008', 'mandate', 'potpis', '2026-11-26') $$, '22023', null, 'not tomorrow');
select throws_ok($$ select glas.record_step('100008', 'mandate', 'potpis', '2026-11-24') $$, '22023', null, 'nor before the report');
select lives_ok($$ select glas.record_step('100008', 'mandate', 'potpisano 25.11, fascikla 12/2026') $$, 'the paper');
select is((select count(*) from glas.complaint('100008') l where l like '[NEDOSTAJE]%'), 1::bigint, 'then one thing is missing');
select is((select what from glas.due where reference = '100008'), 'file the complaint (pritužba)', 'it is due');
reset session authorization;
select test.clock('2026-11-27 12:00+01');

-- Wanting it filed is not having filed it: the limit runs on.
set session authorization mira;
select matches(glas.ask_step('100008'), '^filed is asked', 'whether it is to be filed');
reset session authorization;
select test.answers('ana', 38, 'Da', true);
select is((select count(*) from glas_data.case_step where step = 'filed'), 0::bigint, 'their yes files nothing');
set session authorization mira;
select is((select what from glas.due where reference = '100008'), 'file the complaint (pritužba)', 'it is due as before');
select throws_like($$ select glas.ask_step('100008') $$, 'they have wanted it filed since 27.11.2026.: file it, and then select%', 'and not asked again');
select ok((select bool_or(l like 'Dalje: podneti, pa select glas.record_step(''100008'', ''filed''%') from glas.complaint('100008') l), 'the form says what to do');
select lives_ok($$ select glas.record_step('100008', 'filed', 'prijemni pečat', '2026-11-26') $$, 'it is filed');
select results_eq($$ select days, what, whose from glas.due where reference = '100008' $$,
    $$ values (14, 'invite to a talk', 'authority') $$, 'from that day the authority has time');
select is((select l from glas.complaint('100008') l limit 1 offset 1), 'Podneta 26.11.2026.', 'which is said');
select throws_like($$ select glas.ask_step('100008') $$, '%it is recorded%', 'what others do is not asked');
select lives_ok($$ select glas.record_step('100008', 'invited', 'poziv za 3.12.'), glas.record_step('100008', 'decided', 'odluka') $$,
    'to the end');
select throws_ok($$ select glas.record_step('100008', 'decided', 'opet') $$, '22023', null, 'which is one');
reset session authorization;
select is_empty($$ select * from glas_data.case_step s where not exists (select from glas_data.consent k
    where k.reference = s.reference and k.step = s.step and k.agreed and k.answered_at is not null
      and (k.asked <> '' and k.answer <> '' or k.paper <> '' and s.step not in ('safe', 'contact_allowed'))) $$,
    'no step without a question and an answer, or a paper');
select is((select count(*) from glas_data.case_step), 6::bigint, 'all of them');
select is_empty($$ select * from glas.due where reference = '100008' $$, 'nothing is due any more');
select throws_like($$ select glas.complaint('200006') $$, 'the form is that of a complaint about the police, and report 200006 names another, or nobody%select glas.ask_step(''200006'') asks%',
    'what nobody has classified has no form');

-- Nobody signs for a lamp, until it is about an officer, or a law wants it signed.
update glas_data.category set named_in_reply = code = 'LIGHT';
update glas_data.report set organisation = 'Odbor Vranje', first = 'LIGHT' where reference = '200006';
set session authorization mira;
select throws_ok($$ select glas.ask_step('200006') $$, '55000', 'report 200006 is about LIGHT, and nobody has to sign for that: '
    'answer with glas.reply(), ask with glas.ask(), hand it on with glas.refer(); when it is about an officer: '
    'select * from glas.classify(''200006'', actor => ''POLICE'')', 'not where it is taken for a lamp');
select from glas.classify('200006', 'LIGHT');
select throws_like($$ select glas.ask_step('200006') $$, 'report 200006 is about LIGHT%', 'nor where it is one');
select throws_like($$ select glas.complaint('200006') $$, 'report 200006 is about LIGHT%', 'nor is there a form');
select from glas.classify('200006', actor => 'POLICE');
select ok(count(*) > 5, 'there is one about an officer') from glas.complaint('200006');
select from glas.classify('200006', actor => '');
reset session authorization;
insert into glas_data.deadline (name, categories, runs_from, ends_with, count, unit, what, whose) values
    ('town', '{LIGHT}', 'filed', 'decided', 15, 'days', 'answer', 'authority');
select ok(glas_data.has_complaint(r), 'a limit that a filing begins') from glas_data.report r where reference = '200006';
delete from glas_data.deadline where name = 'town';
select ok(not glas_data.has_complaint(r), 'and none without') from glas_data.report r where reference = '200006';
select ok(glas_data.has_complaint(jsonb_populate_record(r, '{"second": "POL_FORCE", "category": ""}')),
    'one that may be about an officer') from glas_data.report r where reference = '200006';
select ok(not glas_data.has_complaint(jsonb_populate_record(r, '{"police_guess": true}')),
    'not where only what was added may be') from glas_data.report r where reference = '200006';
select ok(glas_data.has_complaint(jsonb_populate_record(r, '{"category": "LIGHT", "actor": ""}')),
    'what has begun goes on, whatever it turns out to be') from glas_data.report r where reference = '100008';
insert into glas_data.case_deadline (reference, deadline, begun_at) values ('200006', 'detention', now());
select ok(glas_data.has_complaint(r), 'a limit that somebody began') from glas_data.report r where reference = '200006';
delete from glas_data.case_deadline where reference = '200006';
update glas_data.report set category = '', first = '' where reference = '200006';

-- Asked by text, and answered in words that are not yes or no; signed after a yes by text.
update glas_data.report set organisation = 'Odbor Vranje' where reference = '200006';
update glas_data.citizen set dialog = '' where token = test.sealed('beba');
set session authorization mira;
select matches(glas.ask_step('200006'), '^safe is asked', 'the question');
select throws_ok($$ select glas.record_step('200006', 'safe', text => 2) $$, 'P0002', null, 'what came before it is no answer');
reset session authorization;
select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', 'beba', 'copy', 'beba',
        'version', (select version from glas_data.citizen where token = test.sealed('beba')))),
    'segments', '[{"identity": "t40", "message": 40}]'::jsonb,
    'texts', '[{"id": 40, "text": "slobodno, telefon je samo moj", "reference": "200006"}]'::jsonb));
set session authorization mira;
-- Not what they told others: nor is it said that it was they who did.
reset session authorization;
select test.store(jsonb_build_object('citizens', jsonb_build_array(
        jsonb_build_object('who', 'beba', 'copy', 'beba', 'version', (select version from glas_data.citizen where token = test.sealed('beba'))),
        jsonb_build_object('who', 'dana', 'copy', 'dana')),
    'segments', '[{"identity": "t43", "message": 43}, {"identity": "t44", "message": 44, "citizen": 2}, {"identity": "t45", "message": 45}]'::jsonb,
    'texts', '[{"id": 43, "text": "tukao me je komandir", "reference": "300004"},
               {"id": 44, "citizen": 2, "text": "nema vode", "reference": "400002"},
               {"id": 45, "text": "i jos nesto"}]'::jsonb,
    'reports', '[{"reference": "300004", "message": 43}, {"reference": "400002", "message": 44, "citizen": 2}]'::jsonb));
update glas_data.report set organisation = 'Zajednica' where reference in ('300004', '400002');
create function test.refused(statement text) returns text language plpgsql as $f$
begin
    execute 'select ' || statement;
    return 'done';
exception when others then
    return regexp_replace(sqlerrm, 'text \d+', 'text');
end $f$;
grant execute on function test.refused(text) to public;
set session authorization mira;
select is((select count(distinct test.refused(format('glas.record_step(''200006'', ''safe'', text => %s)', n)))
             from unnest(array[43, 44, 45, 4711]) n), 1::bigint, 'a text of theirs to others is like one of anybody');
select matches(test.refused('glas.record_step(''200006'', ''safe'', text => 43)'), '^text is not of who reported 200006', 'and none is taken');
select matches(test.refused('glas.consent_withdraw(''200006'', ''safe'', text => 43)'), '^text is not of who reported 200006', 'nor to take back');
set session authorization kosta;
select matches(test.refused('glas.record_step(''200006'', ''safe'', text => 43)'), '^text is not of who reported 200006',
    'nor by who sees both: others would read it');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje' where reference = '300004';
set session authorization mira;
select is(test.refused('glas.record_step(''200006'', ''safe'', text => 43)'), 'done', 'what they told her own is taken');
reset session authorization;
delete from glas_data.case_step where reference = '200006';
delete from glas_data.consent where reference = '200006' and agreed;
set session authorization mira;
select is(glas.record_step('200006', 'safe', text => 40), 'Report 200006: safe since 27.11.2026.', 'but what came after it is');
select results_eq($$ select asked, answer, paper from glas.consents where reference = '200006' and agreed $$,
    $$ values ('Da li je bezbedno?', 'slobodno, telefon je samo moj', 'text 40') $$, 'with the words of both');
select lives_ok($$ select glas.record_step('200006', 'contact_allowed', 'telefonom', asked => 'Smemo li?', answer => 'Da') $$, 'on');
reset session authorization;
update glas_data.citizen set dialog = '' where token = test.sealed('beba');
set session authorization mira;
select matches(glas.ask_step('200006'), '^mandate is asked', 'whether they sign');
reset session authorization;
update glas_data.outbox set state = 'accepted' where state = 'queued';
select glas_data.put_step(2, 40, '200006/' || (select max(id) from glas_data.consent), true);
set session authorization mira;
select is(glas.record_step('200006', 'mandate', 'potpisano, fascikla 13/2026'), 'Report 200006: mandate since 27.11.2026.',
    'the paper comes after the yes');
select is((select count(*) from glas.history where reference = '200006' and what in ('step', 'paper')), 5::bigint, 'both are there');
select throws_like($$ select glas.record_step('200006', 'safe', 'x', asked => 'x', answer => 'x') $$, 'what comes next for report 200006 is filed%',
    'nothing else is said twice');
reset session authorization;
delete from glas_data.case_step where reference = '200006';
delete from glas_data.consent where reference = '200006';
update glas_data.outbox set state = 'accepted' where state in ('queued', 'held', 'waiting');
update glas_data.citizen set dialog = '' where token = test.sealed('beba');

-- Who cannot be reached, at night, after an erasure.
update glas_data.citizen set reply_copy = null where token = test.sealed('beba');
select throws_like($$ select glas.ask_step('200006') $$, '%cannot be reached until they write again', 'who cannot be reached');
update glas_data.citizen set reply_copy = token where token = test.sealed('beba');
select test.clock('2026-11-27 23:00+01');
select lives_ok($$ select glas.ask_step('200006') $$, 'at night');
select is((select due_at from glas_data.outbox where text = 'Da li je bezbedno?' order by id desc limit 1),
    '2026-11-28 09:00+01', 'nobody is woken');
select test.answers('ana', 35, 'DA', true);
select is((select agreed from glas_data.consent where reference = '200006'), null, 'the question of another report is not answered');
select glas_data.erase((select id from glas_data.citizen where token = test.sealed('ana')), 35);
select is((select answer from glas.consents where step = 'safe' and reference = '100008'), '[obrisano]', 'an erasure takes the words');
select is_empty($$ select * from glas_data.consent where asked ~ 'vas zovemo' or answer ~ 'pet' or paper ~ 'kancelariji' $$,
    'also those that a person wrote down');
select is((select asked from glas_data.consent where step = 'safe' and reference = '100008'), 'Da li je bezbedno?', 'not our question');

-- A no to what was asked counts, whatever somebody recorded meanwhile.
update glas_data.citizen set dialog = '' where token = test.sealed('beba');
delete from glas_data.consent where reference = '200006';
select test.clock('2026-11-28 10:00+01');
set session authorization mira;
select matches(glas.ask_step('200006'), '^safe is asked', 'asked by text');
select lives_ok($$ select glas.record_step('200006', 'safe', 'telefonom', asked => 'Sme li?', answer => 'Da') $$, 'and told on the phone');
reset session authorization;
select test.clock('2026-11-28 10:05+01');
select glas_data.put_step((select citizen from glas_data.report where reference = '200006'), 40,
    '200006/' || (select min(id) from glas_data.consent where reference = '200006'), false);
select is_empty($$ select step from glas_data.case_step where reference = '200006' $$, 'the no comes after the yes');
set session authorization mira;
select throws_like($$ select glas.reply('200006', 'Sutra.') $$, '%not safe to write%', 'and holds');
reset session authorization;
delete from glas_data.consent where reference = '200006' and agreed;

-- Who said that it is not safe is left alone, until they write.
select test.clock('2026-11-29 12:00+01');
update glas_data.citizen set dialog = '' where token = test.sealed('beba');
update glas_data.consent set agreed = false, answer = 'Ne', answered_at = '2026-11-28 18:00+01', message = 40
 where reference = '200006';
set session authorization mira;
select throws_like($$ select glas.reply('200006', 'Sutra dolazi majstor.') $$,
    'report 200006: on 28.11.2026. they said that it is not safe to write%', 'nobody writes to them');
select throws_like($$ select glas.ask('200006', 'Kada?') $$, '%not safe to write%', 'nor asks');
select throws_like($$ select glas.refer('200006', 'Zajednica') $$, '%not safe to write%', 'nor asks for others');
select results_eq($$ select note, outbox from glas.reply_all('200006', 'Popravljeno.') $$,
    $$ values ('said that it is not safe to write', null::bigint) $$, 'nor with others');
reset session authorization;
select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', 'beba', 'copy', 'beba',
        'version', (select version from glas_data.citizen where token = test.sealed('beba')))),
    'segments', '[{"identity": "t41", "message": 41}]'::jsonb,
    'texts', '[{"id": 41, "text": "ima li sta novo", "reference": "200006"}]'::jsonb));
set session authorization mira;
select lives_ok($$ select glas.reply('200006', 'Sutra dolazi majstor.') $$, 'what they ask then is answered');
select throws_like($$ select glas.refer('200006', 'Zajednica') $$, '%not safe to write%', 'and no more than that');
reset session authorization;
update glas_data.category set named_in_reply = false where code = 'LIGHT';
update glas_data.report set category = 'LIGHT' where reference = '200006';
delete from glas_data.consent where reference = '200006';
set session authorization mira;
select throws_like($$ select glas.refer('200006', 'Zajednica') $$, 'report 200006 is delicate: ask first%glas.ask_step(''200006'')',
    'what is delicate is not named before a yes');

reset session authorization;
savepoint officer;
insert into glas_data.reply_text (key, lang, text) values ('REFER_ASK', 'sr-Latn', '{REF}: {ORG}?');
update glas_data.category set named_in_reply = true where code = 'LIGHT';
update glas_data.report set police_guess = true where reference = '200006';
set session authorization mira;
select is((select state from glas.refer('200006', 'Zajednica')), 'asked', 'a guess asks for no yes that nobody may be asked for');
reset session authorization;
select glas_data.look_again(citizen) from glas_data.report where reference = '200006';
select is(o.state, 'queued', 'nor ends what waits') from glas_data.referral f join glas_data.outbox o on o.id = f.outbox where f.reference = '200006';
set session authorization mira;
select glas.classify('200006', actor => 'POLICE');
reset session authorization;
select results_eq($$ select o.state, o.reason, c.dialog from glas_data.referral f join glas_data.outbox o on o.id = f.outbox
                      join glas_data.citizen c on c.id = o.citizen where f.reference = '200006' $$,
    $$ values ('cancelled', 'a text could endanger them', '') $$, 'nobody is asked who else may see it once it is about an officer');
rollback to officer;
update glas_data.category set named_in_reply = true where code = 'LIGHT';
update glas_data.report set actor = 'POLICE' where reference = '200006';
set session authorization mira;
select throws_like($$ select glas.refer('200006', 'Zajednica') $$, 'report 200006 is delicate%', 'what an officer did is delicate, of whatever kind it is');
select matches(glas.ask_step('200006'), '^safe is asked by text', 'where that may be asked');
reset session authorization;
rollback to officer;
set session authorization mira;
-- What was answered on the phone before the question went out is not asked any more.
select matches(glas.ask_step('200006'), '^safe is asked by text', 'asked');
select lives_ok($$ select glas.record_step('200006', 'safe', 'telefonom', answer => 'Da, pišite') $$, 'answered');
reset session authorization;
select results_eq($$ select o.state, o.reason, c.dialog from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
                      where o.id = (select max(outbox) from glas_data.consent where reference = '200006') $$,
    $$ values ('cancelled', 'was answered otherwise', '') $$, 'and not asked');
set session authorization mira;
select matches(glas.ask_step('200006'), '^contact_allowed is asked by text', 'what comes next is');
reset session authorization;
select results_eq($$ select o.state, c.dialog <> '' from glas_data.outbox o join glas_data.citizen c on c.id = o.citizen
                      where o.id = (select max(outbox) from glas_data.consent where reference = '200006') $$,
    $$ values ('queued', true) $$, 'one that nobody has answered waits');
savepoint unread;
select glas_data.put_step(c.id, 40, '200006/' || (select max(id) from glas_data.consent where reference = '200006'), true)
  from glas_data.citizen c where c.token = test.sealed('beba');
select is((select agreed from glas_data.consent where reference = '200006' order by id desc limit 1), null, 'a yes to what has not gone out is none');
rollback to unread;

-- They have read the question, and said on the phone what they think of it.
update glas_data.outbox set state = 'delivered' where state = 'queued';
savepoint phone;
set session authorization mira;
select lives_ok($$ select glas.record_step('200006', 'contact_allowed', 'telefonom', answer => 'Ne, nemojte', agreed => false) $$, 'a no');
reset session authorization;
select is(dialog, '', 'what they say to something else is no yes to that') from glas_data.citizen where token = test.sealed('beba');
rollback to phone;
set session authorization mira;
select throws_like($$ select glas.ask('200006', 'Kada?') $$, 'they are being asked about this very report%', 'until then nothing else is asked');
select lives_ok($$ select glas.record_step('200006', 'contact_allowed', 'telefonom', answer => 'Da') $$, 'a yes');
reset session authorization;
select ok(dialog like 'step 200006/%', 'can still be taken back by text') from glas_data.citizen where token = test.sealed('beba');
set session authorization mira;
-- Or the yes that comes to this would be one to that.
select throws_like($$ select glas.ask_step('200006') $$, 'they are being asked about this very report%', 'and nothing else is asked in its place');
reset session authorization;
rollback to phone;
insert into glas_data.reply_text (key, lang, text) values ('REFER_ASK', 'sr-Latn', '{REF}: {ORG}?');
update glas_data.citizen set dialog = '';
set session authorization mira;
select is((select state from glas.refer('200006', 'Zajednica')), 'asked', 'who else may see it');
reset session authorization;
-- They have not read it yet: what they say yes to is something else.
savepoint unread;
select glas_data.put_referral(c.id, 40, (select max(id) from glas_data.referral), true)
  from glas_data.citizen c where c.token = test.sealed('beba');
select is((select state from glas_data.referral order by id desc limit 1), 'asked', 'a yes to what has not gone out is none');
select glas_data.put_referral(c.id, 40, (select max(id) from glas_data.referral), false)
  from glas_data.citizen c where c.token = test.sealed('beba');
select is((select state from glas_data.referral order by id desc limit 1), 'refused', 'a no is one at any time');
rollback to unread;
update glas_data.outbox set state = 'delivered' where state = 'queued';
set session authorization mira;
select is((select state from glas.consent('200006', 'Zajednica', true, 'da')), 'granted', 'was answered');
select throws_like($$ select glas.refer('200006', 'Druga') $$, 'they are being asked about this very report%', 'and nobody else is asked for in its place');
set session authorization mira;
select is((select state from glas.consent('200006', 'Zajednica', false, 'ne')), 'withdrawn', 'a no');
reset session authorization;
select is(dialog, '', 'ends it') from glas_data.citizen where token = test.sealed('beba');
select * from finish();
rollback;
