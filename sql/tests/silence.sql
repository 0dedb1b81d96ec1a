-- Who is not answered: silenced, blocked, and what of it outlives whom.
begin;
\ir fixture.psql
select plan(78);
select test.office();
create function test.context(who text, optout text default null) returns text
    language sql as $$
    select btrim(concat_ws(' ', silence, block_due::text)) from glas_gw.mo_context(
        array[test.sealed(who)], array[test.sealed('optout ' || coalesce(optout, who))],
        array[test.sealed('new')], array[null]) $$;
create function test.stopped(who text) returns text
    language sql as $$
    select glas_gw.stopped(array[test.sealed('optout ' || who)], array[1]::bigint[]) $$;
create function test.act(message bigint, kind text, value text) returns void
    language sql as $$
    select glas_data.act(m.citizen, m.id, kind, '', value) from glas_data.message m where m.id = message $$;
create function test.token(who text) returns text
    language sql as $$ select encode(test.sealed('optout ' || who), 'hex') $$;
create function test.unanswered() returns text[]
    language sql as $$
    select array_agg(concat_ws(' ', w.who, case when u.blocked then 'blocked' end, u.until) order by w.who collate "C")
      from glas_gw.unanswered() u
      left join (select who, test.sealed(who) token from unnest('{ana, beba, optout ana}'::text[]) who) w
        on w.token = u.token $$;
grant execute on all functions in schema test to public;
select test.clock('2026-12-01 12:00+01');

-- Nobody is, at first.
select is(test.context('ana'), 'false', 'ana is heard');
select is(test.context('nova'), 'false', 'and so is who never wrote');
select is(test.stopped('ana'), '-', 'and written to');
select is(test.unanswered(), null, 'a gateway keeps nobody in mind');

-- By a person.
set session authorization kosta;
select throws_ok($$ select glas.silence('baba-baba', ' ') $$, '22023',
    'the reason is empty: write why, for whoever sees it next', 'a reason is asked for');
select throws_ok($$ select glas.silence('baba-baba', repeat('x', 201)) $$, '54000', null, 'a short one');
select throws_like($$ select glas.silence('zuzu-zuzu', 'x') $$, 'nobody is called%', 'of somebody');
select throws_ok($$ select glas.unsilence('baba-baba') $$, 'P0002',
    'baba-baba is not silenced: glas.silenced has who is', 'who is not silenced cannot be heard again');
select matches(glas.silence('baba-baba', 'an answering machine'), '^baba-baba is not answered from now on', 'silenced');
select results_eq($$ select citizen, state, until, reason, decided_by, texts from glas.silenced $$,
    $$ values ('baba-baba', 'silenced', null::timestamptz, 'an answering machine', 'kosta', 0) $$, 'it is seen');
select throws_like($$ select glas.reply('100008', 'Sutra.') $$,
    'baba-baba is silenced and would not get it, see glas.silenced: a coordinator undoes that with select glas.unsilence(''baba-baba'')',
    'a reply would be written in vain');
reset session authorization;
select is(test.context('ana'), 'silenced false', 'the gateway hears of it');
select is(test.context('beba'), 'false', 'and of nobody else');
select is(test.unanswered(), '{ana}', 'and keeps it in mind');
select is(test.stopped('ana'), 's', 'also when it sends');
select is((select version from glas_data.citizen where token = test.sealed('ana')), 2,
    'a text on its way is looked at again');
select is((select count(*) from glas.alerts where name = 'silenced'), 0::bigint, 'what a person decided is no alert');
set session authorization kosta;
select is(glas.unsilence('baba-baba'), 'baba-baba is answered again, and not silenced again by the gateway.', 'undone');
select is((select count(*) from glas.silenced), 0::bigint, 'in one call');
reset session authorization;
select is(test.context('ana'), 'false', 'ana is heard again');

-- By the gateway.
select test.act(1, 'machine', 'test');
select test.act(1, 'machine', 'test');
select is(test.context('ana'), 'false', 'never whom a person vouched for');
select test.act(2, 'machine', 'one of our own replies came back');
select is(test.context('beba'), 'false', 'nobody for one text');
select test.clock('2026-12-02 12:01+01');
select test.act(2, 'machine', 'one of our own replies came back');
select is(test.context('beba'), 'false', 'nor for one a day');
select test.clock('2026-12-02 18:00+01');
select test.act(2, 'machine', 'one of our own replies came back');
select is(test.context('beba'), 'silenced false', 'for two within a day');
select is(test.unanswered(), array['beba ' || timestamptz '2026-12-03 18:00+01'], 'which a gateway knows the end of');
select results_eq($$ select state, since, until, reason, decided_by from glas.silenced $$,
    $$ values ('silenced', timestamptz '2026-12-02 18:00+01', timestamptz '2026-12-03 18:00+01',
               'one of our own replies came back', 'the gateway') $$, 'with the reason, for a day');
select is((select text from glas.alerts where name = 'silenced'),
    '1 sender is taken for a machine and not answered', 'that is told');
select test.clock('2026-12-02 19:00+01');
select test.act(2, 'machine', 'again');
select is((select until from glas.silenced), timestamptz '2026-12-03 18:00+01', 'more of the same changes nothing');
select test.clock('2026-12-03 18:00+01');
select is(test.context('beba'), 'false', 'it ends by itself');
select test.clock('2026-12-10 12:00+01');
select test.act(2, 'machine', 'again');
select test.act(2, 'machine', 'again');
select results_eq($$ select until, reason from glas.silenced $$, $$ values (null::timestamptz, 'again') $$,
    'the second time within a month it does not');
select is(glas_data.act_words('machine', '', 'the same words again'),
    'counted as written by a machine: the same words again', 'explained in words');

-- Blocked: wished for here, written down with the next text.
set session authorization kosta;
select matches(glas.block('baba-baba', 'burns credit'), '^baba-baba is blocked: nothing is answered', 'blocked');
select throws_like($$ select glas.silence('baba-baba', 'x') $$, '%is blocked, which is more%', 'silence is less');
select throws_like($$ select glas.unsilence('baba-baba') $$, '%select glas.unblock(''baba-baba'')', 'and undone otherwise');
reset session authorization;
select is(test.context('ana'), 'blocked true', 'the gateway is asked for the token');
select is(test.stopped('ana'), 'b', 'nothing is sent');
select is(test.unanswered(), '{ana blocked,beba}', 'a gateway keeps the person in mind');
select test.act(1, 'block', test.token('ana'));
select is(test.context('ana'), 'blocked false', 'once');
select results_eq($$ select citizen, reason, blocked_by from glas_data.block $$,
    $$ select citizen, 'burns credit', 'kosta' from glas_data.message where id = 1 $$, 'it stands by itself');
select is(test.unanswered(), '{ana blocked,beba,optout ana blocked}', 'and of the number');

-- It outlives an erasure, and points at nobody then.
select glas_data.erase(citizen, null) from glas_data.message where id = 1;
select results_eq($$ select citizen, state, reason from glas.silenced where state = 'blocked' $$,
    $$ values (null::text, 'blocked', '[obrisano]') $$, 'erased, the number is blocked, and nobody says why');
select is((select count(*) from glas_data.citizen where blocked), 0::bigint, 'who had it is not');
select is(test.context('ana'), 'blocked true', 'somebody new with it is');
select test.store('{"citizens": [{"who": "ana"}], "texts": [{"id": 31, "text": "again"}]}');
select test.act(31, 'block', test.token('ana'));
select results_eq($$ select state, reason, decided_by, citizen <> 'baba-baba' from glas.silenced where state = 'blocked' $$,
    $$ values ('blocked', '[obrisano]', 'kosta', true) $$, 'under their new name');

-- And a rotation of keys, which makes one somebody new, too.
update glas_data.citizen set token = test.sealed('old') where token = test.sealed('ana');
select is(test.context('neu', 'ana'), 'blocked true', 'with another token');
select test.store('{"citizens": [{"who": "neu"}], "texts": [{"id": 32, "text": "again"}]}');
select test.act(32, 'block', test.token('ana'));
select is(test.context('neu', 'ana'), 'blocked false', 'is the same block');
create temp table name as select glas_data.pseudonym(citizen) as of from glas_data.message where id = 32;
grant select on name to public;
set session authorization kosta;
select lives_ok($$ select glas.unblock((select of from name)) $$, 'undone in one call');
select throws_like($$ select glas.unblock((select of from name)) $$, '%is not blocked: glas.silenced has who is', 'once');
reset session authorization;
select is(test.context('neu', 'ana'), 'false', 'the number is heard again');
select is((select count(*) from glas_data.block), 0::bigint, 'no trace is left');

-- Who may.
set session authorization mira;
select throws_ok($$ select glas.silence('baba-baba', 'x') $$, '42501', null, 'a case worker silences nobody');
reset session authorization;
set session authorization kosta;
select is((select count(*) from glas.help() where thing ~ '^(un)?(silence|block)|silenced$'), 5::bigint, 'help knows all of them');

-- Why nothing is sent is not told to who does not see it: the police have one case of a
-- person, others have another.
reset session authorization;
create role dusan login;
grant glas_caseworker to dusan;
insert into glas_data.organisation (name, kind, since) values ('Policija', 'police', now());
insert into glas_data.person (role, organisation, kind, since) values ('dusan', 'Policija', 'caseworker', now());
select test.store(jsonb_build_object('citizens', jsonb_build_array(jsonb_build_object('who', 'beba', 'copy', 'beba',
        'version', (select version from glas_data.citizen where token = test.sealed('beba')))),
    'segments', '[{"identity": "p1", "message": 51}, {"identity": "p2", "message": 52}]'::jsonb,
    'texts', '[{"id": 51, "reference": "300004", "text": "tukao me je"}, {"id": 52, "reference": "400002", "text": "rupa"}]'::jsonb,
    'reports', '[{"reference": "300004", "message": 51}, {"reference": "400002", "message": 52}]'::jsonb));
update glas_data.report set organisation = case reference when '200006' then 'Policija' when '400002' then 'Druga' else 'Odbor Vranje' end
 where reference in ('200006', '300004', '400002');
create function test.told(statement text) returns text language plpgsql as $f$
begin
    execute 'select ' || statement;
    return 'done';
exception when others then
    return sqlerrm;
end $f$;
grant execute on function test.told(text) to public;
create temp table quiet as select format('nothing can be sent to %s for now: a coordinator of the network can say more, or try again in some days',
    glas_data.pseudonym(citizen)) as said from glas_data.report where reference = '200006';
grant select on quiet to public;
update glas_data.citizen set silenced_at = now(), silenced_until = 'infinity', silenced_why = 'svedok, zastititi' where token = test.sealed('beba');
set session authorization dusan;
select is(test.told($$ glas.reply('200006', 'Dobar dan.') $$), (select said from quiet), 'not that somebody is silenced');
select results_eq($$ select note, outbox from glas.reply_all('200006', 'Dobar dan.') $$, $$ values ('nothing can be sent for now', null::bigint) $$, 'nor to many');
set session authorization mira;
select is(test.told($$ glas.reply('300004', 'Dobar dan.') $$), (select said from quiet), 'nor the network''s case workers, who silence nobody');
set session authorization kosta;
select unalike(test.told($$ glas.reply('200006', 'Dobar dan.') $$), '%svedok%', 'and why stands in no error');
reset session authorization;
update glas_data.citizen set silenced_at = null, silenced_until = null, silenced_why = '' where token = test.sealed('beba');
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
values ('300004', 'safe', glas.now(), 'mira', false, 'NE', glas.now());
set session authorization dusan;
select is(test.told($$ glas.reply('200006', 'Dobar dan.') $$), (select said from quiet), 'not what they said to others');
select is((select note from glas.reply_all('200006', 'Dobar dan.')), 'nothing can be sent for now', 'nor to many');
set session authorization mira;
select alike(test.told($$ glas.reply('300004', 'Dobar dan.') $$), 'report 300004: on % they said that it is not safe%', 'who asked them reads it');
select is((select note from glas.reply_all('300004', 'Dobar dan.')), 'said that it is not safe to write', 'and with many');
reset session authorization;
delete from glas_data.consent where reference = '300004';
update glas_data.person set organisation = 'Druga' where role = 'dusan';
update glas_data.citizen set dialog = 'step 300004/1 0', dialog_until = glas.now() + interval '1 day' where token = test.sealed('beba');
set session authorization dusan;
select is(test.told($$ glas.ask('400002', 'Gde?') $$), (select said from quiet), 'not what others are asking them');
set session authorization mira;
select alike(test.told($$ glas.ask('300004', 'Gde?') $$), 'they are being asked about this very report until%', 'but to who asks');
set session authorization dusan;
select results_eq($$ select reason, until from glas.owed('400002') $$, $$ values ('case', null::timestamptz) $$, 'nor when they wrote, and what they answer');
reset session authorization;
update glas_data.report set status = 'closed', status_at = glas.now() where reference = '400002';
set session authorization dusan;
select is((select (until at time zone 'Europe/Belgrade')::time from glas.owed('400002')), time '00:00', 'and the day alone');
set session authorization kosta;
select cmp_ok((select count(*) from glas.owed('400002')), '>=', 3::bigint, 'a coordinator sees all of it');
reset session authorization;


-- Who said that it is not safe to write to them is not written to, by whatever function.
select is((select string_agg(p.proname, ' ' order by p.proname) from pg_proc p
            where p.pronamespace in ('glas'::regnamespace, 'glas_data'::regnamespace)
              and p.prosrc ~ 'into glas_data\.outbox ?\('), 'queue', 'all that is written to people goes one way');
select test.clock('2026-12-11 12:00+01');
insert into glas_data.reply_text (key, lang, text) values
    ('EVENT_INVITE', 'sr-Latn', 'Dodjite.'), ('EVENT_OFF', 'sr-Latn', 'Otkazano.') on conflict do nothing;
select test.store('{"citizens": [{"who": "nina", "copy": "nina"}], "segments": [{"identity": "nina", "message": 90}],
    "texts": [{"id": 90, "reference": "800003"}, {"id": 91, "intent": "rumour"}, {"id": 92, "channel": "call"}],
    "reports": [{"reference": "800003", "message": 90}],
    "acts": [{"message": 91, "kind": "rumour"}, {"message": 91, "kind": "subscribe", "key": "Vranje"}, {"message": 92, "kind": "callback"}]}');
create function test.nina() returns bigint language sql security definer as $$
    select id from glas_data.citizen where token = test.sealed('nina') $$;
create function test.ninas() returns bigint language sql security definer as $$
    select count(*) from glas_data.outbox where citizen = test.nina() $$;
set session authorization kosta;
select * from glas.event_announce('Vranje', 'Tribina', '2026-12-19 18:00+01', 'Dom');
reset session authorization;
insert into glas_data.attendance (event, citizen, coming, at, test) select e.number, test.nina(), true, glas.now(), false
  from glas_data.event e;
insert into glas_data.consent (reference, step, asked_at, asked_by, agreed, answer, answered_at)
values ('800003', 'safe', glas.now(), 'mira', false, 'NE', glas.now());
create temp table before as select test.ninas() as n;
create temp table test_nina as select format($$ select glas.text_back(%s, 'Zvali ste.') $$, id) as text_back
  from glas_data.callback where citizen = test.nina();
grant select on before, test_nina to public;
set session authorization kosta;
select throws_like((select text_back from test_nina), '% said on 11.12.2026. that it is not safe to write to them: nothing is sent; call them, see glas.reveal_request(), and then%',
    'not who rang');
select is(glas.rumour_answer(91, 'Nije tacno.'), 0, 'nor who asked whether it is true');
select is(glas.event_cancel((select max(number) from glas.events)), 0, 'nor who comes to what is called off');
select throws_like($$ select glas.reply('800003', 'Dobar dan.') $$, '%not safe%', 'nor who reported');
select is((select array_agg(note) from glas.reply_all('800003', 'Dobar dan.')), '{said that it is not safe to write}', 'among others, either');
select throws_like($$ select glas.ask('800003', 'Gde?') $$, '%not safe%', 'nor asked');
reset session authorization;
select is(glas_data.tell(test.nina(), 'EVENT_OFF', '{}', '800003'), null, 'nor told');
select is_empty($$ select k, p from unnest('{reply,event,broadcast}'::text[]) k, generate_series(2, 4) p
                    where glas_data.queue(test.nina(), k, p, 'x') is not null $$, 'nor by what somebody writes next year');
select is((select n from before), test.ninas(), 'nothing is there that was not');
select isnt(glas_data.queue(test.nina(), 'emergency', 0, 'x'), null, 'danger and duty are told');
select test.clock('2026-12-11 13:00+01');
insert into glas_data.message (id, received_at, gateway, link, channel, citizen, segments, lang, intent, code, confidence, silent, note, municipality, settlement, test)
select 93, glas.now(), 'vranje', 'mts', 'sms', test.nina(), 1, 'sr-Latn', 'rumour', '', 90, '', '', '', '', false;
select is(glas_data.queue(test.nina(), 'event', 3, 'x'), null, 'who writes again is not invited');
select isnt(glas_data.queue(test.nina(), 'reply', 2, 'x'), null, 'but answered');
select * from finish();
rollback;
