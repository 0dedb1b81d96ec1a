-- Reports that are the same, texts that are something else, history that stays.
begin;
\ir fixture.psql
select no_plan();
select test.office();
grant execute on all functions in schema test to public;
select test.clock('2026-11-25 12:00+01');
update glas_data.gateway set alive_until = '2027-01-01';
select glas_data.content_import(jsonb_set(jsonb_set(glas_data.content_pack(), '{replies}', '{"entries": [
    {"key": "SPLIT", "lang": "sr-Latn", "text": "Deo vodimo pod brojem {REF}."}]}'),
    '{categories}', '{"entries": [{"code": "LIGHT", "named_in_reply": true}, {"code": "ROAD", "named_in_reply": true},
    {"code": "DV", "named_in_reply": false}]}'));
update glas_data.citizen set reply_copy = token where token = test.sealed('beba');

-- History is only added to.
set session authorization mira;
select lives_ok($$ select glas.set_status('100008', 'open', 'Ana zove svaki dan') $$, 'a row of history');
reset session authorization;
select throws_ok($$ update glas_data.report_history set who = 'kosta' $$, '55000',
    'the history of reports is only added to: write down what is right now with a further change, '
    'such as glas.set_status() with a note', 'who did it stays');
select throws_ok($$ update glas_data.report_history set note = '' $$, '55000', null, 'why stays');
select throws_ok($$ update glas_data.report_history set note = '[obrisano]', was = 'closed' $$, '55000', null,
    'an erasure takes words and nothing else');
select throws_ok($$ delete from glas_data.report_history $$, '55000', null, 'no row goes');
select throws_ok($$ truncate glas_data.report_history $$, '55000', null, 'nor all at once');
select lives_ok($$ update glas_data.report_history set note = '[obrisano]' where note <> '' $$,
    'but the words about who had all erased');
select throws_ok($$ select glas.set_status('100008', 'not_for_us') $$, '22023', null, 'not for us: why?');
select throws_ok($$ select glas.set_status('100008', 'withdrawn', e' \n') $$, '22023', null, 'withdrawn: why?');
select throws_like($$ select glas.set_status('100008', 'duplicate', 'isto') $$, '%say which: select * from glas.merge%',
    'a duplicate of which?');
select lives_ok($$ select glas.set_status('100008', 'referred') $$, 'what goes on needs no reason');

-- From each state to each: `+` is a move, `.` is refused. What becomes a duplicate is
-- merged.
reset session authorization;
create function test.move(p_was text, p_now text) returns text language plpgsql as $$
begin
    update glas_data.report set status = p_was, merged_into = case p_was when 'duplicate' then '200006' end
     where reference = '100008';
    begin
        if p_now = 'duplicate' then
            perform glas.merge('100008', '200006', 'isto');
        else
            perform glas.set_status('100008', p_now, 'zato');
        end if;
        return case (select status from glas_data.report where reference = '100008')
               when p_now then '+' else '?' end;
    exception when invalid_parameter_value then
        return '.';
    end;
end $$;
create temp table state (place int, name text);
insert into state select ordinality, name
  from unnest('{new,open,referred,answered,closed,duplicate,withdrawn,not_for_us}'::text[]) with ordinality t (name, ordinality);
savepoint moves;
select bag_eq($$ select name from state $$,
    $$ select (regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g'))[1] from pg_constraint
        where conrelid = 'glas_data.report'::regclass and conname = 'report_status_check' $$, 'all states are here');
select results_eq($$ select w.name, string_agg(test.move(w.name, n.name), '' order by n.place)
      from state w, state n group by w.place, w.name order by w.place $$,
    $$ values ('new',        '.+++++++'),
              ('open',       '..++++++'),
              ('referred',   '.+.+++++'),
              ('answered',   '.++.+++.'),
              ('closed',     '.+......'),
              ('duplicate',  '.+......'),
              ('withdrawn',  '.+......'),
              ('not_for_us', '.++.....') $$, 'each of 64 moves is done, or refused');
rollback to moves;

-- The same thing twice.
set session authorization kosta;
select throws_ok($$ select glas.merge('100008', '100008', 'isto') $$, '22023', null, 'not with itself');
select throws_ok($$ select glas.merge('200006', '100008', ' ') $$, '22023', null, 'not without a reason');
select throws_ok($$ select glas.merge('200006', '300004', 'isto') $$, 'P0002', null, 'not into what is not there');
set session authorization mira;
select throws_ok($$ select glas.merge('200006', '100008', 'isto') $$, 'P0002', null, 'not what one may not see');
set session authorization kosta;
select lives_ok($$ select glas.assign('200006', 'Odbor Vranje') $$, 'both are hers');
set session authorization mira;
select is((select reference || status from glas.merge('200006', '100 008', 'ista lampa')), '100008referred',
    'the other one is given, and stays as it is');
select is((select status from glas.reports where reference = '200006'), 'duplicate', 'this one is a duplicate');
select results_eq($$ select what, was, now_is, note from glas.history where reference = '200006' and what = 'merged' $$,
    $$ values ('merged', 'new', '100008', 'ista lampa') $$, 'its history says of what');
select results_eq($$ select what, now_is, note from glas.history where reference = '100008' and what = 'joined' $$,
    $$ values ('joined', '200006', 'ista lampa') $$, 'and that of the other');
select results_eq($$ select reference, duplicate from glas.merged $$, $$ values ('100008', '200006') $$,
    'there is a list of them');
select throws_ok($$ select glas.merge('200006', '100008', 'opet') $$, '22023', null, 'once is enough');
select throws_ok($$ select glas.merge('100008', '200006', 'obrnuto') $$, '22023', null, 'not in a circle');
select throws_like($$ select glas.set_status('100008', 'withdrawn', 'odustala') $$, '%200006%',
    'that one withdraws is nothing that others are told');
reset session authorization;
create function test.told(who text, asked text) returns text language sql as $$
    select status || ' ' || category || coalesce(text, '') from glas_gw.mo_context(array[test.sealed(who)],
        array[test.sealed('optout ' || who)], array[test.sealed('new ' || who)], array[asked]) $$;
update glas_data.report set reported_at = glas.now();
select is(test.told('beba', '200006'), 'referred rupa na putu',
    'who reported the duplicate hears the state of the other, and what they wrote themselves');
select is(test.told('beba', '100008'), null, 'the other one is not theirs');
select is(test.told('ana', '200006'), null, 'nor theirs the other''s');
select is(test.told('ana', '100008'), 'referred LIGHTnema svetla', 'the first hears what she heard before');
select glas.set_status('100008', 'answered');
select test.store('{"citizens": [{"who": "beba", "version": 1}],
    "segments": [{"identity": "c", "message": 3}],
    "texts": [{"id": 3, "reference": "200006", "text": "jos ne radi"}],
    "acts": [{"message": 3, "kind": "follow", "key": "200006"}]}');
select results_eq($$ select reference::text, status from glas_data.report where reference in ('100008', '200006') order by 1 $$,
    $$ values ('100008', 'open'), ('200006', 'duplicate') $$, 'what is added to the duplicate opens the other again');
select is((select reference from glas.inbox where id = 3), '100008', 'and is found there');
-- Who is written to goes on with the case that it was about, whatever they told since.
savepoint spoken;
create function test.spoken() returns text language sql as $$
    select asked || ' ' || coalesce(told_at::text, '-') from glas_gw.mo_context(array[test.sealed('beba')],
        array[test.sealed('optout beba')], array[test.sealed('new')], array['']) $$;
select test.store('{"citizens": [{"who": "beba", "version": 2}], "segments": [{"identity": "sp", "message": 70}],
    "texts": [{"id": 70, "reference": "700004"}], "reports": [{"reference": "700004", "message": 70}]}');
update glas_data.report set reported_at = glas.now() - interval '3 hours' where reference = '200006';
update glas_data.report set reported_at = glas.now() - interval '2 hours' where reference = '700004';
select is(test.spoken(), '700004 -', 'what they told last');
select is(glas_data.queue(citizen, 'reply', 2, 'Popravljeno je.', null, '200006') > 0, true, 'somebody answers the other')
  from glas_data.report where reference = '200006';
select is(test.spoken(), '700004 -', 'which they have not read yet');
update glas_data.outbox set state = 'accepted', sent_at = '2099-01-01 12:00+00' where text = 'Popravljeno je.';
select is(test.spoken(), '200006 2099-01-01 12:00:00+00', 'but that, then') from set_config('timezone', 'UTC', true);
update glas_data.citizen set dialog = 'place 700004/Novo_Selo 0', dialog_until = glas.now() + interval '1 minute'
 where token = test.sealed('beba');
select is(test.spoken(), '700004 -', 'not while they are asked where the other one is');
update glas_data.citizen set dialog_until = glas.now() - interval '1 minute' where token = test.sealed('beba');
select is(test.spoken(), '200006 2099-01-01 12:00:00+00', 'as long as that');
update glas_data.report set reported_at = glas.now() - interval '50 minutes' where reference = '700004';
select is(test.spoken(), '700004 -', 'nor in the hour after they have told it');
update glas_data.report set reported_at = glas.now() - interval '40 minutes' where reference = '200006';
select is(test.spoken(), '200006 2099-01-01 12:00:00+00', 'unless the one that was answered is the newer one');
rollback to spoken;
set session authorization mira;
select results_eq($$ select report, outbox is not null, note from glas.reply_all('100008', 'Popravljeno.') order by 1 $$,
    $$ values ('100008', true, ''), ('200006', true, '') $$, 'all are answered');
select results_eq($$ select reference, citizen from glas.outbox where text = 'Popravljeno.' order by 1 $$,
    $$ select reference, citizen from glas.reports order by 1 $$, 'each under the number that they know');
select throws_like($$ select * from glas.reply_all('200006', 'x') $$, '%is a duplicate of 100008%', 'not by the duplicate');
reset session authorization;
savepoint erased;
select glas_data.erase(r.citizen, 1) from glas_data.report r where r.reference = '100008';
set session authorization mira;
select throws_like(said, '%100008 had their number erased: one other reported the same: glas.reply_all(''100008'', ''...'') tells all of them',
    'who reported the same can still be told') from unnest(array[$$ select glas.reply('100008', 'Radi.') $$,
        $$ select glas.ask('100008', 'Radi li?') $$]) said;
reset session authorization;
rollback to erased;
set session authorization mira;
select ok((select count(*) from glas.inbox where reference = '100008') > 1, 'what was added is with the other one');
reset session authorization;
savepoint police;
update glas_data.report set actor = 'POLICE' where reference = '100008';
set session authorization mira;
select glas.set_status('200006', 'open', 'ipak druga lampa');
select results_eq($$ select was, now_is from glas.history where reference = '200006' and what = 'police_guess' $$,
    $$ values ('false', 'true') $$, 'what comes back from what is about the police may be');
reset session authorization;
select ok(police_guess, 'and is kept from them') from glas_data.report where reference = '200006';
rollback to police;
set session authorization mira;
select is((select status from glas.set_status('200006', 'open', 'ipak druga lampa')), 'open', 'a merge is taken back');
select results_eq($$ select reference, count(*)::int from glas.inbox group by 1 order by 1 $$, $$ values ('100008', 1), ('200006', 2) $$,
    'with what was added');
select is_empty($$ select * from glas.merged $$, 'then it is no duplicate');
select is((select status from glas.set_status('100008', 'withdrawn', 'odustala')), 'withdrawn', 'and she may withdraw hers');
select throws_like($$ select * from glas.merge('200006', '100008', 'isto') $$, '%is withdrawn, nobody works on it%',
    'what nobody works on takes nothing in');
reset session authorization;
-- Three: the one that others were merged into is merged itself.
select throws_like($$ select * from glas.set_status('100008', 'open') $$, 'say why report 100008 becomes open%',
    'who opens it again says why');
select glas.set_status('100008', 'open', 'ipak nije');
select glas.merge('200006', '100008', 'isto');
select glas_gw.reserve(1, 1);
select test.store('{"citizens": [{"who": "cira", "copy": "cira"}], "segments": [{"identity": "d", "message": 4}],
    "texts": [{"id": 4, "reference": "300004"}], "reports": [{"reference": "300004", "message": 4}]}');
select glas.merge('100008', '300004', 'isto');
select results_eq($$ select duplicate from glas.merged where reference = '300004' order by 1 $$,
    $$ values ('100008'), ('200006') $$, 'what was merged goes along');
select is((select count(*) from glas.reply_all('300004', 'Svima.')), 3::bigint, 'three people are answered');
-- What others have is answered with it, and not shown; nor is it told to who asks what is
-- stored of them.
create temp table before as select reference, organisation from glas_data.report;
update glas_data.report set organisation = case reference when '200006' then 'Zajednica' else 'Odbor Vranje' end;
set session authorization mira;
select results_eq($$ select report, citizen is null, outbox is not null from glas.reply_all('300004', 'I vama.') order by 1 $$,
    $$ values ('100008', false, true), ('300004', false, true), (null, true, true) $$, 'without the number of a case of others');
reset session authorization;
update glas_data.report r set organisation = b.organisation from before b where b.reference = r.reference;
set session authorization kosta;
create temp table told as select * from glas.disclose((select citizen from glas.reports where reference = '300004'), 'licno');
reset session authorization;
select ok(exists (select from told where words = '300004 joined another report'), 'that something was joined is told');
select is_empty($$ select words from told where words ~ '100008|200006|isto' $$, 'and not with what');
select glas.silence('baba-baba', 'mašina');
select is((select count(outbox) || string_agg(note, '') from glas.reply_all('300004', 'Opet.')), '2silenced',
    'who is silenced is not, and the row says so');

-- Who adds to what was not for us, or to a duplicate of nothing, is heard.
select test.store('{"citizens": [{"who": "dusa", "copy": "dusa"}], "segments": [{"identity": "e", "message": 5}],
    "texts": [{"id": 5, "reference": "400002"}], "reports": [{"reference": "400002", "message": 5}]}');
select glas.set_status('400002', 'not_for_us', 'nije nase');
create function test.adds(number bigint) returns text language sql as $$
    select glas_data.follow('400002', (select citizen from glas_data.report where reference = '400002'), number, '');
    select status || ' ' || (select was from glas_data.report_history h where h.reference = '400002' order by id desc limit 1)
      from glas_data.report where reference = '400002' $$;
select is(test.adds(5), 'open not_for_us', 'it is open again');
update glas_data.report set status = 'duplicate' where reference = '400002';
select is(test.adds(5), 'open duplicate', 'that one, too');

-- A text that is another matter.
select glas.set_status('100008', 'open', 'ipak'), glas.set_status('200006', 'open', 'ipak');
update glas_data.message set reference = '300004' where id = 3;
select throws_ok($$ select glas.split('300004', '{}') $$, '22023', null, 'no text');
select throws_ok($$ select glas.split('300004', array[1]) $$, '22023', null, 'a text of another report');
select throws_ok($$ select glas.split('300004', array[4]) $$, '22023', null, 'the text that began it');
select throws_ok($$ select glas.split('300004', array[3], category => 'STARS') $$, '22023', null, 'no such category');
create temp table made as select * from glas.split('300004', array[3], 'druga ulica', 'road');
select results_eq($$ select status, category, municipality, text from made $$,
    $$ values ('open', 'ROAD', 'Vranje', 'jos ne radi') $$, 'the new report has what was known');
select is((select glas_data.luhn_digit(left(reference, -1)) = right(reference, 1) from made), true, 'and a number like others');
select is((select reference from glas.inbox where id = 3), (select reference from made), 'its text is there');
select is((select citizen from made), (select citizen from glas.inbox where id = 3), 'it is of who wrote that');
select is((select text from glas.outbox natural join (select reference from made) m),
    (select format('Deo vodimo pod brojem %s.', reference) from made), 'and they are told');
select is((select count(*) from glas.history where what = 'split'), 2::bigint, 'both histories say so');
update glas_data.message set reference = '300004' where id = 3;
create temp table other as select * from glas.split('300004', array[3], '', 'DV');
select is((select count(*) from glas.outbox natural join (select reference from other) o), 0::bigint,
    'what could endanger is not written about');

-- Numbers of people do not get into notes.
set session authorization mira;
select throws_ok($$ select glas.set_status('100008', 'referred', 'zvati 064/123-45-67') $$, '22023',
    'the note has what may be the number of a person, and stays for others to read: leave it out, or write its last three '
    'digits; who needs the number of who reported asks for it with glas.reveal_request()', 'a number is not noted');
reset session authorization;
select throws_ok(format('select glas_data.note_at_most(%L, %L, 99)', 'x', said), '22023', null, said)
  from unnest(array['064 123 45 67', '0641234567', '061/123-456', '+381 64 1234567', '00381641234567', '38164123456',
      'tel.0651234567', '+383 44 123 456', '+49 (170) 1234567', '0101990710006', '2802005 710006', 'broj:0601234567.',
      '064 / 123 - 45 - 67', '064 – 123 4567', '(064) 123-4567', '064(123)4567', '064 (123) 4567', '064*123*45*67', 'O64 123 4567',
      '06 41 23 45 67', '06/41/23/45/67', '381(0)64/123-45-67', '064 12.34.567', '064 12 12 123', '381 (0) 64 123 4567', '0 64 1234567', '0 6 4 1 2 3 4 5 6 7',
      '64 123 4567', '64/1234567', '0049 170 1234567', '00491701234567', '064 123
4567']) said;
select is(glas_data.note_at_most('the note', said, 99), said, said)
  from unnest(array['prijava 100008, 200-006', '25.11.2026 06:10', '06.12.2026. u 10', 'rok 06.12.-08.12.2026.', 'zakon 065/2018',
      'predmet 12/2026, fascikla 1234567', 'pozvati 0800 100 600', '017 555 000', '192, 193, 194', '1 500 000 din', 'broj 567',
      'račun 160-123456-78', 'zgrada 06, stan 1', '065/2018, 12.5.', '06.12.2026. 10:30', '063, 12.05.2026',
      '06.12. 13:00, 07.12. 14:00', 'od 06.12-08.12.26', 'zakazano 06.12.26 10.30', 'Ku 061/26 - 15.12.', 'predmet 065 (12.03.26)',
      'zapisnik br. 064: 12:30-13:45', '06-07-08-09-10', 'predmet 0612/2026. 12.3', '06 12 2026', '065/2018, 066/2018', 'budžet 64 123 456 din', 'iznos 1.164 123 4567 din', 'u 10:00 640',
      'lična karta 009876543', 'od 0 do 64, 123 ljudi',
      'platio 65.000.000 din', 'pisao o 650.000.000', 'dopis o 61-1234/26', 'brojilo 61234567', 'račun 840-001234567-12', '']) said;
select throws_like($$ select glas_data.note_at_most('the note', '0641234567 a', 5) $$, '%12 letters, 5 are%', 'nor is it read when it is too long');

select * from finish();
rollback;
