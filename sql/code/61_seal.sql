-- The number of a person: shown once, to who asked for it, when a second person
-- has agreed; kept while an answer may be owed. No role of a person ever gets it,
-- nor a sealed copy of it: what they get is a ticket, with which glasctl fetches
-- the copy as the gateway, where the keys are.

create or replace function glas_data.reveal_history_stays() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    raise object_not_in_prerequisite_state using message =
        'who asked for a number, who approved it and who saw it stays written down';
end
$$;
comment on function glas_data.reveal_history_stays() is
    'Refuses every change of the history of requests to see a number.';
create or replace trigger reveal_history_stays
    before update or delete on glas_data.reveal_history
    for each row execute function glas_data.reveal_history_stays();
comment on trigger reveal_history_stays on glas_data.reveal_history is
    'No row is changed or taken away.';
create or replace trigger reveal_history_is_kept
    before truncate on glas_data.reveal_history
    for each statement execute function glas_data.reveal_history_stays();
comment on trigger reveal_history_is_kept on glas_data.reveal_history is
    'Nor all at once.';

create or replace function glas_data.reveal_note(
    p_reveal bigint, p_who text, p_what text, p_note text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.reveal_history (reveal, at, who, what, note)
    values (p_reveal, glas.now(), p_who, p_what, p_note)
    $$;
comment on function glas_data.reveal_note(bigint, text, text, text) is
    'Writes down who did what with a request to see a number.';

create or replace function glas_data.local_time(p_at timestamptz) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select to_char(p_at at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI') $$;
comment on function glas_data.local_time(timestamptz) is
    'Day and minute in Serbia, for a sentence.';

create or replace view glas_data.reveal_state as
select v.id, case when v.shown_at is not null then 'shown'
                  when v.refused_by <> '' then 'refused'
                  when v.until <= glas.now() then 'expired'
                  -- Looked up where it matters: of few.
                  when (select c.erased_at from glas_data.citizen c
                         where c.id = v.citizen) is not null then 'erased'
                  when v.approved_by <> '' then 'approved'
                  else 'waiting' end as state
  from glas_data.reveal v;
comment on view glas_data.reveal_state is 'Where each request to see a number stands.';
comment on column glas_data.reveal_state.id is 'Which request.';
comment on column glas_data.reveal_state.state is 'As in glas.reveals.';

create or replace view glas.reveals with (security_barrier) as
select v.id, v.asked_at, v.asked_by, v.reference::text as reference,
       glas_data.pseudonym(v.citizen) as citizen, v.reason,
       s.state, v.approved_by, v.until, v.shown_at, v.told is not null as told, v.refused_by,
       v.refused_why
  from glas_data.reveal v
  join glas_data.reveal_state s on s.id = v.id
 where exists (select from glas_data.seen_report r where r.reference = v.reference)
 order by v.id;
comment on view glas.reveals is
    'Who asked to see the number of a person, why, who agreed, and whether it was
     shown. The number itself is nowhere here.
     Example: select * from glas.reveals where state = ''waiting'';';
comment on column glas.reveals.id is 'Number of the request.';
comment on column glas.reveals.asked_at is 'When it was asked.';
comment on column glas.reveals.asked_by is 'Who asked: a database role, who alone may see it.';
comment on column glas.reveals.reference is 'The report that it is for.';
comment on column glas.reveals.citizen is 'Pseudonym of whose number it is.';
comment on column glas.reveals.reason is 'Why, in the words of who asked.';
comment on column glas.reveals.state is
    'waiting: for a second person; approved; refused; shown; expired: too late; erased: the person had all erased.';
comment on column glas.reveals.approved_by is 'The second person: a database role; empty: nobody yet.';
comment on column glas.reveals.until is 'Until when it may be approved, then shown.';
comment on column glas.reveals.shown_at is 'When the number was shown.';
comment on column glas.reveals.told is
    'Whether the person was told that it was; not where a text could endanger, and they
     have not said that it is safe.';

comment on column glas.reveals.refused_by is
    'Who refused it, or took it back: a database role; empty: nobody.';
comment on column glas.reveals.refused_why is 'Why, in the words of who refused.';

create or replace view glas.reveal_history with (security_barrier) as
select h.at, h.reveal as id, h.who, h.what, h.note
  from glas_data.reveal_history h
  join glas.reveals v on v.id = h.reveal
 order by h.id;
comment on view glas.reveal_history is
    'Who did what with a request to see a number.
     Example: select * from glas.reveal_history where id = 1;';
comment on column glas.reveal_history.at is 'When.';
comment on column glas.reveal_history.id is 'With which request, as in glas.reveals.';
comment on column glas.reveal_history.who is
    'Database role; of what was shown also the user of the gateway''s machine.';
comment on column glas.reveal_history.what is
    'asked; approved; refused; taken: fetched on the gateway''s machine; shown.';
comment on column glas.reveal_history.note is 'From which copy, until when.';

-- A number is asked for because of a case: who has none with a person asks for
-- none.
create or replace function glas_data.reveal_reference(p_whom text)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person bigint;
    found  text;
begin
    if coalesce(p_whom, '') !~ '[a-z]' then
        return p_whom;
    end if;
    person := glas_data.citizen_of(p_whom);
    select r.reference into found from glas_data.report r
     where r.citizen = person
       and exists (select from glas.reports v where v.reference = r.reference::text)
     order by r.reported_at desc, r.reference limit 1;
    if found is null then
        raise no_data_found using message = format(
            'there is no report of "%s" among those that you may see: write the '
            'reference of one, as in glas.reports', glas_data.echo(p_whom));
    end if;
    return found;
end
$$;
comment on function glas_data.reveal_reference(text) is
    'This reference as it is, or that of the last report of the person with this
     pseudonym, among those that who asks may see.';

-- Who reported the police may have reported a street light, too.
create or replace function glas_data.reveal_not_to_authorities() returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if glas_data.is_authority() then
        raise insufficient_privilege using message =
            'the number of a person is shown to nobody of the police or a '
            'ministry, nor do they decide on it: ask the person with glas.reply() '
            'to call you';
    end if;
end
$$;
comment on function glas_data.reveal_not_to_authorities() is
    'An error for whoever is of an organisation of kind police or ministry.';

-- Who asked is shown a number as who they were then: a name that is given a new place,
-- or taken away and given to somebody else, has asked for nothing. Nor is one shown by
-- the word of who has left since.
create or replace function glas_data.reveal_ends() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r record;
begin
    for r in
        update glas_data.reveal v
           set refused_by = session_user, ticket = null, ticket_until = null,
               refused_why = format('%s has another place, or none, since it was %s',
                   old.role, case v.asked_by when old.role then 'asked' else 'approved' end)
          from glas_data.reveal_state s
         where s.id = v.id and s.state in ('waiting', 'approved')
           and old.role in (v.asked_by, v.approved_by)
        returning v.id, v.reference, v.refused_why,
                  case when v.approved_by <> '' then 'approved' else 'asked for' end as was
    loop
        perform glas_data.reveal_note(r.id, session_user, 'refused', '');
        perform glas_data.record_change(r.reference, 'number', r.was, 'refused',
            r.refused_why);
    end loop;
    return null;
end
$$;
comment on function glas_data.reveal_ends() is
    'Ends the requests of a role to see a number, and those that it approved, when its
     place changes.';
create or replace trigger reveal_ends_elsewhere after update on glas_data.person
    for each row when ((old.role, old.organisation, old.kind)
                       is distinct from (new.role, new.organisation, new.kind))
    execute function glas_data.reveal_ends();
comment on trigger reveal_ends_elsewhere on glas_data.person is
    'Who works elsewhere, or as something else, sees no number by a request of before.';
create or replace trigger reveal_ends_nowhere after delete on glas_data.person
    for each row execute function glas_data.reveal_ends();
comment on trigger reveal_ends_nowhere on glas_data.person is
    'Nor does who works here no longer.';

create or replace function glas.reveal_request(whom text, reason text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_report(
                  glas_data.reveal_reference(reveal_request.whom));
    why    text := glas_data.clean(glas_data.note_at_most('the reason',
                       reveal_request.reason, 200));
    asked  bigint;
begin
    perform glas_data.reveal_not_to_authorities();
    if why = '' then
        raise invalid_parameter_value using message =
            'the reason is empty: write why you need the number, for whoever '
            'approves it and for whoever asks later';
    end if;
    if (select c.erased_at from glas_data.citizen c
         where c.id = report.citizen) is not null then
        raise no_data_found using message = format(
            'who reported %s had their number erased: nobody can see it any more',
            report.reference);
    end if;
    select v.id into asked from glas_data.reveal v
      join glas_data.reveal_state s on s.id = v.id
     where v.reference = report.reference and v.asked_by = session_user
       and s.state in ('waiting', 'approved');
    if asked is not null then
        raise object_not_in_prerequisite_state using message = format(
            'you have asked for it already: request %s in glas.reveals', asked);
    end if;
    insert into glas_data.reveal (citizen, reference, reason, asked_by, asked_at, until)
    values (report.citizen, report.reference, why, session_user, glas.now(),
            glas.now() + make_interval(
                days => glas_data.setting('reveal_wait_days')::int))
    returning id into asked;
    perform glas_data.reveal_note(asked, session_user, 'asked', '');
    perform glas_data.record_change(report.reference, 'number', '', 'asked for', why);
    return glas_data.sentence(format('request %s waits for a second person: a coordinator who is '
        'not you, with select glas.reveal_approve(%1$s)', asked));
end
$$;
comment on function glas.reveal_request(text, text) is
    'Asks to see the number of who reported, by reference or pseudonym; a second
     person has to agree. Says what comes next.
     Example: select glas.reveal_request(''100008'', ''The ambulance needs to call.'');';

create or replace function glas_data.reveal_of(p_id bigint) returns glas_data.reveal
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.reveal;
begin
    select * into found from glas_data.reveal v where v.id = p_id
       and exists (select from glas.reports r where r.reference = v.reference::text)
       for update;
    if found.id is null then
        raise no_data_found using message = format(
            'there is no request %s among those that you may see: glas.reveals '
            'has them', coalesce(glas_data.echo(p_id::text), 'null'));
    end if;
    return found;
end
$$;
comment on function glas_data.reveal_of(bigint) is
    'A request to see a number, held until the end of the transaction; an error
     that says what to do when there is none.';

create or replace function glas_data.reveal_must_be(r glas_data.reveal, p_state text)
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    state text := (select s.state from glas_data.reveal_state s where s.id = r.id);
begin
    if state = p_state then
        return;
    end if;
    raise object_not_in_prerequisite_state using message = case state
        when 'waiting' then format('request %s waits for a second person: a '
            'coordinator other than %s, with select glas.reveal_approve(%1$s)',
            r.id, r.asked_by)
        when 'approved' then format('request %s is approved already, by %s until '
            '%s', r.id, r.approved_by, glas_data.local_time(r.until))
        when 'shown' then format('request %s was shown, and a number is shown '
            'once: ask again with glas.reveal_request()', r.id)
        when 'erased' then format('whose number request %s is for had all erased: '
            'nobody can see it any more', r.id)
        when 'refused' then format('request %s was refused, and why stands in '
            'glas.reveals: ask again with glas.reveal_request() when that has '
            'changed', r.id)
        else format('request %s ran out %s: ask again with '
            'glas.reveal_request()', r.id, glas_data.local_time(r.until)) end;
end
$$;
comment on function glas_data.reveal_must_be(glas_data.reveal, text) is
    'An error that says what to do unless a request to see a number stands there.';

create or replace function glas.reveal_approve(request bigint) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r glas_data.reveal := glas_data.reveal_of(request);
    hours int := glas_data.setting('reveal_hours')::int;
begin
    perform glas_data.reveal_not_to_authorities();
    perform glas_data.reveal_must_be(r, 'waiting');
    if r.asked_by = session_user then
        raise insufficient_privilege using message = format(
            'you asked for request %s: a second person has to agree', r.id);
    end if;
    r.until := glas.now() + make_interval(hours => hours);
    update glas_data.reveal v
       set approved_by = session_user, approved_at = glas.now(), until = r.until
     where v.id = r.id;
    perform glas_data.reveal_note(r.id, session_user, 'approved',
        format('until %s', glas_data.local_time(r.until)));
    perform glas_data.record_change(r.reference, 'number', 'asked for', 'approved', '');
    return glas_data.sentence(format('%s may see it once, until %s, on the gateway''s machine with '
        'glasctl reveal %s', r.asked_by, glas_data.local_time(r.until), r.id));
end
$$;
comment on function glas.reveal_approve(bigint) is
    'Agrees that the number of a person is shown once to who asked for it; never
     for oneself. Says until when.
     Example: select glas.reveal_approve(1);';

-- Also what was approved, as long as it was not shown; and one's own. The reason is
-- not in the history, which stays: it may be about the person, and goes with them.
create or replace function glas.reveal_refuse(request bigint, why text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r glas_data.reveal := glas_data.reveal_of(request);
    state text := (select s.state from glas_data.reveal_state s where s.id = r.id);
    said text := glas_data.clean(glas_data.note_at_most('the reason',
                     reveal_refuse.why, 200));
begin
    perform glas_data.reveal_not_to_authorities();
    if said = '' then
        raise invalid_parameter_value using message = format(
            'the reason is empty: write for %s why the number is not shown',
            r.asked_by);
    end if;
    if state <> 'approved' then
        perform glas_data.reveal_must_be(r, 'waiting');
    end if;
    update glas_data.reveal v
       set refused_by = session_user, refused_why = said, ticket = null,
           ticket_until = null
     where v.id = r.id;
    perform glas_data.reveal_note(r.id, session_user, 'refused', '');
    perform glas_data.record_change(r.reference, 'number',
        case state when 'approved' then 'approved' else 'asked for' end, 'refused',
        said);
    return format('request %s is refused, and the number is not shown', r.id);
end
$$;
comment on function glas.reveal_refuse(bigint, text) is
    'Refuses a request to see a number, with a reason for who asked. Takes back
     what was approved, unless it was shown.
     Example: select glas.reveal_refuse(1, ''Write to her first.'');';

-- What glasctl asks for as the person. A ticket, not the copy: it is of use where
-- the keys are alone.
create or replace function glas.reveal_take(request bigint) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r glas_data.reveal := glas_data.reveal_of(request);
    word text := gen_random_uuid()::text;
begin
    perform glas_data.reveal_not_to_authorities();
    if r.asked_by <> session_user then
        raise insufficient_privilege using message = format(
            'request %s is of %s, and shown to nobody else: ask yourself with '
            'glas.reveal_request()', r.id, r.asked_by);
    end if;
    perform glas_data.reveal_must_be(r, 'approved');
    update glas_data.reveal v
       set ticket = sha256(convert_to(word, 'UTF8')),
           ticket_until = glas.now() + interval '2 minutes'
     where v.id = r.id;
    perform glas_data.reveal_note(r.id, session_user, 'taken', '');
    return word;
end
$$;
comment on function glas.reveal_take(bigint) is
    'Called by glasctl reveal: gives who asked a word that fetches the sealed
     number on the gateway''s machine within two minutes; of no use elsewhere.
     Example: select glas.reveal_take(1);';

-- Whoever has reported nothing that could endanger is told; or of each such report has
-- said that it is safe to write.
create or replace function glas_data.reveal_tell(r glas_data.reveal) returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    told bigint;
begin
    if exists (select from glas_data.report p
                where p.citizen = r.citizen and not glas_data.may_be_told(p)
                  and not exists (select from glas_data.case_step s
                                   where s.reference = p.reference and s.step = 'safe')) then
        return null;
    end if;
    told := glas_data.tell(r.citizen, 'REVEALED',
        jsonb_build_object('REF', r.reference::text), r.reference);
    perform glas_data.wake_gateways();
    return told;
end
$$;
comment on function glas_data.reveal_tell(glas_data.reveal) is
    'Tells a person that their number was shown, unless a report of theirs is of
     a kind where a text could endanger and they have not said that it is safe; null
     when they were not told.';

create or replace function glas_gw.reveal_copy(
    p_request bigint, p_ticket text, p_recall boolean, p_user text)
    returns table (token bytea, copy bytea, reference text, asked_by text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    r glas_data.reveal;
    c glas_data.citizen;
begin
    select * into r from glas_data.reveal v
     where v.id = p_request and v.ticket = sha256(convert_to(p_ticket, 'UTF8'))
       and v.ticket_until > glas.now()
       for update;
    if r.id is null then
        raise no_data_found using message =
            'there is no such ticket: glasctl reveal gets one for itself';
    end if;
    perform glas_data.reveal_must_be(r, 'approved');
    -- Asked, or agreed to, by who is of the police by now: that an organisation is of
    -- them may be found out last.
    if exists (select from glas_data.person p
                 join glas_data.organisation o on o.name = p.organisation
                where p.role in (r.asked_by, r.approved_by) and o.kind in ('police', 'ministry')) then
        raise insufficient_privilege using message =
            'the number of a person is shown to nobody of the police or a ministry, nor '
            'by their word';
    end if;
    select * into strict c from glas_data.citizen p where p.id = r.citizen;
    if not p_recall and c.reply_copy is null then
        raise no_data_found using message = case when c.recall_copy is not null
            then 'no answer is owed to this person any more, so the number is '
                 'kept for the offline key alone: glasctl reveal --offline-key FILE'
            else 'nobody can show this number: no answer is owed to the person '
                 'any more, and no copy is kept; it is here again when they write'
            end;
    elsif p_recall and c.recall_copy is null then
        raise no_data_found using message =
            'there is no copy of this number for an offline key: glasctl reveal '
            'without --offline-key looks for the other one';
    end if;
    update glas_data.reveal v
       set shown_at = glas.now(), ticket = null, ticket_until = null,
           told = glas_data.reveal_tell(r)
     where v.id = r.id;
    perform glas_data.reveal_note(r.id, format('%s (%s)', r.asked_by,
        glas_data.clean(left(p_user, 60))), 'shown',
        case when p_recall then 'recall copy' else 'reply copy' end);
    insert into glas_data.report_history (reference, at, who, what, was, now_is)
    values (r.reference, glas.now(), r.asked_by, 'number', 'approved', 'shown');
    return query select c.token, case when p_recall then c.recall_copy
                                      else c.reply_copy end,
                        r.reference::text, r.asked_by;
end
$$;
comment on function glas_gw.reveal_copy(bigint, text, boolean, text) is
    'The sealed number of an approved request, once, for a ticket that who asked
     has got a moment ago; in the same transaction it is marked as shown.';

--
-- How long a number is kept.
--

-- Of a report that is the same as another, whichever is open longer. A trial is
-- over where it began.
create or replace view glas_data.owed as
select c.id as citizen, 'wrote'::text as reason, ''::text as what, c.last_at as ends,
       ''::text as category
  from glas_data.citizen c
union all
select r.citizen, 'case', r.reference::text,
       greatest(case when r.status in ('new', 'open', 'referred') and not r.test
                     then 'infinity' else r.status_at end,
                case when m.status in ('new', 'open', 'referred')
                     then 'infinity' else m.status_at end), r.category
  from glas_data.report r
  left join glas_data.report m on m.reference = r.merged_into
union all
select o.citizen, 'text', o.id::text,
       case when o.state in ('queued', 'held', 'inflight') then 'infinity'
            else o.created_at end, ''
  from glas_data.outbox o
union all
select u.citizen, 'question', u.id::text,
       coalesce(first.answered_at, u.answered_at, 'infinity'), ''
  from glas_data.rumour u
  left join glas_data.rumour first on first.id = u.same_as
 where u.told_at is null
union all
select r.citizen, 'question', q.reference::text,
       case when q.state in ('waiting', 'approved') then 'infinity'
            else coalesce(q.decided_at, r.reported_at) end, ''
  from glas_data.report r
  join glas_data.question q on q.reference = r.reference
union all
select a.citizen, 'event', e.number::text, e.starts_at, ''
  from glas_data.event e
  join glas_data.attendance a on a.event = e.number and a.coming
 where e.starts_at > glas.now() - make_interval(days => (
           select k.days from glas_data.retention k
            where k.what = 'numbers' and k.category = 'event'))
   and e.cancelled_at is null
union all
select i.citizen, 'event', e.number::text, e.starts_at, ''
  from glas_data.event e
  join glas_data.invitation i on i.event = e.number
 where e.starts_at > glas.now() - make_interval(days => (
           select k.days from glas_data.retention k
            where k.what = 'numbers' and k.category = 'event'))
   and e.cancelled_at is null
union all
select c.id, 'dialog', '', c.dialog_until, ''
  from glas_data.citizen c
 where c.dialog <> '' and c.dialog_until is not null
union all
select s.citizen, 'subscription', s.list, 'infinity', ''
  from glas_data.subscription s
union all
select k.citizen, 'call', k.id::text, 'infinity', ''
  from glas_data.callback k
 where k.state = 'waiting'
union all
select o.citizen, 'observer', o.form, 'infinity', ''
  from glas_data.observer o
union all
select d.citizen, 'duty', d.member, 'infinity', ''
  from glas_data.duty_phone d;
comment on view glas_data.owed is
    'Why an answer may be owed to a person, and when that ends; how much longer
     the number is kept is said by rules for numbers (retention).';
comment on column glas_data.owed.citizen is 'To whom (citizen.id).';
comment on column glas_data.owed.reason is 'Why: retention.category of numbers.';
comment on column glas_data.owed.what is 'Which report, text, event, list.';
comment on column glas_data.owed.ends is 'When that ends or ended; infinity: not by itself.';

comment on column glas_data.owed.category is
    'Category of the report: it may have a rule of its own.';

create or replace view glas_data.number_kept as
select o.citizen, o.reason,
       o.ends + make_interval(days => coalesce(own.days, k.days)) as until, o.what
  from glas_data.owed o
  join glas_data.retention k on k.what = 'numbers' and k.category = o.reason
  left join glas_data.retention own on own.what = 'numbers' and own.category = o.category
        and o.category <> '';
comment on view glas_data.number_kept is 'Why the number of a person is kept, and until when.';
comment on column glas_data.number_kept.citizen is 'Whose (citizen.id).';
comment on column glas_data.number_kept.reason is 'Why.';
comment on column glas_data.number_kept.until is 'Until when; infinity: it has not ended.';
comment on column glas_data.number_kept.what is 'Which report, text, event, list.';

-- When they wrote, and to whom, is a matter of the cases that one sees.
create or replace function glas_data.sees_owed(p_reason text, p_what text) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.sees_all() or exists (
        select from glas_data.seen_report r
         where r.reference = case p_reason
                   when 'case' then p_what
                   when 'question' then p_what
                   when 'text' then (select o.reference::text from glas_data.outbox o
                                      where o.id = p_what::bigint) end)
    $$;
comment on function glas_data.sees_owed(text, text) is
    'Whether who is asking sees what an answer is owed for.';

create or replace function glas.owed(whom text)
    returns table (citizen text, reason text, until timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.report_of(
                  glas_data.reveal_reference(owed.whom));
begin
    return query
    select glas_data.pseudonym(c.id), o.reason,
           case when glas_data.sees_all() then nullif(max(o.until), 'infinity')
                else date_trunc('day', nullif(max(o.until), 'infinity'), 'Europe/Belgrade') end
      from glas_data.citizen c
      join glas_data.number_kept o on o.citizen = c.id
     where c.id = report.citizen and c.reply_copy is not null
       and o.until > glas.now() and glas_data.sees_owed(o.reason, o.what)
     group by c.id, o.reason
     order by max(o.until) desc, o.reason;
end
$$;
comment on function glas.owed(text) is
    'Why the sealed number of who reported is still kept, and until when; empty:
     until that ends. No row: it is not, and an answer waits until they write. A case
     worker sees what it is kept for in the cases that they see, and the day.
     Example: select * from glas.owed(''100008'');';

-- No setting of its own: then the planner takes it apart, and stops at the first
-- reason. Who calls it has pinned the path.
create or replace function glas_data.owed_now(p_citizen bigint) returns setof boolean
    language sql stable
    as $$
    select true from glas_data.number_kept k
     where k.citizen = p_citizen and k.until > glas.now() limit 1
    $$;
comment on function glas_data.owed_now(bigint) is
    'A row when an answer may be owed to a person, else none.';

create or replace function glas_data.dialog_over(p_citizen glas_data.citizen)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    -- As long as the number is kept for it at the least.
    select p_citizen.dialog <> '' and coalesce(p_citizen.dialog_until + make_interval(
               days => (select max(r.days) from glas_data.retention r
                         where r.what = 'dialogs'
                            or r.what = 'numbers' and r.category = 'dialog'))
           <= glas.now(), false)
    $$;
comment on function glas_data.dialog_over(glas_data.citizen) is
    'Whether a person was asked something, and that has been kept long enough.';

-- Whoever is being written to or about just now is passed by: rows that refer to
-- a citizen hold it. The version tells gateways that something has changed.
create or replace function glas_gw.copies_drop(p_limit int) returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    dropped int;
begin
    if not glas_data.clock_believed() then
        return 0;
    end if;
    with look as (
        select c.id from glas_data.citizen c
         where c.reply_copy is not null
           and coalesce(c.copy_looked_at, c.first_at) <= glas.now() - interval '1 day'
         order by coalesce(c.copy_looked_at, c.first_at)
         limit p_limit for update skip locked
    ), seen as (
        select l.id, o.owed is not null as owed
          from look l left join lateral glas_data.owed_now(l.id) o (owed) on true
    ), put as (
        update glas_data.citizen c
           set copy_looked_at = glas.now(),
               reply_copy = case when seen.owed then c.reply_copy end,
               -- What could be answered to what was asked goes with it.
               dialog = case when seen.owed and not glas_data.dialog_over(c)
                             then c.dialog else '' end,
               dialog_until = case when seen.owed and not glas_data.dialog_over(c)
                                   then c.dialog_until end,
               erase = case when c.erase_until > glas.now() then c.erase else '' end,
               erase_until = case when c.erase_until > glas.now()
                                  then c.erase_until end,
               version = c.version + (not seen.owed or glas_data.dialog_over(c))::int
          from seen where c.id = seen.id
        returning seen.owed)
    select count(*) filter (where not owed) into dropped from put;
    return dropped;
end
$$;
comment on function glas_gw.copies_drop(int) is
    'Looks at some people, each once a day, drops the sealed number of those to whom
     no answer is owed any more, and forgets what they were asked and did not answer.
     Says how many numbers.';
