-- Whoever coordinates for the police or a ministry has their own cases, and no power
-- over others.
begin;
\ir fixture.psql
select plan(35);
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
    ($$ glas.reveal_request('200006', 'istraga') $$),
    ($$ glas.broadcast_draft('{"sr-Latn": "Javite se."}', category => 'LIGHT') $$),
    ($$ glas.broadcast_approve(1) $$),
    ($$ glas.broadcast_cancel(1) $$),
    ($$ glas.list_add('NOVA', '{"sr-Latn": "Nova"}', '{nova}') $$),
    ($$ glas.list_remove('VODA') $$),
    ($$ glas.poll_open('Da li?') $$),
    ($$ glas.poll_close(1) $$),
    ($$ glas.event_announce('Vranje', 'Skup', (now() + interval '9 days')::timestamptz, 'Dom') $$),
    ($$ glas.recommend('A', 'B', 'C', '2040-01-01', 'LIGHT', 'Vranje') $$),
    ($$ glas.holiday('2040-01-07', 'Božić') $$),
    ($$ glas.deadline_remove('police-complaint') $$),
    ($$ glas.duty_add('zoran', 1, '00:00', '23:00', '') $$),
    ($$ glas.silence('baba-baba', 'dosadan') $$),
    ($$ glas.block('baba-baba', 'dosadan') $$);
grant select on refused to public;
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
select lives_ok($$ select glas.duty_add('dusan', d, '00:00', '00:00', '') from generate_series(1, 7) d $$, 'an officer on duty');
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

select * from finish();
rollback;
