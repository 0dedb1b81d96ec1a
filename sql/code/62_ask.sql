-- What a person is asked about their report. The answer is their next text that
-- is no command, or whatever they add to that report.

create or replace function glas.ask(reference text, question text) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_person(ask.reference);
    c      glas_data.citizen;
    open   glas_data.asked;
    said   text;
    turn   timestamptz := glas_data.polite_time(glas.now());
    until  timestamptz := turn + make_interval(days => glas_data.setting('ask_days')::int);
    sent   bigint;
begin
    perform glas_data.must_not_be_of_authority();
    perform glas_data.must_be_heard(report.citizen);
    perform glas_data.must_be_safe(report, false);
    select * into strict c from glas_data.citizen k where k.id = report.citizen;
    if c.erased_at is not null then
        raise no_data_found using message = format(
            'who reported %s had their number erased: %s', report.reference,
            coalesce(glas_data.others_wait(report), 'nobody can be asked any more'));
    elsif c.reply_copy is null then
        raise object_not_in_prerequisite_state using message = format(
            'who reported %s cannot be reached until they write again',
            report.reference);
    end if;
    if glas_data.clean(ask.question) = '' then
        raise invalid_parameter_value using message =
            'the question is empty: write what you want to know';
    end if;
    said := glas_data.outgoing(ask.question, c.cyrillic,
        glas_data.setting('reply_segments')::int);
    select * into open from glas_data.asked a
     where a.reference = report.reference and a.message is null for update;
    if open.until > glas.now() then
        raise object_not_in_prerequisite_state using message = format(
            'report %s has a question that is open until %s, see select * from '
            'glas.asked: one at a time', report.reference,
            to_char(open.until at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI'));
    end if;
    perform glas_data.must_not_be_asked(c, report.reference);
    -- What stayed without an answer is over, and stays to be read.
    update glas_data.asked a set message = 0 where a.id = open.id;
    sent := glas_data.queue(c.id, 'reply', 2, said, null, report.reference,
        turn);
    insert into glas_data.asked (reference, question, asked_at, asked_by, outbox, until)
    values (report.reference, said, glas.now(), session_user, sent, until);
    update glas_data.citizen k
       set dialog = format('question %s 0', report.reference), dialog_until = until,
           version = k.version + 1
     where k.id = c.id;
    perform glas_data.record_change(report.reference, 'asked', '', sent::text, '');
    perform glas_data.wake_gateways();
    return sent;
end
$$;
comment on function glas.ask(text, text) is
    'Asks who reported something; returns the id in glas.outbox. Their next text
     that is no command is added to the report as the answer: see glas.asked.
     Between 20:00 and 9:00 they are asked at 9:00.
     Example: select glas.ask(''100008'', ''U kojoj ulici je rupa?'');';

create or replace function glas_data.put_asked(
    p_reference text, p_citizen bigint, p_message bigint) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    answered bigint;
begin
    update glas_data.asked a
       set message = p_message, answered_at = glas.now()
      from glas_data.report r
     where a.reference = p_reference and r.reference = a.reference
       and r.citizen = p_citizen and a.message is null and glas_data.has_left(a.outbox)
       -- As old as their text, however late it is read.
       and (select m.received_at from glas_data.message m where m.id = p_message)
           between a.asked_at and a.until
    returning a.id into answered;
    if answered is null then
        return;
    end if;
    insert into glas_data.report_history (reference, at, who, what, now_is)
    values (p_reference, glas.now(), 'citizen', 'answered', p_message::text);
    update glas_data.citizen c
       set dialog = '', dialog_until = null, version = c.version + 1
     where c.id = p_citizen and c.dialog = format('question %s 0', p_reference);
end
$$;
comment on function glas_data.put_asked(text, bigint, bigint) is
    'What a person adds to a report is the answer to a question that is open.';

create or replace view glas.asked with (security_barrier) as
select a.reference::text as reference, a.question,
       case when a.message > 0 then
           (select b.text from glas_data.body b
             where b.message = m.id and b.received_at = m.received_at) end as answer,
       a.answered_at,
       case when a.message > 0 then 'answered'
            when a.message is null and a.until > glas.now() then 'open'
            else 'no answer' end as state,
       a.asked_at, a.until, a.asked_by
  from glas_data.asked a
  join glas_data.seen_report r on r.reference = a.reference
  left join glas_data.message m on m.id = a.message
 order by a.id desc;
comment on view glas.asked is
    'What people were asked about their reports, and what they answered.
     Example: select * from glas.asked where state = ''open'';';
comment on column glas.asked.reference is 'About which report.';
comment on column glas.asked.question is 'What was asked.';
comment on column glas.asked.answer is 'The text that answered.';
comment on column glas.asked.answered_at is 'When it came.';
comment on column glas.asked.state is 'open, answered, or no answer.';
comment on column glas.asked.asked_at is 'When it was asked.';
comment on column glas.asked.until is 'Until when a text is taken for the answer.';
comment on column glas.asked.asked_by is 'Who asked.';
