-- Numbers: asked for by one, approved by another, shown once; kept while an answer
-- may be owed.
begin;
\ir fixture.psql
select no_plan();
grant execute on all functions in schema test to public;
select test.clock('2026-11-25 12:00+01');
create role kata login;
grant glas_coordinator to kata;
create role mile login;
grant glas_caseworker to mile;
select test.office();
insert into glas_data.organisation (name, since) values ('Odbor Bor', now());
insert into glas_data.person (role, organisation, kind, since) values
    ('kata', 'Zajednica', 'coordinator', now()), ('mile', 'Odbor Bor', 'caseworker', now());
update glas_data.gateway set alive_until = '2027-12-01';
select glas_data.content_import(jsonb_set(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "REVEALED", "lang": "sr-Latn", "text": "{REF}: videli smo broj."}]}'),
    '{categories}', '{"entries": [{"code": "LIGHT", "named_in_reply": true}, {"code": "DV", "named_in_reply": false}]}'));
create function test.ana() returns bigint language sql security definer as
    $$ select id from glas_data.citizen where token = test.sealed('ana') $$;
create function test.called(n int) returns text language sql security definer as
    $$ select glas_data.pseudonym(test.ana() + n) $$;
create function test.request() returns bigint language sql security definer as
    $$ select max(id) from glas_data.reveal $$;
create function test.state() returns text language sql security definer as
    $$ select state from glas_data.reveal_state where id = test.request() $$;
create function test.told() returns bigint language sql security definer as
    $$ select count(*) from glas_data.outbox where text like '%videli smo broj.' $$;
grant execute on all functions in schema test to public;

-- Not by those who may be reported about.
insert into glas_data.organisation (name, kind, since) values ('Policija', 'police', now());
create role pera login;
grant glas_coordinator to pera;
insert into glas_data.person (role, organisation, kind, since) values ('pera', 'Policija', 'coordinator', now());
update glas_data.report set organisation = 'Policija' where reference = '100008';
set session authorization pera;
select throws_like($$ select glas.reveal_request('100008', 'radi provere') $$, 'the number of a person is shown to nobody of the police or a ministry%',
    'no number for the police');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';

-- Asked for.
set session authorization mira;
select throws_ok($$ select glas.reveal_request('200006', 'hitno') $$, 'P0002', null, 'not of a report that one may not see');
select throws_ok($$ select glas.reveal_request('100008', e' \t') $$, '22023', null, 'not without a reason');
select throws_ok($$ select glas.reveal_request('100008', repeat('a', 201)) $$, '54000', null, 'a reason is short');
select throws_ok($$ select glas.reveal_request(null, 'hitno') $$, '22023', null, 'not of nobody');
select throws_ok($$ select glas.reveal_request('100009', 'hitno') $$, '22023', null, 'a wrong digit is found');
select matches(glas.reveal_request('100 008', 'mora da je pozove lekar'),
    '^request \d+ waits for a second person: a coordinator who is not you, with\sselect glas\.reveal_approve\(\d+\)$', 'asked');
select results_eq($$ select asked_by, reference, reason, state, approved_by, told from glas.reveals $$,
    $$ values ('mira', '100008', 'mora da je pozove lekar', 'waiting', '', false) $$, 'it is there to see');
select throws_like($$ select glas.reveal_request('100008', 'opet') $$, 'you have asked for it already: request%', 'once is enough');
select throws_ok(format('select glas.reveal_approve(%s)', test.request()), '42501', null, 'a case worker approves nothing');
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'request % waits for a second person%', 'nor is it given before');
reset session authorization;
insert into glas_data.referral (reference, organisation, asked, state, asked_at, asked_by)
    values ('200006', 'Odbor Vranje', 'pomoc', 'granted', glas.now(), 'kosta');
set session authorization mira;
select throws_like($$ select glas.reveal_request('200006', 'hitno') $$, 'report 200006 was shown to your organisation, and belongs to another%',
    'a case that others have shown is no reason');
reset session authorization;
delete from glas_data.referral;
set session authorization mile;
select is((select count(*) from glas.reveals), 0::bigint, 'others do not see it');
select is((select count(*) from glas.reveal_history), 0::bigint, 'nor what was done');
select throws_ok($$ select glas.owed('100008') $$, 'P0002', null, 'nor whether the number is kept');
select throws_ok(format('select glas.reveal_take(%s)', test.request()), 'P0002', null, 'nor take it');
set session authorization petra;
select throws_ok($$ select glas.reveal_request('100008', 'clanak') $$, '42501', null, 'the press asks for none');
select throws_ok($$ select * from glas.reveals $$, '42501', null, 'nor sees who did');
set session authorization oto;
select throws_ok($$ select glas.reveal_request('100008', 'proba') $$, '42501', null, 'nor does an operator');
set session authorization revizor;
select is((select count(*) from glas.reveals), 1::bigint, 'an auditor sees it');
select throws_ok($$ select glas.reveal_request('100008', 'pregled') $$, '42501', null, 'and asks for none');

-- Approved, by a second person.
reset session authorization;
update glas_data.report set organisation = 'Policija' where reference = '100008';
set session authorization pera;
select throws_like(format('select glas.reveal_approve(%s)', test.request()), 'the number of a person is shown to nobody of the police%', 'nor is it theirs to decide');
select throws_like(format('select glas.reveal_refuse(%s, %L)', test.request(), 'ne'), 'the number of a person is shown to nobody of the police%', 'nor to refuse');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';
set session authorization kosta;
select throws_ok($$ select glas.reveal_approve(0) $$, 'P0002', null, 'there must be a request');
select throws_ok($$ select glas.reveal_approve(null) $$, 'P0002', null, 'there must be one');
select matches(glas.reveal_approve(test.request()), '^mira may see it once, until 26\.11\. 12:00, on the gateway''s machine with\sglasctl reveal \d+$', 'approved');
select throws_like(format('select glas.reveal_approve(%s)', test.request()), 'request % is approved already, by kosta until 26.11. 12:00', 'once');
select throws_ok(format('select glas.reveal_take(%s)', test.request()), '42501', null, 'who approves does not see it');
set session authorization mira;
select matches(glas.reveal_take(test.request()), '^[0-9a-f-]{36}$', 'who asked gets a ticket');
select throws_ok(format('select * from glas_gw.reveal_copy(%s, %L, false, %L)', test.request(), 'x', 'mira'), '42501', null,
    'and gets nothing for it here');
select throws_ok($$ select reply_copy from glas_data.citizen $$, '42501', null, 'no copy');
select throws_ok($$ select ticket from glas_data.reveal $$, '42501', null, 'no ticket of others');
reset session authorization;
select is((select count(*) from glas_data.reveal where ticket is not null and length(ticket) = 32), 1::bigint, 'tickets are kept as digests');
set session authorization vrata;
select throws_ok(format('select glas.reveal_take(%s)', test.request()), '42501', null, 'a gateway takes no ticket');
select throws_ok(format('select * from glas_gw.reveal_copy(%s, %L, false, %L)', test.request(), 'x', 'root'), 'P0002', null,
    'and without one gets nothing');
reset session authorization;

-- Shown, once.
create temp table ticket (word text);
grant all on ticket to public;
set session authorization mira;
insert into ticket select glas.reveal_take(test.request());
reset session authorization;
select test.clock('2026-11-25 12:03+01');
select throws_ok($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, 'P0002', null, 'a ticket is good for two minutes');
select test.clock('2026-11-25 12:01+01');
set session authorization vrata;
select results_eq($$ select token, copy, reference, asked_by from ticket, glas_gw.reveal_copy(test.request(), word, false, e'ro\tot') $$,
    $$ values (test.sealed('ana'), test.sealed('ana'), '100008', 'mira') $$, 'the gateway gets the copy for it');
select throws_ok($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, 'P0002', null, 'once');
set session authorization mira;
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'request % was shown, and a number is shown once%', 'no ticket again');
select results_eq($$ select state, approved_by, shown_at, told from glas.reveals $$,
    $$ values ('shown', 'kosta', timestamptz '2026-11-25 12:01+01', true) $$, 'it is written down');
select results_eq($$ select who, what, note from glas.reveal_history $$,
    $$ values ('mira', 'asked', ''), ('kosta', 'approved', 'until 26.11. 12:00'), ('mira', 'taken', ''), ('mira', 'taken', ''),
       ('mira (root)', 'shown', 'reply copy') $$, 'each step');
select results_eq($$ select who, now_is, note from glas.history where what = 'number' order by at, now_is $$,
    $$ values ('kosta', 'approved', ''), ('mira', 'asked for', 'mora da je pozove lekar'), ('mira', 'shown', '') $$,
    'and in the history of the report');
reset session authorization;
select results_eq($$ select citizen, text, kind, reference::text, state from glas_data.outbox where text like '%videli%' $$,
    $$ values (test.ana(), '100008: videli smo broj.', 'reply', '100008', 'queued') $$, 'she is told');
select throws_ok($$ update glas_data.reveal_history set who = 'x' $$, '55000', null, 'what is written stays');
select throws_ok($$ delete from glas_data.reveal_history $$, '55000', null, 'none goes');
select throws_ok($$ truncate glas_data.reveal_history $$, '55000', null, 'nor all');

-- Refused: what waits, and what was approved and not shown; by a coordinator alone.
set session authorization mira;
reset session authorization;
truncate ticket;
set session authorization mira;
select matches(glas.reveal_request('100008', 'radoznala sam'), 'request', 'asked');
select throws_ok(format('select glas.reveal_refuse(%s, %L)', test.request(), 'ne'), '42501', null, 'a case worker refuses nothing');
set session authorization mile;
select throws_ok(format('select glas.reveal_refuse(%s, %L)', test.request(), 'ne'), '42501', null, 'nor another one');
set session authorization petra;
select throws_ok(format('select glas.reveal_refuse(%s, %L)', test.request(), 'ne'), '42501', null, 'nor the press');
set session authorization kosta;
select throws_ok($$ select glas.reveal_refuse(0, 'ne') $$, 'P0002', null, 'there must be a request');
select throws_ok($$ select glas.reveal_refuse(null, 'ne') $$, 'P0002', null, 'there must be one');
select throws_ok(format('select glas.reveal_refuse(%s, %L)', test.request(), ' '), '22023', null, 'not without a reason');
select throws_ok(format('select glas.reveal_refuse(%s, null)', test.request()), '22023', null, 'nor with none');
select throws_ok(format('select glas.reveal_refuse(%s, repeat(%L, 201))', test.request(), 'a'), '54000', null, 'a short one');
select matches(glas.reveal_refuse(test.request(), 'Pisite Ani prvo.'), '^request \d+ is refused', 'refused');
select throws_like(format('select glas.reveal_refuse(%s, %L)', test.request(), 'ne'), 'request % was refused%', 'once');
select throws_like(format('select glas.reveal_approve(%s)', test.request()), 'request % was refused%', 'and not approved after that');
set session authorization mira;
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'request % was refused%', 'nor shown');
select results_eq(format('select state, approved_by, refused_by, refused_why from glas.reveals where id = %s', test.request()),
    $$ values ('refused', '', 'kosta', 'Pisite Ani prvo.') $$, 'why can be read');
select results_eq(format('select who, what, note from glas.reveal_history where id = %s', test.request()),
    $$ values ('mira', 'asked', ''), ('kosta', 'refused', '') $$, 'and who did it stays');
select matches(glas.reveal_request('100008', 'sad je hitno'), 'request', 'it may be asked for again');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), '^mira may see it once', 'approved');
set session authorization mira;
insert into ticket select glas.reveal_take(test.request());
set session authorization kosta;
select matches(glas.reveal_refuse(test.request(), 'Predomislili smo se.'), 'is refused', 'what was approved is taken back');
set session authorization vrata;
select throws_ok($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, 'P0002', null, 'with the ticket');
reset session authorization;
select is((select count(*) from glas_data.reveal where refused_by <> '' and (ticket is not null or shown_at is not null)), 0::bigint, 'of which nothing is left');
truncate ticket;

-- Approved for who they were then: not for who goes to the police, nor for who comes
-- after them under the same name.
set session authorization mira;
select matches(glas.reveal_request('100008', 'pre nego sto ode'), 'request', 'asked');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), '^mira may see it once', 'approved');
set session authorization mira;
insert into ticket select glas.reveal_take(test.request());
set session authorization kosta;
select is((select organisation from glas.member_add('mira', 'Policija', 'caseworker')), 'Policija', 'she goes to the police');
reset session authorization;
update glas_data.report set organisation = 'Policija' where reference = '100008';
select is(test.state(), 'refused', 'then her request is over');
select results_eq($$ select who, was, now_is from glas.history where what = 'number'
                      and note = 'mira has another place, or none, since it was asked' $$, $$ values ('kosta', 'approved', 'refused') $$,
    'and it is told why');
set session authorization vrata;
select throws_ok($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, 'P0002', null, 'with the ticket');
set session authorization mira;
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'the number of a person is shown to nobody of the police%', 'and no other is given');
reset session authorization;
truncate ticket;
update glas_data.person set organisation = 'Odbor Vranje' where role = 'mira';
update glas_data.report set organisation = 'Odbor Vranje' where reference = '100008';
-- Nor by the word of who has left.
savepoint left_us;
set session authorization mira;
select matches(glas.reveal_request('100008', 'kosta odlazi'), 'request', 'asked once more');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), '^mira may see it once', 'approved');
reset session authorization;
delete from glas_data.person where role = 'kosta';
select is(test.state(), 'refused', 'until who approved it has left');
select is((select refused_why from glas_data.reveal where id = test.request()), 'kosta has another place, or none, since it was approved', 'and why');
rollback to left_us;
set session authorization mira;
select matches(glas.reveal_request('100008', 'kosta je iz ministarstva'), 'request', 'and once more');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), '^mira may see it once', 'approved');
set session authorization mira;
insert into ticket select glas.reveal_take(test.request());
reset session authorization;
update glas_data.organisation set kind = 'ministry' where name = 'Zajednica';
set session authorization vrata;
select throws_ok($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, '42501', null, 'nor by the word of who is of a ministry');
reset session authorization;
rollback to left_us;
set session authorization mira;
select matches(glas.reveal_request('100008', 'dok je organizacija druga'), 'request', 'asked');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), '^mira may see it once', 'approved');
set session authorization mira;
insert into ticket select glas.reveal_take(test.request());
reset session authorization;
update glas_data.organisation set kind = 'police' where name = 'Odbor Vranje';
set session authorization vrata;
select throws_ok($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, '42501', null,
    'where it is found out last that an organisation is of the police, nothing is shown');
set session authorization mira;
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'the number of a person is shown to nobody of the police%', 'nor taken');
reset session authorization;
update glas_data.organisation set kind = 'ngo' where name = 'Odbor Vranje';
truncate ticket;
set session authorization kosta;
select matches(glas.member_remove('mira'), '^mira may nothing', 'she leaves');
select is((select kind from glas.member_add('mira', 'Odbor Vranje', 'caseworker')), 'caseworker', 'somebody else comes under her name');
set session authorization mira;
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'request % was refused%', 'and has asked for nothing');
reset session authorization;

-- By pseudonym; never by oneself.
set session authorization kosta;
select matches(glas.reveal_request(test.called(0), 'zove je zena sa terena'), 'request', 'a pseudonym is her last report');
select is((select reference from glas.reveals where id = test.request()), '100008', 'this one');
select throws_like(format('select glas.reveal_approve(%s)', test.request()), 'you asked for request %: a second person has to agree', 'not for oneself');
select throws_ok($$ select glas.reveal_request('bobo-bobo', 'ko je to') $$, 'P0002', null, 'nobody is called so');
select throws_ok($$ select glas.reveal_request('covek', 'ko je to') $$, 'P0002', null, 'nor so');
set session authorization mira;
select throws_ok($$ select glas.reveal_request(test.called(1), 'x') $$, 'P0002', null, 'a stranger to her');
reset session authorization;
select throws_ok($$ update glas_data.reveal set approved_by = asked_by $$, '23514', null, 'the table itself says so');

-- Where a text could endanger, nothing is told.
insert into glas_data.report (reference, reported_at, message, citizen, category, lang, channel, urgent, status_at)
    values ('300004', '2026-11-20', 1, test.ana(), 'DV', 'sr-Latn', 'sms', true, '2026-11-20');
set session authorization kata;
select matches(glas.reveal_approve(test.request()), '^kosta may see it once', 'another coordinator approves');
set session authorization kosta;
truncate ticket;
insert into ticket select glas.reveal_take(test.request());
reset session authorization;
savepoint safe;
insert into glas_data.case_step (reference, step, at, who) values ('300004', 'safe', glas.now(), 'citizen');
select is((select asked_by from ticket, glas_gw.reveal_copy(test.request(), word, false, 'root')), 'kosta', 'shown');
select is((select told from glas.reveals where id = test.request()), true, 'who has said that it is safe is told');
rollback to safe;
select is((select asked_by from ticket, glas_gw.reveal_copy(test.request(), word, false, 'root')), 'kosta', 'shown');
select is(test.told(), 1::bigint, 'nothing more was told');
select is((select told from glas.reveals where id = test.request()), false, 'and that is written down');

-- It runs out.
set session authorization mira;
select matches(glas.reveal_request('100008', 'treci put'), 'request', 'asked');
reset session authorization;
select test.clock('2026-12-02 12:02+01');
select is(test.state(), 'expired', 'nobody approved it in time');
set session authorization kosta;
select throws_like(format('select glas.reveal_approve(%s)', test.request()), 'request % ran out 02.12. 12:01%', 'too late');
set session authorization mira;
select matches(glas.reveal_request('100008', 'cetvrti put'), 'request', 'asked again');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), 'until 03\.12\. 12:02', 'approved');
reset session authorization;
update glas_data.setting set value = '1' where name = 'reveal_hours';
select test.clock('2026-12-03 12:03+01');
set session authorization mira;
select throws_like(format('select glas.reveal_take(%s)', test.request()), 'request % ran out 03.12. 12:02%', 'approved, and too late');
select matches(glas.reveal_request('100008', 'peti put'), 'request', 'asked again');
set session authorization kosta;
select matches(glas.reveal_approve(test.request()), 'until 03\.12\. 13:03', 'how long is a setting');
set session authorization mira;
truncate ticket;
insert into ticket select glas.reveal_take(test.request());

-- Nobody can.
reset session authorization;
select throws_like($$ select glas_gw.reveal_copy(test.request(), word, true, 'root') from ticket $$, 'there is no copy of this number for an offline key%',
    'there is no recall copy');
update glas_data.citizen set reply_copy = null where id = test.ana();
select throws_like($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, 'nobody can show this number%', 'there is none at all');
update glas_data.citizen set recall_copy = 'recall' where id = test.ana();
select throws_like($$ select glas_gw.reveal_copy(test.request(), word, false, 'root') from ticket $$, '%glasctl reveal --offline-key FILE', 'but the offline key opens one');
select is(test.state(), 'approved', 'and it was not shown by that');
select is((select copy from ticket, glas_gw.reveal_copy(test.request(), word, true, 'root')), 'recall'::bytea, 'it is given');
select is((select note from glas_data.reveal_history order by id desc limit 1), 'recall copy', 'which copy is written down');

-- Who had all erased.
set session authorization mira;
select matches(glas.reveal_request('100008', 'Ana iz Vranja'), 'request', 'asked');
reset session authorization;
select glas_data.erase(test.ana(), 1);
select is(test.state(), 'erased', 'the request is over');
select is((select recall_copy from glas_data.citizen where id = test.ana()), null, 'no copy is left');
select is((select count(*) from glas_data.reveal where reason <> '[obrisano]' or refused_why not in ('', '[obrisano]')), 0::bigint, 'nor words about her');
set session authorization kosta;
select throws_like(format('select glas.reveal_approve(%s)', test.request()), 'whose number request % is for had all erased%', 'nobody approves it');
set session authorization mira;
select throws_ok($$ select glas.reveal_request('100008', 'a sad') $$, 'P0002', null, 'nor asks for it');
reset session authorization;

-- Kept while an answer may be owed. Each is looked at once a day.
select test.clock('2027-01-01 12:00+01');
create function test.person(who text) returns bigint language plpgsql as $f$
declare made bigint;
begin
    insert into glas_data.citizen (token, reply_copy, link, lang, lang_chosen, cyrillic, hour_level, day_level, level_at, first_at, last_at)
    values (test.sealed(who), 'copy', 'mts', 'sr-Latn', false, false, 6, 20, glas.now(), glas.now() - interval '90 days', glas.now() - interval '90 days')
    returning id into made;
    return made;
end $f$;
create function test.kept() returns text language sql as
    $$ select string_agg(w, ' ' order by w) from unnest(array['idle','fresh','open','closed','old','dup','event','news','form','duty','rumour','dialog','out','tried','quiz']) w
         join glas_data.citizen c on c.token = test.sealed(w) where c.reply_copy is not null $$;
create function test.case_of(who bigint, number text, state text, since timestamptz, of text default null, trial boolean default false)
    returns void language sql as $$
    insert into glas_data.report (reference, reported_at, message, citizen, category, lang, channel, urgent, status, status_at, merged_into, test)
    values (number, since, 1, who, 'LIGHT', 'sr-Latn', 'sms', false, state, since, of, trial) $$;
select test.person('idle');
select test.person('fresh');
update glas_data.citizen set last_at = glas.now() - interval '2 days' where token = test.sealed('fresh');
select test.case_of(test.person('open'), '400002', 'referred', '2026-10-05');
select test.case_of(test.person('closed'), '500009', 'closed', '2026-12-03');
select test.case_of(test.person('old'), '600007', 'answered', '2026-12-01');
select test.case_of(test.person('dup'), '700005', 'duplicate', '2026-10-05', '400002');
select test.case_of(test.person('tried'), '800003', 'new', '2026-10-05', null, true);
select test.case_of(test.person('quiz'), '900001', 'closed', '2026-10-05');
insert into glas_data.question (reference) values ('900001');
insert into glas_data.event (number, municipality, title, venue, starts_at, announced_at) values (1, 'Vranje', '{}', 'dom', '2027-01-05', '2026-12-01');
insert into glas_data.attendance (event, citizen, coming, at) values (1, test.person('event'), true, '2026-12-01');
insert into glas_data.subscription (citizen, list, consent, since) values (test.person('news'), 'Vranje', 'VESTI', '2026-10-05');
insert into glas_data.observer (citizen, form, weekday, name, organisation, since) values (test.person('form'), 'MZ', 1, 'MZ', 'Odbor', '2026-10-05');
insert into glas_data.duty_phone (member, citizen, since) values ('mira', test.person('duty'), '2026-10-05');
insert into glas_data.rumour (id, citizen) values (77, test.person('rumour'));
select test.person('dialog');
update glas_data.citizen set dialog = 'step 1', dialog_until = '2027-01-02' where token = test.sealed('dialog');
insert into glas_data.outbox (id, created_at, kind, priority, citizen, text, encoding, segments, state)
    values (990, '2026-10-05', 'reply', 1, test.person('out'), 'x', 'GSM7', 1, 'held');
select is(test.kept(), 'closed dialog dup duty event form fresh idle news old open out quiz rumour tried', 'at first all are kept');
select is(glas_gw.copies_drop(0), 0, 'none without room');
select is(glas_gw.copies_drop(100), 3, 'three have no reason');
select is(test.kept(), 'closed dialog dup duty event form fresh news open out quiz rumour', 'all others have one');
select is((select version from glas_data.citizen where token = test.sealed('idle')), 2, 'gateways look at them again');
select is((select version from glas_data.citizen where token = test.sealed('open')), 1, 'but not at others');
select is(glas_gw.copies_drop(100), 0, 'they were looked at today');
select test.clock('2027-01-02 12:01+01');
create temp table few as select glas_gw.copies_drop(3) as n;
select is((select count(*) from glas_data.citizen where copy_looked_at = glas.now()), 3::bigint, 'next day three are looked at');
select test.clock('2027-01-07 12:01+01');
select is(glas_gw.copies_drop(100) + (select n from few), 4, 'in the end some reasons are over');
select is(test.kept(), 'dup duty form news open out quiz rumour', 'an event has been, a dialog is over, 30 days have passed');
delete from glas_data.subscription;
update glas_data.report set status = 'closed', status_at = '2027-01-07' where reference = '400002';
update glas_data.question set state = 'answered', decided_at = '2027-01-07';
update glas_data.rumour set told_at = '2027-01-07';
select test.clock('2027-02-07 12:01+01');
select is(glas_gw.copies_drop(100), 5, 'no news, an old answer');
select is(test.kept(), 'duty form out', 'the others stay');

-- Whose copy is gone is answered when they write.
set session authorization kosta;
select isnt(glas.reply('600007', 'Popravljeno.'), null, 'a reply is taken');
select is((select state from glas.outbox where text = 'Popravljeno.'), 'waiting', 'and waits');
reset session authorization;
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[9]) where text = 'Popravljeno.'), 0::bigint, 'it is not sent');
select test.store('{"citizens": [{"who": "old", "copy": "old", "version": 2}], "segments": [{"identity": "o", "message": 44}],
    "texts": [{"id": 44, "text": "i?"}]}');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[9]) where text = 'Popravljeno.'), 1::bigint, 'now it is');
select is(glas_gw.copies_drop(100), 0, 'and it is kept again');

-- What case workers see of it.
set session authorization kosta;
select is((select string_agg(reason, ' ' order by reason) from glas.owed('600007')), 'text wrote', 'why it is kept');
select is((select count(*) from glas.owed('400002')), 0::bigint, 'or that it is not');
select throws_ok($$ select glas.owed('000000') $$, '22023', null, 'of whom must be known');
reset session authorization;
select test.case_of(test.person('nov'), '110007', 'open', '2027-02-01');
set session authorization kosta;
select results_eq($$ select reason, until from glas.owed('110007') $$, $$ values ('case', null::timestamptz) $$, 'while a case is open');
reset session authorization;

select * from finish();
rollback;
