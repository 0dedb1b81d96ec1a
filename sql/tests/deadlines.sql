-- Deadlines, reminders, and whether it is solved.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-11-25 12:00+01');
select test.office();
update glas_data.gateway set alive_until = '2027-01-01';
select glas_data.content_import(jsonb_set(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "REMIND", "lang": "sr-Latn", "text": "Prijava {REF}: rok istice {DATE}"},
    {"key": "SOLVED_ASK", "lang": "sr-Latn", "text": "Prijava {REF}: da li je reseno? DA ili NE"}]}'),
    '{categories}', '{"entries": [{"code": "LIGHT", "named_in_reply": true}, {"code": "ROAD", "named_in_reply": true},
    {"code": "POL_FORCE", "named_in_reply": false}]}'));

-- Time.
select is(glas_data.deadline_end('2026-11-25 12:00+01', 30, 'days'), '2026-12-25 23:59:59+01', 'thirty days');
select is(glas_data.deadline_end('2026-11-25 23:30+01', 1, 'days'), '2026-11-26 23:59:59+01', 'days are those of Serbia');
select is(glas_data.deadline_end('2026-11-25 12:00+01', 48, 'hours'), '2026-11-27 12:00+01', 'hours');
select is(glas_data.deadline_end('2026-11-25 12:00+01', 3, 'working days'), '2026-11-30 23:59:59+01',
    'a weekend is no working day');
select is(glas_data.deadline_end('2026-11-30 12:00+01', 3, 'months'), '2027-02-28 23:59:59+01', 'months');
select is(glas_data.deadline_end('2026-02-25 12:00+01', 3, 'months'), '2026-05-25 23:59:59+02', 'into the summer');
select matches(glas.holiday('2026-11-30', 'praznik'), 'no working day', 'a holiday');
select is(glas_data.deadline_end('2026-11-25 12:00+01', 3, 'working days'), '2026-12-01 23:59:59+01', 'is none, either');
select matches(glas.holiday('2026-11-30', ''), 'like others', 'until it is taken back');
select is(glas_data.deadline_end('2026-11-25 12:00+01', 3, 'working days'), '2026-11-30 23:59:59+01', 'then it is one again');
select is(glas_data.deadline_end('2026-03-28 12:00+01', 1, 'days'), '2026-03-29 23:59:59+02', 'also when the clock changes');

-- New reports get theirs.
select is((select count(*) from glas.due), 0::bigint, 'a lamp has no deadline by law');
select test.store('{"citizens": [{"who": "cira", "copy": "cira"}], "segments": [{"identity": "d", "message": 4}],
    "texts": [{"id": 4, "reference": "300004"}], "reports": [
        {"reference": "300004", "message": 4, "category": "POL_FORCE", "actor": "POLICE"}]}');
select results_eq('select * from glas.due', $$ values ('300004', 30, '25.12. 23:59', 'file the complaint (pritužba)', 'citizen') $$,
    'the police has one');
select is((select due_at from glas.reports where reference = '300004'), '2026-12-25 23:59:59+01', 'which is in the report');
select is((select due_at from glas.classify('300004', 'LIGHT', actor => '')), null, 'not when it is something else');
select is((select due_at from glas.classify('300004', 'LIGHT', actor => 'POLICE')), '2026-12-25 23:59:59+01',
    'by the actor alone');
select is((select due_at from glas.classify('300004', 'LIGHT', actor => 'BORDER')), '2026-12-25 23:59:59+01',
    'border police are police');
select lives_ok($$ select glas.complaint('300004') $$, 'and there is a complaint about them');
select is_empty($$ select name from glas_data.deadline
    where name like 'police-%' and not 'BORDER' = any (actors) $$, 'nor is any other limit of the police missing');
select is((select due_at from glas.classify('300004', 'LIGHT', actor => 'POLICE')), '2026-12-25 23:59:59+01', 'back again');
select is((select glas_data.deadline_fits(d, 'DEBATE', 'POLICE') from glas_data.deadline d
             where d.name = 'police-complaint'), false, 'a question about it is no complaint');
select is((select due_at from glas.set_status('300004', 'closed', 'greška')), null, 'what is closed is not due');
select is((select due_at from glas.set_status('300004', 'open', 'ipak')), '2026-12-25 23:59:59+01', 'what is opened is');

-- They beat him and took him away: what it tells of besides runs out, too.
savepoint held;
insert into glas_data.category (code, urgent) values ('POL_DET', true), ('DV', true) on conflict (code) do update set urgent = true;
select test.store('{"citizens": [{"who": "dara", "copy": "dara"}], "segments": [{"identity": "e", "message": 5}],
    "texts": [{"id": 5, "reference": "310003"}, {"id": 6, "reference": "320002"}, {"id": 7, "reference": "330001"},
              {"id": 8, "reference": "340000"}, {"id": 9, "reference": "350009"}, {"id": 11, "reference": "360008"}], "reports": [
        {"reference": "310003", "message": 5, "category": "FRAUD", "second": "POL_DET", "urgent": true},
        {"reference": "320002", "message": 6, "category": "FRAUD", "second": "POL_DET"},
        {"reference": "330001", "message": 7, "category": "", "first": "DV", "second": "POL_DET", "urgent": true},
        {"reference": "340000", "message": 8, "category": "", "first": "POL_DET", "second": "DV", "urgent": true},
        {"reference": "350009", "message": 9, "category": "POL_FORCE", "second": "POL_DET", "urgent": true},
        {"reference": "360008", "message": 11, "category": "POL_FORCE", "actor": "BORDER"}]}');
select is(due_what, 'detention', 'who is held runs out first') from glas_data.report where reference = '310003';
select is(due_what, '', 'a guess that wakes nobody is no case of it') from glas_data.report where reference = '320002';
select matches(glas.deadline_begin('310003', 'detention-lawyer'), 'lawyer', 'and what belongs to it can begin');
select is((select due_at from glas.classify('310003', urgent => false)), null, 'nor is it, once somebody knows better');
select glas_data.now_urgent('320002');
select is(due_what, 'detention', 'what is added makes it one') from glas_data.report where reference = '320002';
select is(due_what, 'detention', 'whichever urgent guess comes first') from glas_data.report where reference = '330001';
select is(due_what, 'detention', 'a first guess counts') from glas_data.report where reference = '340000';
select is((select due_at from glas.classify('340000', 'LIGHT')), null, 'until somebody knows that it was wrong');
-- Of those that are here, who migrates moves only what is due of the border police.
update glas_data.report set due_at = null, due_what = '' where reference in ('350009', '360008');
update glas_data.setting set value = 'border' where name = 'due_filled';
\ir ../code/66_deadlines.sql
select results_eq($$ select due_what, reference::text from glas_data.report where reference in ('350009', '360008') order by 2 $$,
    $$ values ('', '350009'), ('police-complaint', '360008') $$, 'and nothing by a guess');
rollback to held;

-- What the topics of the rights texts say of time, each: who reads the law finds it here.
select is_empty($$ select l.*, d.name from (values
    ('police: complain', 'police-complaint', 30, 'days', true),
    ('police: a talk', 'police-talk', 15, 'days', true),
    ('police: the end', 'police-decision', 30, 'days', true),
    ('arrest: held for questioning', 'detention', 48, 'hours', true),
    ('arrest: a written decision', 'detention-decision', 2, 'hours', true),
    ('arrest: a lawyer is appointed', 'detention-lawyer', 4, 'hours', true),
    ('arrest: the police wait for one', 'detention-wait', 2, 'hours', true),
    ('arrest: the first order', 'custody-first', 30, 'days', true),
    ('arrest: by the Constitution', 'custody', 3, 'months', true),
    ('arrest: and as much again', 'custody-longer', 3, 'months', true),
    ('arrest: held by the police', 'police-holding', 24, 'hours', false),
    ('ombudsman: complain', 'ombudsman-complaint', 36, 'months', false),
    ('discrimination: an opinion', 'equality-opinion', 90, 'days', false),
    ('legal aid: decided', 'legal-aid', 8, 'days', true),
    ('legal aid: when urgent', 'legal-aid-urgent', 3, 'days', true),
    ('birth: decided', 'birth-decision', 90, 'days', false),
    ('social protection: appeal', 'social-appeal', 15, 'days', false),
    ('violence: the measure of the police', 'violence-measure', 48, 'hours', true),
    ('violence: of the court', 'violence-extended', 30, 'days', true),
    ('information: answered', 'information-answer', 15, 'days', true),
    ('information: when urgent', 'information-urgent', 48, 'hours', true),
    ('information: appeal', 'information-appeal', 15, 'days', true)) l (says, deadline, count, unit, found)
      full join glas_data.deadline d on d.name = l.deadline
     where (l.count, l.unit, l.found) is distinct from (d.count, d.unit, d.checked_on is not null)
        or d.law = '' or (d.source = '') = l.found $$,
    'each limit has its row, and a source if it is to count');
select is_empty($$ select name from glas_data.deadline
    where categories = '{}' and actors = '{}' and runs_from <> 'begun' $$, 'none is one of every case');

-- Those that begin with something else than the report.
create temp table others as select reference, ctid as place from glas_data.report where reference = '200006';
set session authorization mira;
select is_empty('select * from glas.due', 'nobody has asked for information by writing to us');
select throws_ok($$ select glas.deadline_begin('200006', 'information-answer') $$, 'P0002', null, 'not in cases of others');
select throws_like($$ select glas.deadline_begin('100008', 'violence-measure') $$,
    'report 100008 has no deadline "violence-measure": it has birth-decision, information-answer, %', 'a lamp is no violence');
select throws_like($$ select glas.deadline_begin('100008', 'social-appeal') $$, 'nobody has checked the deadline social-appeal,%',
    'what nobody has checked does not begin');
select throws_ok($$ select glas.deadline_begin('100008', 'information-answer', '2026-11-26') $$, '22023',
    'say from when information-answer runs, not later than now: select glas.deadline_begin(''100008'', '
    '''information-answer'', ''2026-11-25'')', 'not tomorrow');
select throws_like($$ select glas.deadline_done('100008', 'information-answer') $$,
    'information-answer does not run in report 100008:%', 'what does not run is not done');
select is(glas.deadline_begin('100008', 'Information-Answer', '2026-11-23', 'zahtev opštini'),
    'Report 100008, information-answer; until 08.12. 23:59: answer the request', 'from the request');
select results_eq('select reference, days, what, whose from glas.due',
    $$ values ('100008', 13, 'answer the request', 'authority') $$, 'in that case, and in no other');
select is(glas.deadline_begin('100008', 'information-answer', '2026-11-24'),
    'Report 100008, information-answer; until 09.12. 23:59: answer the request', 'it can be set right');
select is(glas.deadline_begin('100008', 'information-appeal'),
    'Report 100008, information-appeal; until 09.12. 23:59: answer the request', 'another one, later');
savepoint long_past;
select is(glas.deadline_begin('100008', 'information-answer', '2020-01-01'), 'Report 100008: information-answer ran out on 16.01.2020., longer ago than
glas.due shows; of what is left, until 10.12. 23:59: appeal to the
Commissioner', 'one of long ago');
select throws_like($$ select glas.deadline_begin('100008', 'information-answer', '1990-01-01') $$, 'that is more than ten years ago%', 'or of another time');
rollback to long_past;
select is(glas.deadline_done('100008', 'information-answer', 'odbili'),
    'Report 100008: information-answer is done; until 10.12. 23:59: appeal to the
Commissioner', 'the next is due then');
select is(glas.deadline_done('100008', 'information-appeal'),
    'Report 100008: information-appeal is done; nothing of it runs out', 'to the end');
select results_eq($$ select who, was, now_is, note from glas.history where what = 'deadline' and note = 'zahtev opštini' $$,
    $$ values ('mira', '', 'information-answer from 2026-11-23 00:00', 'zahtev opštini') $$, 'with its history');
reset session authorization;
select results_eq($$ select reference, ctid from glas_data.report where reference = '200006' $$,
    'select reference, place from others', 'no other report is written');
select is(glas.deadline_done('300004', 'police-complaint'), 'Report 300004: police-complaint is done; nothing of it runs out',
    'what runs by itself can be done, too');
select throws_like($$ select glas.deadline_begin('300004', 'police-decision') $$, 'police-decision runs from filed by itself:%',
    'but is not begun');
select is(glas.deadline_begin('300004', 'police-complaint'),
    e'Report 300004, police-complaint; until 25.12. 23:59: file the complaint\n(pritužba)', 'unless it is not done after all');
select glas.deadline_begin('200006', 'legal-aid');
select is((select due_at from glas_data.report where reference = '200006'), '2026-12-03 23:59:59+01', 'eight days');
select lives_ok($$ select glas.deadline_set('legal-aid', 10, 'days', 'decide on free legal aid', 'authority', 'begun', 'closed') $$,
    'the law has changed');
select results_eq($$ select reference::text, due_at from glas_data.report where due_what = 'legal-aid' $$,
    $$ values ('200006', timestamptz '2026-12-05 23:59:59+01') $$, 'where it runs, and there only');
delete from glas_data.case_deadline;
update glas_data.report set status = status;

-- Who may see and change them.
set session authorization mira;
select is_empty('select * from glas.due', 'not what is due in another organisation');
select throws_ok($$ select glas.deadline_remove('police-complaint') $$, '42501', null, 'a case worker changes no law');
set session authorization kosta;
select is((select count(*) from glas.due), 1::bigint, 'a coordinator sees all');
select results_eq($$ select name, within, checked_on, changed_by from glas.deadline_set('Town-Answer', 15, 'working days',
        'answer', 'authority', 'referred', 'answered', array['LIGHT', 'ROAD']) $$,
    $$ values ('town-answer', '15 working days', date '2026-11-25', 'kosta') $$, 'a new one');
select is((select within from glas.deadlines where name = 'town-answer'), '15 working days', 'which is listed');
select throws_like($$ select glas.deadline_set('x', 15, 'weeks', 'answer', 'authority', 'referred', 'answered') $$,
    '%units are hours, days, working days, months%', 'a wrong one is told how it is right');
select throws_ok($$ select glas.deadline_set('x', 15, 'days', 'answer', 'authority', 'referred', 'answered', array['STARS']) $$,
    '22023', null, 'a category that is not there');
select throws_ok($$ select glas.deadline_remove('none') $$, 'P0002', null, 'none of that name');
select is((select due_at from glas.set_status('100008', 'referred')), '2026-12-16 23:59:59+01', 'it runs from a state');
select is((select due_at from glas.set_status('100008', 'answered')), null, 'and ends with one');
select lives_ok($$ select glas.set_status('100008', 'open'), glas.set_status('100008', 'referred') $$, 'again');
select is((select due_at from glas.reports where reference = '100008'), null, 'once answered is answered');
reset session authorization;
update glas_data.report set answered_at = null where reference = '100008';
select is((select days from glas.due where reference = '100008'), 21, 'days that are left');
select lives_ok($$ select glas.deadline_set('town-answer', 10, 'days', 'answer', 'authority', 'referred', 'answered',
    array['LIGHT', 'ROAD']) $$, 'the law has changed');
select is((select days from glas.due where reference = '100008'), 10, 'and with it what is due');
select results_eq('select reference from glas.due', $$ values ('100008'), ('300004') $$, 'what runs out first is first');
select matches(glas.deadline_remove('town-answer'), '1 report is now', 'it is taken away');
select is((select due_at from glas.reports where reference = '100008'), null, 'from reports as well');
update glas_data.deadline set checked_on = null where name = 'police-complaint';
update glas_data.report set category = 'POL_FORCE' where reference = '300004';
select is((select due_at from glas.reports where reference = '300004'), null, 'what nobody has checked counts nowhere');
update glas_data.deadline set checked_on = '2026-11-27' where name = 'police-complaint';
insert into glas_data.case_step (reference, step, at, who) values ('300004', 'filed', '2026-11-24 10:00+01', 'kosta');
update glas_data.report set category = 'POL_FORCE' where reference = '300004';
select results_eq($$ select until, what, whose from glas.due where reference = '300004' $$,
    $$ values ('09.12. 23:59', 'invite to a talk', 'authority') $$, 'once it is filed, the authority has time');
delete from glas_data.case_step;
update glas_data.report set reported_at = '2026-10-25 12:00+01' where reference = '300004';
select is((select days from glas.due where reference = '300004'), -1, 'what has passed is below nothing');
update glas_data.report set reported_at = '2026-10-01 12:00+01' where reference = '300004';
select is_empty($$ select * from glas.due where reference = '300004' $$, 'and goes after two weeks');
-- Behind it something may run.
insert into glas_data.deadline (name, categories, runs_from, ends_with, count, unit, what, whose, law, source, checked_on)
values ('early', '{POL_FORCE}', 'reported', 'closed', 1, 'days', 'early', 'authority', 'x', 'x', '2026-11-27');
update glas_data.report set reported_at = '2026-11-09 12:00+01' where reference = '300004';
select is((select due_what from glas_data.report where reference = '300004'), 'police-complaint', 'the next one is due');
update glas_data.report set reported_at = '2026-11-20 12:00+01' where reference = '300004';
select is((select due_what from glas_data.report where reference = '300004'), 'early', 'what has passed is first');
select test.clock('2026-12-05 22:00+01');
select is((select glas_gw.tend() * 0 + (due_what = 'early')::int from glas_data.report where reference = '300004'), 1, 'for two weeks');
select test.clock('2026-12-06 22:00+01');
select is((select count(*) from (select glas_gw.tend()) t), 1::bigint, 'then');
select results_eq($$ select days, what from glas.due where reference = '300004' $$,
    $$ values (14, 'file the complaint (pritužba)') $$, 'what runs out next is shown');
select test.clock('2026-11-25 12:00+01');
delete from glas_data.deadline where name = 'early';

-- Reminders: once, by day, not where they could endanger.
select glas.deadline_set('appeal', 15, 'days', 'appeal', 'citizen', 'reported', 'closed', array['LIGHT', 'POL_FORCE']);
update glas_data.report set reported_at = '2026-11-15 12:00+01', actor = '' where reference in ('100008', '300004');
select test.clock('2026-11-25 22:00+01');
select is(glas_gw.tend(), 0, 'not at night');
select test.clock('2026-11-25 12:00+01');
savepoint officer;
update glas_data.report set actor = 'POLICE' where reference = '100008';
select is(glas_gw.tend(), 0, 'nor where an officer did what is of a kind that is named');
rollback to officer;
update glas_data.report set police_guess = true where reference = '100008';
select is(glas_gw.tend(), 0, 'or may have');
rollback to officer;
select is(glas_gw.tend(), 1, 'by day');
select results_eq($$ select text, kind, reference from glas.outbox where text like '%rok%' $$,
    $$ values ('Prijava 100008: rok istice 30.11.', 'reply', '100008') $$, 'people are reminded of what is theirs');
select is(glas_gw.tend(), 0, 'once, and nobody of what could endanger');
select is((select count(*) from glas.history where what = 'reminded'), 1::bigint, 'the history has it');
insert into glas_data.case_step (reference, step, at, who) values ('300004', 'safe', glas.now(), 'citizen');
select is(glas_gw.tend(), 1, 'but where they have said that it is safe');
select is((select text from glas.outbox where reference = '300004' and text like '%rok%'), 'Prijava 300004: rok istice 30.11.',
    'and that is all it says');

-- Whether it is solved.
select glas.deadline_remove('appeal');
select glas.set_status('100008', 'answered'), glas.set_status('300004', 'answered'), glas.set_status('200006', 'answered');
select is(glas_gw.tend(), 0, 'nobody is asked on the day');
select test.clock('2026-11-30 13:00+01');
update glas_data.setting set value = '0' where name = 'solved_days';
select is(glas_gw.tend(), 0, 'nor where it is not wanted');
update glas_data.setting set value = '5' where name = 'solved_days';
update glas_data.citizen set dialog = 'erase 1234 0', dialog_until = glas.now() + interval '1 hour' where token = test.sealed('ana');
select is(glas_gw.tend(), 0, 'nor in the middle of something else');
update glas_data.citizen set dialog_until = glas.now() where token = test.sealed('ana');
savepoint officer;
update glas_data.report set actor = 'POLICE' where reference = '100008';
select is(glas_gw.tend(), 0, 'nor where it is about an officer');
rollback to officer;
select is(glas_gw.tend(), 1, 'but later, and not where it could endanger');
select is(glas_gw.tend(), 0, 'once');
select results_eq($$ select dialog, dialog_until from glas_data.citizen where token = test.sealed('ana') $$,
    $$ values ('solved 100008 0', timestamptz '2026-12-03 13:00+01') $$, 'the question is open');
select is((select count(*) from glas.outbox where reference = '100008' and text like '%da li je reseno%'), 1::bigint,
    'and is on its way');
select glas_data.act(1, 1, 'solved', '100008', 'yes');
select is((select status from glas.reports where reference = '100008'), 'answered', 'yes leaves it as it is');
select glas_data.act(1, 1, 'rating', '100008', '6'), glas_data.act(1, 1, 'rating', '100008', '4');
select test.recount();
select results_eq('select asked, solved, not_solved, rated, average, bar from glas.ratings',
    $$ values (1, 1, 0, 1, 4.0, '########') $$, 'what people say');
select glas_data.act(1, 1, 'solved', '100008', 'no');
select is((select status from glas.reports where reference = '100008'), 'open', 'no opens it again');
select results_eq($$ select who, was, now_is, note from glas.history where reference = '100008' and who = 'citizen' and what = 'status' $$,
    $$ values ('citizen', 'answered', 'open', 'they say that it is not solved') $$, 'and the history says so');
select glas_data.act(2, 2, 'solved', '100008', 'yes'), glas_data.act(2, 2, 'rating', '100008', '1');
select test.recount();
select results_eq('select solved, not_solved, average from glas.ratings', $$ values (0, 1, 4.0) $$,
    'of a report that is not theirs nobody says anything');
select is(glas_data.act_words('solved', '100008', 'no') || glas_data.act_words('rating', '100008', '4'),
    'said that report 100008 is not solvedrated report 100008 with 4', 'in words');

-- Who reported the same is asked as well: each once, in their own language.
reset session authorization;
select test.clock('2026-12-10 13:00+01');
update glas_data.category set named_in_reply = true where code in ('LIGHT', 'ROAD');
insert into glas_data.reply_text (key, lang, text) values ('SOLVED_ASK', 'sq', 'Raporti {REF}: a eshte zgjidhur?');
select test.store('{"citizens": [{"who": "fata", "copy": "fata", "lang": "sq"}, {"who": "goca", "copy": "goca"}, {"who": "hana", "copy": "hana"},
                                 {"who": "iva", "copy": "iva"}],
    "segments": [{"identity": "fa", "message": 80}, {"identity": "go", "message": 81, "citizen": 2}, {"identity": "ha", "message": 82, "citizen": 3},
                 {"identity": "iv", "message": 84, "citizen": 4}],
    "texts": [{"id": 80, "reference": "810002"}, {"id": 81, "citizen": 2, "reference": "820001"}, {"id": 82, "citizen": 3, "reference": "830000"},
              {"id": 83, "citizen": 1, "reference": "840009"}, {"id": 84, "citizen": 4, "reference": "850008"}],
    "reports": [{"reference": "810002", "message": 80}, {"reference": "820001", "message": 81, "citizen": 2, "category": "POL_FORCE"},
                {"reference": "830000", "message": 82, "citizen": 3}, {"reference": "840009", "message": 83, "category": "ROAD"},
                {"reference": "850008", "message": 84, "citizen": 4}]}');
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answered_at)
values ('850008', 'safe', glas.now(), 'kosta', false, glas.now());
set session authorization kosta;
select glas.merge(r, '830000', 'isto') from unnest(array['810002', '820001', '840009', '850008']) r;
select glas.set_status('830000', 'answered');
reset session authorization;
select test.clock('2026-12-16 13:00+01');
-- Of many that nobody has been asked of, so many are looked at as are asked.
savepoint backlog;
set local track_functions = 'all';
insert into glas_data.citizen (token, reply_copy, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at)
select test.sealed('m' || n), 'copy', 'sr-Latn', false, false, 1, 1, glas.now(), glas.now(), glas.now() from generate_series(1, 300) n;
insert into glas_data.report (reference, reported_at, message, citizen, category, lang, channel, urgent, status, status_at)
select glas_data.reference_nth(6000 + n, 7), glas.now() - interval '20 days', 80, c.id, 'LIGHT', 'sr-Latn', 'sms', false,
       'answered', glas.now() - interval '10 days'
  from generate_series(1, 300) n join glas_data.citizen c on c.token = test.sealed('m' || n);
select is(glas_data.ask_solved(), 20, 'twenty at a time');
select cmp_ok(calls, '<', 100::bigint, 'and the others wait unread')
  from pg_stat_xact_user_functions where schemaname = 'glas_data' and funcname = 'said_unsafe';
rollback to backlog;
create function test.asked() returns setof text language sql as $$
    select reference::text || ' ' || text from glas_data.outbox where kind = 'reply' and text ~ 'reseno|zgjidhur'
       and reference::text like '8____%' order by 1 $$;
select is(glas_gw.tend(), 2, 'two of them');
select results_eq('select left(a, 38) from test.asked() a',
    $$ values ('810002 Raporti 810002: a eshte zgjidhu'), ('830000 Prijava 830000: da li je reseno') $$,
    'not of what is delicate, nor whom it is not safe to write to; who told two of them of one');
savepoint officer;
set session authorization kosta;
select glas.classify('830000', actor => 'POLICE');
reset session authorization;
select results_eq($$ select o.reference::text, o.state, o.reason, c.dialog from glas_data.solved s join glas_data.outbox o on o.id = s.outbox
                      join glas_data.citizen c on c.id = o.citizen where s.reference in ('810002', '830000') order by 1 $$,
    $$ values ('810002', 'cancelled', 'a text could endanger them', ''), ('830000', 'cancelled', 'a text could endanger them', '') $$,
    'nor any of them, once what is worked on is about an officer');
rollback to officer;
select is(glas_gw.tend(), 0, 'once');
select is(dialog, 'solved 810002 0', 'under their number') from glas_data.citizen where token = test.sealed('fata');
update glas_data.citizen set dialog = '' where token in (test.sealed('fata'), test.sealed('hana'));
select is(glas_gw.tend(), 0, 'nor of the other one, afterwards');
select glas_data.act(r.citizen, 82, 'solved', '830000', 'yes') from glas_data.report r where r.reference = '830000';
select is(status, 'answered', 'one says yes') from glas_data.report where reference = '830000';
select glas_data.act(r.citizen, 80, 'solved', '810002', 'no') from glas_data.report r where r.reference = '810002';
select results_eq($$ select reference::text, status from glas_data.report where reference in ('810002', '830000') order by 1 $$,
    $$ values ('810002', 'duplicate'), ('830000', 'open') $$, 'a no of any of them opens what is worked on');
select results_eq($$ select reference::text, was, now_is, note from glas_data.report_history where who = 'citizen' and what = 'status'
                        and reference in ('810002', '830000') $$,
    $$ values ('830000', 'answered', 'open', 'who reported the same says that it is not solved') $$, 'and the history says so');
update glas_data.report set organisation = case reference when '830000' then 'Odbor Vranje' else 'Zajednica' end where reference in ('810002', '830000');
select glas_data.act(r.citizen, 80, 'rating', '810002', '1') from glas_data.report r where r.reference = '810002';
refresh materialized view glas_data.ratings;
select results_eq($$ select organisation, solved, not_solved, rated, marks from glas_data.ratings where month = '2026-12-01' $$,
    $$ values ('Odbor Vranje', 1::bigint, 1::bigint, 1::bigint, 1::bigint) $$, 'the mark is of who works on it');

reset session authorization;

-- Each has thirty days of their own, whatever was merged into what.
select test.clock('2026-11-29 12:00+01');
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}, {"who": "ema", "copy": "ema"}],
    "segments": [{"identity": "da", "message": 70}, {"identity": "em", "message": 71, "citizen": 2}],
    "texts": [{"id": 70, "reference": "980003", "text": "tukli me"}, {"id": 71, "citizen": 2, "reference": "970004", "text": "tukli ga"}],
    "reports": [{"reference": "980003", "message": 70, "category": "POL_FORCE", "actor": "POLICE", "reported": "2026-11-04 12:00+01"},
                {"reference": "970004", "message": 71, "citizen": 2, "category": "POL_FORCE", "actor": "POLICE"}]}');
insert into glas_data.case_step (reference, step, at, who) values ('980003', 'safe', glas.now(), 'kosta');
set session authorization kosta;
select lives_ok($$ select glas.merge('980003', '970004', 'isto') $$, 'the older into the newer');
select results_eq($$ select reference, days from glas.due where reference in ('980003', '970004') $$,
    $$ values ('980003', 5), ('970004', 30) $$, 'five days are left to one, thirty to the other');
reset session authorization;
select lives_ok('select glas_gw.tend()', 'by day');
select is((select count(*) from glas_data.outbox where reference = '980003' and text ~ 'rok istice 04.12.'), 1::bigint,
    'who has five is reminded');
set session authorization kosta;
select lives_ok($$ select glas.set_status('970004', 'closed', 'gotovo') $$, 'what is closed');
select is_empty($$ select * from glas.due where reference in ('980003', '970004') $$, 'is due for nobody');
select lives_ok($$ select glas.set_status('970004', 'open', 'ipak nije') $$, 'and open again');
select is((select count(*) from glas.due where reference in ('980003', '970004')), 2::bigint, 'for both');
reset session authorization;
select * from finish();
rollback;
