-- What people say for rows: pseudonyms, references, places; and who sees what.

-- Pseudonyms are made of 36 syllables that are easy to say in our languages
-- and make no rude word, two to a word. Two words last for 36^4 citizens, then
-- three are used, then four. Within a length the number is multiplied by a
-- factor that has an inverse, so that neighbours look unlike.
create or replace function glas_data.pseudonym(id bigint) returns text
    language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
declare
    sizes   bigint[] := array[1679616, 2176782336, 2821109907456];
    factors bigint[] := array[1038059, 1345325471, 1743541808669];
    rest    bigint := id - 1;
    tier    int := 1;
    name    text := '';
begin
    while tier < 3 and rest >= sizes[tier] loop
        rest := rest - sizes[tier];
        tier := tier + 1;
    end loop;
    rest := (rest::numeric * factors[tier] % sizes[tier])::bigint;
    for place in 1 .. 2 * (tier + 1) loop
        name := substr('bflmnprtv', (rest % 36 / 4)::int + 1, 1)
            || substr('aeio', (rest % 4)::int + 1, 1)
            || case when place in (3, 5, 7) then '-' else '' end || name;
        rest := rest / 36;
    end loop;
    return name;
end
$$;
comment on function glas_data.pseudonym(bigint) is
    'What a citizen is called: made of citizen.id, never of the number.';
create unique index if not exists citizen_pseudonym
    on glas_data.citizen (glas_data.pseudonym(id));

create or replace function glas_data.citizen_of(pseudonym text) returns bigint
    language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
declare
    sizes    bigint[] := array[1679616, 2176782336, 2821109907456];
    inverses bigint[] := array[1526723, 1688351327, 1672903885877];
    name     text := regexp_replace(lower(pseudonym), '[^a-z]', '', 'g');
    tier     int := length(name) / 4 - 1;
    rest     bigint := 0;
begin
    if name !~ '^([bflmnprtv][aeio])+$' or length(name) not in (8, 12, 16) then
        return null;
    end if;
    for place in 1 .. length(name) / 2 loop
        rest := rest * 36
            + 4 * (strpos('bflmnprtv', substr(name, 2 * place - 1, 1)) - 1)
            + strpos('aeio', substr(name, 2 * place, 1)) - 1;
    end loop;
    rest := (rest::numeric * inverses[tier] % sizes[tier])::bigint + 1;
    while tier > 1 loop
        tier := tier - 1;
        rest := rest + sizes[tier];
    end loop;
    return rest;
end
$$;
comment on function glas_data.citizen_of(text) is
    'Which citizen.id is called so; null when the word is no pseudonym.';

create or replace function glas_data.own_organisation() returns text
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select organisation from glas_data.person where role = session_user
    $$;
comment on function glas_data.own_organisation() is
    'The organisation of who is asking; null for roles without one.';

create or replace function glas_data.report_of(p_reference text)
    returns glas_data.report
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    digits text := translate(glas_data.plain(p_reference), ' -', '');
    found  glas_data.report;
begin
    if coalesce(digits, '') !~ '^[1-9][0-9]{5,14}$' then
        raise invalid_parameter_value using message = format(
            '"%s" is no reference: it has six digits or more, as in column '
            'reference of glas.reports', glas_data.echo(p_reference));
    end if;
    if glas_data.luhn_digit(left(digits, -1)) <> right(digits, 1) then
        raise invalid_parameter_value using message = format(
            'reference %s has a wrong digit: compare it with column reference '
            'of glas.reports', glas_data.echo(digits));
    end if;
    select * into found from glas_data.report r
     where r.reference::text = digits
       and exists (select from glas_data.seen_report s
                    where s.reference = r.reference);
    if found.reference is null then
        raise no_data_found using message = format(
            'there is no report %s among those that you may see: look for it '
            'in glas.reports, or ask a coordinator to assign it to you',
            -- The check digit is right: a reference, unless it is too long for one.
            case when length(digits) < 8 then digits else glas_data.echo(digits) end);
    end if;
    return found;
end
$$;
comment on function glas_data.report_of(text) is
    'The report with this reference, spaces and dashes dropped; an error that
     says what to do when there is none, or it is not for who is asking.';

create or replace function glas_data.held_report(p_reference text)
    returns glas_data.report
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    report glas_data.report := glas_data.report_of(p_reference);
begin
    -- Whoever changes it waits for who is changing it, and sees what they have made of
    -- it. Texts that name it come in meanwhile.
    perform from glas_data.report r
      where r.reference = report.reference for no key update;
    report := glas_data.report_of(p_reference);
    -- Null is no: a case that nobody has yet may be shown to somebody, too.
    if (glas_data.sees_all()
        or report.organisation = glas_data.own_organisation()) is not true then
        raise insufficient_privilege using message = format(
            'report %s was shown to your organisation, and belongs to another: '
            'ask a coordinator to assign it to you', report.reference);
    end if;
    return report;
end
$$;
comment on function glas_data.held_report(text) is
    'A report that who is asking may change, locked: it belongs to their organisation.';

create or replace function glas_data.held_with_person(p_reference text)
    returns glas_data.report
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.hold_persons(array[(glas_data.report_of(p_reference)).citizen]);
    return glas_data.held_report(p_reference);
end
$$;
comment on function glas_data.held_with_person(text) is
    'As held_report(), where who reported is asked, or has answered: locked before it.';

create or replace function glas_data.hold_case(p_report glas_data.report) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    main glas.reference := coalesce(p_report.merged_into, p_report.reference);
begin
    perform glas_data.hold_persons(array(
        select r.citizen from glas_data.report r
         where r.reference = main or r.merged_into = main));
    perform from glas_data.report r where r.reference = main for no key update;
    perform from glas_data.report r where r.reference = p_report.reference for no key update;
end
$$;
comment on function glas_data.hold_case(glas_data.report) is
    'Locks all who reported the same, then what is worked on, then the report.';

create or replace function glas_data.held_case(p_reference text)
    returns glas_data.report
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.hold_case(glas_data.report_of(p_reference));
    return glas_data.held_report(p_reference);
end
$$;
comment on function glas_data.held_case(text) is
    'As held_report(), where all who reported the same are told, or what waits for them
     is looked at again: they are locked before it.';

-- Before anything is made of a text: to count segments goes letter by letter.
create or replace function glas_data.at_most(p_what text, p_text text, p_most int)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if length(p_text) > p_most then
        raise program_limit_exceeded using message = format(
            '%s has %s letters, %s are allowed: shorten it', p_what,
            length(p_text), p_most);
    end if;
    return p_text;
end
$$;
comment on function glas_data.at_most(text, text, int) is
    'The text, or an error that says how long it may be.';

-- Texts of people are masked before they are stored (src/text/mask.c). What is typed
-- at psql is not: who types it is there, and can say it otherwise. Only what hardly can
-- be anything else: a mobile number of here, one with + before it, a JMBG.
create or replace function glas_data.note_at_most(p_what text, p_text text, p_most int)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    plain text;
begin
    perform glas_data.at_most(p_what, p_text, p_most);
    -- A day and an hour are no part of a number.
    plain := regexp_replace(glas_data.plain(p_text),
        '(^|[ (–-])((0?[1-9]|[12][0-9]|3[01])[.] ?(0?[1-9]|1[0-2])[.]( ?(20)?[0-9]{2}[.]?)?'
        '|([01][0-9]|2[0-3]):[0-5][0-9])(?![0-9])', '\1x', 'g');
    if plain ~ ('(^|[^0-9])((00)?381[^[:alnum:],;]{0,3}([(]0[)][^[:alnum:]]{0,2})?|0[ .-]?|[OoОо])'
                '6[ ]?[0-9]((?![.] )[^[:alnum:],;]{0,3}[0-9]){6,7}($|[^0-9])')
       -- In pairs, from the 06 on; with dots or dashes between they may be dates.
       or plain ~ '(^|[^0-9])06([ /])[0-9]{2}\2[0-9]{2}\2[0-9]{2}\2[0-9]{2}($|[^0-9])'
       -- Accounts have zeros behind a dash.
       or plain ~ '([+][ ]?|(^|[^0-9:-])00)[1-9]([ /.()-]{0,2}[0-9]){7,12}($|[^0-9])'
       -- Where the 0 was left out, too; eight digits may be money.
       or plain ~ '(^|[^0-9.,])6[0-9][ /-][0-9]{3}[ -]?[0-9]{4}($|[^0-9])'
       or plain ~ ('(^|[^0-9])(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])'
                    '[09][0-9]{2}[ -]?[0-9]{6}($|[^0-9])') then
        raise invalid_parameter_value using message = format(
            '%s has what may be the number of a person, and stays for others to read: '
            'leave it out, or write its last three digits; who needs the number of who '
            'reported asks for it with glas.reveal_request()', p_what);
    end if;
    return p_text;
end
$$;
comment on function glas_data.note_at_most(text, text, int) is
    'The text, or an error that says how long it may be, or that a number of a person
     stands in it.';

-- A parameter that were a date would be refused in words of PostgreSQL, and read by the
-- DateStyle of whoever typed it. The hour is one in Serbia, where none is said of.
create or replace function glas_data.time_said(p_said text) returns timestamptz
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    said text := regexp_replace(btrim(p_said),
        '^(\d{1,2})[.] ?(\d{1,2})[.] ?(\d{4})[.]?(?=$| )', '\3-\2-\1');
begin
    if said is null then
        return null;
    elsif said !~ ('^\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}([.]\d{1,6})?)?'
                   '( ?[+-]\d{1,2}(:?\d{2})?)?)?$') then
        raise invalid_datetime_format;
    elsif said ~ ':.*[+-]' then
        return said::timestamptz;
    end if;
    return said::timestamp at time zone 'Europe/Belgrade';
exception when invalid_datetime_format or datetime_field_overflow
        or invalid_time_zone_displacement_value then
    raise invalid_parameter_value using message = format(
        '"%s" is no day: write it as %s or %s, and an hour behind it where it matters: '
        '%2$s 22:00',
        -- What has the form of a day is no number of a person.
        case when said ~ '^(19|20)\d\d-\d{1,2}-\d{1,2}( \d{1,2}:\d\d)?$' then btrim(p_said)
             else glas_data.echo(p_said) end,
        to_char(glas.now() at time zone 'Europe/Belgrade', 'YYYY-MM-DD'),
        to_char(glas.now() at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'));
end
$$;
comment on function glas_data.time_said(text) is
    'A day, or a time, as somebody has typed it: 2026-11-24, 24.11.2026., 2026-11-24 22:00;
     an error that says how to write it.';

create or replace function glas_data.day_said(p_said text) returns date
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select (glas_data.time_said(p_said) at time zone 'Europe/Belgrade')::date $$;
comment on function glas_data.day_said(text) is 'As time_said(): the day alone, in Serbia.';

create or replace function glas_data.until_said(p_said text) returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when p_said ~ ':' then glas_data.time_said(p_said)
                else (glas_data.day_said(p_said) + 1)::timestamp at time zone 'Europe/Belgrade' end
    $$;
comment on function glas_data.until_said(text) is
    'As time_said(): the end of a day that is said without an hour.';

create or replace function glas_data.record_change(
    p_reference text, p_what text, p_was text, p_now text, p_note text)
    returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
    values (p_reference, glas.now(), session_user, p_what, coalesce(p_was, ''),
            coalesce(p_now, ''),
            coalesce(glas_data.note_at_most('the note', p_note, 1000), ''))
    $$;
comment on function glas_data.record_change(text, text, text, text, text) is
    'Adds a row to the history of a report.';

-- Their text may be long, and has been masked. What is answered later takes the place
-- of an answer in its own row; here each stays, until words of the case go.
create or replace function glas_data.record_said(
    p_reference text, p_who text, p_what text, p_was text, p_now text, p_said text)
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
    values (p_reference, glas.now(), p_who, p_what, p_was, p_now, coalesce(p_said, ''))
    $$;
comment on function glas_data.record_said(text, text, text, text, text, text) is
    'Adds to the history of a report what its person said to that, word for word.';
