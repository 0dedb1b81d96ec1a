-- A question about a report: asked of one person, answered by their next text.
begin;
\ir fixture.psql
select no_plan();
select test.clock('2026-11-25 12:00+01');
select test.office();
update glas_data.gateway set alive_until = '2027-01-01';
create function test.adds(who text, number bigint, words text, reference text) returns void language sql security definer as $$
    select test.store(jsonb_build_object(
        'citizens', jsonb_build_array(jsonb_build_object('who', who, 'copy', who, 'version',
            (select version from glas_data.citizen where token = test.sealed(who)),
            'dialog', (select dialog from glas_data.citizen where token = test.sealed(who)),
            'until', (select dialog_until from glas_data.citizen where token = test.sealed(who)))),
        'segments', jsonb_build_array(jsonb_build_object('identity', 't' || number, 'message', number)),
        'texts', jsonb_build_array(jsonb_build_object('id', number, 'text', words, 'reference', reference)),
        'acts', jsonb_build_array(jsonb_build_object('message', number, 'kind', 'follow', 'key', reference)))) $$;
create function test.dialog(who text) returns text language sql security definer as $$
    select concat_ws(' until ', nullif(dialog, ''), dialog_until) from glas_data.citizen where token = test.sealed(who) $$;

-- What never came to them asks nothing, and keeps nobody from asking.
savepoint unsent;
insert into glas_data.reply_text (key, lang, text) values ('REFER_ASK', 'sr-Latn', '{REF}: {ORG}?') on conflict do nothing;
create function test.ends(how text) returns text language plpgsql security definer as $f$
begin
    update glas_data.outbox set state = 'accepted' where state = 'queued';
    update glas_data.outbox set state = how where state = 'accepted';
    return (select string_agg(dialog, '') from glas_data.citizen);
end $f$;
grant execute on function test.ends(text) to public;
set session authorization mira;
select lives_ok($$ select glas.ask('100008', 'Kada?') $$, 'asked');
select is(test.ends('failed'), '', 'what failed is no question');
select lives_ok($$ select glas.ask('100008', 'Kada to?') $$, 'and is asked anew');
select is(test.ends('undelivered'), '', 'nor what no telephone has');
select is((select count(*) from glas.asked where question like 'Kada%' and state = 'no answer'), 2::bigint, 'which the list says');
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'who else may see it');
select is(test.ends('expired'), '', 'was not asked');
select is((select state from glas.refer('100008', 'Druga')), 'asked', 'and is now');
select is((select note from glas.referrals where state = 'ended'), 'not asked', 'as the list says');
reset session authorization;
select is(test.ends('delivered'), (select format('step 100008/r%s 0', max(id)) from glas_data.referral), 'what came is open');
update glas_data.citizen set dialog = '';
create temp table was as select coalesce(sum(asked), 0) as asked from glas.ratings;
insert into glas_data.solved (reference, asked_at, outbox)
select '100008', glas.now(), max(id) from glas_data.outbox where reference = '100008'
on conflict (reference) do update set asked_at = excluded.asked_at, outbox = excluded.outbox;
update glas_data.outbox set state = 'accepted' where id = (select outbox from glas_data.solved where reference = '100008');
update glas_data.outbox set state = 'suppressed' where id = (select outbox from glas_data.solved where reference = '100008');
refresh materialized view glas_data.ratings;
select is((select coalesce(sum(asked), 0) from glas.ratings), asked, 'who was not asked whether it is solved is not counted') from was;
select is_empty($$ select from glas.ratings where month is null $$, 'nor of no month');
rollback to unsent;

-- Asking.
set session authorization petra;
select throws_ok($$ select glas.ask('100008', 'Gde?') $$, '42501', null, 'the press asks nobody');
set session authorization mira;
select throws_ok($$ select glas.ask('200006', 'Gde?') $$, 'P0002', null, 'not about what one may not see');
select throws_like($$ select glas.ask('100008', ' ') $$, 'the question is empty%', 'something must be asked');
select throws_like($$ select glas.ask('100008', repeat('x', 1000)) $$, '%segments%', 'and not too much');
select ok(glas.ask('100008', 'U kojoj ulici?') > 0, 'a question');
select results_eq('select question, answer, state, asked_by from glas.asked',
    $$ values ('U kojoj ulici?', null::text, 'open', 'mira') $$, 'is open');
select is(test.dialog('ana'), 'question 100008 0 until ' || timestamptz '2026-11-30 12:00+01', 'and the next text answers it');
select throws_like($$ select glas.ask('100008', 'A broj?') $$, 'report 100008 has a question that is open until 30.11. 12:00%one at a time', 'one at a time');
select results_eq($$ select who, what from glas.history where what = 'asked' $$, $$ values ('mira', 'asked') $$, 'the history has it');
set session authorization kosta;
select throws_like($$ select glas.ask('200006', 'Gde?') $$, 'who reported 200006 cannot be reached%', 'not who cannot be reached');
reset session authorization;

-- The answer is of who was asked, to what was asked, in time, and has read it.
savepoint unread;
select test.adds('ana', 41, 'još nešto', '100008');
select is((select state from glas.asked), 'open', 'who was not asked yet does not answer');
rollback to unread;
update glas_data.outbox set state = 'accepted' where state = 'queued';
select test.adds('beba', 41, 'Cara Dušana', '100008');
select is((select state from glas.asked), 'open', 'nobody else answers');
select test.adds('ana', 42, 'Cara Dušana 4', '100008');
select results_eq('select answer, state, answered_at from glas.asked',
    $$ values ('Cara Dušana 4', 'answered', timestamptz '2026-11-25 12:00+01') $$, 'the answer, letter by letter');
select is(test.dialog('ana'), '', 'and the question is closed');
select results_eq($$ select who, now_is from glas.history where what = 'answered' $$, $$ values ('citizen', '42') $$, 'the history has it');
select test.adds('ana', 43, 'dođite', '100008');
select is((select string_agg(answer, '|') from glas.asked), 'Cara Dušana 4', 'the first text alone');
update glas_data.report set status = 'closed' where reference = '100008';
set session authorization kosta;
select ok(glas.ask('100008', 'Da li radi?') > 0, 'of a closed report, too');
reset session authorization;
update glas_data.outbox set state = 'accepted' where state = 'queued';
select test.clock('2026-12-01 12:00+01');
select test.adds('ana', 44, 'radi', '100008');
select is((select state from glas.asked where question = 'Da li radi?'), 'no answer', 'too late for an answer');
select is((select status from glas.reports where reference = '100008'), 'open', 'but it is read');
set session authorization mira;
select ok(glas.ask('100008', 'Sigurno?') > 0, 'it may be asked again then');
reset session authorization;
update glas_data.citizen set dialog = 'place 100008 0' where token = test.sealed('ana');
update glas_data.asked set until = glas.now() where question = 'Sigurno?';
set session authorization mira;
select throws_like($$ select glas.ask('100008', 'x') $$, 'they are being asked about this very report until%', 'while something else is asked');
reset session authorization;
update glas_data.citizen set dialog = '', silenced_until = 'infinity', blocked = true where token = test.sealed('ana');
set session authorization mira;
select throws_like($$ select glas.ask('100008', 'x') $$, 'nothing can be sent to baba-baba for now%', 'who is blocked');
reset session authorization;
update glas_data.citizen set silenced_until = null, blocked = false where token = test.sealed('ana');
select test.clock('2026-12-01 22:00+01');
set session authorization mira;
select glas.ask('100008', 'Jeste li tu?');
reset session authorization;
select is((select due_at from glas_data.outbox where text = 'Jeste li tu?'), '2026-12-02 09:00+01', 'nobody is woken');
update glas_data.citizen set dialog = '' where token = test.sealed('ana');
select throws_like($$ select glas_data.must_not_be_asked(c, '100008') from glas_data.citizen c where c.token = test.sealed('ana') $$,
    'they are being asked about this very report until%', 'nor asked two things, though they have left it for something else');

-- Erasure takes question and answer.
select glas_data.erase(c.id, 44) from glas_data.citizen c where c.token = test.sealed('ana');
select results_eq('select distinct question from glas.asked', $$ values ('[obrisano]') $$, 'questions go');
select is((select string_agg(distinct answer, ' ') from glas.asked), '[obrisano]', 'and answers');
set session authorization mira;
select throws_like($$ select glas.ask('100008', 'x') $$, '%had their number erased%', 'and nobody can be asked');
select * from finish();
rollback;
