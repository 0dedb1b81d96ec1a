-- Whoever coordinates for the police or a ministry has their own cases, and no power
-- over others.
begin;
\ir fixture.psql
select plan(71);
select test.office();
create role zoran login;
create role dusan login;
create role novi login;
grant glas_coordinator to zoran;
grant glas_caseworker to dusan;
insert into glas_data.category (code) values ('POL_FORCE');
insert into glas_data.reply_text (key, lang, text, source, reviewer, last_checked)
    select k, 'sr-Latn', k, 'project', 'none', '2026-11-28'
      from unnest(array['STEP_SAFE', 'REFER_ASK', 'EVENT_INVITE', 'EVENT_OFF']) k;
update glas_data.category set named_in_reply = true where code = 'LIGHT';
insert into glas_data.organisation (name, kind, since) values ('Policija', 'police', now());
insert into glas_data.person (role, organisation, kind, since) values
    ('zoran', 'Policija', 'coordinator', now()), ('dusan', 'Policija', 'caseworker', now());
update glas_data.report set organisation = 'Policija' where reference = '200006';
update glas_data.citizen set reply_copy = '\x01';
set session authorization kosta;
select lives_ok($$ select glas.list_add('VODA', '{"sr-Latn": "Voda"}', '{voda}') $$, 'somebody else may make a list');
select is(glas.broadcast_draft('{"sr-Latn": "Radovi."}', category => 'LIGHT'), 1, 'somebody else may');
select is(glas.poll_open('Da li?'), 1, 'ask all');
reset session authorization;

-- Each of these would go through for a coordinator of another organisation.
create temp table refused (statement text);
insert into refused values
    ($$ glas.organisation_add('Policija', 'ngo') $$),
    ($$ glas.organisation_add('Nova', 'ngo') $$),
    ($$ glas.member_add('novi', 'Druga', 'coordinator') $$),
    ($$ glas.member_add('dusan', 'Druga', 'caseworker') $$),
    ($$ glas.member_remove('mira') $$),
    ($$ glas.cover('Policija', 'Vranje') $$),
    ($$ glas.ask('200006', 'Kako se zovete?') $$),
    ($$ glas.ask_step('200006') $$),
    ($$ glas.refer('200006', 'Druga') $$),
    ($$ glas.record_step('200006', 'safe', 'stanica', asked => 'Je li bezbedno?', text => 1) $$),
    ($$ glas.consent_withdraw('200006', 'safe', text => 1) $$),
    ($$ glas.reveal_request('200006', 'istraga') $$),
    ($$ glas.broadcast_draft('{"sr-Latn": "Javite se."}', category => 'LIGHT') $$),
    ($$ glas.broadcast_approve(1) $$),
    ($$ glas.broadcast_cancel(1) $$),
    ($$ glas.list_add('NOVA', '{"sr-Latn": "Nova"}', '{nova}') $$),
    ($$ glas.list_remove('VODA') $$),
    ($$ glas.poll_open('Da li?') $$),
    ($$ glas.poll_close(1) $$),
    ($$ glas.event_announce('Vranje', 'Skup', (now() + interval '9 days')::text, 'Dom') $$),
    ($$ glas.recommend('A', 'B', 'C', '2040-01-01', 'LIGHT', 'Vranje') $$),
    ($$ glas.holiday('2040-01-07', 'Božić') $$),
    ($$ glas.deadline_remove('police-complaint') $$),
    ($$ glas.duty_add('zoran', 1, '00:00', '23:00', '') $$),
    ($$ glas.silence('baba-baba', 'dosadan') $$),
    ($$ glas.block('baba-baba', 'dosadan') $$),
    ($$ glas.helper(glas_name) $$),
    ($$ glas.tester(glas_name) $$),
    ($$ glas.called_back(1) $$),
    ($$ glas.text_back(1, 'Dodjite.') $$),
    ($$ * from glas.broadcast_preview(1) $$),
    ($$ * from glas.retention_preview() $$),
    ($$ * from glas.publish_preview(to_char(glas.now() - interval '3 months', 'YYYY-MM')) $$),
    ($$ glas.resume_outbox() $$),
    ($$ glas.forget_gateway('bor') $$);
update refused set statement = replace(statement, 'glas_name', quote_literal(glas_data.pseudonym(1)));
grant select on refused to public;
-- Nor is it told that the person is silenced, or asked something by others.
update glas_data.citizen set silenced_at = now(), silenced_until = 'infinity', silenced_why = 'prijavio komandira',
       dialog = 'step 300004/7 0', dialog_until = now() + interval '1 day'
 where token = test.sealed('beba');
set session authorization zoran;
select throws_like('select ' || statement, 'nobody of the police or a ministry may do that%', statement)
  from refused where statement ~ 'glas.(ask|ask_step|refer|record_step)\(';
reset session authorization;
update glas_data.citizen set silenced_at = null, silenced_until = null, silenced_why = '', dialog = '', dialog_until = null
 where token = test.sealed('beba');
set session authorization zoran;
select throws_like('select ' || statement,
    case when statement like '%reveal%' then 'the number of a person is shown to nobody of the police%'
         else 'nobody of the police or a ministry may do that%' end, statement)
  from refused;
select lives_ok($$ select glas.reply('200006', 'Sutra dolazi patrola.') $$, 'they answer their own cases');
select lives_ok($$ select glas.set_status('200006', 'open') $$, 'and work on them');
select is((select count(*) from glas.reports), 1::bigint, 'and see no others');
reset session authorization;
select is((select kind from glas_data.organisation where name = 'Policija'), 'police', 'they stay what they are');
select ok(not pg_has_role('novi', 'glas_coordinator', 'member'), 'nor is anybody placed');

-- The police are not woken by what is told of them.
set session authorization kosta;
select lives_ok($$ select glas.duty_add('dusan', d, '00:00', '00:00') from generate_series(1, 7) d $$, 'an officer on duty');
select lives_ok($$ select * from glas.cover('Policija', category => 'ROAD') $$, 'for what the police take');
select throws_like($$ select glas.duty_add('zoran', 1, '18:00', '08:00', '') $$, 'zoran sees the cases of Policija alone%',
    'not for the network, whoever writes it');
select lives_ok($$ select glas.duty_add('kosta', 1, '18:00', '08:00', '') $$, 'the network is on duty');
set session authorization mira;
select ok(exists (select from glas.duty where member = 'kosta'), 'as its case workers see');
set session authorization dusan;
select results_eq('select distinct member from glas.duty', array['dusan'], 'and the police do not: their own people they do');
reset session authorization;
insert into glas_data.duty_phone (member, citizen, since)
    select 'dusan', id, now() from glas_data.citizen where token = test.sealed('beba');
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}], "segments": [{"identity": "c", "message": 3}],
    "texts": [{"id": 3, "reference": "300004", "text": "tuku me"}],
    "reports": [{"reference": "300004", "message": 3, "category": "POL_FORCE", "urgent": "t"}]}');
select is((select count(*) from glas_data.duty_told), 0::bigint, 'hears nothing of the police');
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}], "segments": [{"identity": "d", "message": 4}],
    "texts": [{"id": 4, "reference": "400002", "text": "gori"}],
    "reports": [{"reference": "400002", "message": 4, "category": "ROAD", "urgent": "t"}]}');
select is((select member from glas_data.duty_told), 'dusan', 'but of a fire');

-- Nor do they find it in what is counted and listed of all.
insert into glas_data.person (role, organisation, kind, since) values
    ('revizor', 'Policija', 'auditor', now()), ('oto', 'Policija', 'operator', now());
create temp table about as
select r.reference, glas_data.pseudonym(r.citizen) as citizen, r.citizen as id, r.message
  from glas_data.report r where r.reference = '300004';
select test.store('{"citizens": [{"who": "ema", "copy": "ema"}], "segments": [{"identity": "e", "message": 5}],
    "texts": [{"id": 5, "reference": "500009", "text": "tuku kundakovima"}],
    "reports": [{"reference": "500009", "message": 5, "category": "POL_FORCE"}]}');
insert into about select r.reference, glas_data.pseudonym(r.citizen), r.citizen, r.message
  from glas_data.report r where r.reference = '500009';
update glas_data.body set text = 'tuku kundakovima' where message in (select message from about);
update glas_data.message set intent = 'unclassified' where id in (select message from about);
update glas_data.citizen set silenced_at = now(), silenced_until = 'infinity' where id in (select id from about);
insert into glas_data.callback (citizen, gateway, link, first_at, last_at, state)
select id, 'vranje', 'mts', now(), now(), 'called' from about;
insert into glas_data.rumour (id, citizen) select message, id from about;
insert into glas_data.question (reference) select reference from about;
insert into glas_data.duty_call (reference, begun_at, next_at, stuck_at) select reference, now(), now(), now() from about
on conflict (reference) do update set stuck_at = now();
insert into glas_data.observer (citizen, form, weekday, name, organisation, since)
select id, 'CHECKIN', 1, 'x', 'Druga', now() from about;
insert into glas_data.reveal (citizen, reference, reason, asked_by, asked_at, until)
select id, reference, 'hitno', 'kosta', now(), now() + interval '1 day' from about;
set session authorization kosta;
select glas.broadcast_draft('{"sr-Latn": "Zovite nas."}', category => 'POL_FORCE', "references" => array['300004', '500009']) > 1 as drafted;
reset session authorization;
update glas_data.setting set value = '1' where name = 'trend_least';
insert into glas_data.subscription (citizen, list, consent, since) select min(id), 'Vranje', 'VESTI', glas.now() from glas_data.citizen;
update glas_data.message set intent = 'rights', code = '5' where id = 1;
set session authorization kosta;
select glas.recommend('A', 'B', 'C');
reset session authorization;
select test.recount();
create function test.found(p_view name) returns bigint language plpgsql as $f$
declare n bigint;
begin
    execute format('select count(*) from (select to_jsonb(v)::text as row from glas.%I v) v, about a
        where strpos(v.row, a.reference) > 0 or strpos(v.row, a.citizen) > 0 or v.row like %L', p_view, '%kundak%')
       into n;
    return n;
exception when insufficient_privilege then
    return 0;
end $f$;
grant execute on function test.found(name) to public;
grant select on about to public;
create temp table listed as select relname as name from pg_class where relnamespace = 'glas'::regnamespace and relkind = 'v';
grant select on listed to public;
set session authorization kosta;
select cmp_ok((select count(*) from listed where test.found(name) > 0), '>=', 11::bigint, 'others find it in many places');
set session authorization zoran;
select is_empty('select name, test.found(name) from listed where test.found(name) > 0', 'their coordinator does not');
set session authorization dusan;
select is_empty('select name, test.found(name) from listed where test.found(name) > 0', 'nor their case worker');
set session authorization revizor;
select is_empty('select name, test.found(name) from listed where test.found(name) > 0', 'nor their auditor');
set session authorization oto;
select is_empty('select name, test.found(name) from listed where test.found(name) > 0', 'nor their operator');
set session authorization zoran;
select is_empty($$ select from glas.heatmap union all select from glas.equity union all select from glas.clusters $$,
    'and small numbers are for others');
select is_empty($$ select from glas.trend union all select from glas.voices union all select from glas.hours
    union all select from glas.lists union all select from glas.rights_demand union all select from glas.recommendations
    union all select from glas.poll_results $$, 'nor do they watch numbers come that are not published');
set session authorization kosta;
select is((select count(*) from (values (exists (select from glas.trend)), (exists (select from glas.voices)), (exists (select from glas.hours)),
    (exists (select from glas.lists)), (exists (select from glas.rights_demand)), (exists (select from glas.recommendations)),
    (exists (select from glas.poll_results))) v (there) where there), 7::bigint, 'others do');
reset session authorization;

-- Nor when and how much is sent.
insert into glas_data.link (gateway, name, kind, state, last_seen_at, received_today, sent_today, day, balance) values
    ('vranje', 'a1', 'modem', 'ready', now(), 3, 5, (glas.now() at time zone 'utc')::date, '90 RSD');
insert into glas_data.balance (gateway, link, at, amount, currency, answer, low_under, low_days) values ('vranje', 'a1', now(), 90, 'RSD', '', 0, 0);
insert into glas_data.quarantine (gateway, link, identity, reason, sealed, at) values ('vranje', 'a1', '\x01', '22021', '\x01', now());
insert into glas_data.quarantine_history (quarantine, at, who, what) select id, now(), 'vranje', 'shown' from glas_data.quarantine;
update glas_data.outbox set state = 'held', reason = 'segments of the day' where id = (select min(id) from glas_data.outbox);
-- Also where a gateway says it.
create temp table counting as select unnest(array['daily-limit', 'outbox-stuck', 'credit-low', 'credit-unread', 'validity-unread',
    'sim-expires', 'sim-nearly-full', 'spool-grows', 'texts-blocked', 'references-low', 'database-rewound']) as name;
grant select on counting to public;
insert into glas_data.alert (gateway, link, name, since, text, remedy)
select 'vranje', '', name, now(), 'it is so', 'do this' from counting union all select 'vranje', 'a1', 'link-down', now(), 'it is so', 'do this';
create function test.flow() returns bigint[] language sql as $$
    select array[(select count(*) from glas.outbox_states), (select count(*) from glas.credit), (select count(*) from glas.quarantine),
        (select count(*) from glas.quarantine_history), (select count(*) from glas.links l where l.state = 'ready' and
            (l.received_today, l.sent_today, l.balance, l.last_seen_at) is null),
        (select count(*) from glas.alerts a where a.name in ('outbox-held', 'quarantine', 'silenced', 'duty-unanswered')),
        (select count(*) from glas.alerts a where a.name = 'link-down'),
        (select count(*) from glas.alerts a join counting c using (name) where a.gateway = 'vranje')] $$;
grant execute on function test.flow() to public;
set session authorization zoran;
select is(test.flow(), '{0,0,0,0,1,0,1,0}', 'their coordinator does not see texts come and go');
set session authorization revizor;
select is(test.flow(), '{0,0,0,0,1,0,1,0}', 'nor their auditor');
set session authorization oto;
select is(test.flow(), '{0,0,0,0,1,0,1,0}', 'nor their operator');
set session authorization kosta;
select is(test.flow(), '{2,1,1,1,0,4,1,11}', 'others do');
reset session authorization;

-- What is split away from a case of theirs may be about them.
insert into glas_data.message
select (jsonb_populate_record(m, '{"id": 77}')).* from glas_data.message m
 where id = (select message from glas_data.report where reference = '200006');
set session authorization dusan;
select lives_ok($$ select glas.split('200006', array[77], 'o drugom', 'POL_FORCE') $$, 'they split a case of theirs');
reset session authorization;
select isnt((select r.organisation from glas_data.report r where r.message = 77), 'Policija', 'and do not keep what is about them');

-- Nor does it go to whom its person does not want it to.
insert into glas_data.message
select (jsonb_populate_record(m, '{"id": 78}')).* from glas_data.message m where m.id = 77;
update glas_data.message m set reference = '200006' from glas_data.report r where m.id = 78 and r.reference = '200006';
update glas_data.report set organisation = 'Policija' where reference = '200006';
delete from glas_data.coverage;
insert into glas_data.coverage (organisation, category, priority, since) values ('Odbor Vranje', 'POL_FORCE', 1, now());
savepoint wanted;
set session authorization kosta;
select is((select organisation from glas.split('200006', array[78], 'o drugom', 'POL_FORCE')), 'Odbor Vranje', 'it goes to who takes such');
rollback to wanted;
insert into glas_data.referral (reference, organisation, state, asked_at, asked_by, asked) values ('200006', 'Odbor Vranje', 'refused', glas.now(), 'kosta', '?');
set session authorization kosta;
select is((select organisation from glas.split('200006', array[78], 'o drugom', 'POL_FORCE')), null, 'where they do not mind');
reset session authorization;

select * from finish();
rollback;
