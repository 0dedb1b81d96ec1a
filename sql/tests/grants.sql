-- Who may what, decided here for every object: a new one without a line fails.
begin;
\ir fixture.psql
select plan(8);

create temp table role_name as
select name, n from unnest(array['gateway', 'caseworker', 'coordinator', 'auditor',
    'operator', 'press']) with ordinality r (name, n);

create temp table found as
select object, coalesce(string_agg(name, ' ' order by n) filter (where allowed), '') as who
  from (select c.oid::regclass::text as object, name, n,
               case c.relkind when 'S'
                    then has_sequence_privilege('glas_' || name, c.oid, 'usage, select, update')
                    else has_table_privilege('glas_' || name, c.oid,
                        'select, insert, update, delete, truncate, references, trigger')
                      or has_any_column_privilege('glas_' || name, c.oid,
                        'select, insert, update, references') end as allowed
          from pg_class c, role_name
         where c.relnamespace in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
           and c.relkind in ('r', 'v', 'S', 'm', 'p', 'f')
        union all
        select n.nspname || '.' || p.proname || '()', name, role_name.n,
               has_function_privilege('glas_' || name, p.oid, 'execute')
          from role_name, pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('glas', 'glas_data', 'glas_gw')) matrix
 group by object;

create temp table decided (object text, who text);
insert into decided values
    ('glas.alerts', 'coordinator auditor operator'),
    ('glas.assign()', 'caseworker coordinator'),
    ('glas.block()', 'coordinator'),
    ('glas.categories', 'caseworker coordinator auditor'),
    ('glas.classify()', 'caseworker coordinator'),
    ('glas.credit', 'coordinator auditor operator'),
    ('glas.event_announce()', 'coordinator'),
    ('glas.event_cancel()', 'coordinator'),
    ('glas.event_cap()', 'coordinator'),
    ('glas.events', 'caseworker coordinator auditor'),
    ('glas.explain()', 'caseworker coordinator auditor'),
    ('glas.help()', 'caseworker coordinator auditor operator press'),
    ('glas.helper()', 'coordinator'),
    ('glas.history', 'caseworker coordinator auditor'),
    ('glas.inbox', 'caseworker coordinator auditor'),
    ('glas.links', 'coordinator auditor operator'),
    ('glas.lists', 'caseworker coordinator auditor'),
    ('glas.now()', 'caseworker coordinator auditor operator press'),
    ('glas.observer_add()', 'caseworker coordinator'),
    ('glas.observer_remove()', 'caseworker coordinator'),
    ('glas.observers', 'caseworker coordinator auditor'),
    ('glas.outbox', 'caseworker coordinator auditor'),
    ('glas.outbox_states', 'coordinator auditor operator'),
    ('glas.poll_close()', 'coordinator'),
    ('glas.poll_open()', 'coordinator'),
    ('glas.poll_results', 'caseworker coordinator auditor'),
    ('glas.polls', 'caseworker coordinator auditor'),
    ('glas.preview()', 'caseworker coordinator'),
    ('glas.quarantine', 'auditor operator'),
    ('glas.question_answer()', 'caseworker coordinator'),
    ('glas.question_moderate()', 'caseworker coordinator'),
    ('glas.questions', 'caseworker coordinator auditor'),
    ('glas.reply()', 'caseworker coordinator'),
    ('glas.reports', 'caseworker coordinator auditor'),
    ('glas.resume_outbox()', 'coordinator operator'),
    ('glas.rights_demand', 'coordinator auditor press'),
    ('glas.rumour_answer()', 'coordinator'),
    ('glas.rumour_same()', 'coordinator'),
    ('glas.rumours', 'coordinator auditor'),
    ('glas.set_status()', 'caseworker coordinator'),
    ('glas.silence()', 'coordinator'),
    ('glas.silenced', 'coordinator auditor'),
    ('glas.teach()', 'coordinator'),
    ('glas.tester()', 'coordinator'),
    ('glas.texts', 'caseworker coordinator auditor'),
    ('glas.trend', 'coordinator auditor press'),
    ('glas.unknown_words', 'coordinator'),
    ('glas.unblock()', 'coordinator'),
    ('glas.unteach()', 'coordinator'),
    ('glas.unsilence()', 'coordinator'),
    ('glas.voices', 'coordinator auditor press'),
    ('glas_gw.alive()', 'gateway'),
    ('glas_gw.balance_put()', 'gateway'),
    ('glas_gw.connect()', 'gateway'),
    ('glas_gw.content()', 'gateway'),
    ('glas_gw.credit_warn()', 'gateway'),
    ('glas_gw.lacks()', 'gateway'),
    ('glas_gw.links_put()', 'gateway'),
    ('glas_gw.mo_context()', 'gateway'),
    ('glas_gw.mo_groups()', 'gateway'),
    ('glas_gw.mo_groups_due()', 'gateway'),
    ('glas_gw.mo_store()', 'gateway'),
    ('glas_gw.mt_claim()', 'gateway'),
    ('glas_gw.mt_next_due()', 'gateway'),
    ('glas_gw.mt_orphans()', 'gateway'),
    ('glas_gw.mt_recover()', 'gateway'),
    ('glas_gw.mt_release()', 'gateway'),
    ('glas_gw.mt_report()', 'gateway'),
    ('glas_gw.mt_result()', 'gateway'),
    ('glas_gw.mt_said()', 'gateway'),
    ('glas_gw.mt_taken()', 'gateway'),
    ('glas_gw.prune()', 'gateway'),
    ('glas_gw.quarantine()', 'gateway'),
    ('glas_gw.remember()', 'gateway'),
    ('glas_gw.reread()', 'gateway'),
    ('glas_gw.reserve()', 'gateway'),
    ('glas_gw.resume_outbox()', 'gateway'),
    ('glas_gw.rewind()', 'gateway'),
    ('glas_gw.schema_version()', 'gateway'),
    ('glas_gw.spent()', 'gateway'),
    ('glas_gw.stopped()', 'gateway'),
    ('glas_data.act()', ''),
    ('glas_data.act_words()', ''),
    ('glas_data.admin_add()', ''),
    ('glas_data.admin_remove()', ''),
    ('glas_data.alert', ''),
    ('glas_data.at_most()', ''),
    ('glas_data.attendance', ''),
    ('glas_data.balance', ''),
    ('glas_data.block', ''),
    ('glas_data.category', ''),
    ('glas_data.citizen', ''),
    ('glas_data.citizen_id_seq', ''),
    ('glas_data.citizen_of()', ''),
    ('glas_data.clean()', ''),
    ('glas_data.concat_group', ''),
    ('glas_data.concat_group_id_seq', ''),
    ('glas_data.concat_segment', ''),
    ('glas_data.concept', ''),
    ('glas_data.content_import()', ''),
    ('glas_data.content_live()', ''),
    ('glas_data.content_pack()', ''),
    ('glas_data.content_refuse()', ''),
    ('glas_data.content_section', ''),
    ('glas_data.content_setting', ''),
    ('glas_data.content_touch()', ''),
    ('glas_data.cue', ''),
    ('glas_data.day_of()', ''),
    ('glas_data.erase()', ''),
    ('glas_data.event', ''),
    ('glas_data.event_fields()', ''),
    ('glas_data.event_fits()', ''),
    ('glas_data.event_invite()', ''),
    ('glas_data.event_tell()', ''),
    ('glas_data.event_most()', ''),
    ('glas_data.event_ration()', ''),
    ('glas_data.fill()', ''),
    ('glas_data.fold()', ''),
    ('glas_data.fold_pattern()', ''),
    ('glas_data.follow()', ''),
    ('glas_data.form', ''),
    ('glas_data.form_code()', ''),
    ('glas_data.form_column()', ''),
    ('glas_data.form_entry', ''),
    ('glas_data.form_field', ''),
    ('glas_data.form_value', ''),
    ('glas_data.form_view()', ''),
    ('glas_data.form_views()', ''),
    ('glas_data.found', ''),
    ('glas_data.found_json()', ''),
    ('glas_data.frame()', ''),
    ('glas_data.gateway', ''),
    ('glas_data.gsm7_basic()', ''),
    ('glas_data.gsm7_extension()', ''),
    ('glas_data.hear()', ''),
    ('glas_data.help_rows()', ''),
    ('glas_data.helped', ''),
    ('glas_data.helped_id_seq', ''),
    ('glas_data.identity', ''),
    ('glas_data.invitation', ''),
    ('glas_data.is_continued()', ''),
    ('glas_data.is_shouted()', ''),
    ('glas_data.is_trial()', ''),
    ('glas_data.key_columns()', ''),
    ('glas_data.keyword', ''),
    ('glas_data.known()', ''),
    ('glas_data.known_words()', ''),
    ('glas_data.labels()', ''),
    ('glas_data.language', ''),
    ('glas_data.last_entry()', 'caseworker coordinator auditor'),
    ('glas_data.link', ''),
    ('glas_data.login_role()', ''),
    ('glas_data.luhn_digit()', ''),
    ('glas_data.message', ''),
    ('glas_data.message_block', ''),
    ('glas_data.mt_report_unknown()', ''),
    ('glas_data.must_be_heard()', ''),
    ('glas_data.observer', ''),
    ('glas_data.observer_due()', 'caseworker coordinator auditor'),
    ('glas_data.optout', ''),
    ('glas_data.outbox', ''),
    ('glas_data.outbox_block', ''),
    ('glas_data.outbox_segment', ''),
    ('glas_data.outgoing()', ''),
    ('glas_data.own_organisation()', 'caseworker coordinator auditor'),
    ('glas_data.person', ''),
    ('glas_data.person_called()', ''),
    ('glas_data.place', ''),
    ('glas_data.place_of()', ''),
    ('glas_data.place_text()', ''),
    ('glas_data.plain_letter()', ''),
    ('glas_data.plain_signs()', ''),
    ('glas_data.polite_time()', ''),
    ('glas_data.poll', ''),
    ('glas_data.poll_fits()', ''),
    ('glas_data.poll_options()', ''),
    ('glas_data.pseudonym()', 'caseworker coordinator auditor'),
    ('glas_data.put_alerts()', ''),
    ('glas_data.put_attendance()', ''),
    ('glas_data.put_entry()', ''),
    ('glas_data.put_helped()', ''),
    ('glas_data.put_block()', ''),
    ('glas_data.put_machine()', ''),
    ('glas_data.put_place()', ''),
    ('glas_data.put_subscription()', ''),
    ('glas_data.put_value()', ''),
    ('glas_data.put_vote()', ''),
    ('glas_data.quarantine', ''),
    ('glas_data.quarantine_id_seq', ''),
    ('glas_data.question', ''),
    ('glas_data.question_of()', ''),
    ('glas_data.queue()', ''),
    ('glas_data.record_change()', ''),
    ('glas_data.reference_nth()', ''),
    ('glas_data.reference_number', ''),
    ('glas_data.reply_text', ''),
    ('glas_data.report', ''),
    ('glas_data.report_history', ''),
    ('glas_data.report_history_id_seq', ''),
    ('glas_data.report_move', ''),
    ('glas_data.report_of()', ''),
    ('glas_data.rumour', ''),
    ('glas_data.rumour_of()', ''),
    ('glas_data.rumour_tell()', ''),
    ('glas_data.rumour_text()', ''),
    ('glas_data.schema_version', ''),
    ('glas_data.sees_all()', 'caseworker coordinator auditor'),
    ('glas_data.setting', ''),
    ('glas_data.setting()', ''),
    ('glas_data.silence()', ''),
    ('glas_data.silence_of()', ''),
    ('glas_data.skip_numbers()', ''),
    ('glas_data.sms_size()', 'caseworker coordinator auditor'),
    ('glas_data.sms_text()', ''),
    ('glas_data.spend', ''),
    ('glas_data.subscription', ''),
    ('glas_data.taught', ''),
    ('glas_data.teach_code()', ''),
    ('glas_data.teach_pattern()', ''),
    ('glas_data.title_in()', ''),
    ('glas_data.titles()', ''),
    ('glas_data.topic', ''),
    ('glas_data.unknown_words()', 'coordinator'),
    ('glas_data.unseen_letters()', ''),
    ('glas_data.utc()', ''),
    ('glas_data.vote', ''),
    ('glas_data.wake_gateways()', ''),
    ('glas_data.weight', ''),
    ('glas_data.wrapped()', '');

select is_empty($$ select * from found where object not in (select object from decided) $$,
    'every object has been decided about');
select is_empty($$ select * from decided where object not in (select object from found) $$,
    'and is still there');
select is_empty($$ select f.object, f.who as is, d.who as should
                     from found f join decided d using (object) where f.who <> d.who $$,
    'who may is who should');
select is_empty($$
    select c.oid::regclass, name, right_of from pg_class c, role_name,
           unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) right_of
     where c.relnamespace = 'glas'::regnamespace and c.relkind = 'v'
       and has_table_privilege('glas_' || name, c.oid, right_of) $$,
    'a view can be read and no more');
select is_empty($$
    select o.name, o.acl from (
        select relname as name, relacl::text as acl, relnamespace as ns from pg_class
        union all select proname, coalesce(proacl::text, '{=X}'), pronamespace from pg_proc
        union all select nspname, nspacl::text, oid from pg_namespace) o
     where o.ns in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and o.acl ~ '[{,]=' $$,
    'everybody may nothing');
select is((select array_agg(n.nspname || ' ' || name order by n.nspname, role_name.n)
             from pg_namespace n, role_name
            where n.nspname in ('glas', 'glas_data', 'glas_gw')
              and has_schema_privilege('glas_' || name, n.oid, 'usage')),
    array['glas caseworker', 'glas coordinator', 'glas auditor', 'glas operator', 'glas press',
          'glas_gw gateway'], 'who may look into which schema');

set role glas_owner;
create function glas.later() returns int language sql as 'select 1';
create function glas_gw.later() returns int language sql as 'select 1';
reset role;
select is(has_function_privilege('kosta', 'glas.later()', 'execute')
       or has_function_privilege('vrata', 'glas_gw.later()', 'execute'), false,
    'what is made later is for nobody until it is granted');

set session authorization vrata;
select throws_ok($$ select * from glas_data.citizen $$, '42501', null, 'the gateway reads no table');
reset session authorization;

select * from finish();
rollback;
