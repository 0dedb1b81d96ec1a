-- Somebody is woken: an urgent report is told to who is on duty, by a text with
-- its number and municipality and nothing else, until somebody takes it.

create or replace function glas_data.member_must_be(p_member text) returns glas_data.person
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.person;
begin
    select * into found from glas_data.person where role = btrim(p_member);
    if found.role is null then
        raise no_data_found using message = format(
            'there is nobody called "%s": people are %s; glasctl admin add makes more',
            glas_data.echo(p_member),
            coalesce((select string_agg(role, ', ' order by role) from glas_data.person
                       where glas_data.sees_all()
                          or organisation = glas_data.own_organisation()), 'none'));
    end if;
    return found;
end
$$;
comment on function glas_data.member_must_be(text) is
    'The row of a person who works with Glas; an error that says what to do when
     there is none.';

create or replace function glas.duty_code(member text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    person glas_data.person;
    digits text;
    until  timestamptz := glas.now()
        + make_interval(hours => glas_data.setting('duty_code_hours')::int);
begin
    if duty_code.member is distinct from session_user and not glas_data.sees_all() then
        raise insufficient_privilege using message = format(
            'a code for somebody else is for a coordinator; yours: '
            'select glas.duty_code(''%s'')', session_user);
    end if;
    person := glas_data.member_must_be(duty_code.member);
    delete from glas_data.duty_code c where c.member = person.role or c.until <= glas.now();
    loop
        -- Nobody who has seen some can tell the next.
        digits := lpad((('x' || left(replace(gen_random_uuid()::text, '-', ''), 12))::bit(48)::bigint
                        % 1000000)::text, 6, '0');
        insert into glas_data.duty_code (code, member, until, made_by)
        values (digits, person.role, until, session_user) on conflict do nothing;
        exit when found;
    end loop;
    return format('%s texts DEZURSTVO %s from the telephone itself, until %s.',
        person.role, digits, to_char(until at time zone 'Europe/Belgrade', 'HH24:MI'));
end
$$;
comment on function glas.duty_code(text) is
    'A code that registers a telephone for duty: its owner texts it from there, so
     that nobody ever types or sees the number.
     Example: select glas.duty_code(''mira'');';

-- Who is woken for what they cannot read helps nobody, and keeps others asleep once
-- they have taken it. As policies of the reports have it, for somebody who is not
-- here: what somebody else showed their organisation is not theirs to take.
create or replace function glas_data.duty_reads(
    p_member text, p_report glas_data.report) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (
        select from glas_data.person p
          left join glas_data.organisation o on o.name = p.organisation
         where p.role = p_member and p.kind in ('caseworker', 'coordinator')
           and case when o.kind in ('police', 'ministry')
                    then p.organisation = p_report.organisation
                         and not glas_data.case_about_police(p_report)
                    else p.kind = 'coordinator'
                         or p.organisation = p_report.organisation end)
    $$;
comment on function glas_data.duty_reads(text, glas_data.report) is
    'Whether somebody on duty may be woken for a report, and take it: a case worker for
     one of their organisation, a coordinator for any; of the police and ministries
     for their own, and never for one about the police.';

create or replace function glas_data.duty_of_use(p_member text, p_organisation text)
    returns boolean
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (
        select from glas_data.person p
          left join glas_data.organisation o on o.name = p.organisation
         where p.role = p_member
           and (p.kind = 'coordinator' and coalesce(o.kind, '') not in ('police', 'ministry')
                or p.kind in ('caseworker', 'coordinator')
                   and p.organisation = p_organisation))
    $$;
comment on function glas_data.duty_of_use(text, text) is
    'Whether somebody can read the reports of an organisation, or, where it is empty, of
     the network, and so be on duty for them.';

create or replace function glas.duty_add(
    member text, weekday int, from_time time, to_time time, organisation text default null)
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    person glas_data.person := glas_data.member_must_be(duty_add.member);
    whose  text := btrim(coalesce(duty_add.organisation, person.organisation));
    number bigint;
begin
    perform glas_data.must_not_be_of_authority();
    if duty_add.weekday is null or duty_add.weekday not between 1 and 7
       or duty_add.from_time is null or duty_add.to_time is null then
        raise invalid_parameter_value using message =
            'say the day as 1 (Monday) to 7 (Sunday) and the hours: '
            'select glas.duty_add(''mira'', 5, ''16:00'', ''08:00'')';
    elsif whose <> '' and not exists (
            select from glas_data.person p where p.organisation = whose) then
        raise invalid_parameter_value using message = format(
            'nobody is of "%s": write the organisation as glas.reports has it, or '
            '''''  for the network', glas_data.echo(whose));
    end if;
    if person.kind not in ('caseworker', 'coordinator') then
        raise invalid_parameter_value using message = format(
            '%s is of kind %s and works on no cases: on duty are case workers and '
            'coordinators, see select * from glas.members', person.role, person.kind);
    elsif not glas_data.duty_of_use(person.role, whose) then
        raise invalid_parameter_value using message = format(case when whose = ''
            then '%s sees the cases of %s alone, and could not read what they are '
                 'woken for: on duty for the network is a coordinator, of no '
                 'authority; for their own organisation leave the last argument out'
            else '%s works for %s and does not see the cases of %s: leave the last '
                 'argument out, or take somebody of that organisation' end,
            person.role, person.organisation, whose);
    end if;
    insert into glas_data.duty (organisation, weekday, from_time, to_time, member,
        set_by, set_at)
    values (whose, duty_add.weekday, duty_add.from_time, duty_add.to_time,
        person.role, session_user, glas.now()) returning id into number;
    return glas_data.sentence(format('Duty %s: %s, %s %s-%s, %s%s', number, person.role,
        (array['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])[duty_add.weekday],
        to_char(duty_add.from_time, 'HH24:MI'), to_char(duty_add.to_time, 'HH24:MI'),
        coalesce(nullif(whose, ''), 'the network'),
        case when exists (select from glas_data.duty_phone p where p.member = person.role)
             then '' else format('; no phone: glas.duty_code(''%s'')', person.role) end));
end
$$;
comment on function glas.duty_add(text, int, time, time, text) is
    'Puts somebody on duty each week: day 1 Monday to 7 Sunday, hours in Serbia;
     an end that is not later than the beginning is on the next day. A case worker is
     for reports of their organisation, a coordinator for those of another, too, or,
     with '''', of the network, which is told of reports that nobody has, and where an
     organisation has nobody left.
     Example: select glas.duty_add(''mira'', 5, ''16:00'', ''08:00'');';

create or replace function glas.duty_remove(id bigint) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    was glas_data.duty;
begin
    delete from glas_data.duty d where d.id = duty_remove.id returning * into was;
    if was.id is null then
        raise no_data_found using message = format(
            'there is no duty %s: select * from glas.duty lists them',
            glas_data.echo(duty_remove.id::text));
    end if;
    -- A telephone that nobody needs is nobody's any more.
    delete from glas_data.duty_phone p
     where p.member = was.member
       and not exists (select from glas_data.duty d where d.member = was.member);
    return format('%s is not on duty then any more.', was.member);
end
$$;
comment on function glas.duty_remove(bigint) is
    'Takes somebody off duty, by the number in glas.duty; with the last row the
     telephone is forgotten.
     Example: select glas.duty_remove(3);';

-- From when to when a row is, in the days around now.
create or replace view glas_data.duty_turn as
select d.id, d.organisation, d.member, t.starts, t.ends
  from glas_data.duty d
 cross join generate_series(-1, 7) n
 cross join lateral (
       select (glas.now() at time zone 'Europe/Belgrade')::date + n as day offset 0) a
 cross join lateral (
       select (a.day + d.from_time) at time zone 'Europe/Belgrade' as starts,
              (a.day + (d.to_time <= d.from_time)::int + d.to_time)
                  at time zone 'Europe/Belgrade' as ends) t
 where extract(isodow from a.day) = d.weekday and t.ends > glas.now();
comment on view glas_data.duty_turn is 'Each duty with its hours in the week that comes.';
comment on column glas_data.duty_turn.id is 'Which duty.';
comment on column glas_data.duty_turn.organisation is 'For whose reports; empty: for the network.';
comment on column glas_data.duty_turn.member is 'Who.';
comment on column glas_data.duty_turn.starts is 'From when.';
comment on column glas_data.duty_turn.ends is 'Until when.';

create or replace view glas.duty with (security_barrier) as
select d.id, d.member, coalesce(nullif(d.organisation, ''), '(network)') as organisation,
       (array['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'])[d.weekday] || ' '
           || to_char(d.from_time, 'HH24:MI') || '-' || to_char(d.to_time, 'HH24:MI') as hours,
       case when t.starts <= glas.now() then 'now'
            else to_char(t.starts at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI') end as next,
       case when not glas_data.duty_of_use(d.member, d.organisation) then 'no use'
            when p.member is null then 'none' else 'yes' end as phone
  from glas_data.duty d
  join (select id, min(starts) as starts from glas_data.duty_turn group by id) t using (id)
  left join glas_data.duty_phone p on p.member = d.member
 where (select glas_data.sees_all())
    or d.organisation = (select glas_data.own_organisation())
    -- Who is up at night for the network, and can be reached, is not for the police.
    or d.organisation = '' and not (select glas_data.is_authority())
 order by t.starts > glas.now(), t.starts, d.id;
comment on view glas.duty is
    'Who is on duty: those who are now, then who is next.
     Example: select * from glas.duty;';
comment on column glas.duty.id is 'Number; glas.duty_remove() takes it.';
comment on column glas.duty.member is 'Who.';
comment on column glas.duty.organisation is 'For whose reports.';
comment on column glas.duty.hours is 'Day and hours, in Serbia.';
comment on column glas.duty.next is 'now, or when it begins next.';
comment on column glas.duty.phone is 
    'none: nothing can be sent to them, glas.duty_code() helps; no use: they cannot read
     these cases and are not woken, glas.duty_remove() takes the row away.';

create or replace view glas.duty_calls with (security_barrier) as
select c.reference::text as reference, c.begun_at,
       (select string_agg(t.member, ', ' order by t.at) from glas_data.duty_told t
         where t.reference = c.reference) as told,
       c.taken_by, c.taken_at
  from glas_data.duty_call c
  join glas_data.seen_report r using (reference)
 order by c.taken_at is not null, c.begun_at desc;
comment on view glas.duty_calls is
    'Urgent reports that those on duty were told of: those that nobody has taken first.
     Example: select * from glas.duty_calls limit 10;';
comment on column glas.duty_calls.reference is 'The report.';
comment on column glas.duty_calls.begun_at is 'Since when somebody has to take it.';
comment on column glas.duty_calls.told is 'Who was told, in order.';
comment on column glas.duty_calls.taken_by is 'Who has it; empty: nobody yet.';
comment on column glas.duty_calls.taken_at is 'Since when.';

-- To a telephone of ours: at any hour, after STOP, beyond the limit of a link.
-- What is asked of the database is answered by it.
create or replace function glas_data.duty_say(
    p_citizen bigint, p_key text, p_fields jsonb, p_reference text, p_otherwise text)
    returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    c glas_data.citizen;
    f record;
begin
    select * into strict c from glas_data.citizen where id = p_citizen;
    begin
        select * into f from glas_data.frame(p_key, c.lang, c.cyrillic);
    exception when no_data_found then
        -- An old content pack must not keep anybody asleep.
        select p_otherwise as text, 'sr-Latn' as lang into f;
    end;
    perform glas_data.wake_gateways();
    return glas_data.queue(c.id, 'emergency', 0,
        glas_data.fill(f.text, f.lang, p_fields), null, p_reference);
end
$$;
comment on function glas_data.duty_say(bigint, text, jsonb, text, text) is
    'Queues a text of the content, or the one given, to somebody on duty.';

-- Whoever writes sixty times that it burns must not spend what the next one needs.
create or replace function glas_data.duty_is_full(p_member text, p_citizen bigint)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select count(*) >= 10
           or coalesce(bool_or(r.citizen = p_citizen and not c.helper), false)
      from glas_data.duty_told t
      join glas_data.outbox o on o.id = t.outbox and o.reference = t.reference
      join glas_data.report r on r.reference = t.reference
      join glas_data.citizen c on c.id = r.citizen
     where t.member = p_member and t.at > glas.now() - interval '1 hour'
    $$;
comment on function glas_data.duty_is_full(text, bigint) is
    'Whether somebody on duty has had a text of this person within the hour, who
     reports for nobody else, or ten of anybody: the next report is counted in one text
     with others.';

create or replace function glas_data.duty_tell(p_reference text) returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r    glas_data.report;
    who  record;
    sent bigint;
    many boolean;
begin
    select * into strict r from glas_data.report where reference = p_reference;
    loop
        select t.member, p.citizen into who
          from glas_data.duty_turn t
          join glas_data.duty_phone p on p.member = t.member
         where t.starts <= glas.now()
           and t.organisation in ('', coalesce(r.organisation, ''))
           and not exists (select from glas_data.duty_told d
                            where d.reference = p_reference and d.member = t.member)
           -- Nor are the police woken by what is told of them.
           and glas_data.duty_reads(t.member, r)
         order by t.organisation = '', t.id limit 1;
        if who.member is null then
            update glas_data.duty_call c
               set stuck_at = coalesce(c.stuck_at, glas.now()),
                   next_at = glas.now() + interval '1 minute'
             where c.reference = p_reference;
            return 0;
        end if;
        many := glas_data.duty_is_full(who.member, r.citizen);
        if not many then
            sent := glas_data.duty_say(who.citizen, 'DUTY_CALL', jsonb_build_object(
                'REF', p_reference, 'PLACE', coalesce(nullif(r.municipality, ''), '?')),
                p_reference, 'HITNO {REF}, {PLACE}. PREUZIMAM {REF}');
        end if;
        insert into glas_data.duty_told (reference, member, at, outbox)
        values (p_reference, who.member, glas.now(), sent);
        exit when many or sent is not null;
    end loop;
    insert into glas_data.report_history (reference, at, who, what, now_is, note)
    values (p_reference, glas.now(), 'glas', 'duty', who.member,
        case when many then 'with others, in one text' else '' end);
    update glas_data.duty_call c
       set stuck_at = null, next_at = glas.now()
               + make_interval(mins => glas_data.setting('duty_minutes')::int)
     where c.reference = p_reference;
    return (not many)::int;
end
$$;
comment on function glas_data.duty_tell(text) is
    'Tells the next one on duty who can read it of a report: of its organisation, then
     of the network; in one text with others, where they have had many. Says how many
     texts were written.';

-- One an hour, and of what nobody has taken.
create or replace function glas_data.duty_more() returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    m    record;
    sent bigint;
    told int := 0;
begin
    for m in
        select t.member, p.citizen, count(*) as reports,
               (array_agg(t.reference::text order by c.begun_at desc))[1] as reference
          from glas_data.duty_told t
          join glas_data.duty_call c on c.reference = t.reference and c.taken_at is null
          join glas_data.report r on r.reference = t.reference
           and glas_data.duty_reads(t.member, r)
          join glas_data.duty_phone p on p.member = t.member
         where t.outbox is null and t.at > glas.now() - interval '2 days'
           and exists (select from glas_data.duty_turn d
                        where d.member = t.member and d.starts <= glas.now())
           and not exists (select from glas_data.duty_told k
                             join glas_data.outbox o on o.id = k.outbox
                              and o.reference is distinct from k.reference
                            where k.member = t.member
                              and o.created_at > glas.now() - interval '1 hour')
         group by t.member, p.citizen
         order by t.member
    loop
        sent := glas_data.duty_say(m.citizen, 'DUTY_MORE', jsonb_build_object(
            'N', m.reports, 'REF', m.reference), null,
            'HITNO: jos {N}, {REF}. PREUZIMAM {REF}');
        update glas_data.duty_told t set outbox = sent
          from (select k.reference from glas_data.duty_told k
                 where k.member = m.member and k.outbox is null
                   for update skip locked) k
         where t.reference = k.reference and t.member = m.member;
        told := told + (sent is not null)::int;
    end loop;
    return told;
end
$$;
comment on function glas_data.duty_more() is
    'Tells those on duty how many urgent reports there are of which they had no text
     of its own. Says how many texts were written.';

-- No fault here may cost the text that it came with, nor keep others asleep. The
-- call stays, so that the next round tells them, and glas.alerts says it till then.
create or replace function glas_data.duty_try(p_reference text) returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return glas_data.duty_tell(p_reference);
exception when others then
    raise warning 'report % wakes nobody yet: % %', p_reference, sqlstate, sqlerrm;
    update glas_data.duty_call c
       set stuck_at = coalesce(c.stuck_at, glas.now()),
           next_at = glas.now() + interval '1 minute'
     where c.reference = p_reference;
    return 0;
end
$$;
comment on function glas_data.duty_try(text) is
    'Tells the next one on duty of a report; after a fault it is tried again a minute
     later. Says how many texts were written.';

create or replace function glas_data.duty_begin(p_reference text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    insert into glas_data.duty_call (reference, begun_at, next_at)
    values (p_reference, glas.now(), glas.now()) on conflict do nothing;
    if found then
        perform glas_data.duty_try(p_reference);
    end if;
end
$$;
comment on function glas_data.duty_begin(text) is
    'A report is urgent: somebody on duty is told, once.';

create or replace function glas_data.duty_wakes(r glas_data.report) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select not r.test and r.status in ('new', 'open')
       and (r.urgent or exists (select from glas_data.category c
                                 where c.code = r.category and c.urgent))
       and exists (select from glas_data.duty)
    $$;
comment on function glas_data.duty_wakes(glas_data.report) is
    'Whether somebody is woken: it is urgent, by itself or by its category, and
     there are people on duty.';

-- As if nobody had been told: should it be urgent after all, it begins anew. The
-- history has who was. All go from the report to its call, and on to who was told.
create or replace function glas_data.duty_end(p_reference text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform from glas_data.duty_call c
      where c.reference = p_reference and c.taken_at is null for update;
    if found then
        delete from glas_data.duty_told t where t.reference = p_reference;
        delete from glas_data.duty_call c where c.reference = p_reference;
    end if;
end
$$;
comment on function glas_data.duty_end(text) is
    'A report is not urgent: unless somebody has taken it, nobody is told any more.';

-- "All is well" is added to an urgent report, too. Who opened it with that, and has
-- had no answer, may tell of danger with the next text.
create or replace function glas_data.wakes_again(p_reference text, p_of text)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select (split_part(p_of, '/', 4) = 'urgent'
            or nullif(coalesce(nullif(r.category, ''), r.first), '')
               in (split_part(p_of, '/', 2), split_part(p_of, '/', 3)))
       and not exists (select from glas_data.duty_call c
                        where c.reference = r.reference and c.taken_at is null)
       and (select h.who from glas_data.report_history h
             where h.reference = r.reference
               and h.what in ('status', 'reply', 'merged', 'duty', 'taken')
             order by h.id desc limit 1) = 'citizen'
      from glas_data.report r where r.reference = p_reference
    $$;
comment on function glas_data.wakes_again(text, text) is
    'Whether a text that was added to a report tells of danger, or of the same as the
     report, and nobody has seen to it since it was opened again.';

-- Whoever had it then was through with it. The history has who that was.
create or replace function glas_data.duty_again(p_reference text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if glas_data.duty_wakes(r) from glas_data.report r where r.reference = p_reference then
        insert into glas_data.duty_call (reference, begun_at, next_at)
        values (p_reference, glas.now(), glas.now())
        on conflict (reference) do update
            set begun_at = excluded.begun_at, next_at = excluded.next_at,
                stuck_at = null, taken_by = '', taken_at = null;
        delete from glas_data.duty_told t where t.reference = p_reference;
        perform glas_data.duty_try(p_reference);
    end if;
end
$$;
comment on function glas_data.duty_again(text) is
    'A report is open again, as who reported it says: if it is urgent, somebody on duty
     is told, as if nobody had been.';

create or replace function glas_data.duty_came() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r text;
begin
    if tg_op = 'UPDATE' then
        if glas_data.duty_wakes(new) and not glas_data.duty_wakes(old) then
            perform glas_data.duty_begin(new.reference);
        elsif glas_data.duty_wakes(old) and not glas_data.duty_wakes(new) then
            perform glas_data.duty_end(new.reference);
        end if;
        return null;
    end if;
    -- Most batches end here.
    if exists (select from fresh f
                where f.urgent or f.category in (
                      select c.code from glas_data.category c where c.urgent)) then
        for r in
            select k.reference from fresh f
              join glas_data.report k on k.reference = f.reference
             where glas_data.duty_wakes(k)
        loop
            perform glas_data.duty_begin(r);
        end loop;
    end if;
    return null;
end
$$;
comment on function glas_data.duty_came() is
    'Urgent reports wake somebody; what turns out to be none does not any more.';

create or replace trigger duty_came after insert on glas_data.report
    referencing new table as fresh
    for each statement execute function glas_data.duty_came();
comment on trigger duty_came on glas_data.report is
    'One statement for all reports of a batch.';
create or replace trigger duty_moves
    after update of category, urgent on glas_data.report
    for each row execute function glas_data.duty_came();
comment on trigger duty_moves on glas_data.report is
    'What becomes urgent wakes somebody, what is so no longer does not.';

create or replace function glas_data.duty_round() returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    c    record;
    told int := 0;
begin
    -- Whoever works on it at psql has it, or knows it to be the same as another one.
    update glas_data.duty_call d
       set taken_at = glas.now(), stuck_at = null, taken_by = coalesce((
               select h.who from glas_data.report_history h
                where h.reference = d.reference and h.what in ('status', 'reply', 'merged')
                  and h.at >= d.begun_at and h.who not in ('glas', 'citizen')
                order by h.id limit 1), 'psql')
      from (select k.reference from glas_data.duty_call k
             where k.taken_at is null for update skip locked) k
      join glas_data.report r on r.reference = k.reference
     where d.reference = k.reference
       and (r.status <> 'new' or r.answered_at is not null)
       and exists (select from glas_data.report_history h
                    where h.reference = d.reference and h.at >= d.begun_at
                      -- Who opens it again does not work on it.
                      and h.who <> 'citizen'
                      and h.what in ('status', 'reply', 'merged'));
    for c in
        select d.reference::text as reference from glas_data.duty_call d
         where d.taken_at is null and d.next_at <= glas.now()
           and d.begun_at > glas.now() - interval '2 days'
         order by d.next_at limit 20 for update skip locked
    loop
        told := told + glas_data.duty_try(c.reference);
    end loop;
    begin
        told := told + glas_data.duty_more();
    exception when others then
        raise warning 'nobody is told of more reports yet: % %', sqlstate, sqlerrm;
    end;
    return told;
end
$$;
comment on function glas_data.duty_round() is
    'Tells the next on duty of reports that nobody has taken in time. Says how
     many texts were written.';

-- For itself: whatever else fails, or takes minutes, keeps nobody on duty asleep.
create or replace function glas_gw.duty() returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform from glas_data.turn t where t.name = 'duty' for update skip locked;
    if not found then
        return 0;
    end if;
    return glas_data.duty_round();
end
$$;
comment on function glas_gw.duty() is
    'Who is on duty is told of what nobody has taken. Each gateway calls it each minute:
     one of them does it. Says how many texts are to go.';

-- As to any text that is not understood: once a day.
create or replace function glas_data.duty_unknown(p_citizen bigint) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.citizen set unclear_at = glas.now()
     where id = p_citizen
       and (unclear_at is null or unclear_at <= glas.now() - interval '1 day');
    if found then
        perform glas_data.tell(p_citizen, 'UNCLEAR', '{}', null);
        perform glas_data.wake_gateways();
    end if;
end
$$;
comment on function glas_data.duty_unknown(bigint) is
    'Somebody who is not on duty used a word for it.';

create or replace function glas_data.duty_register(p_citizen bigint, p_code text)
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    won glas_data.duty_code;
begin
    delete from glas_data.duty_code c where c.until <= glas.now() or c.tries <= 0;
    delete from glas_data.duty_code c where c.code = p_code returning * into won;
    if won.code is null then
        update glas_data.duty_code set tries = tries - 1;
        if found then
            perform glas_data.duty_say(p_citizen, 'DUTY_WRONG', '{}', null,
                'Taj kod ne vazi.');
        else
            perform glas_data.duty_unknown(p_citizen);
        end if;
        return;
    end if;
    delete from glas_data.duty_phone p where p.citizen = p_citizen or p.member = won.member;
    insert into glas_data.duty_phone (member, citizen, since)
    values (won.member, p_citizen, glas.now());
    perform glas_data.duty_say(p_citizen, 'DUTY_OK', '{}', null,
        'Ovaj telefon je sada za dezurstvo.');
end
$$;
comment on function glas_data.duty_register(bigint, text) is
    'A telephone is registered for duty by a code; ten wrong ones end all that are
     out.';

create or replace function glas_data.duty_taken(
    p_reference text, p_member text, p_note text) returns boolean
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.duty_call c
       set taken_by = p_member, taken_at = glas.now(), stuck_at = null
     where c.reference = p_reference and c.taken_at is null;
    if found then
        insert into glas_data.report_history (reference, at, who, what, now_is, note)
        values (p_reference, glas.now(), p_member, 'taken', p_member, p_note);
    end if;
    return found;
end
$$;
comment on function glas_data.duty_taken(text, text, text) is
    'Somebody has an urgent report, unless somebody else has it, or nobody needs to.';

create or replace function glas_data.duty_take(p_citizen bigint, p_reference text)
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    me     text;
    wanted text;
    was    text;
    holder text;
begin
    select p.member into me from glas_data.duty_phone p where p.citizen = p_citizen;
    select c.reference into wanted
      from glas_data.duty_call c
      join glas_data.duty_told t on t.reference = c.reference and t.member = me
      join glas_data.report r on r.reference = c.reference
     where (c.reference = p_reference or (p_reference = '' and c.taken_at is null))
       -- It may have gone to another organisation since.
       and glas_data.duty_reads(me, r)
     -- Of several in one text they have read the number of one alone.
     order by exists (select from glas_data.outbox o
                       where o.id = t.outbox and o.reference = t.reference) desc,
              c.begun_at desc limit 1;
    -- The report before its call, as who opens it again.
    select r.status into was from glas_data.report r
     where r.reference = wanted for no key update;
    select c.taken_by into holder from glas_data.duty_call c
     where c.reference = wanted for update;
    if holder is null then
        if me is null then
            perform glas_data.duty_unknown(p_citizen);
        else
            perform glas_data.duty_say(p_citizen, 'DUTY_NONE', '{}', null,
                'Nijedna hitna prijava ne ceka na vas.');
        end if;
        return;
    end if;
    if holder = '' then
        perform glas_data.duty_taken(wanted, me, 'from the telephone');
        if was = 'new' then
            update glas_data.report set status = 'open', status_at = glas.now()
             where reference = wanted;
            insert into glas_data.report_history (reference, at, who, what, was, now_is)
            values (wanted, glas.now(), me, 'status', was, 'open');
        end if;
        holder := me;
    end if;
    if holder = me then
        perform glas_data.duty_say(p_citizen, 'DUTY_TAKEN',
            jsonb_build_object('REF', wanted), wanted,
            'Prijava {REF} je vasa.');
    else
        perform glas_data.duty_say(p_citizen, 'DUTY_HELD', jsonb_build_object(
            'REF', wanted, 'MEMBER', holder), wanted,
            'Prijavu {REF} ima {MEMBER}.');
    end if;
end
$$;
comment on function glas_data.duty_take(bigint, text) is
    'Who was told of a report takes it from their telephone, if they may read it: the
     first one has it, others hear who has, or that nothing waits for them. An empty
     reference is the newest that they had a text of.';
