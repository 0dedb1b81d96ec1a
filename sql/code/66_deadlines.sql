-- Until when something must have happened. The rows of glas_data.deadline say
-- it; report.due_at is what runs out first of those that a report has.

-- No setting of their own: then the planner takes these apart, and a trigger asks
-- them for each report. Who calls them has pinned the path.

-- The last moment of a day counts to that day.
create or replace function glas_data.deadline_end(
    p_start timestamptz, p_count int, p_unit text) returns timestamptz
    language sql stable
    as $$
    select case p_unit
        when 'hours' then p_start + make_interval(hours => p_count)
        when 'months' then (first + make_interval(months => p_count) + interval '1 day')
                           at time zone 'Europe/Belgrade' - interval '1 second'
        when 'days' then (first + p_count + 1)::timestamp at time zone 'Europe/Belgrade'
                         - interval '1 second'
        else ((select d.day from (
                  select first + n as day
                    from generate_series(1, 2 * p_count + 30) n
                   where extract(isodow from first + n) < 6
                     and not exists (select from glas_data.holiday h
                                      where h.day = first + n)
                   order by n offset p_count - 1 limit 1) d) + 1)::timestamp
             at time zone 'Europe/Belgrade' - interval '1 second' end
      from (select (p_start at time zone 'Europe/Belgrade')::date as first) s
    $$;
comment on function glas_data.deadline_end(timestamptz, int, text) is
    'When so many hours, days, working days or months from then are over.';

create or replace function glas_data.deadline_fits(
    p_deadline glas_data.deadline, p_category text, p_actor text) returns boolean
    language sql stable
    as $$
    -- What is asked in public about an actor is no complaint about it. No query in
    -- it: then the planner takes it apart.
    select (p_actor = any (p_deadline.actors) and p_category <> 'DEBATE')
        or p_category like any (string_to_array(replace(replace(array_to_string(
               p_deadline.categories, ' '), '_', '\_'), '*', '%'), ' '))
        or (p_deadline.actors = '{}' and p_deadline.categories = '{}')
    $$;
comment on function glas_data.deadline_fits(glas_data.deadline, text, text) is
    'Whether a deadline is one for reports of that category, about that actor.';

-- Once a report has a category, what it was first taken for is that, or was wrong. What
-- is asked in public is no case of anything.
create or replace function glas_data.deadline_is_of(
    p_deadline glas_data.deadline, r glas_data.report) returns boolean
    language sql stable
    as $$
    select glas_data.deadline_fits(p_deadline, r.category, r.actor)
        or r.urgent and r.category <> 'DEBATE' and exists (
           select from glas_data.category c
            where c.urgent
              and c.code in (case when r.category = '' then r.first end, r.second)
              and glas_data.deadline_fits(p_deadline, c.code, r.actor))
    $$;
comment on function glas_data.deadline_is_of(glas_data.deadline, glas_data.report) is
    'Whether a deadline is one of a report: for what it is about or, where it is urgent,
     for each urgent category that it may tell of besides.';

create or replace function glas_data.step_number(p_step text) returns int
    language sql immutable
    as $$
    select array_position(array['safe', 'contact_allowed', 'mandate', 'filed',
        'invited', 'decided'], p_step)
    $$;
comment on function glas_data.step_number(text) is
    'Place of a step on the way to a signed complaint, from 1; null for what is none.';

-- What was said last stands.
create or replace function glas_data.happened_at(p_reference text) returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select h.now_is::timestamp at time zone 'Europe/Belgrade'
      from glas_data.report_history h
     where h.reference = p_reference and h.what = 'happened'
     order by h.id desc limit 1
    $$;
comment on function glas_data.happened_at(text) is
    'When that happened which a report tells of; null when nobody has said.';

-- What has passed hides no longer what runs out next.
create or replace function glas_data.due_shown_since() returns timestamptz
    language sql stable
    as $$
    select glas.now() - make_interval(days => (select s.value::int
             from glas_data.setting s where s.name = 'due_shown_days'))
    $$;
comment on function glas_data.due_shown_since() is
    'What ran out before that is not shown any more.';

create or replace function glas_data.due_of(r glas_data.report)
    returns table (name text, due_at timestamptz)
    language sql stable
    as $$
    select d.name, e.ends
      from glas_data.deadline d
     cross join lateral (
           select case d.runs_from
               -- No law knows of our text: it means the event.
               when 'reported' then coalesce(case when d.whose <> 'us'
                   then glas_data.happened_at(r.reference) end, r.reported_at)
               when 'referred' then case when r.status = 'referred' then r.status_at end
               when 'begun' then (select b.begun_at from glas_data.case_deadline b
                      where b.reference = r.reference and b.deadline = d.name)
               else (select c.at from glas_data.case_step c
                      where c.reference = r.reference and c.step = d.runs_from)
               end as start) s
     cross join lateral (
           select glas_data.deadline_end(s.start, d.count, d.unit) as ends) e
     where d.checked_on is not null and s.start is not null and not r.test
       and e.ends > glas_data.due_shown_since()
       and (r.status not in ('closed', 'duplicate', 'withdrawn', 'not_for_us')
            -- What is theirs to do they do each for themselves, as long as it is
            -- worked on.
            or r.status = 'duplicate' and d.whose = 'citizen' and exists (
                   select from glas_data.report m
                    where m.reference = r.merged_into
                      and m.status not in ('closed', 'withdrawn', 'not_for_us')))
       and glas_data.deadline_is_of(d, r)
       and not (d.ends_with = 'answered'
                and (r.answered_at is not null or r.status = 'answered'))
       and not exists (select from glas_data.case_step c
                        where c.reference = r.reference
                          and glas_data.step_number(c.step)
                              >= glas_data.step_number(d.ends_with))
       and not exists (select from glas_data.case_deadline b
                        where b.reference = r.reference and b.deadline = d.name
                          and b.done_at is not null)
     order by 2, 1 limit 1
    $$;
comment on function glas_data.due_of(glas_data.report) is
    'The deadline of a report that runs out first, of those that have not passed long
     ago.';

-- One statement a batch, whatever it holds; most have nothing that is due.
create or replace function glas_data.report_came() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if exists (select from (select distinct category, actor from fresh
                             union select c, actor from fresh, unnest(array[first, second]) c
                                    where urgent and c <> '') f,
                           glas_data.deadline d
                where d.checked_on is not null and d.runs_from = 'reported'
                  and glas_data.deadline_fits(d, f.category, f.actor)) then
        update glas_data.report r
           set due_at = d.due_at, due_what = d.name
          from fresh f, glas_data.report k, lateral glas_data.due_of(k) d
         where k.reference = f.reference and r.reference = f.reference;
    end if;
    return null;
end
$$;
comment on function glas_data.report_came() is
    'New reports get their deadline.';

create or replace trigger report_came after insert on glas_data.report
    referencing new table as fresh
    for each statement execute function glas_data.report_came();
comment on trigger report_came on glas_data.report is
    'One statement for all reports of a batch.';

create or replace function glas_data.report_moves() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    select d.name, d.due_at into new.due_what, new.due_at
      from glas_data.due_of(new) d;
    new.due_what := coalesce(new.due_what, '');
    return new;
end
$$;
comment on function glas_data.report_moves() is
    'What a report is about, or where it stands, has changed: its deadline, too.';

create or replace trigger report_moves
    before update of category, actor, urgent, status, answered_at, reported_at
    on glas_data.report
    for each row execute function glas_data.report_moves();
comment on trigger report_moves on glas_data.report is
    'What is due goes by what it is about, and where it stands.';

create or replace function glas_data.report_moved() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.report r set status = r.status
     where r.merged_into = new.reference collate "default";
    return null;
end
$$;
comment on function glas_data.report_moved() is
    'What is due of duplicates depends on whether somebody works on the report.';

create or replace trigger report_moved after update of status on glas_data.report
    for each row when (new.status <> old.status)
    execute function glas_data.report_moved();
comment on trigger report_moved on glas_data.report is
    'So does what is due of its duplicates.';

create or replace function glas_data.due_again(
    p_was glas_data.deadline, p_now glas_data.deadline) returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    changed int;
begin
    update glas_data.report r
       set due_at = d.due_at, due_what = coalesce(d.name, '')
      from glas_data.report k
      left join lateral glas_data.due_of(k) d on true
     where k.reference = r.reference
       and (r.status in ('new', 'open', 'referred', 'answered') or r.merged_into is not null)
       and (glas_data.deadline_is_of(p_was, r) or glas_data.deadline_is_of(p_now, r))
       and (p_was.runs_from <> 'begun' or p_now.runs_from <> 'begun'
            or exists (select from glas_data.case_deadline b
                        where b.reference = r.reference and b.deadline = p_now.name))
       and (r.due_at, r.due_what) is distinct from (d.due_at, coalesce(d.name, ''));
    get diagnostics changed = row_count;
    return changed;
end
$$;
comment on function glas_data.due_again(glas_data.deadline, glas_data.deadline) is
    'A row of the deadlines has changed: reports that it was or is for get theirs anew.';

-- Once: what came before there were deadlines, before duplicates had theirs, or before
-- those about the border police had any.
do $$
declare
    filled text := glas_data.setting('due_filled');
begin
    if filled <> 'yes' then
        update glas_data.report r
           set due_at = d.due_at, due_what = d.name
          from glas_data.report k, lateral glas_data.due_of(k) d
         where k.reference = r.reference
           and (k.merged_into is not null
                or k.status in ('new', 'open', 'referred', 'answered'))
           and (filled = 'no'
                or filled ~ 'duplicates' and k.merged_into is not null
                or filled ~ 'border' and k.actor = 'BORDER');
        update glas_data.setting set value = 'yes' where name = 'due_filled';
    end if;
end
$$;

create or replace view glas.deadlines with (security_barrier) as
select d.name, d.count || ' ' || d.unit as within, d.runs_from, d.ends_with,
       d.what, d.whose, array_to_string(d.categories, ' ') as categories,
       array_to_string(d.actors, ' ') as actors, d.checked_on, d.law, d.source,
       d.changed_by
  from glas_data.deadline d
 order by d.name;
comment on view glas.deadlines is
    'What must happen within which time, by kind of case. A row without a day of
     checking counts nowhere.
     Example: select name, within, what, whose, checked_on from glas.deadlines;';
comment on column glas.deadlines.name is 'What glas.deadline_set() and glas.deadline_remove() call it.';
comment on column glas.deadlines.within is 'How much time there is.';
comment on column glas.deadlines.runs_from is
    'From when: reported (or the day of the event, where glas.happened() has said it
     and it is not ours to do), referred, or a step of the way to a complaint; begun:
     from when glas.deadline_begin() says of a case, and in no other.';
comment on column glas.deadlines.ends_with is 'What ends it: answered, closed, filed, invited, decided.';
comment on column glas.deadlines.what is 'What must have happened then.';
comment on column glas.deadlines.whose is 'Who has to do it: citizen, authority, us.';
comment on column glas.deadlines.categories is 'For which categories; POL_* is all that begin so.';
comment on column glas.deadlines.actors is 'About which actors, whatever the category.';
comment on column glas.deadlines.checked_on is 'When it was last checked; empty: it does not count.';
comment on column glas.deadlines.law is 'The law that says so.';
comment on column glas.deadlines.source is 'Where that was read.';
comment on column glas.deadlines.changed_by is 'Who changed it last; empty: it is as delivered.';

create or replace view glas.due with (security_barrier) as
select r.reference::text as reference,
       (r.due_at at time zone 'Europe/Belgrade')::date
           - (glas.now() at time zone 'Europe/Belgrade')::date as days,
       to_char(r.due_at at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI') as until,
       d.what, d.whose
  from glas_data.seen_report r
  join glas_data.deadline d on d.name = r.due_what
 where r.due_at > glas.now() - make_interval(days => (select s.value::int
           from glas_data.setting s where s.name = 'due_shown_days'))
 order by r.due_at, r.reference;
comment on view glas.due is
    'What runs out first, by report. What has passed stays for two weeks.
     Example: select * from glas.due limit 20;';
comment on column glas.due.reference is 'The report.';
comment on column glas.due.days is 'Days that are left; 0: today; below: it has passed.';
comment on column glas.due.until is 'Until when, in Serbia.';
comment on column glas.due.what is 'What must have happened then.';
comment on column glas.due.whose is 'Who has to do it: citizen, authority, us.';

create or replace function glas.deadline_set(
    name text, count int, unit text, what text, whose text, runs_from text,
    ends_with text, categories text[] default '{}', actors text[] default '{}',
    law text default '', source text default '', checked_on text default null)
    returns setof glas.deadlines
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    was    glas_data.deadline;
    wanted glas_data.deadline;
    odd    text;
begin
    perform glas_data.note_at_most('the name', deadline_set.name, 200),
            glas_data.note_at_most('what it is', deadline_set.what, 200),
            glas_data.note_at_most('an actor', a, 40)
       from unnest(coalesce(nullif(deadline_set.actors, '{}'), '{""}')) a;
    wanted := row(lower(btrim(deadline_set.name)), deadline_set.categories,
        deadline_set.actors, lower(btrim(deadline_set.runs_from)),
        lower(btrim(deadline_set.ends_with)), deadline_set.count,
        lower(btrim(deadline_set.unit)), glas_data.clean(deadline_set.what),
        lower(btrim(deadline_set.whose)),
        glas_data.note_at_most('the law', deadline_set.law, 500),
        glas_data.note_at_most('the source', deadline_set.source, 500),
        coalesce(glas_data.day_said(deadline_set.checked_on), (glas.now() at time zone 'Europe/Belgrade')::date),
        session_user, glas.now());
    select c into odd from unnest(deadline_set.categories) c
     where not exists (select from glas_data.category k
                        where glas_data.category_fits(c, k.code))
     limit 1;
    if odd is not null then
        raise invalid_parameter_value using message = format(
            'there is no category "%s": select * from glas.categories lists them',
            glas_data.echo(odd));
    end if;
    select * into was from glas_data.deadline d where d.name = wanted.name for update;
    begin
        insert into glas_data.deadline select wanted.*
        on conflict (name) do update
            set categories = excluded.categories, actors = excluded.actors,
                runs_from = excluded.runs_from, ends_with = excluded.ends_with,
                count = excluded.count, unit = excluded.unit, what = excluded.what,
                whose = excluded.whose, law = excluded.law, source = excluded.source,
                checked_on = excluded.checked_on, changed_by = excluded.changed_by,
                changed_at = excluded.changed_at;
    exception when check_violation or not_null_violation then
        raise invalid_parameter_value using message =
            'a deadline is, for example: glas.deadline_set(''police-complaint'', 30, '
            '''days'', ''file the complaint'', ''citizen'', ''reported'', ''filed'', '
            'categories => array[''POL_*'']); units are hours, days, working days, '
            'months; whose is citizen, authority or us; it runs from reported, '
            'referred, filed, invited, decided, or begun: when you say so, and ends '
            'with answered, filed, invited, decided or closed; what it is has 30 '
            'letters at most';
    end;
    perform glas_data.due_again(coalesce(was, wanted), wanted);
    return query select * from glas.deadlines d where d.name = wanted.name;
end
$$;
comment on function glas.deadline_set(text, int, text, text, text, text, text,
    text[], text[], text, text, text) is
    'Adds a deadline, or writes one anew, as checked today. Reports that it is
     for get it at once.
     Example: select * from glas.deadline_set(''town-answer'', 15, ''working days'', ''answer by the town hall'', ''authority'', ''referred'', ''answered'', array[''LIGHT'', ''ROAD'']);';

create or replace function glas.deadline_remove(name text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    was     glas_data.deadline;
    changed int;
begin
    delete from glas_data.deadline d
     where d.name = lower(btrim(deadline_remove.name)) returning * into was;
    if was.name is null then
        raise no_data_found using message = format(
            'there is no deadline "%s": select * from glas.deadlines lists them',
            glas_data.echo(deadline_remove.name));
    end if;
    changed := glas_data.due_again(was, was);
    return glas_data.sentence(format('Deadline %s is gone; %s %s now due by another or by none.', was.name,
        changed, case changed when 1 then 'report is' else 'reports are' end));
end
$$;
comment on function glas.deadline_remove(text) is
    'Takes a deadline away.
     Example: select glas.deadline_remove(''town-answer'');';

create or replace function glas_data.due_recount(p_reference text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    -- Whoever calls with the name of a role beside it would compare in the order of
    -- names, which no index of references is in.
    update glas_data.report r set status = r.status
     where r.reference = p_reference collate "default"
    $$;
comment on function glas_data.due_recount(text) is
    'Something has happened that deadlines of this report are counted from.';

-- Of one case: somebody asks for information, is arrested, gets a decision.
create or replace function glas_data.due_says(p_reference text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce((select format('until %s: %s', d.until, d.what) from glas.due d
                      where d.reference = p_reference), 'nothing of it runs out')
    $$;
comment on function glas_data.due_says(text) is
    'What of a report runs out first, in words.';

create or replace function glas_data.deadline_of(p_report glas_data.report, p_name text)
    returns glas_data.deadline
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.deadline;
begin
    select * into found from glas_data.deadline d where d.name = lower(btrim(p_name));
    if found.name is null
       or not glas_data.deadline_is_of(found, p_report) then
        raise no_data_found using message = format(
            'report %s has no deadline "%s": it has %s', p_report.reference,
            glas_data.echo(p_name),
            (select string_agg(d.name, ', ' order by d.name) from glas_data.deadline d
              where glas_data.deadline_is_of(d, p_report)));
    elsif found.checked_on is null then
        raise object_not_in_prerequisite_state using message = format(
            'nobody has checked the deadline %s, and it counts nowhere: a lawyer '
            'reads the law, and a coordinator writes it anew with glas.deadline_set()',
            found.name);
    end if;
    return found;
end
$$;
comment on function glas_data.deadline_of(glas_data.report, text) is
    'The deadline of this name, when it is one for reports like this.';

create or replace function glas.deadline_begin(
    reference text, name text, at text default null, note text default '')
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_report(deadline_begin.reference);
    rule   glas_data.deadline := glas_data.deadline_of(report, deadline_begin.name);
    here   timestamp := glas.now() at time zone 'Europe/Belgrade';
    begun  timestamp := coalesce(glas_data.time_said(deadline_begin.at)
                                     at time zone 'Europe/Belgrade', here);
    ends   timestamptz;
begin
    if begun < here - interval '10 years' then
        raise invalid_parameter_value using message = format(
            'that is more than ten years ago: say from when %s runs: select '
            'glas.deadline_begin(''%s'', ''%1$s'', ''%3$s'')', rule.name,
            report.reference, to_char(here, 'YYYY-MM-DD'));
    elsif begun > here then
        raise invalid_parameter_value using message = format(
            'say from when %s runs, not later than now: select glas.deadline_begin('
            '''%s'', ''%1$s'', ''%3$s'')', rule.name, report.reference,
            to_char(here, 'YYYY-MM-DD'));
    end if;
    -- What was said to be done, and is not.
    delete from glas_data.case_deadline b
     where b.reference = report.reference and b.deadline = rule.name;
    if rule.runs_from = 'begun' then
        insert into glas_data.case_deadline (reference, deadline, begun_at)
        values (report.reference, rule.name, begun at time zone 'Europe/Belgrade');
    elsif not found then
        raise invalid_parameter_value using message = format(
            '%s runs from %s by itself: %s', rule.name, rule.runs_from,
            case rule.runs_from when 'reported' then 'glas.happened() says on which day'
                when 'referred' then 'glas.set_status() refers a report'
                else 'glas.record_step() records the step' end);
    end if;
    perform glas_data.record_change(report.reference, 'deadline', '',
        rule.name || ' from ' || to_char(begun, 'YYYY-MM-DD HH24:MI'), deadline_begin.note);
    perform glas_data.due_recount(report.reference);
    ends := glas_data.deadline_end(begun at time zone 'Europe/Belgrade', rule.count,
        rule.unit);
    if ends <= glas_data.due_shown_since() then
        return glas_data.sentence(format('Report %s: %s ran out on %s, longer ago than '
            'glas.due shows; of what is left, %s', report.reference, rule.name,
            to_char(ends at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'),
            glas_data.due_says(report.reference)));
    end if;
    return glas_data.sentence(format('Report %s, %s; %s', report.reference, rule.name,
        glas_data.due_says(report.reference)));
end
$$;
comment on function glas.deadline_begin(text, text, text, text) is
    'Says that in a case a deadline runs which does not begin with the report: for
     the answer to a request for information, for an appeal, for a decision on legal
     aid, for a measure of the police. Those are the ones of glas.deadlines that run
     from begun. Said again, it runs anew; so does one that was said to be done.
     Example: select glas.deadline_begin(''100008'', ''information-answer'', ''2026-11-24'', ''request to the town hall'');';

create or replace function glas.deadline_done(
    reference text, name text, note text default '') returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_report(deadline_done.reference);
    rule   glas_data.deadline := glas_data.deadline_of(report, deadline_done.name);
begin
    if rule.runs_from = 'begun' and not exists (
            select from glas_data.case_deadline b
             where b.reference = report.reference and b.deadline = rule.name) then
        raise object_not_in_prerequisite_state using message = format(
            '%s does not run in report %s: glas.deadline_begin() says that it does',
            rule.name, report.reference);
    end if;
    insert into glas_data.case_deadline (reference, deadline, done_at)
    values (report.reference, rule.name, glas.now())
    on conflict (reference, deadline) do update set done_at = excluded.done_at;
    perform glas_data.record_change(report.reference, 'deadline', rule.name, 'done',
        deadline_done.note);
    perform glas_data.due_recount(report.reference);
    return glas_data.sentence(format('Report %s: %s is done; %s', report.reference,
        rule.name, glas_data.due_says(report.reference)));
end
$$;
comment on function glas.deadline_done(text, text, text) is
    'Says that what a deadline asks for has happened in a case, or is not needed any
     more; what runs out next is due then.
     Example: select glas.deadline_done(''100008'', ''detention'', ''released at noon'');';

create or replace function glas.holiday(day text, name text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    called text := glas_data.clean(glas_data.note_at_most('the name', holiday.name, 100));
    free   date := glas_data.day_said(holiday.day);
begin
    if free is null then
        raise invalid_parameter_value using message =
            'say which day: select glas.holiday(''2027-01-07'', ''Božić'')';
    elsif called = '' then
        delete from glas_data.holiday h where h.day = free;
        return format('%s is a day like others.', free);
    end if;
    insert into glas_data.holiday (day, name) values (free, called)
    on conflict (day) do update set name = excluded.name;
    return format('%s is %s: no working day.', free, called);
end
$$;
comment on function glas.holiday(text, text) is
    'Says that a day is no working day; an empty name takes that back. Deadlines
     that are set afterwards go by it.
     Example: select glas.holiday(''2027-01-07'', ''Božić'');';

create or replace function glas_data.due_on() returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.report r set status = r.status
      from (select k.reference from glas_data.report k
             where k.due_at <= (select glas_data.due_shown_since())
             order by k.due_at limit 100
               for update skip locked) k
     where r.reference = k.reference
    $$;
comment on function glas_data.due_on() is
    'Of reports whose deadline has passed long ago the next one is due, if there is one.';

create or replace function glas_data.remind() returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r      record;
    outbox bigint;
    told   int := 0;
    before int := glas_data.setting('remind_days')::int;
begin
    if before = 0 then
        return 0;
    end if;
    for r in
        select k.reference::text as reference, k.citizen, k.due_at, k.due_what
          from glas_data.report k
          join glas_data.deadline d on d.name = k.due_what
         where k.due_at > glas.now()
           and k.due_at < ((glas.now() at time zone 'Europe/Belgrade')::date + before + 1)::timestamp
                          at time zone 'Europe/Belgrade'
           -- Or they have said that it is safe to write to them; the text names nothing.
           and d.whose = 'citizen'
           and glas_data.said_unsafe(k.citizen, true) is null
           and (glas_data.may_be_told(k)
                or exists (select from glas_data.case_step s
                            where s.reference = k.reference and s.step = 'safe'))
           and not exists (select from glas_data.reminder m
                            where m.reference = k.reference and m.deadline = k.due_what)
         order by k.due_at limit 20
           for update of k skip locked
    loop
        outbox := glas_data.tell(r.citizen, 'REMIND', jsonb_build_object(
            'REF', r.reference,
            'DATE', to_char(r.due_at at time zone 'Europe/Belgrade', 'DD.MM.')), r.reference);
        continue when outbox is null;
        insert into glas_data.reminder (reference, deadline, at, outbox)
        values (r.reference, r.due_what, glas.now(), outbox);
        insert into glas_data.report_history (reference, at, who, what, now_is)
        values (r.reference, glas.now(), 'glas', 'reminded', r.due_what);
        told := told + 1;
    end loop;
    return told;
end
$$;
comment on function glas_data.remind() is
    'Tells people of deadlines of theirs that run out soon, each once, where it is
     safe: by the category, or by their yes to that. Says how many.';
