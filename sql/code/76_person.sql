-- What a person may ask for: all that is stored about them, and that it is erased.

create or replace function glas_data.person_reason(p_reason text) returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    why text := glas_data.clean(glas_data.note_at_most('the reason', p_reason, 200));
begin
    if why = '' then
        raise invalid_parameter_value using message =
            'the reason is empty: write who asked for it, and how, without a name';
    end if;
    return why;
end
$$;
comment on function glas_data.person_reason(text) is
    'Why somebody is told, or forgotten: written down, so there must be one.';

-- A table that refers to people and is not here fails a test.
create or replace function glas.disclose(citizen text, reason text)
    returns table (at timestamptz, what text, words text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    p bigint := (glas_data.person_called(disclose.citizen)).id;
begin
    perform glas_data.must_not_be_of_authority();
    insert into glas_data.retention_history (at, who, what)
    values (glas.now(), session_user, 'disclosed: ' || glas_data.person_reason(disclose.reason));
    return query
    with own as (select r.reference from glas_data.report r where r.citizen = p),
    thing (at, what, words) as (
        select c.first_at, 'person', concat_ws(', ', 'language ' || c.lang,
                   'group ' || nullif(c.people, ''), case when c.helper then 'helper' end,
                   case when c.tester then 'tester' end, case when c.blocked then 'blocked' end,
                   case when c.reply_copy is null then 'no number' else 'number, sealed' end,
                   case when c.recall_copy is not null
                        then 'number, sealed for the offline key' end,
                   'silenced: ' || nullif(c.silenced_why, ''))
          from glas_data.citizen c where c.id = p
        union all
        select m.received_at, 'text', concat_ws(' ', coalesce(b.text, '[isteklo]'),
                   nullif(m.note, ''), nullif(m.done, ''))
          from glas_data.message m
          left join glas_data.body b on b.message = m.id and b.received_at = m.received_at
         where m.citizen = p
        union all
        select o.created_at, 'sent', o.text from glas_data.outbox o where o.citizen = p
        union all
        select r.reported_at, 'report', concat_ws(', ', r.reference::text,
                   nullif(r.category, ''), nullif(r.municipality, ''),
                   nullif(r.settlement, ''), r.status)
          from glas_data.report r where r.citizen = p
        union all
        -- That others reported the same is theirs.
        select h.at, 'history', case when h.what in ('joined', 'merged', 'split') and exists (
                       select from unnest(array[h.was, h.now_is]) other
                        where other ~ '^[0-9]+$' and other not in (select o.reference::text from own o))
                   then concat_ws(' ', h.reference::text, h.what, 'another report')
                   else concat_ws(' ', h.reference::text, h.what, nullif(h.was, ''),
                       '->', h.now_is, nullif(h.note, '')) end
          from glas_data.report_history h join own using (reference)
        union all
        select k.asked_at, 'consent', concat_ws(' ', k.reference::text, k.step,
                   k.asked, k.answer, nullif(k.paper, '')) from glas_data.consent k join own using (reference)
        union all
        select s.at, 'step', s.reference::text || ' ' || s.step
          from glas_data.case_step s join own using (reference)
        union all
        select coalesce(d.done_at, d.begun_at), 'deadline', concat_ws(' ',
                   d.reference::text, d.deadline, 'from ' || d.begun_at, 'done ' || d.done_at)
          from glas_data.case_deadline d join own using (reference)
        union all
        select s.asked_at, 'whether it is solved', concat_ws(' ', s.reference::text,
                   case when s.solved then 'yes' when not s.solved then 'no' end, s.rating::text)
          from glas_data.solved s join own using (reference)
        union all
        select f.asked_at, 'referral', concat_ws(' ', f.reference::text, f.organisation,
                   f.state, f.asked, f.answer, f.note)
          from glas_data.referral f join own using (reference)
        union all
        select a.asked_at, 'question to them', a.reference::text || ' ' || a.question
          from glas_data.asked a join own using (reference)
        union all
        select coalesce(q.decided_at, r.reported_at), 'question for a debate',
               concat_ws(' ', q.reference::text, q.state, nullif(q.answer, ''))
          from glas_data.question q join own using (reference)
          join glas_data.report r using (reference)
        union all
        select v.asked_at, 'request to see the number', concat_ws(' ', v.reference::text,
                   v.asked_by, v.reason, nullif(v.refused_why, ''))
          from glas_data.reveal v where v.citizen = p
        union all
        select e.at, 'form', concat_ws(' ', e.form, (select string_agg(
                   w.field || '=' || coalesce(w.value, ''), ', ' order by w.field)
                   from glas_data.form_value w where w.entry = e.message), e.unread)
          from glas_data.form_entry e where e.citizen = p
        union all
        select v.at, 'vote', glas_data.title_in(l.title, 'sr-Latn') || ': ' || v.option
          from glas_data.vote v join glas_data.poll l on l.number = v.poll where v.citizen = p
        union all
        select a.at, 'event', glas_data.title_in(e.title, 'sr-Latn')
                   || case when a.coming then ': comes' else ': does not come' end
          from glas_data.attendance a join glas_data.event e on e.number = a.event
         where a.citizen = p
        union all
        select null, 'invitation', glas_data.title_in(e.title, 'sr-Latn')
          from glas_data.invitation i join glas_data.event e on e.number = i.event
         where i.citizen = p
        union all
        select s.since, 'list', s.list || ': ' || s.consent
          from glas_data.subscription s where s.citizen = p
        union all
        select m.received_at, 'rumour', coalesce(u.answer, '')
          from glas_data.rumour u join glas_data.message m on m.id = u.id where u.citizen = p
        union all
        select o.since, 'observer', o.name || ' ' || o.form
          from glas_data.observer o where o.citizen = p
        union all
        select d.since, 'helped', d.nickname from glas_data.helped d where d.helper = p
        union all
        select d.since, 'duty', 'telephone of ' || d.member
          from glas_data.duty_phone d where d.citizen = p
        union all
        select g.at, 'rating', 'recommendation ' || g.recommendation || ': ' || g.rating
          from glas_data.recommendation_rating g where g.person = p
        union all
        select k.first_at, 'missed calls', k.times || ' ' || k.state || ' ' || k.note
          from glas_data.callback k where k.citizen = p
        union all
        select k.since, 'block', k.reason from glas_data.block k where k.citizen = p
        union all
        select b.at, 'broadcast', b.broadcast::text
          from glas_data.broadcast_person b where b.citizen = p
        union all
        select q.at, 'set aside', q.reason from glas_data.quarantine q
          join glas_data.citizen c on c.token = q.token where c.id = p
    )
    select t.at, t.what, t.words from thing t order by t.at nulls first, t.what;
end
$$;
comment on function glas.disclose(text, text) is
    'All that is stored about a person, for whoever has shown to be them: their
     right of access. Never the number. That it was asked for is written down.
     Example: select * from glas.disclose(''baba-baba'', ''dosla je u kancelariju'');';

create or replace function glas.forget(citizen text, reason text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    person bigint := (glas_data.person_called(forget.citizen)).id;
    why    text := glas_data.person_reason(forget.reason);
    texts  bigint;
begin
    perform glas_data.must_not_be_of_authority();
    perform glas_data.erase(person, null);
    select count(*) into texts from glas_data.message m where m.citizen = person;
    insert into glas_data.retention_history (at, who, what, gone)
    values (glas.now(), session_user, 'forgotten: ' || why, texts);
    return glas_data.sentence(format('%s is forgotten: number, words and lists are gone, '
        '%s counted without them. Copies in backups go with those.', forget.citizen,
        case texts when 1 then '1 text is' else texts || ' texts are' end));
end
$$;
comment on function glas.forget(text, text) is
    'Erases a person who asked for it otherwise than by the text OBRISI: what is
     gone does not come back. Their cases stay, without their words.
     Example: select glas.forget(''baba-baba'', ''dosla je u kancelariju'');';
