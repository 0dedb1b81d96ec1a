-- People with a part of their own: who reports for others, who tries the whole
-- path, who sends a form each week.

create or replace function glas_data.person_called(p_pseudonym text)
    returns glas_data.citizen
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.citizen;
begin
    select * into found from glas_data.citizen c
     where c.id = glas_data.citizen_of(p_pseudonym);
    if found.id is null then
        raise no_data_found using message = format(
            'nobody is called "%s": write the pseudonym as in column citizen of '
            'glas.inbox', glas_data.echo(p_pseudonym));
    end if;
    if found.erased_at is not null then
        raise no_data_found using message = format(
            '%s had their number erased: nothing can be said of them any more',
            glas_data.pseudonym(found.id));
    end if;
    return found;
end
$$;
comment on function glas_data.person_called(text) is
    'Who has this pseudonym; an error that says what to do when there is nobody.';

create or replace function glas.helper(citizen text, "is" boolean default true)
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen := glas_data.person_called(helper.citizen);
begin
    perform glas_data.must_not_be_of_authority();
    -- They begin with all that they may have: the gateway knows how much that is.
    update glas_data.citizen c
       set helper = coalesce($2, true), hour_level = 1000000, day_level = 1000000
     where c.id = person.id;
    return format(case when coalesce($2, true)
        then '%s reports for others from now on: ZA and a name comes first.'
        else '%s does not report for others any more.' end,
        glas_data.pseudonym(person.id));
end
$$;
comment on function glas.helper(text, boolean) is
    'Says that somebody reports for others (ZA MICA nema struje) and may write
     more than others; false takes it back.
     Example: select glas.helper(''baba-beba'');';

create or replace function glas.tester(citizen text, "is" boolean default true)
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen := glas_data.person_called(tester.citizen);
begin
    perform glas_data.must_not_be_of_authority();
    update glas_data.citizen c set tester = coalesce($2, true)
     where c.id = person.id;
    return format(case when coalesce($2, true)
        then '%s may try the whole path from now on: what begins with PROBA '
             'counts nowhere.'
        else '%s does not try any more: what they write counts.' end,
        glas_data.pseudonym(person.id));
end
$$;
comment on function glas.tester(text, boolean) is
    'Says that somebody may try the whole path with PROBA in front of a text,
     which then counts nowhere; false takes it back.
     Example: select glas.tester(''baba-beba'');';

create or replace function glas_data.last_entry(p_citizen bigint, p_form text)
    returns timestamptz
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select max(e.at) from glas_data.form_entry e
     where e.citizen = p_citizen and e.form = p_form and not e.test
    $$;
comment on function glas_data.last_entry(bigint, text) is
    'When an observer last sent a form: their sign of life.';

-- What comes up to three days before or after its day is that of the day.
create or replace function glas_data.observer_due(
    p_since timestamptz, p_last timestamptz, p_weekday int) returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select (case when p_last is null
                 then day + (p_weekday - extract(isodow from day)::int + 7) % 7
                 else day + (p_weekday - extract(isodow from day)::int + 10) % 7 - 3 + 7
            end + 1)::timestamp at time zone 'Europe/Belgrade'
      from (select (coalesce(p_last, p_since) at time zone 'Europe/Belgrade')::date) d (day)
    $$;
comment on function glas_data.observer_due(timestamptz, timestamptz, int) is
    'By when the next form of an observer is due: the end of that weekday.';

create or replace view glas.observers with (security_barrier) as
select o.name, glas_data.pseudonym(o.citizen) as citizen, o.form,
       o.organisation, o.weekday::int as weekday, s.last_at, d.due_at,
       case when d.due_at <= glas.now()
            then date_trunc('hour', glas.now() - coalesce(s.last_at, o.since)) end as silent_for,
       case when d.due_at <= glas.now() then 'silent' else 'well' end as state
  from glas_data.observer o,
       lateral glas_data.last_entry(o.citizen, o.form) l (last_at),
       lateral glas_data.observer_due(o.since, l.last_at, o.weekday) d (due_at),
       lateral (select case when (select glas_data.sees_all()) then l.last_at
                       else date_trunc('day', l.last_at, 'Europe/Belgrade') end) s (last_at)
 where (select glas_data.sees_all())
    or o.organisation = (select glas_data.own_organisation());
comment on view glas.observers is
    'Who sends a form each week, and who has fallen silent.
     Example: select * from glas.observers where state = ''silent'' order by silent_for desc;';
comment on column glas.observers.name is 'What people call them.';
comment on column glas.observers.citizen is 'Pseudonym.';
comment on column glas.observers.form is 'Form that they send.';
comment on column glas.observers.organisation is 'Member organisation that they report to.';
comment on column glas.observers.weekday is 'Day on which it is due: 1 Monday to 7 Sunday.';
comment on column glas.observers.last_at is 
    'When they last sent it, for case workers the day alone; empty: never.';
comment on column glas.observers.due_at is
    'By when the next form is due, or was; up to three days early or late count for the day.';
comment on column glas.observers.silent_for is 'How long they have been silent, when they should not be.';
comment on column glas.observers.state is 'well, or silent: the day has passed.';

create or replace function glas_data.form_code(p_form text) returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    code text := upper(btrim(p_form));
begin
    if coalesce(code, '') !~ '^[A-Z][A-Z0-9_]{0,15}$' then
        raise invalid_parameter_value using message = format(
            '"%s" is no code of a form: write one word, like CHECKIN',
            glas_data.echo(p_form));
    end if;
    return code;
end
$$;
comment on function glas_data.form_code(text) is
    'The code of a form in capitals; an error when it is none.';

-- In the same words whether there is nobody, somebody of others, or somebody who
-- had all erased.
create or replace function glas_data.own_person(p_pseudonym text)
    returns glas_data.citizen
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if not glas_data.sees_all() and not exists (
            select from glas_data.report r
             where r.citizen = glas_data.citizen_of(p_pseudonym)
               and r.organisation = glas_data.own_organisation()) then
        raise invalid_parameter_value using message = format(
            '%s has no report of your organisation: ask a coordinator to '
            'register them, or to assign you one', glas_data.echo(p_pseudonym));
    end if;
    return glas_data.person_called(p_pseudonym);
end
$$;
comment on function glas_data.own_person(text) is
    'Who has this pseudonym, among those whose reports who is asking has.';

create or replace function glas.observer_add(
    citizen text, form text, weekday int, name text)
    returns setof glas.observers
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    person glas_data.citizen := glas_data.own_person(observer_add.citizen);
    code   text := glas_data.form_code(observer_add.form);
    called text := glas_data.clean(glas_data.note_at_most('the name', observer_add.name, 80));
    own    text := coalesce(glas_data.own_organisation(), '');
begin
    if observer_add.weekday is null or observer_add.weekday not between 1 and 7 then
        raise invalid_parameter_value using message =
            'the weekday is a number from 1, Monday, to 7, Sunday';
    end if;
    if called = '' then
        raise invalid_parameter_value using message =
            'the name is empty: write what people call them, like "MZ Klenike"';
    end if;
    if not code = any (array(select f.code from glas_data.form f)) then
        raise invalid_parameter_value using message = format(
            'there is no form "%s": known are %s', glas_data.echo(code), coalesce(
                (select string_agg(f.code, ', ' order by f.code) from glas_data.form f),
                'none'));
    end if;
    insert into glas_data.observer as o (citizen, form, weekday, name, organisation, since)
    values (person.id, code, observer_add.weekday, called, own, glas.now())
    on conflict (citizen, form) do update
        set weekday = excluded.weekday, name = excluded.name
        where glas_data.sees_all() or o.organisation = own;
    if not found then
        raise invalid_parameter_value using message = format(
            '%s sends %s to another organisation already: a coordinator can '
            'change that', glas_data.pseudonym(person.id), code);
    end if;
    return query select * from glas.observers o
        where o.citizen = glas_data.pseudonym(person.id) and o.form = code;
end
$$;
comment on function glas.observer_add(text, text, int, text) is
    'Says that somebody sends a form each week on a day (1 Monday to 7 Sunday), so
     that their silence is seen; said again, it changes day and name. A case
     worker registers who has a report of the own organisation, and sees what
     they send from then on.
     Example: select * from glas.observer_add(''baba-beba'', ''CHECKIN'', 1, ''MZ Klenike'');';

create or replace function glas.observer_remove(citizen text, form text)
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    code text := glas_data.form_code(observer_remove.form);
    gone text;
begin
    delete from glas_data.observer o
     where o.citizen = glas_data.citizen_of(observer_remove.citizen) and o.form = code
       and (glas_data.sees_all()
            or o.organisation = glas_data.own_organisation())
    returning o.name into gone;
    if gone is null then
        raise no_data_found using message = format(
            '%s is no observer who sends %s, as far as you may see: '
            'glas.observers has them', glas_data.echo(observer_remove.citizen),
            glas_data.echo(code));
    end if;
    return format('Nobody waits for %s from %s any more.', code, gone);
end
$$;
comment on function glas.observer_remove(text, text) is
    'Says that somebody does not send a form each week any more.
     Example: select glas.observer_remove(''baba-beba'', ''CHECKIN'');';
