-- From a safe report to a signed complaint: one step at a time, none without a
-- word of the person, or a paper that somebody has seen.

create or replace function glas_data.step_next(p_reference text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select s.step
      from unnest(array['safe', 'contact_allowed', 'mandate', 'filed', 'invited',
                        'decided']) with ordinality s (step, n)
     where n > coalesce((select max(glas_data.step_number(c.step))
                           from glas_data.case_step c
                          where c.reference = p_reference), 0)
     order by n limit 1
    $$;
comment on function glas_data.step_next(text) is
    'The step that comes next for a report; null after the last.';

create or replace function glas_data.step_reach(
    p_reference text, p_step text, p_at timestamptz, p_who text, p_note text)
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    was text;
begin
    -- Called with the name of a role, it would compare in the order of names, which
    -- no index of references is in.
    select c.step into was from glas_data.case_step c
     where c.reference = p_reference collate "default"
     order by glas_data.step_number(c.step) desc limit 1;
    insert into glas_data.case_step (reference, step, at, who)
    values (p_reference, p_step, p_at, p_who);
    insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
    values (p_reference, glas.now(), p_who, 'step', coalesce(was, ''), p_step, p_note);
    -- What is due depends on it.
    perform glas_data.due_recount(p_reference);
end
$$;
comment on function glas_data.step_reach(text, text, timestamptz, text, text) is
    'A report has come a step further.';

-- Nobody is asked to sign for a street light. What an acknowledgement does not name
-- is of the other sort, and so is what nobody has classified: there it is asked at
-- least whether it is safe. Else a deadline says it, that a filing begins or ends.
create or replace function glas_data.has_complaint(p_report glas_data.report)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select not glas_data.may_be_told(coalesce(nullif(p_report.category, ''),
                                              p_report.first))
        or exists (select from glas_data.deadline d
                    where 'filed' in (d.runs_from, d.ends_with)
                      and glas_data.deadline_fits(d, p_report.category, p_report.actor))
        or glas_data.about_police(p_report.category, p_report.first, p_report.second,
               p_report.actor)
        -- What has begun goes on, whatever the case turns out to be.
        or exists (select from glas_data.case_step s
                    where s.reference = p_report.reference)
        or exists (select from glas_data.case_deadline b
                    where b.reference = p_report.reference)
    $$;
comment on function glas_data.has_complaint(glas_data.report) is
    'Whether a signed complaint is what may come of a report: by the category, by a
     deadline that is for it and begins or ends with a complaint, because it may be
     about the police, or because it is on its way to one already.';

create or replace function glas_data.must_have_complaint(p_report glas_data.report)
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if not glas_data.has_complaint(p_report) then
        raise object_not_in_prerequisite_state using message = format(
            'report %s is about %s, and nobody has to sign for that: answer with '
            'glas.reply(), ask with glas.ask(), hand it on with glas.refer(); when it '
            'is about an officer: select * from glas.classify(''%1$s'', actor => '
            '''POLICE'')', p_report.reference,
            coalesce(nullif(p_report.category, ''), p_report.first));
    end if;
end
$$;
comment on function glas_data.must_have_complaint(glas_data.report) is
    'An error for a report of which no signed complaint can come.';

-- Answered by act 'step', whatever the question is.
create or replace function glas_data.open_question(
    p_citizen bigint, p_about text, p_turn timestamptz) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.citizen k
       set dialog = format('step %s 0', p_about),
           dialog_until = p_turn + interval '3 days', version = k.version + 1
     where k.id = p_citizen;
end
$$;
comment on function glas_data.open_question(bigint, text, timestamptz) is
    'From now on a yes or no of this person is the answer to what they are asked.
     About: reference/number of the consent, or reference/r and that of the
     referral.';

create or replace function glas.ask_step(reference text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_person(ask_step.reference);
    next   text := glas_data.step_next(report.reference);
    c      glas_data.citizen;
    last   glas_data.consent;
    f      record;
    said   text;
    turn   timestamptz := glas_data.polite_time(glas.now());
    sent   bigint;
    asked  bigint;
begin
    perform glas_data.must_not_be_of_authority();
    perform glas_data.must_have_complaint(report);
    if next is null or next in ('invited', 'decided') then
        raise invalid_parameter_value using message = format(
            'report %s: %s: select glas.record_step(''%1$s'', ''invited'', ''what '
            'happened'')', report.reference, case when next is null
            then 'all steps are reached'
            else 'what comes next is not asked, it is recorded' end);
    end if;
    perform glas_data.must_be_heard(report.citizen);
    perform glas_data.must_be_safe(report, false);
    select * into c from glas_data.citizen where id = report.citizen;
    if c.erased_at is not null then
        raise no_data_found using message = format(
            'who reported %s had their number erased: nobody can be asked any more',
            report.reference);
    elsif c.reply_copy is null then
        raise object_not_in_prerequisite_state using message = format(
            'who reported %s cannot be reached until they write again',
            report.reference);
    end if;
    select * into last from glas_data.consent k
     where k.reference = report.reference and k.step = next
     order by k.id desc limit 1;
    if last.agreed and next = 'filed' then
        raise object_not_in_prerequisite_state using message = format(
            'they have wanted it filed since %s: file it, and then select '
            'glas.record_step(''%s'', ''filed'', ''receipt 77/2026'', on_day => '
            '''2026-12-01'')',
            to_char(last.answered_at at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'),
            report.reference);
    elsif last.agreed = false then
        raise object_not_in_prerequisite_state using message = format(
            'they said no to that on %s: nobody is asked twice; when they tell '
            'otherwise, select glas.record_step(''%s'', ''%s'', ''where'', asked => '
            '''what they were asked'', answer => ''what they said'')',
            to_char(last.answered_at at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'),
            report.reference, next);
    end if;
    perform glas_data.must_not_be_asked(c, report.reference);
    select * into f from glas_data.frame('STEP_' || upper(next), c.lang, c.cyrillic);
    said := glas_data.fill(f.text, f.lang, jsonb_build_object('REF', report.reference));
    sent := glas_data.queue(c.id, 'reply', 3, said, null, report.reference, turn);
    insert into glas_data.consent (reference, step, asked, asked_at, asked_by, outbox)
    values (report.reference, next, said, glas.now(), session_user, sent)
    returning id into asked;
    perform glas_data.open_question(c.id, format('%s/%s', report.reference, asked), turn);
    perform glas_data.record_change(report.reference, 'asked', '', next, '');
    perform glas_data.wake_gateways();
    return glas_data.sentence(format('%s is asked by text %s: %s', next, sent, said));
end
$$;
comment on function glas.ask_step(text) is
    'Asks who reported for the next step on the way to a signed complaint: whether
     it is safe to write, whether they may be contacted, give a mandate, want it
     filed. Not about a street light, where nobody has to sign. Answered by yes or
     no; glas.consents has what was asked and said.
     Example: select glas.ask_step(''100008'');';

-- What rests on a step falls with it, and so does the yes to what was not reached yet.
-- What is filed is with the authority, and stays.
create or replace function glas_data.step_falls(
    p_reference text, p_step text, p_said text, p_message bigint) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if exists (select from glas_data.case_step f
                where f.reference = p_reference and f.step = 'filed') then
        return;
    end if;
    insert into glas_data.consent (reference, step, asked_at, asked_by, agreed,
        answer, answered_at, message)
    select p_reference, l.step, glas.now(), session_user, false, p_said, glas.now(), p_message
      from (select distinct on (k.step) k.step, k.agreed from glas_data.consent k
             where k.reference = p_reference and k.agreed is not null
               and glas_data.step_number(k.step) > glas_data.step_number(p_step)
             order by k.step, k.answered_at desc, k.id desc) l
     where l.agreed;
    delete from glas_data.case_step c
     where c.reference = p_reference
       and glas_data.step_number(c.step) >= glas_data.step_number(p_step);
    perform glas_data.due_recount(p_reference);
end
$$;
comment on function glas_data.step_falls(text, text, text, bigint) is
    'A person said no to a step: it is not reached any more, nor what comes after it.';

create or replace function glas_data.put_step(
    p_citizen bigint, p_message bigint, p_key text, p_agreed boolean) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    k glas_data.consent;
begin
    if split_part(p_key, '/', 2) like 'r%' then
        perform glas_data.put_referral(p_citizen, p_message,
            substr(split_part(p_key, '/', 2), 2)::bigint, p_agreed);
        return;
    end if;
    -- Whoever records a step, or takes one back, does that first.
    perform glas_data.worked_on(split_part(p_key, '/', 1), p_citizen);
    update glas_data.consent c
       set agreed = p_agreed, answered_at = glas.now(), message = p_message,
           answer = glas_data.text_of(p_message)
      from glas_data.report r
     where c.id = split_part(p_key, '/', 2)::bigint
       and c.reference::text = split_part(p_key, '/', 1)
       and r.reference = c.reference and r.citizen = p_citizen and c.agreed is null
       and (not p_agreed or glas_data.has_left(c.outbox))
    returning c.* into k;
    if k.id is null then
        return;
    elsif not p_agreed then
        insert into glas_data.report_history (reference, at, who, what, now_is)
        values (k.reference, glas.now(), 'citizen', 'refused', k.step);
        -- Somebody may have recorded a yes meanwhile; this is what they say now.
        perform glas_data.step_falls(k.reference, k.step, k.answer, p_message);
    elsif k.step = 'filed' then
        -- They want it; whoever files it records the day, which limits run from.
        insert into glas_data.report_history (reference, at, who, what, now_is)
        values (k.reference, glas.now(), 'citizen', 'agreed', k.step);
    elsif glas_data.step_next(k.reference) = k.step then
        perform glas_data.step_reach(k.reference, k.step, glas.now(), 'citizen', '');
    end if;
end
$$;
comment on function glas_data.put_step(bigint, bigint, text, boolean) is
    'A person says yes or no to the next step of their report, or to a referral.';

-- Whether it is safe, and whether they may be called, is theirs to say: in words.
create or replace function glas_data.must_be_said(
    p_report glas_data.report, p_step text, p_asked text, p_where text) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if p_step in ('safe', 'contact_allowed') and p_asked = '' then
        raise invalid_parameter_value using message = format(
            '%s needs a yes of theirs: write what they were asked and what they '
            'answered, word for word: select glas.record_step(''%s'', ''%1$s'', ''in '
            'the office'', asked => ''May we ...?'', answer => ''Yes, ...''); '
            'glas.ask_step(''%2$s'') asks by text', p_step, p_report.reference);
    elsif p_where = '' then
        raise invalid_parameter_value using message = format(
            'say what you have seen, or where it was said: select '
            'glas.record_step(''%s'', ''%s'', ''signed on 25.11., file 12/2026'')',
            p_report.reference, p_step);
    -- A receipt is no word of theirs.
    elsif p_step = 'filed' and p_asked = '' and (
            select k.agreed from glas_data.consent k
             where k.reference = p_report.reference and k.step = p_step
               and k.agreed is not null
             order by k.answered_at desc, k.id desc limit 1) = false then
        raise object_not_in_prerequisite_state using message = format(
            'they said no to filing report %s, see select * from glas.consents where '
            'reference = ''%1$s''; when they tell otherwise, select glas.record_step('
            '''%1$s'', ''filed'', ''receipt 77/2026'', asked => ''what they were '
            'asked'', answer => ''what they said'')', p_report.reference);
    end if;
end
$$;
comment on function glas_data.must_be_said(glas_data.report, text, text, text) is
    'An error unless what is recorded of a step says what was asked, and where.';

-- What was heard may be a no, and who writes it down must not make a yes of it.
create or replace function glas_data.said_yes(p_agreed boolean, p_answer text)
    returns boolean
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if p_agreed is null and lower(p_answer) ~ '^\W*(ne|не|jo|no|nemoj|немој|nikako|никако)\M' then
        raise invalid_parameter_value using message = format(
            '"%s" begins like a no: agreed => false records that they said no, '
            'agreed => true that they said yes', left(p_answer, 40));
    end if;
    return coalesce(p_agreed, true);
end
$$;
comment on function glas_data.said_yes(boolean, text) is
    'Whether what a person answered is recorded as a yes; an error that says what to do
     when their words begin with a no, and nobody has said which it is.';

create or replace function glas_data.record_no(
    p_report glas_data.report, p_step text, p_where text, p_asked text, p_answer text,
    p_text bigint) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    open glas_data.consent;
    said text;
begin
    perform glas_data.must_not_be_filed(p_report.reference, p_step);
    if coalesce(glas_data.step_number(p_step), 9) > glas_data.step_number('filed') then
        raise invalid_parameter_value using message = format(
            'nobody is asked for "%s": a no is said to safe, contact_allowed, mandate or '
            'filed', glas_data.echo(p_step));
    elsif p_where = '' then
        raise invalid_parameter_value using message = format(
            'say where they said it: select glas.record_step(''%s'', ''%s'', ''on the '
            'phone'', answer => ''what they said'', agreed => false)',
            p_report.reference, p_step);
    end if;
    select * into open from glas_data.consent k
     where k.reference = p_report.reference and k.step = p_step and k.agreed is null
     order by k.id desc limit 1;
    said := glas_data.words_said(p_report, p_answer, p_text,
        coalesce(open.asked_at, p_report.reported_at));
    insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed,
        answer, answered_at, message, paper)
    values (p_report.reference, p_step, coalesce(nullif(p_asked, ''), open.asked, ''),
        glas.now(), session_user, false, said, glas.now(), p_text, p_where);
    perform glas_data.record_change(p_report.reference, 'refused', '', p_step, p_where);
    perform glas_data.step_falls(p_report.reference, p_step, said, p_text);
    return format('Report %s: they said no to %s.', p_report.reference, p_step);
end
$$;
comment on function glas_data.record_no(glas_data.report, text, text, text, text, bigint) is
    'Records that a person said no to a step, in their words.';

-- It had one argument less.
drop function if exists glas.record_step(text, text, text, date, text, text, bigint);
create or replace function glas.record_step(
    reference text, step text, paper text default '', on_day text default null,
    asked text default '', answer text default '', text bigint default null,
    agreed boolean default null)
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_person(record_step.reference);
    wanted text := lower(btrim(record_step.step));
    next   text := glas_data.step_next(report.reference);
    -- Agreed by text; what is signed comes after it. And who said that it is not safe
    -- may say otherwise, however far the case has come.
    later  boolean := coalesce(wanted = 'mandate' and next = 'filed', false)
                   or coalesce(wanted = 'safe' and next is distinct from 'safe'
                       and glas_data.said_unsafe(report.citizen, true) is not null, false);
    open   glas_data.consent;
    seen   text := coalesce(nullif(glas_data.clean(glas_data.note_at_most('the paper',
                       record_step.paper, 1000)), ''), 'text ' || record_step.text, '');
    asked  text := glas_data.clean(glas_data.note_at_most('the question',
                       record_step.asked, 1000));
    said   text := '';
    today  date := (glas.now() at time zone 'Europe/Belgrade')::date;
    day    date := glas_data.day_said(record_step.on_day);
    at     timestamptz := glas.now();
begin
    if record_step.agreed = false then
        return glas_data.record_no(report, wanted, seen, asked, record_step.answer,
            record_step.text);
    elsif next is null and not later then
        raise invalid_parameter_value using message = format(
            'report %s has come all the way: decided', report.reference);
    elsif wanted is distinct from next and not later then
        raise invalid_parameter_value using message = format(
            'what comes next for report %s is %s, not "%s": one step at a time',
            report.reference, next, glas_data.echo(wanted));
    elsif day > today or day <
          (report.reported_at at time zone 'Europe/Belgrade')::date then
        raise invalid_parameter_value using message = format(
            '%s is not between the report and today: give the day of what you '
            'have seen', day);
    end if;
    -- Asked by text, and answered otherwise: what was asked is known.
    select * into open from glas_data.consent k
     where k.reference = report.reference and k.step = wanted and k.agreed is null
     order by k.id desc limit 1;
    asked := coalesce(nullif(asked, ''), open.asked, '');
    perform glas_data.must_be_said(report, wanted, asked, seen);
    if asked <> '' then
        said := glas_data.words_said(report, record_step.answer, record_step.text,
            coalesce(open.asked_at, report.reported_at));
        perform glas_data.said_yes(record_step.agreed, said);
    end if;
    if day < today then
        at := (day + time '12:00') at time zone 'Europe/Belgrade';
    end if;
    insert into glas_data.consent (reference, step, asked, asked_at, asked_by, agreed,
        answer, answered_at, message, paper)
    values (report.reference, wanted, asked, glas.now(), session_user, true,
        said, at, record_step.text, seen);
    if later then
        perform glas_data.record_change(report.reference, case wanted when 'safe'
            then 'agreed' else 'paper' end, '', wanted, seen);
    else
        perform glas_data.step_reach(report.reference, wanted, at, session_user, seen);
    end if;
    return format('Report %s: %s since %s', report.reference, wanted,
        to_char(at at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'));
end
$$;
comment on function glas.record_step(text, text, text, text, text, text, bigint, boolean) is
    'Records the next step of a report by what you have seen: a signed mandate, the
     receipt of the complaint, an invitation, a decision. The day is today unless
     another is given; what is due is counted from it. That it is safe, and that
     they may be called, takes their words: asked, and answered in the office or on
     the phone, or in a text of theirs by its number (text => 4711). What they said no
     to is recorded with agreed => false.
     Example: select glas.record_step(''100008'', ''mandate'', ''signed on 25.11., file 12/2026'');';

create or replace view glas.consents with (security_barrier) as
select c.reference::text as reference, c.step, c.agreed, c.asked, c.asked_at,
       c.answer, c.answered_at, c.paper, c.asked_by
  from glas_data.consent c
  join glas_data.seen_report r using (reference)
 order by c.id;
comment on view glas.consents is
    'What people were asked on the way to a signed complaint, and what they said,
     word for word; or the paper that was seen.
     Example: select * from glas.consents where reference = ''100008'';';
comment on column glas.consents.reference is 'Of which report.';
comment on column glas.consents.step is
    'For which step: safe, contact_allowed, mandate, filed, invited, decided.';
comment on column glas.consents.agreed is 'Yes or no; empty: no answer yet.';
comment on column glas.consents.asked is 'What they were asked: a text, or words.';
comment on column glas.consents.asked_at is 'When it was asked, or recorded.';
comment on column glas.consents.answer is 'What they answered: a text, or words.';
comment on column glas.consents.answered_at is 'When it came, or of which day the paper is.';
comment on column glas.consents.paper is
    'What was seen, or where it was said, when they did not answer by text.';
comment on column glas.consents.asked_by is 'Who asked or recorded it.';

create or replace function glas_data.complaint_line(
    p_has boolean, p_what text, p_value text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select rpad(case when p_has then '[ima]' else '[NEDOSTAJE]' end, 12)
        || replace(btrim(regexp_replace(regexp_replace(
               concat_ws(': ', p_what, nullif(p_value, '')), '\s+', ' ', 'g') || ' ',
               '(.{1,62}) ', e'\\1\n', 'g'), e' \n'), e'\n', e'\n' || repeat(' ', 12))
    $$;
comment on function glas_data.complaint_line(boolean, text, text) is
    'A line of glas.complaint(): what there is, or is missing.';

create or replace function glas.complaint(reference text) returns setof text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    r      glas_data.report := glas_data.report_of(complaint.reference);
    rule   glas_data.deadline;
    last   timestamptz;
    paper  text;
    filed  timestamptz;
    wanted timestamptz;
    told   text;
    next   text := glas_data.step_next(r.reference);
    event  timestamptz := glas_data.happened_at(r.reference);
    days   int;
begin
    select * into rule from glas_data.deadline d where d.name = 'police-complaint';
    if rule.name is null or not glas_data.deadline_fits(rule, r.category, r.actor) then
        perform glas_data.must_have_complaint(r);
        raise invalid_parameter_value using message = format(
            'the form is that of a complaint about the police, and report %s names '
            'another, or nobody: write another by hand; select glas.ask_step(''%1$s'') '
            'asks for their consent; when it is about the police: select * from '
            'glas.classify(''%1$s'', actor => ''POLICE''), BORDER for those at the '
            'border', r.reference);
    end if;
    last := glas_data.deadline_end(coalesce(event, r.reported_at), rule.count, rule.unit);
    days := (last at time zone 'Europe/Belgrade')::date
            - (glas.now() at time zone 'Europe/Belgrade')::date;
    select c.at into filed from glas_data.case_step c
     where c.reference = r.reference and c.step = 'filed';
    -- What they said last.
    select case when k.agreed then k.answered_at end into wanted
      from glas_data.consent k
     where k.reference = r.reference and k.step = 'filed' and k.agreed is not null
     order by k.answered_at desc, k.id desc limit 1;
    select k.paper into paper from glas_data.consent k
     where k.reference = r.reference and k.step = 'mandate' and k.paper <> ''
       and exists (select from glas_data.case_step c
                    where c.reference = k.reference and c.step = k.step)
     order by k.id desc limit 1;
    select string_agg(glas_data.text_of(m.id, m.received_at), ' / '
                      order by m.received_at, m.id) into told
      from glas_data.message m
     -- It goes to the authority: what others added to a case that is joined does not.
     where m.reference = r.reference and m.citizen = r.citizen;
    return next format('PRITUŽBA NA RAD POLICIJE, prijava %s', r.reference);
    return next case
        when filed is not null then format('Podneta %s',
            to_char(filed at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'))
        when days < 0 then format('ROK JE PROŠAO %s', to_char(last at time zone
            'Europe/Belgrade', 'DD.MM.YYYY.')) || '; posle roka ide skraćeni postupak'
        else format('Rok: najkasnije %s, još dana: %s',
            to_char(last at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'), days) end;
    return next case when event is null then format(
        'Rok teče od događaja, a ovde je računat od prve poruke, %s',
        to_char(r.reported_at at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'))
        else format('Rok teče od događaja, %s',
        to_char(event at time zone 'Europe/Belgrade', 'DD.MM.YYYY.')) end;
    if event is null then
        return next format('Kad se zna dan: select glas.happened(''%s'', ''%s'');',
            r.reference, to_char(r.reported_at at time zone 'Europe/Belgrade',
            'YYYY-MM-DD'));
    end if;
    return next '';
    return next 'Pismeno ili usmeno na zapisnik, u svakoj policijskoj stanici.';
    return next 'Anonimni podnesak nije pritužba. Uz maloletnog mora biti roditelj.';
    if filed is null and wanted is not null then
        return next format('Pristanak da se podnese je dat %s',
            to_char(wanted at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'));
    end if;
    return next '';
    return query select line from (values
        (1, glas_data.complaint_line(paper is not null, 'ime i prezime podnosioca',
            coalesce('na papiru, ' || paper, 'Glas ga ne čuva, uzima se uz ovlašćenje'))),
        (2, glas_data.complaint_line(paper is not null, 'adresa za kontakt',
            coalesce('na papiru, ' || paper, 'uzima se uz ovlašćenje'))),
        (3, glas_data.complaint_line(paper is not null, 'potpisano ovlašćenje',
            coalesce(paper, 'pristanak porukom nije potpis'))),
        (4, glas_data.complaint_line(r.municipality <> '', 'mesto',
            glas_data.place_text(r.municipality, r.settlement))),
        (5, glas_data.complaint_line(event is not null, 'vreme događaja',
            coalesce(to_char(event at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'),
                format('pitati; prva poruka je stigla %s',
                    to_char(r.reported_at at time zone 'Europe/Belgrade',
                        'DD.MM.YYYY. "u" HH24:MI'))))),
        (6, glas_data.complaint_line(coalesce(told, '') <> '', 'šta se desilo', told))
        ) l (n, text), regexp_split_to_table(text, e'\n') with ordinality w (line, m)
     order by n, m;
    return next '';
    return query select format('%s  %s: %s', to_char(k.answered_at
            at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'), k.step,
            left(coalesce(nullif(k.answer, ''), k.paper), 40))
       from glas_data.consent k
      where k.reference = r.reference and k.agreed
        and exists (select from glas_data.case_step c
                     where c.reference = k.reference and c.step = k.step)
      order by k.id;
    return next case
        when next is null then 'Postupak je završen.'
        when next = 'filed' and wanted is not null then format(
            'Dalje: podneti, pa select glas.record_step(''%s'', ''filed'', ''...'');',
            r.reference)
        when next in ('invited', 'decided') then format(
            'Dalje: select glas.record_step(''%s'', ''%s'', ''...'');', r.reference, next)
        else format('Dalje (%s): select glas.ask_step(''%s'');', next, r.reference) end;
end
$$;
comment on function glas.complaint(text) is
    'What a complaint about the police must have, what is missing of it, until
     when it must be filed, and what comes next; in Serbian, to be read or printed.
     Example: select glas.complaint(''100008'');';
