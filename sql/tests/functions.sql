begin;
\ir fixture.psql
select plan(129);
select test.office();
insert into glas_data.keyword (kind, code, lang, pattern) values ('actor', 'MUNI', 'sr', 'opstin*');
grant execute on all functions in schema test to public;

-- References in all the ways that people write them.
set session authorization mira;
select lives_ok($$ select glas.reply('100 008', 'Dolazi majstor.') $$, 'a reference with a space');
reset session authorization;
update glas_data.outbox set created_at = created_at - interval '9 minutes' where text = 'Dolazi majstor.';
update glas_data.message set received_at = received_at - interval '1 hour';
set session authorization mira;
select throws_like($$ select glas.reply('100-008', 'Dolazi majstor.') $$,
    'these words were written to them at __:__, as text %: to send them once more all the same, change a word', 'the same words again');
select lives_ok($$ select glas.reply('100-008', 'Dolazi majstor!') $$, 'a reference with a dash, and other words');
reset session authorization;
update glas_data.outbox set created_at = created_at - interval '2 minutes' where text = 'Dolazi majstor.';
set session authorization mira;
select lives_ok($$ select glas.reply('100008', 'Dolazi majstor.') $$, 'later it may be said once more');
reset session authorization;
update glas_data.outbox set created_at = created_at - interval '1 second', state = 'undelivered' where text = 'Dolazi majstor!';
set session authorization mira;
select lives_ok($$ select glas.reply('100008', 'Dolazi majstor!') $$, 'and at once where it did not arrive');
reset session authorization;
update glas_data.outbox set created_at = created_at - interval '1 second', state = 'unknown' where text = 'Dolazi majstor!' and state = 'queued';
set session authorization mira;
select lives_ok($$ select glas.reply('100008', 'Dolazi majstor!') $$, 'or nobody knows whether it did');
reset session authorization;
update glas_data.outbox set created_at = created_at - interval '1 second' where text = 'Dolazi majstor!' and state = 'queued';
savepoint asked;
update glas_data.message set received_at = glas.now() where id = 1;
set session authorization mira;
select lives_ok($$ select glas.reply('100008', 'Dolazi majstor!') $$, 'and where they have written since');
reset session authorization;
rollback to asked;
set session authorization mira;
select throws_like($$ select glas.reply('100008', 'Dolazi majstor!') $$, 'these words were written to them%', 'else not');
reset session authorization;
update glas_data.message set received_at = received_at + interval '1 hour';
set session authorization mira;
select throws_ok($$ select glas.reply('12345', 'x') $$, '22023',
    '"12345" is no reference: it has six digits or more, as in column reference of glas.reports',
    'too few digits');
select throws_like($$ select glas.reply('100009', 'x') $$, '%has a wrong digit%', 'a wrong digit');
select throws_ok($$ select glas.reply('300004', 'x') $$, 'P0002', null, 'no such report');
select throws_ok($$ select glas.reply('200006', 'x') $$, 'P0002', null,
    'the report of another organisation is as good as none');
select throws_ok($$ select glas.reply(null, 'x') $$, '22023', null, 'no reference at all');

-- Replies.
select throws_ok($$ select glas.reply('100008', e' \n ') $$, '22023',
    'the reply is empty: write what the person is to read', 'an empty reply');
select throws_ok($$ select glas.reply('100008', null) $$, '22023', null, 'no reply at all');
select throws_ok($$ select glas.reply('100008', repeat('a', 153 * 6 + 1)) $$, '54000', null,
    'a reply with too many segments');
select lives_ok($$ select glas.reply('100008', repeat('a', 153 * 6)) $$, 'one that just fits');
-- A file that was pasted by mistake: nobody waits for its letters to be counted.
set statement_timeout = '10s';
select throws_ok($$ select glas.reply('100008', repeat('a', 1000000)) $$, '54000',
    'the reply has 1000000 letters, 1836 are allowed: shorten it', 'a reply of a million letters');
select throws_ok($$ select * from glas.preview(repeat('a', 1000000)) $$, '54000',
    'the text has 1000000 letters, 2000 are allowed: shorten it', 'and a preview of it');
select throws_ok($$ select glas.set_status('100008', 'open', repeat('a', 1001)) $$, '54000',
    'the note has 1001 letters, 1000 are allowed: shorten it', 'a note that is too long');
select throws_ok($$ select glas.classify('100008', urgent => true, note => repeat('a', 1001)) $$, '54000',
    null, 'another one');
select throws_ok($$ select glas.set_status('100008', repeat('a', 1000000)) $$, '22023', format(
    'report 100008 is new and cannot become "%s": allowed are answered, closed, not_for_us, '
    'open, referred, withdrawn', repeat('a', 40)), 'an error is short');
reset statement_timeout;
create temp table answer as select glas.reply('100008', 'Šaljemo čoveka – sutra…') as id;
select results_eq($$ select text, encoding, segments::int, state, kind, link, reference, citizen
                       from glas.outbox natural join answer $$,
    $$ values ('Saljemo coveka - sutra...', 'GSM7', 1, 'queued', 'reply', 'mts', '100008', 'baba-baba') $$,
    'a reply is queued in cheap letters for the link that they wrote to');
reset session authorization;
grant select on answer to public;
select is((select created_by from glas_data.outbox natural join answer), 'mira',
    'it says who wrote it');
select is((select what || now_is || who from glas_data.report_history order by id desc limit 1),
    (select 'reply' || id || 'mira' from answer), 'and so does the history');
select is((select status || (answered_at is not null) from glas.reports where reference = '100008'),
    'newtrue', 'the report is answered at that time, its status stays');
update glas_data.citizen set cyrillic = true where token = test.sealed('ana');
create temp table answer2 as select glas.reply('100008', 'Долази „мајстор“') as id;
select is((select text || encoding from glas.outbox natural join answer2), 'Долази "мајстор"UCS2',
    'who asked for Cyrillic gets it');
create temp table answer3 as select glas.reply('200006', 'Hvala.') as id;
select results_eq($$ select state, reason <> '' from glas.outbox natural join answer3 $$,
    $$ values ('waiting', true) $$, 'who cannot be reached gets it when they write again');
select is((select count(*) from glas_gw.mt_claim('vranje', array['mts'], array[99]) c
             join answer3 using (id)), 0::bigint, 'and until then nobody sends it');

-- Status.
set session authorization mira;
select throws_like($$ select glas.set_status('100008', 'done') $$,
    '%is new and cannot become "done": allowed are answered, closed%',
    'a word that is no status');
select is((select status from glas.set_status('100 008', ' Open ', 'pogledano')), 'open', 'new, open');
select throws_ok($$ select glas.set_status('100008', 'open') $$, '22023', null, 'open, open');
select throws_ok($$ select glas.set_status('100008', null) $$, '22023', null, 'no status at all');
select is((select status from glas.set_status('100008', 'referred')), 'referred', 'open, referred');
select is((select status from glas.set_status('100008', 'answered')), 'answered', 'referred, answered');
select throws_ok($$ select glas.set_status('100008', 'closed', ' ') $$, '22023',
    'say why report 100008 becomes closed: select * from glas.set_status(''100008'', ''closed'', ''why'')',
    'who closes says why');
select is((select status from glas.set_status('100008', 'closed', 'gotovo')), 'closed', 'answered, closed');
select throws_ok($$ select glas.set_status('100008', 'answered') $$, '22023',
    'report 100008 is closed and cannot become "answered": allowed are open', 'closed is closed');
select is((select status from glas.set_status('100008', 'open', 'opet')), 'open', 'but can be opened again');
select results_eq($$ select who, was, now_is, note from glas.history
        where reference = '100008' and what = 'status' and note <> '' $$,
    $$ values ('mira', 'new', 'open', 'pogledano'), ('mira', 'answered', 'closed', 'gotovo'),
              ('mira', 'closed', 'open', 'opet') $$,
    'every move is in the history');
select throws_ok($$ select glas.set_status('200006', 'open') $$, 'P0002', null, 'not their report');

-- What a report is about.
select throws_ok($$ select glas.classify('100008') $$, '22023', null, 'nothing to change');
select throws_ok($$ select glas.classify('100008', 'STARS') $$, '22023',
    'there is no category "STARS": select * from glas.categories lists them', 'no such category');
select throws_like($$ select glas.classify('100008', place => 'suvi dol') $$,
    '%but Vranje/Suvi Dol: write Municipality or%', 'half a place: the whole is named');
select results_eq($$ select category, municipality, settlement, actor, urgent, status
                       from glas.classify('100008', 'road', 'vranje / suvi dol', 'muni', true, 'zvali') $$,
    $$ values ('ROAD', 'Vranje', 'Suvi Dol', 'MUNI', true, 'open') $$, 'all of it');
select results_eq($$ select category, municipality, settlement, actor, urgent
                       from glas.classify('100008', place => 'Bujanovac') $$,
    $$ values ('ROAD', 'Bujanovac', '', 'MUNI', true) $$, 'what is left out stays');
select is((select count(*) from glas.history where reference = '100008'
              and what in ('category', 'place', 'actor', 'urgent')), 5::bigint,
    'each change is in the history');
select results_eq($$ select was, now_is from glas.history where reference = '100008' and what = 'place' order by at, was $$,
    $$ values ('Vranje', 'Vranje/Suvi Dol'), ('Vranje/Suvi Dol', 'Bujanovac') $$, 'a place is said as in the gazetteer');
select lives_ok($$ select glas.classify('100008', 'ROAD', note => 'jeste put') $$, 'it is right as it stands');
select is((select note from glas.history where reference = '100008' and what = 'note'), 'jeste put', 'and why is kept');
select throws_ok('select glas_data.labels()', '42501', null, 'texts to learn from are for the owner');
reset session authorization;
select results_eq('select text, category from glas_data.labels()',
    $$ select t.text, 'ROAD' from glas_data.body t
         join glas_data.report r on r.message = t.message where r.reference = '100008' $$,
    'a text whose category was set right can be learnt from');
update glas_data.report set test = true where reference = '100008';
select is_empty('select * from glas_data.labels()', 'not from trials');
update glas_data.report set test = false where reference = '100008';
update glas_data.body set text = '[obrisano]' where message = 1;
select is_empty('select * from glas_data.labels()', 'nor from what was erased');
update glas_data.body set text = 'nema svetla' where message = 1;
set session authorization mira;
select is((select category from glas.classify('100008', '')), '', 'a category is taken away');
select throws_ok($$ select glas.classify('200006', 'ROAD') $$, 'P0002', null, 'not their report');
reset session authorization;
select results_eq($$ select status, status_at = reported_at, category, municipality, settlement, organisation
                       from glas_data.report where reference = '200006' $$,
    $$ values ('new', true, '', 'Vranje', '', null::text) $$,
    'what is done with one report leaves others as they are');
set session authorization mira;

-- Whose it is.
select is((select count(*) from glas.reports), 1::bigint, 'a case worker sees the reports of the own organisation');
select is((select count(*) from glas.inbox), 1::bigint, 'and the texts of those');
select is((select count(*) from glas.outbox where reference <> '100008' or reference is null), 0::bigint,
    'and the answers to those');
select throws_like($$ select glas.assign('100008', 'Drugo') $$,
    'nobody of "Drugo" would see it; people are here of: %', 'a name that nobody has');
select is((select organisation from glas.assign('100008', ' ODBOR vranje')), 'Odbor Vranje', 'names are those that glas.refer() knows');
select throws_like($$ select glas.explain(null) $$, 'there is no text without a number%', 'a text without a number');
reset session authorization;
insert into glas_data.person values ('tuda', 'Druga', 'caseworker', now());
insert into glas_data.reply_text (key, lang, text, source, reviewer, last_checked)
values ('REFER_ASK', 'sr-Latn', 'Prijava {REF}: sme li da je vidi {ORG}?', 'project', 'none', '2026-11-28');
set session authorization mira;
select throws_ok($$ select glas.assign('100008', 'Druga') $$, '42501',
    'who reported 100008 has not agreed that Druga sees it: ask them with select * from glas.refer(''100008'', '
    '''Druga'', ''why''), or give it back to the network: select * from glas.assign(''100008'', '''')',
    'a case worker shows it to others with consent only');
select is((select organisation from glas.assign('100008', 'Odbor Vranje')), 'Odbor Vranje', 'to themselves at any time');
select lives_ok($$ select glas.refer('100008', 'Druga') $$, 'they ask');
select throws_like($$ select glas.assign('100008', 'Druga') $$, 'who reported 100008 has not agreed%', 'to ask is not enough');
select lives_ok($$ select glas.consent('100008', 'Druga', true, 'da, može') $$, 'and hear yes');
select is((select count(*) from glas.assign('100008', 'Druga')), 0::bigint,
    'who gives a report away sees it no more');
select throws_ok($$ select glas.assign('100008', 'Odbor Vranje') $$, 'P0002', null, 'and cannot take it back');
select is((select count(*) from glas.inbox), 0::bigint, 'nor its text');
set session authorization kosta;
select is((select organisation from glas.assign('100008', 'Odbor Vranje')), 'Odbor Vranje', 'a coordinator does');
set session authorization mira;
select is((select count(*) from glas.assign('100008', '')), 0::bigint, 'or gives it to nobody, who coordinates decides');
set session authorization kosta;
select is((select organisation from glas.assign('200006', 'Odbor Vranje')), 'Odbor Vranje',
    'a coordinator assigns what nobody has');
select is((select organisation from glas.assign('200006', 'Druga')), 'Druga', 'moves it within the network');
select throws_like($$ select glas.assign('200006', null) $$,
    'say who takes report 200006: select * from glas.organisations lists them; select * from glas.assign(''200006'', '''') gives%', 'by a slip nothing is given away');
select is((select organisation from glas.assign('200006', ' ')), null, 'and takes it back');
select is((select count(*) from glas.reports), 2::bigint, 'and sees everything');
set session authorization petra;
select throws_ok($$ select * from glas.reports $$, '42501', null, 'the press sees no report');

-- How it came about.
set session authorization kosta;
select results_eq($$ select * from glas.explain(1) limit 4 offset 1 $$,
    array['intent report: nema', 'place none', 'Understood as report in sr-Latn, 90 per cent sure.',
        'It belongs to report 100008.'], 'how a text was understood');
select matches((select string_agg(line, e'\n') from glas.explain(1) line), 'Answered by 1 \(receipt, 1 GSM7, ',
    'and answered');
select matches((select string_agg(line, e'\n') from glas.explain(2) line), 'waiting: the number is not kept',
    'or why not yet');
select throws_ok($$ select glas.explain(99) $$, 'P0002', null, 'no such text');
set session authorization mira;
select throws_ok($$ select glas.explain(2) $$, 'P0002', null, 'nor one of others');

-- A reference that is typed without quotes.
select throws_like($$ select glas.read(100008) $$, 'there is no report 100008 among those that you may see%', 'no more is seen so');
reset session authorization;
update glas_data.report set organisation = 'Odbor Vranje', status = 'new' where reference = '100008';
update glas_data.citizen set reply_copy = '\x01';
set session authorization mira;
select results_eq('select glas.read(100008)', $$ select glas.read('100008') $$, 'a reference is read as a number, too');
select lives_ok($$ select glas.reply(100008, 'Dobar dan.') $$, 'answered');
select is((select status from glas.set_status(100008, 'open')), 'open', 'moved on');
select throws_like($$ select glas.assign(100008, 'Nema') $$, 'nobody of "Nema" would see it%', 'given away, or not');
select throws_like($$ select glas.ask(100008, '') $$, 'the question is empty%', 'and asked');
select is((select category from glas.classify(100008, 'ROAD')), 'ROAD', 'corrected');
select throws_like($$ select glas.merge(100008, 100008, 'isto') $$, 'report 100008 cannot be a duplicate of itself%', 'and joined');

-- Or compared with.
reset session authorization;
create function test.plan(query text) returns setof text language plpgsql as $$
begin return query execute 'explain (verbose) ' || query; end $$;
grant execute on function test.plan(text) to public;
set session authorization mira;
set search_path = glas, tap, test, pg_catalog;
select is((select text from reports where reference = 100008), 'nema svetla', 'a case is found by a number without quotes');
select is((select count(*) from history where reference in (100008, 200006::bigint)), (select count(*) from history
    where reference in ('100008', '200006')), 'or by one of several');
select is((select count(*) from test.plan('select * from reports where reference = 100008') l where l ~ 'is_number'), 0::bigint,
    'as with quotes: it is looked up');
select is((select count(*) from history where reference <> 100008), (select count(*) from history where reference <> '100008'), 'or all others');
select is_empty('select from reports where reference not in (100008, 200006::bigint)', 'but for several');
select ok('1' = 1 and text 'a' = 'a' and text 'a' <> 'b' and 1 <> 2.0 and 1 = 1.0, 'what was equal before is');
set search_path = tap, test, pg_catalog;
select throws_ok($$ select from glas.reports where reference = 100008 $$, '42883', null, 'not where the path is another');

-- Beside what gives rows it is called twice, and is one text.
reset session authorization;
select glas_data.content_import(jsonb_set(glas_data.content_pack(), '{places}', '{"entries": [
    {"municipality": "Preševo"}, {"municipality": "Bujanovac"}, {"municipality": "Bujanovac", "settlement": "Veliki Trnovac"},
    {"municipality": "Vranje"}, {"municipality": "Vranje", "settlement": "Suvi Dol"}]}'));
set session authorization mira;
select glas.reply('100008', 'Videcemo.'), glas.set_status('100008', 'answered');
select is((select count(*) from glas.outbox where text = 'Videcemo.'), 1::bigint, 'one text');
select is((select count(*) from glas.history where what = 'reply' and now_is in (select id::text from glas.outbox where text = 'Videcemo.')),
    1::bigint, 'and one row of the history');

-- A place as it is typed.
select is((select municipality from glas.classify('100008', place => typed)), place, typed) from (values ('presevo', 'Preševo'),
    ('ПРЕШЕВО', 'Preševo'), ('Bujanovac/veliki trnovac', 'Bujanovac')) v (typed, place);
select throws_ok(format($$ select glas.classify('100008', place => %L) $$, typed), '22023', format('there is no place "%s" in the '
    'gazetteer%s: write Municipality or Municipality/Settlement', typed, alike), typed) from (values ('Vranj', ', but Vranje'),
    ('Bujanovca', ', but Bujanovac'), ('Trnovac', ', but Bujanovac/Veliki Trnovac'), ('Suvi Dol', ', but Vranje/Suvi Dol'),
    ('Vranje/Trnovac', ', but Bujanovac/Veliki Trnovac, Vranje, Vranje/Suvi Dol'), ('Paris', ''), ('x', '')) v (typed, alike);
select glas.classify('100008', place => 'Vranje');

-- Nobody is hidden from the police by a word that means them.
select throws_ok($$ select glas.classify('100008', actor => 'policija') $$, '22023',
    'there is no actor "policija": known are BORDER, GENDARMERIE, MUNI, POLICE; leave it empty for anybody else', 'an actor is a known one');
select is((select actor from glas.classify('100008', actor => ' police ')), 'POLICE', 'in any case of letters');
select is((select actor from glas.classify('100008', actor => '')), '', 'or none');
set session authorization kosta;
select throws_like($$ select glas.cover('Odbor Vranje', 'Vranje', actor => 'policija') $$, 'there is no actor "policija"%', 'also of what is covered');
set session authorization mira;

-- Help.
select is_empty($$ select thing, line from glas.help(), regexp_split_to_table(about, e'\n') line
                    where length(thing) + length(line) > 75 or about like '%…%' or about = '' $$,
    'everything has an explanation that fits a terminal, and is whole');
select is((select about from glas.help() where thing = 'ratings'), 'What people say of what became of their reports, by' || e'\n'
    || 'month and organisation that has them', 'in lines of whole words');
select results_eq($$ select about from glas.help('set_status') where thing in ('takes', 'gives') $$, array[
    e'reference text, status text, [note text]\nor reference bigint, status text, [note text]\n'
    '[ ]: may be left out, or named: note => ...',
    'rows of glas.reports; begin with "select * from"'], 'what a function takes');
select is_empty($$ select h.thing, line from glas.help() l, glas.help(replace(l.thing, '()', '')) h, regexp_split_to_table(h.about, e'\n') line
                    where length(replace(l.thing, '()', '')) + length(line) > 75 or h.about like any (array['%DEFAULT%', '%::%', '%time zone%']) $$,
    'all that is said of each fits, too, and is no SQL of the catalogue');
select set_eq($$ select thing from glas.help() $$,
    array['asked', 'callbacks', 'categories', 'consents', 'coverage', 'deadlines', 'due', 'duty',
          'duty_calls', 'events', 'history', 'inbox', 'lists', 'members', 'merged', 'observers',
          'organisations', 'outbox', 'poll_results', 'polls', 'questions', 'ratings',
          'referrals', 'reports', 'reveal_history', 'reveals', 'texts', 'ask()', 'ask_step()',
          'assign()', 'called_back()', 'classify()', 'complaint()', 'consent()', 'consent_withdraw()', 'deadline_begin()',
          'deadline_done()', 'duty_code()',
          'explain()', 'happened()', 'read()', 'today()', 'help()', 'merge()', 'observer_add()', 'observer_remove()', 'owed()', 'preview()',
          'question_answer()', 'question_moderate()', 'record_step()', 'refer()', 'reply()',
          'reply_all()', 'reveal_request()', 'reveal_take()', 'set_status()', 'split()', 'text_back()'],
    'a case worker is told of what a case worker may use');
select results_eq($$ select thing from glas.help('glas.reply(text, text)') $$,
    array['reply', 'takes', 'gives', 'example'], 'one thing in detail');
select is((select about from glas.help('assign') where thing = 'takes'),
    'reference text, organisation text' || e'\n' || 'or reference bigint, organisation text', 'which may be typed in two ways');
select results_eq($$ select about from glas.help('set_status') where thing = 'gives' $$,
    $$ values ('rows of glas.reports; begin with "select * from"') $$, 'a row is not to be read as one long line');
select throws_ok($$ select glas.help('nonsense') $$, '42704', null, 'what is not there');
reset session authorization;
select is_empty($$ select h.thing, line from glas.help() h, glas.help(h.thing) d,
                          regexp_split_to_table(d.about, e'\n') line
                    where length(d.thing) + length(line) > 75 $$,
    'all of it fits a terminal of eighty columns');
select is_empty($$ select h.name from glas_data.help_rows() h, lateral (
                              select about from glas.help(h.name) limit 1) d
                    where h.example <> '' and h.about <> replace(d.about, e'\n', ' ') $$,
    'in lines of whole words');

-- Trends.
select test.recount();
select is((select count(*) from glas.trend), 0::bigint, 'few reports are nobody''s business');
insert into glas_data.report (reference, reported_at, message, citizen, category, lang, channel, urgent, status_at)
select glas_data.reference_nth(1000 + n, 7), '2026-11-18 12:00+00', n, n,
       case when n <= 8 then 'ROAD' when n <= 12 then 'LIGHT' else 'POL_ID' end, 'sq', 'sms', false, now()
  from generate_series(1, 15) n;
select test.recount();
select results_eq($$ select category, reports, length(bar) from glas.trend where week = '2026-11-16' $$,
    $$ values ('ROAD', 8, 30), ('other', 7, 26) $$, 'small counts are put together');
select is((select count(*) from glas.trend where category = 'POL_ID'), 0::bigint, 'and not shown alone');

select * from finish();
rollback;
