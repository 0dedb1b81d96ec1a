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

-- Everything in a row is told but what stands here: a column that is new is told, and one
-- about which nobody has decided fails a test.
create or replace function glas_data.untold()
    returns table (place text, columns text[], why text)
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    values
        ('citizen', '{token,reply_copy,recall_copy,erase}'::text[], 'sealed, or a code'),
        ('block', '{token}', 'sealed, or a code'),
        ('quarantine', '{identity,sealed,token}', 'sealed, or a code'),
        ('concat_group', '{token,token_before}', 'sealed, or a code'),
        ('reveal', '{ticket,ticket_until}', 'sealed, or a code'),
        ('citizen', '{id,version}', 'leads to them'),
        ('asked', '{id}', 'leads to them'),
        ('callback', '{id}', 'leads to them'),
        ('concat_group', '{id}', 'leads to them'),
        ('consent', '{id}', 'leads to them'),
        ('quarantine', '{id}', 'leads to them'),
        ('referral', '{id}', 'leads to them'),
        ('helped', '{id,helper}', 'leads to them'),
        ('recommendation_rating', '{person}', 'leads to them'),
        ('report', '{helped}', 'leads to them'),
        -- Told where it is a report of theirs.
        ('message', '{reference}', 'beside it'),
        ('outbox', '{reference,text}', 'beside it'),
        ('report', '{merged_into}', 'is of others'),
        ('rumour', '{same_as}', 'is of others'),
        ('asked', '{asked_by}', 'who works here'),
        ('block', '{blocked_by}', 'who works here'),
        ('callback', '{called_by}', 'who works here'),
        ('case_step', '{who}', 'who works here'),
        ('citizen', '{silenced_by}', 'who works here'),
        ('consent', '{asked_by}', 'who works here'),
        ('duty_call', '{taken_by}', 'who works here'),
        ('outbox', '{created_by}', 'who works here'),
        ('question', '{decided_by}', 'who works here'),
        ('recommendation_rating', '{who}', 'who works here'),
        ('referral', '{asked_by,recorded_by}', 'who works here'),
        ('reveal', '{asked_by,approved_by,refused_by}', 'who works here'),
        ('rumour', '{answered_by}', 'who works here')
    $$;
comment on function glas_data.untold() is
    'What of the rows about a person is not told to them, and why.';

-- As JSON, since that keeps the order of the columns.
create or replace function glas_data.row_told(p_place text, p_row json) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select string_agg(c.key || ' ' || c.value, ', ' order by c.ordinality)
      from json_each_text(p_row) with ordinality c
     where c.value not in ('', '[]') and c.key <> 'citizen'
       and c.key <> all (array(select unnest(u.columns) from glas_data.untold() u
                                where u.place = p_place))
    $$;
comment on function glas_data.row_told(text, json) is
    'A row about a person in words: each column that has something, by its name.';

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
        select c.first_at, 'person', concat_ws(', ',
                   glas_data.row_told('citizen', row_to_json(c)),
                   case when c.reply_copy is null then 'no number' else 'number, sealed' end,
                   case when c.recall_copy is not null
                        then 'number, sealed for the offline key' end)
          from glas_data.citizen c where c.id = p
        union all
        -- Which rows of optout and identity are theirs the database cannot tell.
        select null, 'STOP', 'when this number has said STOP, that stands under a keyed '
                   'hash of it; it cannot be looked up from here'
        union all
        select m.received_at, 'text', concat_ws(', ', coalesce(b.text, '[isteklo]'),
                   glas_data.row_told('message', row_to_json(m)), 'reference ' || own.reference::text,
                   'trace ' || nullif(b.trace, ''),
                   case when length(b.original) > 0 then 'original, sealed' end)
          from glas_data.message m
          left join glas_data.body b on b.message = m.id and b.received_at = m.received_at
          left join own on own.reference::text = m.reference
         where m.citizen = p
        union all
        select g.opened_at, 'text in parts', concat_ws(', ',
                   glas_data.row_told('concat_group', row_to_json(g)), 'parts, sealed')
          from glas_data.concat_group g join glas_data.citizen c on c.token = g.token
         where c.id = p
        union all
        select o.created_at, 'sent', concat_ws(', ', o.text,
                   glas_data.row_told('outbox', row_to_json(o)), 'reference ' || own.reference::text)
          from glas_data.outbox o
          left join own on own.reference::text = o.reference
         where o.citizen = p
        union all
        select r.reported_at, 'report', glas_data.row_told('report', row_to_json(r))
          from glas_data.report r where r.citizen = p
        union all
        -- That others reported the same is theirs; of who was on duty, that somebody was.
        select h.at, 'history', case when h.what in ('joined', 'merged', 'split') and exists (
                       select from unnest(array[h.was, h.now_is]) other
                        where other ~ '^[0-9]+$' and other not in (select o.reference::text from own o))
                   then concat_ws(' ', h.reference::text, h.what, 'another report')
                   when h.what in ('duty', 'taken')
                   then concat_ws(' ', h.reference::text, h.what, nullif(h.note, ''))
                   else concat_ws(' ', h.reference::text, h.what, nullif(h.was, ''),
                       '->', h.now_is, nullif(h.note, '')) end
          from glas_data.report_history h join own using (reference)
        union all
        select k.asked_at, 'consent', glas_data.row_told('consent', row_to_json(k))
          from glas_data.consent k join own using (reference)
        union all
        select s.at, 'step', glas_data.row_told('case_step', row_to_json(s))
          from glas_data.case_step s join own using (reference)
        union all
        select coalesce(d.done_at, d.begun_at), 'deadline',
               glas_data.row_told('case_deadline', row_to_json(d))
          from glas_data.case_deadline d join own using (reference)
        union all
        select d.at, 'reminder', glas_data.row_told('reminder', row_to_json(d))
          from glas_data.reminder d join own using (reference)
        union all
        select d.begun_at, 'urgent', glas_data.row_told('duty_call', row_to_json(d))
          from glas_data.duty_call d join own using (reference)
        union all
        select s.asked_at, 'whether it is solved', glas_data.row_told('solved', row_to_json(s))
          from glas_data.solved s join own using (reference)
        union all
        select f.asked_at, 'referral', glas_data.row_told('referral', row_to_json(f))
          from glas_data.referral f join own using (reference)
        union all
        select a.asked_at, 'question to them', glas_data.row_told('asked', row_to_json(a))
          from glas_data.asked a join own using (reference)
        union all
        select coalesce(q.decided_at, r.reported_at), 'question for a debate',
               glas_data.row_told('question', row_to_json(q))
          from glas_data.question q join own using (reference)
          join glas_data.report r using (reference)
        union all
        select v.asked_at, 'request to see the number', glas_data.row_told('reveal', row_to_json(v))
          from glas_data.reveal v where v.citizen = p
        union all
        select e.at, 'form', concat_ws(', ', glas_data.row_told('form_entry', row_to_json(e)),
                   (select string_agg(w.field || '=' || coalesce(w.value, ''), ', ' order by w.field)
                      from glas_data.form_value w where w.entry = e.message))
          from glas_data.form_entry e where e.citizen = p
        union all
        select v.at, 'vote', concat_ws(', ', glas_data.title_in(l.title, 'sr-Latn'),
                   glas_data.row_told('vote', row_to_json(v)))
          from glas_data.vote v join glas_data.poll l on l.number = v.poll where v.citizen = p
        union all
        select a.at, 'event', concat_ws(', ', glas_data.title_in(e.title, 'sr-Latn'),
                   glas_data.row_told('attendance', row_to_json(a)))
          from glas_data.attendance a join glas_data.event e on e.number = a.event
         where a.citizen = p
        union all
        select null, 'invitation', concat_ws(', ', glas_data.title_in(e.title, 'sr-Latn'),
                   glas_data.row_told('invitation', row_to_json(i)))
          from glas_data.invitation i join glas_data.event e on e.number = i.event
         where i.citizen = p
        union all
        select m.received_at, 'rumour', glas_data.row_told('rumour', row_to_json(u))
          from glas_data.rumour u join glas_data.message m on m.id = u.id where u.citizen = p
        union all
        select s.since, 'list', glas_data.row_told('subscription', row_to_json(s))
          from glas_data.subscription s where s.citizen = p
        union all
        select o.since, 'observer', glas_data.row_told('observer', row_to_json(o))
          from glas_data.observer o where o.citizen = p
        union all
        select d.since, 'helped', glas_data.row_told('helped', row_to_json(d))
          from glas_data.helped d where d.helper = p
        union all
        select d.since, 'duty', glas_data.row_told('duty_phone', row_to_json(d))
          from glas_data.duty_phone d where d.citizen = p
        union all
        select g.at, 'rating', glas_data.row_told('recommendation_rating', row_to_json(g))
          from glas_data.recommendation_rating g where g.person = p
        union all
        select k.first_at, 'missed calls', glas_data.row_told('callback', row_to_json(k))
          from glas_data.callback k where k.citizen = p
        union all
        select k.since, 'block', glas_data.row_told('block', row_to_json(k))
          from glas_data.block k where k.citizen = p
        union all
        select b.at, 'broadcast', glas_data.row_told('broadcast_person', row_to_json(b))
          from glas_data.broadcast_person b where b.citizen = p
        union all
        select q.at, 'set aside', glas_data.row_told('quarantine', row_to_json(q))
          from glas_data.quarantine q
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
