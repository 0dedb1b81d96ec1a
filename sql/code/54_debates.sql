-- Questions for public debates, which are reports too, and rumours: what people
-- ask whether it is true, put together and answered once for all who asked.

create or replace view glas.questions with (security_barrier) as
select q.reference::text as reference, r.reported_at as asked_at,
       r.municipality, r.lang,
       (select b.text from glas_data.body b
         where b.message = m.id and b.received_at = m.received_at) as text,
       q.state, q.event, q.answer,
       q.decided_by, q.decided_at
  from glas_data.question q
  join glas_data.seen_report r on r.reference = q.reference
  left join glas_data.message m on m.id = r.message;
comment on view glas.questions is
    'Questions that people asked for public debates.
     Example: select * from glas.questions where state = ''waiting'' order by asked_at;';
comment on column glas.questions.reference is 'Reference; each question is a report, too.';
comment on column glas.questions.asked_at is 'When it came.';
comment on column glas.questions.municipality is 'Municipality that it speaks of; empty when none.';
comment on column glas.questions.lang is 'Language of the text.';
comment on column glas.questions.text is 'The question.';
comment on column glas.questions.state is 'waiting, approved, rejected, answered.';
comment on column glas.questions.event is 'Debate that it was put to, as in glas.events.';
comment on column glas.questions.answer is 'What was answered there, as the asker was told.';
comment on column glas.questions.decided_by is 'Who decided last.';
comment on column glas.questions.decided_at is 'When.';

create or replace function glas_data.question_of(p_reference text)
    returns glas_data.question
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    report glas_data.report := glas_data.report_of(p_reference);
    found  glas_data.question;
begin
    -- What becomes of it is written to them, and of their report.
    perform glas_data.hold_case(report);
    select * into found from glas_data.question q
     where q.reference = report.reference for update;
    if found.reference is null then
        raise no_data_found using message = format(
            'report %s is no question for a debate: glas.questions has those, '
            'glas.reply() answers a report', report.reference);
    end if;
    if found.state = 'answered' then
        raise invalid_parameter_value using message = format(
            'question %s has been answered: glas.reply() says more to the '
            'person', report.reference);
    end if;
    return found;
end
$$;
comment on function glas_data.question_of(text) is
    'The question with this reference, for one change; an error that says what to
     do when there is none, or it is not for who is asking, or it is answered.';

create or replace function glas.question_moderate(
    reference text, state text, event int default null)
    returns setof glas.questions
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    question glas_data.question := glas_data.question_of(question_moderate.reference);
    wanted   text := lower(btrim(question_moderate.state));
begin
    if wanted is null or wanted not in ('approved', 'rejected') then
        raise invalid_parameter_value using message = format(
            'a question cannot become "%s": write approved or rejected',
            glas_data.echo(question_moderate.state));
    end if;
    if question_moderate.event is not null and not exists (
            select from glas_data.event e
             where e.number = question_moderate.event and e.cancelled_at is null) then
        raise no_data_found using message = format(
            case when exists (select from glas_data.event e
                               where e.number = question_moderate.event)
                then 'event %s was called off: leave the number out, or name another of '
                     'glas.events'
                else 'there is no event %s: glas.events has those that were announced' end,
            glas_data.echo(question_moderate.event::text));
    end if;
    update glas_data.question q
       set state = wanted, event = coalesce(question_moderate.event, q.event),
           decided_by = session_user, decided_at = glas.now()
     where q.reference = question.reference;
    perform glas_data.record_change(question.reference, 'question',
        question.state, wanted, '');
    -- Whoever asks for its state is promised no answer that will not come.
    perform glas.set_status(r.reference, v.now_is, format('the question was %s', wanted))
       from glas_data.report r
       join glas_data.report_move v on v.was = r.status
      where r.reference = question.reference
        and (wanted = 'rejected' and v.now_is = 'closed'
             or question.state = 'rejected' and wanted = 'approved'
                and r.status = 'closed' and v.now_is = 'open');
    return query select * from glas.questions q where q.reference = question.reference;
end
$$;
comment on function glas.question_moderate(text, text, int) is
    'Approves or rejects a question for a debate; with the number of the event, it
     is put to that. The person is told nothing; a report that is rejected is
     closed, and open again when it is approved after all.
     Example: select * from glas.question_moderate(''100008'', ''approved'', 1);';

create or replace function glas.question_answer(reference text, text text)
    returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    question glas_data.question := glas_data.question_of(question_answer.reference);
    outbox   bigint;
begin
    if question.state = 'rejected' then
        raise invalid_parameter_value using message = format(
            'question %s was rejected: approve it with '
            'glas.question_moderate() first', question.reference);
    end if;
    outbox := glas.reply(question.reference, question_answer.text);
    update glas_data.question q
       set state = 'answered', decided_by = session_user, decided_at = glas.now(),
           answer = (select o.text from glas_data.outbox o where o.id = outbox)
     where q.reference = question.reference;
    perform glas_data.record_change(question.reference, 'question',
        question.state, 'answered', '');
    -- Where the report stands may not lead there: then it stays.
    perform glas.set_status(r.reference, 'answered')
       from glas_data.report r
       join glas_data.report_move v on v.was = r.status and v.now_is = 'answered'
      where r.reference = question.reference;
    return outbox;
end
$$;
comment on function glas.question_answer(text, text) is
    'Tells who asked what was answered, once; returns the id in glas.outbox. The
     report is answered, too.
     Example: select glas.question_answer(''100008'', ''Na tribini je odgovoreno: patrola ide svake noci.'');';

create or replace view glas.rumours with (security_barrier) as
select r.id, m.received_at as asked_at, m.municipality, m.lang,
       (select b.text from glas_data.body b
         where b.message = m.id and b.received_at = m.received_at) as text,
       (select count(distinct s.citizen)::int
          from glas_data.rumour s join glas_data.message t on t.id = s.id
         where r.id in (s.id, s.same_as) and not t.test) as asked,
       case when r.answered_at is null then 'open' else 'answered' end as state,
       r.answer, r.answered_by, r.answered_at
  from glas_data.rumour r
  join glas_data.message m on m.id = r.id
 where r.same_as is null
   and (select glas_data.sees_all());
comment on view glas.rumours is
    'What people ask whether it is true; those about the same are one row.
     Example: select * from glas.rumours where state = ''open'' order by asked desc;';
comment on column glas.rumours.id is 'Number of the first text that asked, as in glas.inbox.';
comment on column glas.rumours.asked_at is 'When it came.';
comment on column glas.rumours.municipality is 'Municipality that it speaks of; empty when none.';
comment on column glas.rumours.lang is 'Language of that text.';
comment on column glas.rumours.text is 'What it says.';
comment on column glas.rumours.asked is 'How many people asked; trials are left out.';
comment on column glas.rumours.state is 'open or answered.';
comment on column glas.rumours.answer is 'What is known about it, as those who asked were told.';
comment on column glas.rumours.answered_by is 'Who answered.';
comment on column glas.rumours.answered_at is 'When.';

create or replace function glas_data.rumour_of(p_id bigint)
    returns glas_data.rumour
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.rumour;
begin
    -- Two people put rumours together in turn; people go on asking.
    lock table glas_data.rumour in share update exclusive mode;
    select h.* into found
      from glas_data.rumour r
      join glas_data.rumour h on h.id = coalesce(r.same_as, r.id)
     where r.id = p_id;
    if found.id is null then
        raise no_data_found using message = format(
            'there is no rumour %s: glas.rumours has them, by column id',
            glas_data.echo(p_id::text));
    end if;
    return found;
end
$$;
comment on function glas_data.rumour_of(bigint) is
    'The first text of those about the same that this one belongs to, for one
     change; an error when there is none.';

-- In their letters where these fit, else in the cheap ones.
create or replace function glas_data.rumour_text(p_text text, p_cyrillic boolean)
    returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when p_cyrillic and (glas_data.sms_size(own)).segments <= 3 then own
                else glas_data.outgoing(p_text, false, 3) end
      from glas_data.sms_text(glas_data.clean(p_text), true) own
    $$;
comment on function glas_data.rumour_text(text, boolean) is
    'An answer about a rumour as it is sent to a person: in 3 segments at most.';

create or replace function glas_data.rumour_tell(p_rumour glas_data.rumour)
    returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    told int;
begin
    with asked as (
        select s.citizen, max(s.id) as message
          from glas_data.rumour s
         where p_rumour.id in (s.id, s.same_as)
         group by s.citizen
        having bool_and(s.told_at is null)
    )
    select count(glas_data.queue(c.id, 'reply', 2,
               glas_data.rumour_text(p_rumour.answer, c.cyrillic), a.message))
      into told
      from asked a join glas_data.citizen c on c.id = a.citizen;
    update glas_data.rumour s set told_at = glas.now()
     where p_rumour.id in (s.id, s.same_as) and s.told_at is null;
    perform glas_data.wake_gateways();
    return told;
end
$$;
comment on function glas_data.rumour_tell(glas_data.rumour) is
    'Tells the answer to everybody who asked and has not been told; returns how
     many.';

create or replace function glas.rumour_same(id bigint, as_id bigint)
    returns setof glas.rumours
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    one   glas_data.rumour := glas_data.rumour_of(rumour_same.id);
    other glas_data.rumour := glas_data.rumour_of(rumour_same.as_id);
begin
    if one.id = other.id then
        raise invalid_parameter_value using message = format(
            'rumours %s and %s are one already', rumour_same.id, rumour_same.as_id);
    end if;
    if one.answered_at is not null then
        raise invalid_parameter_value using message = format(
            'rumour %s has been answered already%s', one.id,
            case when other.answered_at is null then format(
                ': put the other to it with glas.rumour_same(%s, %s)',
                other.id, one.id) else ', and so has the other' end);
    end if;
    update glas_data.rumour r set same_as = other.id
     where one.id in (r.id, r.same_as);
    if other.answered_at is not null then
        perform glas_data.rumour_tell(other);
    end if;
    return query select * from glas.rumours r where r.id = other.id;
end
$$;
comment on function glas.rumour_same(bigint, bigint) is
    'Says that a rumour is the same as another one. Where that is answered, who
     asked is told now.
     Example: select * from glas.rumour_same(1205, 1201);';

create or replace function glas.rumour_answer(id bigint, text text) returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    rumour glas_data.rumour := glas_data.rumour_of(rumour_answer.id);
begin
    if rumour.answered_at is not null then
        raise invalid_parameter_value using message = format(
            'rumour %s has been answered: who asks anew is told when you put '
            'them together with glas.rumour_same()', rumour.id);
    end if;
    perform glas_data.outgoing(rumour_answer.text, false, 3);
    update glas_data.rumour r
       set answer = glas_data.clean(rumour_answer.text),
           answered_by = session_user, answered_at = glas.now()
     where r.id = rumour.id
    returning * into rumour;
    return glas_data.rumour_tell(rumour);
end
$$;
comment on function glas.rumour_answer(bigint, text) is
    'Tells everybody who asked what is true, once, in 3 segments at most; returns
     how many it is written to. Who has said STOP since is left out when it is sent:
     their numbers are known then.
     Example: select glas.rumour_answer(1201, ''Skola u Klenikama se ne zatvara. Izvor: opstina, 26.11.'');';
