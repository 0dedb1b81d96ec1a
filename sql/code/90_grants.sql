-- Who may do what, from nothing upwards, each time anew: what is not granted
-- here is not allowed. Nobody but the owner reaches a table.

alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;

do $$
declare
    grantee text;
begin
    foreach grantee in array array['public', 'glas_gateway', 'glas_caseworker',
        'glas_coordinator', 'glas_press', 'glas_operator', 'glas_auditor']
    loop
        execute 'revoke all on schema glas, glas_data, glas_gw from ' || grantee;
        execute 'revoke all on all tables in schema glas, glas_data, glas_gw from ' || grantee;
        execute 'revoke all on all sequences in schema glas, glas_data, glas_gw from ' || grantee;
        execute 'revoke all on all routines in schema glas, glas_data, glas_gw from ' || grantee;
    end loop;
end
$$;

grant usage on schema glas_gw to glas_gateway;
grant execute on all functions in schema glas_gw to glas_gateway;

-- Whoever may read anything may ask for help, and for the time. The functions
-- of glas_data are those that views call: with the rights of who reads.
grant usage on schema glas
   to glas_caseworker, glas_coordinator, glas_press, glas_operator, glas_auditor;
grant execute on function glas.help(text), glas.now()
   to glas_caseworker, glas_coordinator, glas_press, glas_operator, glas_auditor;
grant execute on function glas_data.pseudonym(bigint), glas_data.sees_all(),
       glas_data.own_organisation(), glas_data.sms_size(text)
   to glas_caseworker, glas_coordinator, glas_auditor;

grant select on glas.inbox, glas.reports, glas.history, glas.outbox
   to glas_caseworker, glas_coordinator, glas_auditor;
grant select on glas.links, glas.credit, glas.alerts, glas.outbox_states
   to glas_coordinator, glas_operator, glas_auditor;
grant select on glas.quarantine, glas.quarantine_history
   to glas_coordinator, glas_operator, glas_auditor;
grant execute on function glas.quarantine_release(bigint),
       glas.quarantine_dismiss(bigint, text)
   to glas_coordinator, glas_operator;
grant select on glas.texts, glas.categories
   to glas_caseworker, glas_coordinator, glas_auditor;
grant select on glas.trend to glas_coordinator, glas_auditor;

grant execute on function glas.preview(text, boolean), glas.reply(text, text),
       glas.set_status(text, text, text), glas.assign(text, text),
       glas.classify(text, text, text, text, boolean, text), glas.explain(bigint)
   to glas_caseworker, glas_coordinator;
grant execute on function glas.explain(bigint) to glas_auditor;

-- Taking part: coordinators write to many people, case workers to their own.
grant select on glas.polls, glas.poll_results, glas.events, glas.questions,
       glas.observers, glas.lists
   to glas_caseworker, glas_coordinator, glas_auditor;
grant select on glas.rumours to glas_coordinator, glas_auditor;
grant select on glas.rights_demand, glas.voices
   to glas_coordinator, glas_auditor;
grant execute on function glas_data.last_entry(bigint, text),
       glas_data.observer_due(timestamptz, timestamptz, int)
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function
       glas.poll_open(text, text[], text, text), glas.poll_close(int),
       glas.event_announce(text, text, text, text, text, int),
       glas.event_cap(int, int),
       glas.event_cancel(int), glas.rumour_same(bigint, bigint),
       glas.rumour_answer(bigint, text), glas.helper(text, boolean),
       glas.tester(text, boolean)
   to glas_coordinator;
grant execute on function glas.question_moderate(text, text, int),
       glas.question_answer(text, text),
       glas.observer_add(text, text, int, text), glas.observer_remove(text, text)
   to glas_caseworker, glas_coordinator;
grant select on glas.silenced to glas_coordinator, glas_auditor;
grant execute on function glas.silence(text, text), glas.unsilence(text),
       glas.block(text, text), glas.unblock(text)
   to glas_coordinator;
grant execute on function glas.resume_outbox(), glas.forget_gateway(text),
       glas.clock_confirm(text)
   to glas_coordinator, glas_operator;
grant select on glas.unknown_words to glas_coordinator;
grant execute on function glas_data.unknown_words(),
       glas.teach(text, text, text, text), glas.unteach(text)
   to glas_coordinator;

-- Cases from beginning to end.
grant select on glas.merged, glas.due, glas.deadlines, glas.ratings
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.merge(text, text, text), glas.reply_all(text, text),
       glas.split(text, bigint[], text, text, boolean),
       glas.deadline_begin(text, text, text, text),
       glas.deadline_done(text, text, text)
   to glas_caseworker, glas_coordinator;
grant execute on function glas.deadline_set(text, int, text, text, text, text, text,
           text[], text[], text, text, text),
       glas.deadline_remove(text), glas.holiday(text, text)
   to glas_coordinator;

grant select on glas.duty, glas.duty_calls
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas_data.duty_of_use(text, text)
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.duty_code(text) to glas_caseworker, glas_coordinator;
grant execute on function glas.duty_add(text, int, time, time, text),
       glas.duty_remove(bigint)
   to glas_coordinator;

grant select on glas.consents to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.ask_step(text), glas.complaint(text),
       glas.record_step(text, text, text, text, text, text, bigint, boolean)
   to glas_caseworker, glas_coordinator;

-- Numbers: who may ask, and who may agree; of the copies, nobody gets any.
grant select on glas.reveals, glas.reveal_history
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.reveal_request(text, text), glas.reveal_take(bigint)
   to glas_caseworker, glas_coordinator;
grant execute on function glas.owed(text)
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.reveal_approve(bigint), glas.reveal_refuse(bigint, text)
   to glas_coordinator;

-- The network of organisations. A domain is for everybody until that is taken.
revoke all on type glas.reference from public;
grant execute on function glas_data.is_authority(), glas_data.own_referrals(),
       glas_data.case_about_police(glas_data.report),
       glas_data.tells_of_another(text, text),
       glas_data.tells_of_a_no(text, text, text, text)
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas_data.is_authority(), glas_data.sees_all() to glas_operator;
grant select on glas.organisations, glas.members, glas.coverage, glas.referrals
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.organisation_add(text, text, text),
       glas.cover(text, text, text, text, text, int),
       glas.uncover(text, text, text, text, text),
       glas.member_add(text, text, text), glas.member_remove(text)
   to glas_coordinator;
grant execute on function glas.refer(text, text, text),
       glas.consent(text, text, boolean, text, bigint)
   to glas_caseworker, glas_coordinator;

-- Watching, and what is said in public: glas_press reads this and nothing else.
grant select on glas.heatmap, glas.equity, glas.clusters, glas.recommendations
   to glas_coordinator, glas_auditor;
grant select on glas.publish_counts, glas.publish_trend, glas.publish_rights,
       glas.publish_equity, glas.publish_recommendations,
       glas.publish_services, glas.publish_requests
   to glas_press, glas_coordinator, glas_auditor;
grant execute on function glas_data.bar(numeric, numeric, int)
   to glas_press, glas_coordinator, glas_auditor;
grant execute on function glas.csv(text), glas.json(text), glas.bulletin(text, text, text)
   to glas_press, glas_coordinator, glas_auditor;
grant execute on function glas.recommend(text, text, text, text, text, text),
       glas.respond(int, text, text, text), glas.rate(int, text, int),
       glas.publish_preview(text), glas.publish(text), glas.make_public(int)
   to glas_coordinator;

-- Talking to people.
grant select on glas.asked to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.ask(text, text) to glas_caseworker, glas_coordinator;
grant select on glas.broadcasts, glas.broadcast_history to glas_coordinator, glas_auditor;
grant execute on function glas.broadcast_preview(int) to glas_coordinator, glas_auditor;
grant execute on function
       glas.broadcast_draft(text, text, text, text, text, text, text[], text),
       glas.broadcast_approve(int), glas.broadcast_pause(int, text),
       glas.broadcast_resume(int), glas.broadcast_cancel(int, text),
       glas.list_add(text, text, text[]), glas.list_remove(text)
   to glas_coordinator;

-- How long words are kept, and what a person may ask for.
grant select on glas.retention, glas.retention_history
   to glas_coordinator, glas_operator, glas_auditor;
grant execute on function glas.retention_preview() to glas_coordinator, glas_auditor;
grant execute on function glas.retention_set(text, int, text), glas.disclose(text, text),
       glas.forget(text, text)
   to glas_coordinator;

-- The desk.
grant execute on function glas.today()
   to glas_caseworker, glas_coordinator, glas_operator, glas_auditor;
grant execute on function glas.read(text)
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.happened(text, text, text),
       glas.consent_withdraw(text, text, text, bigint)
   to glas_caseworker, glas_coordinator;

-- The same with a reference that is typed without quotes.
grant execute on function glas.read(bigint)
   to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.reply(bigint, text), glas.ask(bigint, text),
       glas.set_status(bigint, text, text), glas.assign(bigint, text),
       glas.classify(bigint, text, text, text, boolean, text),
       glas.merge(bigint, bigint, text)
   to glas_caseworker, glas_coordinator;
grant execute on function glas_data.is_number(text, bigint),
       glas_data.is_not_number(text, bigint)
   to glas_caseworker, glas_coordinator, glas_auditor;

-- Missed calls, and codes that were dialled.
grant select on glas.callbacks to glas_caseworker, glas_coordinator, glas_auditor;
grant execute on function glas.called_back(bigint, text), glas.text_back(bigint, text)
   to glas_caseworker, glas_coordinator;
grant select on glas.ussd_results to glas_operator, glas_auditor;

-- Texts by the hour.
grant select on glas.hours to glas_operator, glas_coordinator, glas_auditor;
grant execute on function glas_data.bar(numeric, numeric, int) to glas_operator;

-- Views of forms: granted where they are made.
select glas_data.form_views();
