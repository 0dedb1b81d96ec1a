-- What somebody with a role of Glas may try. None of it yields a number (token,
-- reply copy, original) or a row of another organisation; each is refused, or
-- empty, or says nothing of others (`none`), and which it is stands beside it.
begin;
\ir fixture.psql
select plan(34);
select test.office();
create role fresh login;
create role ines login;
create role dusan login;
create role zoran login;
grant glas_caseworker to ines, dusan;
grant glas_coordinator to zoran;
insert into glas_data.organisation (name, kind, since) values ('Policija', 'police', now());
insert into glas_data.person values ('ines', 'Druga', 'caseworker', now()),
    ('dusan', 'Policija', 'caseworker', now()), ('zoran', 'Policija', 'coordinator', now()), ('petra', 'Druga', 'press', now()),
    ('oto', 'Druga', 'operator', now()), ('revizor', 'Druga', 'auditor', now());
-- Of another organisation; and about the police, put where they are.
update glas_data.report set organisation = 'Druga', category = 'ROAD' where reference = '200006';
insert into glas_data.category (code) values ('POL_FORCE');
select test.store('{"citizens": [{"who": "dana", "copy": "dana"}], "segments": [{"identity": "d", "message": 4}],
    "texts": [{"id": 4, "reference": "400002", "text": "auto smeta"}],
    "reports": [{"reference": "400002", "message": 4}]}');
select test.store('{"citizens": [{"who": "ceca", "copy": "ceca"}], "segments": [{"identity": "c", "message": 3}],
    "texts": [{"id": 3, "reference": "300004", "text": "udario me policajac"}],
    "reports": [{"reference": "300004", "message": 3, "category": ""}]}');
update glas_data.report set organisation = 'Policija' where reference = '300004';
update glas_data.report set category = 'POL_FORCE' where reference = '300004';
-- And each with all that can stand beside a case.
insert into glas_data.solved (reference, asked_at, rating)
select reference, now(), 5 from glas_data.report where reference <> '100008';
insert into glas_data.consent (reference, step, asked, asked_at, asked_by)
select reference, 'safe', 'smemo li?', now(), 'ines' from glas_data.report where reference <> '100008';
insert into glas_data.asked (reference, question, asked_at, asked_by, until, outbox)
select reference, 'gde tacno?', now(), 'ines', now(), 1 from glas_data.report where reference <> '100008';
insert into glas_data.duty_call (reference, begun_at, next_at)
select reference, now(), now() from glas_data.report where reference <> '100008'
on conflict do nothing;
update glas_data.report set due_at = now(), due_what = 'police-complaint'
 where reference <> '100008';
update glas_data.report set merged_into = '200006' where reference = '300004';
analyze glas_data.report, glas_data.message, glas_data.citizen;

-- What must not be in an answer: rows of others, and all that is sealed.
create table test.secret as
select unnest(array['rupa na putu', '200006', 'udario me', '300004',
           glas_data.pseudonym(2), glas_data.pseudonym(3)]) as word, 'row' as kind
union all
select unnest(array[encode(token, 'hex'), encode(reply_copy, 'hex')]), 'number'
  from glas_data.citizen
union all
select encode(original, 'hex'), 'number' from glas_data.body;
delete from test.secret where word is null or length(word) < 6;

create table test.attack (n int generated always as identity, who text, how text, wanted text,
                          is_now text, said text);
insert into test.attack (who, how, wanted) values
    -- Tables, all ways in.
    ('mira', 'select * from glas_data.report', 'refused'),
    ('mira', 'select token, reply_copy from glas_data.citizen', 'refused'),
    ('mira', 'table glas_data.message', 'refused'),
    ('mira', 'select * from glas_data.reveal', 'refused'),
    ('mira', 'select ticket from glas_data.reveal', 'refused'),
    ('mira', 'select recall_copy from glas_data.citizen', 'refused'),
    ('mira', 'select * from glas_gw.reveal_copy(1, '''', false, '''')', 'refused'),
    ('mira', 'select glas.reveal_request(''200006'', ''moram'')', 'refused'),
    ('mira', 'select glas.owed(''200006'')', 'refused'),
    ('dusan', 'select glas.reveal_request(''300004'', ''ko me prijavi'')', 'refused'),
    ('revizor', 'select glas.reveal_request(''100008'', ''pregled'')', 'refused'),
    ('mira', 'select count(*) from glas_data.report', 'refused'),
    ('mira', 'select r.ctid, r.xmin from glas_data.report r', 'refused'),
    ('mira', 'update glas_data.report set organisation = ''Odbor Vranje''', 'refused'),
    ('mira', 'insert into glas_data.person values (''mira'', ''Druga'', ''coordinator'', now())', 'refused'),
    ('mira', 'delete from glas_data.optout', 'refused'),
    ('mira', 'truncate glas_data.report_history', 'refused'),
    ('mira', 'lock table glas_data.report', 'refused'),
    ('mira', 'copy glas_data.citizen to stdout', 'refused'),
    ('mira', 'copy (select token from glas_data.citizen) to stdout', 'refused'),
    ('mira', 'copy glas.reports to program ''cat''', 'refused'),
    ('mira', 'create table pg_temp.t (r glas.reference references glas_data.report)', 'refused'),
    ('mira', 'select * from glas_data.seen_report', 'refused'),
    ('mira', 'select * from glas_data.referral', 'refused'),
    ('mira', 'select query_to_xml(''select * from glas_data.report'', true, true, '''')', 'refused'),
    ('mira', 'select table_to_xml(''glas_data.citizen'', true, true, '''')', 'refused'),
    ('mira', 'select schema_to_xml(''glas'', true, true, '''')', 'none'),
    ('mira', 'select currval(''glas_data.citizen_id_seq'')', 'refused'),
    ('mira', 'select last_value from glas_data.outbox_block', 'refused'),
    ('mira', 'select pg_sequence_last_value(''glas_data.citizen_id_seq'')', 'refused'),
    ('mira', 'create index on glas_data.report (reference)', 'refused'),
    ('mira', 'alter table glas_data.report disable row level security', 'refused'),
    ('mira', 'create trigger t before insert on glas_data.report for each row execute function pg_temp.f()', 'refused'),
    -- Views: filters, joins, and functions that see rows before they are filtered.
    ('mira', 'select * from glas.reports where reference = ''200006''', 'empty'),
    ('mira', 'select * from glas.inbox where text like ''%rupa%''', 'empty'),
    ('mira', 'select * from glas.history where reference = ''200006''', 'empty'),
    ('mira', 'select * from glas.outbox where reference = ''200006''', 'empty'),
    ('mira', 'select * from glas.referrals', 'empty'),
    ('mira', 'select * from glas.questions', 'empty'),
    ('mira', 'select * from glas.reports r join glas.inbox i on i.text > r.text where i.reference <> ''100008''', 'empty'),
    ('mira', 'select * from glas.reports r full join glas.inbox i using (reference) full join glas.outbox o using (reference)', 'none'),
    ('mira', 'select * from glas.inbox where 1 / (text <> ''rupa na putu'')::int = 1', 'none'),
    ('mira', 'select * from glas.reports where (text || reference)::int > 0', 'refused'),
    ('mira', 'select * from glas.inbox where text::xml is null', 'empty'),
    ('mira', 'explain analyze select * from glas.reports where reference = ''200006''', 'none'),
    ('mira', 'select * from glas.reports tablesample system (100)', 'refused'),
    ('mira', 'select * from glas.reports for update', 'refused'),
    ('mira', 'update glas.reports set organisation = ''Odbor Vranje''', 'refused'),
    ('mira', 'select * from glas.members where organisation <> ''Odbor Vranje''', 'empty'),
    ('mira', 'select * from glas.coverage where organisation <> ''Odbor Vranje''', 'empty'),
    -- Functions: what is not there and what is not theirs say the same.
    ('mira', 'select * from glas.reply(''200006'', ''zdravo'')', 'refused'),
    ('mira', 'select * from glas.set_status(''200006'', ''closed'')', 'refused'),
    ('mira', 'select * from glas.assign(''200006'', ''Odbor Vranje'')', 'refused'),
    ('mira', 'select * from glas.assign(''100008'', ''Druga'')', 'refused'),
    ('mira', 'select * from glas.classify(''200006'', ''LIGHT'')', 'refused'),
    ('mira', 'select * from glas.refer(''200006'', ''Odbor Vranje'')', 'refused'),
    ('mira', 'select * from glas.consent(''200006'', ''Odbor Vranje'', true, ''da'')', 'refused'),
    ('mira', 'select * from glas.explain(2)', 'refused'),
    ('mira', 'select * from glas.consent(''100008'', ''Druga'', true, text => 2)', 'refused'),
    ('mira', 'select * from glas.observer_add(glas_data.pseudonym(2), ''CHECKIN'', 1, ''x'')', 'refused'),
    ('mira', 'select glas_data.report_of(''200006'')', 'refused'),
    ('mira', 'select glas_data.route('''','''','''','''','''','''')', 'refused'),
    ('mira', 'select glas_data.reroute(''200006'')', 'refused'),
    ('mira', 'select glas_data.record_change(''200006'', ''x'', ''x'', ''x'', ''x'')', 'refused'),
    ('mira', 'select glas_gw.mo_context(array[''\x00''::bytea], array[''\x00''::bytea], array[''\x00''::bytea], array[''x''])', 'refused'),
    ('mira', 'select * from glas_gw.mt_claim(''vranje'', array[''mts''], array[99])', 'refused'),
    ('mira', 'select * from glas.quarantine', 'refused'),
    ('mira', 'select * from glas.quarantine_release(1)', 'refused'),
    ('mira', 'select glas.member_add(''mira'', ''Druga'', ''coordinator'')', 'refused'),
    ('mira', 'select glas.member_add(''fresh'', ''Druga'', ''coordinator'')', 'refused'),
    ('mira', 'select glas.cover(''Odbor Vranje'')', 'refused'),
    ('mira', 'select glas_data.admin_add(''mira'', ''Druga'', ''coordinator'')', 'refused'),
    -- Becoming somebody else.
    ('mira', 'set role glas_owner', 'refused'),
    ('mira', 'set role glas_coordinator', 'refused'),
    ('mira', 'grant glas_coordinator to mira', 'refused'),
    ('mira', 'create role eva login', 'refused'),
    ('mira', 'alter role mira superuser', 'refused'),
    ('mira', 'create function glas.x() returns int language sql as ''select 1''', 'refused'),
    ('mira', 'create or replace view glas.reports as select 1', 'refused'),
    ('mira', 'alter view glas.reports set (security_barrier = false)', 'refused'),
    -- A function of the caller's in place of one that a definer calls.
    ('mira', 'create function pg_temp.now() returns timestamptz language sql as ''select null::timestamptz''', 'none'),
    ('mira', 'set search_path = pg_temp, glas', 'none'),
    ('mira', 'do $do$ begin perform set_config(''row_security'', ''off'', true); perform * from glas_data.report; end $do$', 'refused'),
    -- What PostgreSQL keeps about tables and sessions.
    ('mira', 'select * from pg_stats where schemaname = ''glas_data''', 'empty'),
    ('mira', 'select * from pg_statistic', 'refused'),
    ('mira', 'select * from pg_stats_ext', 'empty'),
    ('mira', 'select query from pg_stat_activity where usename <> ''mira'' and query not like ''<%'' and query <> ''''', 'empty'),
    ('mira', 'select pg_read_file(''pg_hba.conf'')', 'refused'),
    ('mira', 'select pg_ls_dir(''.'')', 'refused'),
    ('mira', 'select lo_import(''/etc/passwd'')', 'refused'),
    ('mira', 'select pg_relation_size(''glas_data.report'')', 'refused'),
    ('mira', 'load ''auto_explain''', 'refused'),
    ('mira', 'create extension pgcrypto', 'refused'),
    ('mira', 'listen glas_vranje', 'none'),
    ('mira', 'select * from pg_authid', 'refused'),
    -- Cases: what is done to one, and what is shown beside it.
    ('mira', 'select * from glas.due', 'empty'),
    ('mira', 'select * from glas.merged', 'empty'),
    ('mira', 'select * from glas.duty_calls', 'empty'),
    ('mira', 'select * from glas.consents', 'empty'),
    ('mira', 'select * from glas.ratings where organisation <> ''Odbor Vranje''', 'empty'),
    ('mira', 'select * from glas.merge(''200006'', ''100008'')', 'refused'),
    ('mira', 'select * from glas.merge(''100008'', ''200006'')', 'refused'),
    ('mira', 'select * from glas.reply_all(''200006'', ''x'')', 'refused'),
    ('mira', 'select * from glas.split(''200006'', array[2])', 'refused'),
    ('mira', 'select * from glas.split(''100008'', array[2])', 'refused'),
    ('mira', 'select glas.ask_step(''200006'')', 'refused'),
    ('mira', 'select glas.record_step(''200006'', ''mandate'', ''signed'')', 'refused'),
    ('mira', 'select * from glas.complaint(''200006'')', 'refused'),
    ('mira', 'select * from glas.asked', 'empty'),
    ('mira', 'select glas.ask(''200006'', ''gde?'')', 'refused'),
    ('mira', 'select * from glas.broadcasts', 'refused'),
    ('mira', 'select glas.broadcast_draft(''{"sr-Latn": "x"}'')', 'refused'),
    ('dusan', 'select glas.ask(''300004'', ''ko ste?'')', 'refused'),
    ('mira', 'select glas.duty_code(''kosta'')', 'refused'),
    ('mira', 'select glas.duty_add(''mira'', 1, ''08:00'', ''16:00'')', 'refused'),
    ('mira', 'select * from glas_data.duty_phone', 'refused'),
    ('mira', 'select code from glas_data.duty_code', 'refused'),
    ('dusan', 'select * from glas.complaint(''300004'')', 'refused'),
    ('dusan', 'select * from glas.duty_calls', 'empty'),
    ('dusan', 'select * from glas.due', 'empty'),
    ('kosta', 'select citizen from glas_data.duty_phone', 'refused'),
    -- The police, a case about them having been put where they are.
    ('dusan', 'select * from glas.reports', 'empty'),
    ('dusan', 'select * from glas.inbox', 'empty'),
    ('dusan', 'select * from glas.history', 'empty'),
    ('dusan', 'select * from glas.outbox', 'empty'),
    ('dusan', 'select * from glas.explain(3)', 'refused'),
    ('dusan', 'select * from glas.reply(''300004'', ''ko ste?'')', 'refused'),
    ('dusan', 'select * from glas.classify(''300004'', ''LIGHT'', actor => '''')', 'refused'),
    ('dusan', 'select * from glas.refer(''300004'', ''Druga'')', 'refused'),
    -- Those who see all see no number.
    ('kosta', 'select token from glas_data.citizen', 'refused'),
    ('kosta', 'select original from glas_data.body', 'refused'),
    ('kosta', 'select glas_data.citizen_of(''baba-baba'')', 'refused'),
    ('kosta', 'select to_jsonb(i) ->> ''original'' from glas.inbox i where to_jsonb(i) ? ''original''', 'empty'),
    ('kosta', 'select glas_gw.mo_groups(''vranje'')', 'refused'),
    ('kosta', 'select glas.member_add(''vrata'', ''Druga'', ''caseworker'')', 'refused'),
    ('kosta', 'select glas.member_add(''postgres'', ''Druga'', ''caseworker'')', 'refused'),
    ('kosta', 'select glas.assign(''300004'', ''Policija'')', 'refused'),
    ('kosta', 'grant glas_owner to kosta', 'refused'),
    ('kosta', 'set role glas_owner', 'refused'),
    ('revizor', 'select * from glas.reply(''100008'', ''x'')', 'refused'),
    ('revizor', 'select reply_copy from glas_data.citizen', 'refused'),
    ('revizor', 'select * from glas.assign(''100008'', ''Druga'')', 'refused'),
    ('petra', 'select * from glas.reports', 'refused'),
    ('petra', 'select * from glas.inbox', 'refused'),
    ('petra', 'select * from glas.members', 'refused'),
    ('petra', 'select * from glas.trend', 'refused'),
    ('petra', 'select * from glas.heatmap', 'refused'),
    ('petra', 'select * from glas.clusters', 'refused'),
    ('petra', 'select glas.csv(''reports'')', 'refused'),
    ('petra', 'select glas.json(''inbox'')', 'refused'),
    ('petra', 'select glas.csv(''glas_data.citizen'')', 'refused'),
    ('petra', 'select glas.csv(''publish_counts v, glas_data.citizen'')', 'refused'),
    ('petra', 'select glas.publish(''2026-11'')', 'refused'),
    ('petra', 'select * from glas.publish_counts', 'empty'),
    ('petra', 'select * from glas.publish_requests', 'empty'),
    ('mira', 'select glas.csv(''reports'')', 'refused'),
    ('mira', 'select * from glas.equity', 'refused'),
    ('petra', 'select glas_data.pseudonym(2)', 'refused'),
    ('oto', 'select * from glas.inbox', 'refused'),
    ('oto', 'select * from glas.reports', 'refused'),
    ('oto', 'select * from glas.outbox', 'refused'),
    ('oto', 'select body from glas_data.quarantine', 'refused'),
    ('oto', 'select * from glas.quarantine', 'empty'),
    -- What the police have over others: lists and counts, and what is joined.
    ('zoran', 'select * from glas.reports', 'empty'),
    ('zoran', 'select * from glas.clusters', 'empty'),
    ('zoran', 'select * from glas.heatmap', 'empty'),
    ('zoran', 'select * from glas.callbacks', 'empty'),
    ('zoran', 'select * from glas.silenced', 'empty'),
    ('zoran', 'select glas.assign(''300004'', ''Druga'')', 'refused'),
    ('zoran', 'select * from glas.disclose(glas_data.pseudonym(3), ''x'')', 'refused'),
    ('kosta', 'select glas.merge(''300004'', ''400002'', ''isto'')', 'refused'),
    ('kosta', 'select glas.merge(''400002'', ''300004'', ''isto'')', 'refused'),
    -- Functions of the caller's, cheaper than what filters, that write down what they are given.
    ('mira', 'create temp table leaked (t text)', 'none'),
    ('mira', 'create function pg_temp.leak(t text) returns boolean language plpgsql cost 0.0000001 as
        $l$ begin insert into pg_temp.leaked values (t); return true; end $l$', 'none'),
    ('mira', 'create temp view mine as select * from glas.reports where pg_temp.leak(reports::text)', 'none'),
    ('mira', 'select reference from pg_temp.mine', 'none'),
    ('mira', 'select id from glas.inbox i where pg_temp.leak(i::text)', 'none'),
    ('mira', 'select id from glas.outbox o where pg_temp.leak(o::text)', 'none'),
    ('mira', 'select at from glas.history h where pg_temp.leak(h::text)', 'empty'),
    ('mira', 'select reference from glas.due d where pg_temp.leak(d::text)', 'empty'),
    ('mira', 'select reference from glas.questions q where pg_temp.leak(q::text)', 'empty'),
    ('mira', 'select reference from glas.consents c where pg_temp.leak(c::text)', 'empty'),
    ('mira', 'select reference from glas.merged m where pg_temp.leak(m::text)', 'empty'),
    ('mira', 'select id from glas.reveals v where pg_temp.leak(v::text)', 'empty'),
    ('mira', 'select role from glas.members m where pg_temp.leak(m::text)', 'none'),
    ('mira', 'select r.reference from glas.reports r, glas.inbox i where pg_temp.leak(i.text) and r.reference = i.reference', 'none'),
    ('mira', 'select * from pg_temp.leaked', 'none'),
    -- Operators and tables of theirs before ours.
    ('mira', 'create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_catalog.textne)', 'none'),
    ('mira', 'create temp table person as select ''mira'' as role, ''Druga'' as organisation, ''coordinator'' as kind, now() as since', 'none'),
    ('mira', 'do $do$ declare r text; begin perform set_config(''search_path'', ''pg_temp, glas, pg_catalog'', true);
        select string_agg(r::text, '','') into r from reports r; raise exception ''%'', r; end $do$', 'refused'),
    ('mira', 'do $do$ declare r text; begin perform set_config(''search_path'', ''pg_temp, pg_catalog'', true);
        select string_agg(x, '','') into r from glas.explain(2) x; raise exception ''%'', r; end $do$', 'refused'),
    -- The role put on, the guard taken off, a plan made before.
    ('mira', 'do $do$ declare r text; begin perform set_config(''role'', ''glas_caseworker'', true);
        select string_agg(r::text, '','') into r from glas.reports r; raise exception ''%'', r; end $do$', 'refused'),
    ('mira', 'do $do$ declare r text; begin perform set_config(''row_security'', ''off'', true);
        select string_agg(r::text, '','') into r from glas.reports r; raise exception ''%'', r; end $do$', 'refused'),
    ('mira', 'do $do$ declare r text; c cursor for select i::text from glas.inbox i order by id desc; begin
        open c; move absolute 0 from c; fetch c into r; raise exception ''%'', r; end $do$', 'refused'),
    ('mira', 'select cursor_to_xml(''c'', 10, true, true, '''')', 'refused'),
    ('mira', 'do $do$ declare r text; e text; begin for e in execute
        ''explain (analyze, verbose) select * from glas.inbox join glas.reports using (reference)''
        loop r := concat(r, e); end loop; raise exception ''%'', r; end $do$', 'refused'),
    -- Casts that quote what they cannot read, and rows as a whole.
    ('mira', 'select citizen::int from glas.inbox', 'refused'),
    ('mira', 'select text::jsonb from glas.reports', 'refused'),
    ('mira', 'select text::inet from glas.inbox', 'refused'),
    ('mira', 'select reference::glas.reference from glas.reports', 'none'),
    ('mira', 'select ''x''::glas.reference', 'refused'),
    ('mira', 'select r from glas.reports r where r::text like ''%rupa%''', 'empty'),
    ('mira', 'select i from glas.inbox i where i.* is distinct from i.* or i.reference <> ''100008''', 'empty'),
    -- Sequences and tables by their number, where no schema is named.
    ('mira', 'select currval(c.oid) from pg_class c where c.relname = ''outbox_block''', 'refused'),
    ('mira', 'select pg_sequence_last_value(c.oid) from pg_class c where c.relname = ''citizen_id_seq''', 'refused'),
    ('mira', 'select last_value from pg_sequences where last_value is not null and schemaname ~ ''^glas''', 'empty'),
    ('mira', 'select nextval(c.oid) from pg_class c where c.relname = ''reference_number''', 'refused'),
    ('mira', 'select setval(c.oid, 1) from pg_class c where c.relname = ''outbox_block''', 'refused'),
    ('mira', 'select table_to_xml(c.oid, true, true, '''') from pg_class c where c.relname = ''report''', 'refused'),
    ('mira', 'select pg_stat_reset_single_table_counters(c.oid) from pg_class c where c.relname = ''report''', 'refused'),
    ('mira', 'select * from pg_statistic_ext_data', 'refused'),
    ('mira', 'select most_common_vals from pg_stats where tablename in (''report'', ''message'', ''citizen'')', 'empty'),
    -- What is left of what others do: locks that could be held against them, objects, files.
    ('mira', 'select * from pg_largeobject', 'refused'),
    ('mira', 'select lo_export(1, ''/tmp/x'')', 'refused'),
    ('mira', 'copy (select * from glas.reports) to ''/tmp/x''', 'refused'),
    ('mira', 'select pg_terminate_backend(pid) from pg_stat_activity where usename <> ''mira''', 'refused'),
    ('mira', 'lock table glas.reports in exclusive mode', 'refused'),
    ('mira', 'create rule r as on insert to glas.reports do instead nothing', 'refused'),
    ('mira', 'create policy p on glas_data.report using (true)', 'refused'),
    ('mira', 'reassign owned by glas_owner to mira', 'refused'),
    -- It warns, and takes nothing: ines below still reads.
    ('mira', 'drop owned by glas_caseworker', 'none'),
    ('mira', 'alter default privileges for role glas_owner grant select on tables to mira', 'refused'),
    ('mira', 'create statistics s on reference, category from glas_data.report', 'refused'),
    ('mira', 'create publication p for all tables', 'refused'),
    ('mira', 'alter role kosta password ''x''', 'refused'),
    ('mira', 'alter system set log_statement = ''all''', 'refused'),
    ('mira', 'set log_statement = ''all''', 'refused'),
    ('mira', 'set session_preload_libraries = ''x''', 'refused'),
    -- Whether there is somebody, or was.
    ('mira', 'select * from glas.reveal_request(''baba-nana'', ''x'')', 'refused'),
    ('mira', 'select glas.observer_remove(''baba-nana'', ''CHECKIN'')', 'refused'),
    ('fresh', 'create schema s', 'refused'),
    ('fresh', 'create table public.t (a int)', 'refused'),
    ('fresh', 'select * from glas.help()', 'refused'),
    ('fresh', 'select glas.now()', 'refused'),
    ('fresh', 'select * from glas.reports', 'refused'),
    ('fresh', 'select glas_gw.connect(''vranje'', ''0.1'', ''set'', interval ''1 minute'')', 'refused');

-- One of them as its role: whatever it says, errors with all they carry, is looked at.
create function test.try(p_who text, p_how text, out is_now text, out said text)
    language plpgsql set client_min_messages = error as $$
declare
    hint text; detail text; context text;
begin
    execute format('set local session authorization %I', p_who);
    begin
        if p_how ~ '^(select|table)' then
            execute format('select coalesce(jsonb_agg(to_jsonb(t)), ''[]'')::text from (%s) t', p_how) into said;
            is_now := case said when '[]' then 'empty' else 'none' end;
        else
            execute p_how;
            is_now := 'none';
            said := '';
        end if;
    exception when others then
        get stacked diagnostics said = message_text, hint = pg_exception_hint,
            detail = pg_exception_detail, context = pg_exception_context;
        is_now := 'refused';
        -- Of an expression it speaks from the second time on.
        said := concat_ws(' ', sqlstate, said, hint, detail, regexp_replace(
            replace(context, p_how, ''), 'SQL expression "[^"]*"\n', '', 'g'));
    end;
    set local session authorization default;
    perform set_config('search_path', 'tap, test, pg_catalog', true);
end
$$;
do $$
declare
    a record;
    r record;
begin
    for a in select * from test.attack order by n loop
        r := test.try(a.who, a.how);
        update test.attack set is_now = r.is_now, said = r.said where n = a.n;
    end loop;
end
$$;

select ok((select count(*) from test.attack) >= 100, 'there are a hundred of them');
select is_empty($$ select who, how, wanted, is_now, left(said, 150) from test.attack
                    where is_now is distinct from wanted $$, 'each ends as it should');
select is_empty($$ select a.who, a.how, s.kind, left(a.said, 150)
                     from test.attack a join test.secret s on strpos(a.said, s.word) > 0
                    where s.kind = 'number' $$, 'none yields a number');
select is_empty($$ select a.who, a.how, s.word, left(a.said, 150)
                     from test.attack a join test.secret s
                          on strpos(replace(a.said, '''' || s.word, ''), s.word) > 0
                    where s.kind = 'row' and a.who in ('mira', 'dusan', 'zoran', 'petra', 'oto', 'fresh')
                      and strpos(a.how, s.word) = 0 $$, 'or a row of others');
select is_empty($$ select who, how, said from test.attack
                    where is_now = 'refused' and how ~ 'from glas\.' and said ~ '^(XX|5[38])' $$,
    'none ends in a fault of ours');
-- A reference of others and one that nobody has are refused in the same words.
select is(replace((test.try('mira', format('select * from glas.%s', f.call))).said, '200006', 'N'),
          replace((test.try('mira', format('select * from glas.%s', replace(f.call, '200006', '500009')))).said,
              '500009', 'N'), f.call)
  from unnest(array['reply(''200006'', ''x'')', 'set_status(''200006'', ''closed'')',
           'assign(''200006'', ''Druga'')', 'classify(''200006'', ''LIGHT'')',
           'refer(''200006'', ''Druga'')', 'complaint(''200006'')',
           'merge(''100008'', ''200006'', ''x'')', 'reply_all(''200006'', ''x'')', 'ask_step(''200006'')',
           'consent(''200006'', ''Druga'', true, ''da'')', 'read(''200006'')', 'owed(''200006'')',
           'happened(''200006'', ''2026-01-01'')', 'split(''200006'', array[2])', 'ask(''200006'', ''gde?'')',
           'record_step(''200006'', ''safe'', ''x'')', 'consent_withdraw(''200006'', ''safe'', ''ne'')',
           'deadline_begin(''200006'', ''legal-aid'')', 'deadline_done(''200006'', ''legal-aid'')',
           'reveal_request(''200006'', ''x'')', 'question_answer(''200006'', ''x'')',
           'question_moderate(''200006'', ''approved'')']) f (call);
-- So are a person of others, one who had all erased, and nobody.
update glas_data.citizen set erased_at = now() where id = 3;
select is(replace((test.try('mira', format(f.call, n.name))).said, n.name, 'N'),
          replace((test.try('mira', format(f.call, 'baba-nana'))).said, 'baba-nana', 'N'), f.call || ' ' || n.id)
  from unnest(array['select glas.observer_add(%L, ''CHECKIN'', 1, ''x'')', 'select glas.observer_remove(%L, ''CHECKIN'')',
                    'select glas.reveal_request(%L, ''x'')']) f (call),
       (select id, glas_data.pseudonym(id) as name from generate_series(2, 3) id) n;
-- It can tell: what they may see is found.
select ok((test.try('ines', 'select * from glas.reports')).said like '%rupa na putu%',
    'who may see it does');
select * from finish();
rollback;
