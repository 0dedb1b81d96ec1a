-- A network of organisations: who is in it, what each takes, where a report goes
-- first, and to whom it is shown with the consent of who brought it.

create or replace function glas_data.category_fits(p_pattern text, p_category text)
    returns boolean
    language sql immutable parallel safe
    as $$
    select p_pattern = p_category
        or right(p_pattern, 1) = '*' and starts_with(p_category, left(p_pattern, -1))
    $$;
comment on function glas_data.category_fits(text, text) is
    'Whether a category is the one that is meant: POL_* means all that begin with POL_.';

-- The first of these rows that fits, the one that says most before others; of who has
-- somebody to read it, or nobody would.
create or replace function glas_data.route(
    p_category text, p_first text, p_second text, p_municipality text,
    p_lang text, p_actor text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select c.organisation
      from glas_data.coverage c
      join glas_data.organisation o on o.name = c.organisation
     where c.municipality in ('', p_municipality)
       and (c.category = '' or glas_data.category_fits(c.category, p_category))
       and c.lang in ('', p_lang, split_part(p_lang, '-', 1))
       and c.actor in ('', p_actor)
       and not (o.kind in ('police', 'ministry')
                and glas_data.about_police(p_category, p_first, p_second, p_actor))
       and exists (select from glas_data.person p
                    where p.organisation = o.name and p.kind in ('caseworker', 'coordinator'))
     order by (c.municipality <> '')::int + (c.category <> '')::int
              + (c.lang <> '')::int + (c.actor <> '')::int desc,
              c.priority, right(c.category, 1) = '*', c.id
     limit 1
    $$;
comment on function glas_data.route(text, text, text, text, text, text) is
    'Which organisation takes such a report; null when none says that it does, or has
     nobody who works on cases. Police and ministries are never given one about the police.';

create or replace function glas_data.is_barred(
    p_report glas_data.report, p_organisation text) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (select from glas_data.organisation o
                    where o.name = p_organisation and o.kind in ('police', 'ministry'))
       and glas_data.case_about_police(p_report)
    $$;
comment on function glas_data.is_barred(glas_data.report, text) is
    'Whether a case about the police would be shown to the police or a ministry.';

-- A no is said to who may see it, whoever would give it to them.
create or replace function glas_data.refused_by(p_reference text, p_organisation text)
    returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select r.reference::text
      from glas_data.report r
     where (r.reference = p_reference or r.merged_into = p_reference)
       and (select f.state from glas_data.referral f
             where f.reference = r.reference and f.organisation = p_organisation
               and f.state <> 'ended'
             order by f.id desc limit 1) in ('refused', 'withdrawn')
     order by r.reference <> p_reference, r.reference limit 1
    $$;
comment on function glas_data.refused_by(text, text) is
    'Of a case and what is joined with it, a report whose person does not want an
     organisation to see it; null when there is none.';

create or replace function glas_data.must_not_be_refused(
    p_reference text, p_organisation text) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    refused text := glas_data.refused_by(p_reference, p_organisation);
begin
    -- As in glas_data.must_agree_all(): who does not see it could not ask.
    if refused is not null and not exists (
            select from glas_data.seen_report r where r.reference = refused) then
        raise object_not_in_prerequisite_state using message =
            'a report that is joined with it belongs to others: ask a coordinator';
    elsif refused is not null then
        raise object_not_in_prerequisite_state using message = format(
            'who reported %s does not want %s to see it, see select * from '
            'glas.referrals where reference = ''%1$s''; when they tell otherwise, select '
            '* from glas.consent(''%1$s'', ''%2$s'', true, ''what they said'')',
            refused, p_organisation);
    end if;
end
$$;
comment on function glas_data.must_not_be_refused(text, text) is
    'An error when an organisation would see a case whose person said no to that.';

-- What a person decided stays.
create or replace function glas_data.reroute(p_reference text) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with old as (
        select r.reference, r.organisation,
               glas_data.route(r.category, r.first, r.second, r.municipality,
                   r.lang, r.actor) as wanted
          from glas_data.report r
         where r.reference = p_reference and r.status = 'new'
           and coalesce((select h.who from glas_data.report_history h
                          where h.reference = r.reference and h.what = 'organisation'
                          order by h.id desc limit 1),
                        case when r.organisation is null then 'routing' end) = 'routing'
           for no key update),
    moved as (
        update glas_data.report r set organisation = old.wanted
          from old
         where r.reference = old.reference
           and old.organisation is distinct from old.wanted
           and not glas_data.is_barred(r, old.wanted)
           and glas_data.refused_by(r.reference, old.wanted) is null
        returning r.reference)
    insert into glas_data.report_history (reference, at, who, what, was, now_is)
    select old.reference, glas.now(), 'routing', 'organisation',
           coalesce(old.organisation, ''), coalesce(old.wanted, '')
      from old join moved on moved.reference = old.reference
    $$;
comment on function glas_data.reroute(text) is
    'A report was corrected: while it is new and no person has given it to an
     organisation, it goes to the one that takes such reports.';

-- What they may not see others must: it is the network's, with all that is joined with
-- it.
create or replace function glas_data.take_from_police(p_reference text, p_note text)
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with old as materialized (
        select r.reference, r.organisation
          from (select coalesce(k.merged_into, k.reference) as main from glas_data.report k
                 where k.reference = p_reference collate "default") m
          join glas_data.report r on r.reference = m.main or r.merged_into = m.main
         where glas_data.is_barred(r, r.organisation)
           for no key update of r),
    taken as (
        update glas_data.report r set organisation = null
          from old where r.reference = old.reference)
    insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
    select old.reference, glas.now(), 'glas', 'organisation', old.organisation, '', p_note
      from old
    $$;
comment on function glas_data.take_from_police(text, text) is
    'A case about the police that the police or a ministry have is nobody''s, so that a
     coordinator sees that nobody has it.';

-- Whatever function writes it: the police are not given what is about them.
create or replace function glas_data.report_guard() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.must_not_be_authority(new, new.organisation);
    if new.organisation is distinct from old.organisation then
        perform glas_data.must_not_be_refused(new.reference, new.organisation);
    end if;
    return new;
end
$$;
comment on function glas_data.report_guard() is
    'Refuses to give a report about the police to the police or a ministry, and any to
     whom its person does not want to see it.';

create or replace function glas_data.must_not_be_authority(
    p_report glas_data.report, p_organisation text) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if glas_data.is_barred(p_report, p_organisation) then
        raise insufficient_privilege using message = format(
            'report %s is %s the police, and %s is of the police or a '
            'ministry: it is never shown to them; assign it to another '
            'organisation', p_report.reference,
            case when glas_data.about_police(p_report.category, p_report.first,
                          p_report.second, p_report.actor)
                 then 'about'
                 when p_report.police_guess then 'perhaps about'
                 else 'joined with one about' end, p_organisation);
    end if;
end
$$;
comment on function glas_data.must_not_be_authority(glas_data.report, text) is
    'An error when a report about the police would be shown to the police or a
     ministry.';

drop trigger if exists guard on glas_data.report;
create trigger guard before update of organisation on glas_data.report
    for each row when (new.organisation is not null)
    execute function glas_data.report_guard();
comment on trigger guard on glas_data.report is
    'No organisation gets a report that it may not have, whatever function writes it.';

-- Without the marks of letters as well, where that can be one of them alone.
create or replace function glas_data.organisation_like(p_name text) returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return (select coalesce(max(o.name) filter (where lower(o.name) = lower(btrim(p_name))),
                            case count(*) when 1 then max(o.name) end)
              from glas_data.organisation o
             where glas_data.fold(o.name) = glas_data.fold(btrim(p_name)));
end
$$;
comment on function glas_data.organisation_like(text) is
    'The name of an organisation as it is written; null when there is none.';

create or replace function glas_data.organisation_of(p_name text) returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found text := glas_data.organisation_like(p_name);
begin
    if found is null then
        raise invalid_parameter_value using message = format(
            'there is no organisation "%s": select * from glas.organisations '
            'lists them, glas.organisation_add() adds one',
            glas_data.echo(p_name));
    end if;
    return found;
end
$$;
comment on function glas_data.organisation_of(text) is
    'The name of an organisation as it is written; an error when there is none.';

create or replace view glas.organisations with (security_barrier) as
select o.name, o.kind,
       (select count(*) from glas_data.person p where p.organisation = o.name) as members,
       (select count(*) from glas_data.coverage c where c.organisation = o.name) as covers,
       o.comment
  from glas_data.organisation o;
comment on view glas.organisations is
    'The organisations of the network.
     Example: select * from glas.organisations order by name;';
comment on column glas.organisations.name is 'Name, as glas.assign() takes it.';
comment on column glas.organisations.kind is
    'ngo, municipality, ombudsman, police, ministry, media, other. Police and
     ministry never see a report about the police.';
comment on column glas.organisations.members is 'How many people work with Glas for it.';
comment on column glas.organisations.covers is 'How many rows of glas.coverage it has.';
comment on column glas.organisations.comment is 'What others should know of it.';

create or replace view glas.members with (security_barrier) as
select p.role, p.organisation, p.kind, p.since
  from glas_data.person p
 where (select glas_data.sees_all())
    or p.organisation = (select glas_data.own_organisation());
comment on view glas.members is
    'Who works with Glas, as what, for which organisation; a case worker sees
     the own one.
     Example: select * from glas.members order by organisation, role;';
comment on column glas.members.role is 'Name of the database role.';
comment on column glas.members.organisation is 'Organisation that they work for.';
comment on column glas.members.kind is 'caseworker, coordinator, press, operator, auditor.';
comment on column glas.members.since is 'Since when.';

create or replace view glas.coverage with (security_barrier) as
select c.organisation, c.municipality, c.category, c.lang, c.actor,
       c.priority::int as priority
  from glas_data.coverage c
 where (select glas_data.sees_all())
    or c.organisation = (select glas_data.own_organisation());
comment on view glas.coverage is
    'Which reports an organisation is given when they come; empty is any. The
     row that says most comes first, then the smaller priority.
     Example: select * from glas.coverage order by municipality, category;';
comment on column glas.coverage.organisation is 'Who takes them.';
comment on column glas.coverage.municipality is 'Where they happened.';
comment on column glas.coverage.category is 'Category; POL_* is all that begin with POL_.';
comment on column glas.coverage.lang is 'Language: sq, sr, rom, ...; sr is both letters.';
comment on column glas.coverage.actor is 'Who they are about: POLICE, MUNI, ...';
comment on column glas.coverage.priority is 'The smaller comes first.';

create or replace function glas.organisation_add(
    name text, kind text default 'ngo', comment text default '')
    returns setof glas.organisations
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    called text := glas_data.clean(glas_data.note_at_most('the name',
                       organisation_add.name, 100));
    wanted text := lower(btrim(organisation_add.kind));
    kinds  text[] := array['ngo', 'municipality', 'ombudsman', 'police', 'ministry',
                           'media', 'other'];
    said   text := glas_data.clean(glas_data.note_at_most('the comment',
                       organisation_add.comment, 1000));
begin
    if called = '' then
        raise invalid_parameter_value using message =
            'the name is empty: write what the organisation is called';
    end if;
    if (wanted = any (kinds)) is not true then
        raise invalid_parameter_value using message = format(
            'there is no kind "%s": it is one of %s', glas_data.echo(wanted),
            array_to_string(kinds, ', '));
    end if;
    called := coalesce((select o.name from glas_data.organisation o
                         where lower(o.name) = lower(called)), called);
    -- Whoever made a ministry of their own could not undo it.
    if called = glas_data.own_organisation() and wanted is distinct from (
            select o.kind from glas_data.organisation o where o.name = called) then
        perform glas_data.must_not_be_of_authority();
        raise insufficient_privilege using message = format(
            'nobody changes what their own organisation is: ask a coordinator of another '
            'than %s', called);
    end if;
    insert into glas_data.organisation as o (name, kind, comment, since)
    values (called, wanted, said, glas.now())
    on conflict (name) do update
        set kind = excluded.kind,
            comment = coalesce(nullif(excluded.comment, ''), o.comment);
    -- What they do not see any more would be nobody's, and nobody would miss it.
    if wanted in ('police', 'ministry') then
        perform glas_data.take_from_police(r.reference,
                    'they are of the police or a ministry')
           from glas_data.report r
          where r.organisation = called and glas_data.is_barred(r, called)
          order by r.reference;
    end if;
    return query select * from glas.organisations o where o.name = called;
end
$$;
comment on function glas.organisation_add(text, text, text) is
    'Adds an organisation to the network, or corrects its kind: ngo,
     municipality, ombudsman, police, ministry, media, other.
     Example: select * from glas.organisation_add(''Odbor Vranje'', ''ngo'', ''radnim danom 8-16'');';

create or replace function glas.cover(
    organisation text, municipality text default '', category text default '',
    lang text default '', actor text default '', priority int default 100)
    returns setof glas.coverage
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    who   text := glas_data.organisation_of(cover.organisation);
    place text := '';
    about text := upper(btrim(coalesce(cover.category, '')));
    tongue text := btrim(coalesce(cover.lang, ''));
    whom   text := coalesce(glas_data.actor_of(cover.actor), '');
    langs text[] := array['', 'sr', 'sr-Latn', 'sr-Cyrl', 'sq', 'rom', 'bg', 'en'];
begin
    if btrim(cover.municipality) <> '' then
        place := (glas_data.place_of(split_part(cover.municipality, '/', 1))).municipality;
    end if;
    if about <> '' and not exists (
            select from glas_data.category c
             where glas_data.category_fits(about, c.code)) then
        raise invalid_parameter_value using message = format(
            'there is no category "%s": select * from glas.categories lists '
            'them; POL_* is all that begin with POL_', glas_data.echo(about));
    end if;
    if not tongue = any (langs) then
        raise invalid_parameter_value using message = format(
            'there is no language "%s": it is one of sr, sr-Latn, sr-Cyrl, sq, '
            'rom, bg, en', glas_data.echo(tongue));
    end if;
    if coalesce(cover.priority, 0) not between 1 and 1000 then
        raise invalid_parameter_value using message =
            'the priority is a number from 1, which comes first, to 1000';
    end if;
    -- glas_data.route() would pass over it, and nobody would know why.
    if exists (select from glas_data.organisation o
                where o.name = who and o.kind in ('police', 'ministry'))
       and (glas_data.about_police('', '', '', whom)
            or about <> '' and not exists (
               select from glas_data.category c
                where glas_data.category_fits(about, c.code)
                  and not glas_data.about_police(c.code, '', '', ''))) then
        raise invalid_parameter_value using message = format(
            '%s is an authority of the police, and never given a report about the '
            'police: let another organisation cover %s', who,
            concat_ws(', ', nullif(about, ''), nullif(whom, '')));
    end if;
    insert into glas_data.coverage (organisation, municipality, category, lang,
        actor, priority, since)
    values (who, place, about, tongue,
        whom,
        cover.priority, glas.now())
    on conflict (organisation, municipality, category, lang, actor)
        do update set priority = excluded.priority;
    return query select * from glas.coverage c where c.organisation = who;
end
$$;
comment on function glas.cover(text, text, text, text, text, int) is
    'Says that an organisation is given the reports that come from now on of a
     municipality, category, language or about an actor; what is left out is any.
     Example: select * from glas.cover(''Odbor Vranje'', ''Vranje'', ''LIGHT'');';

create or replace function glas.uncover(
    organisation text, municipality text default null, category text default null,
    lang text default null, actor text default null) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    who  text := glas_data.organisation_of(uncover.organisation);
    gone int;
begin
    delete from glas_data.coverage c
     where c.organisation = who
       and lower(c.municipality) = lower(btrim(coalesce(uncover.municipality, c.municipality)))
       and c.category = upper(btrim(coalesce(uncover.category, c.category)))
       and c.lang = btrim(coalesce(uncover.lang, c.lang))
       and c.actor = upper(btrim(coalesce(uncover.actor, c.actor)));
    get diagnostics gone = row_count;
    if gone = 0 then
        raise no_data_found using message = format(
            '%s covers nothing like that: select * from glas.coverage lists '
            'what it does', who);
    end if;
    return glas_data.sentence(format('%s of %s %s taken away. Reports that it has stay with it.',
        case gone when 1 then '1 row' else gone || ' rows' end, who,
        case gone when 1 then 'is' else 'are' end));
end
$$;
comment on function glas.uncover(text, text, text, text, text) is
    'Takes back what glas.cover() said; what is left out is all of it.
     Example: select glas.uncover(''Odbor Vranje'', category => ''LIGHT'');';

-- The owner of Glas may not create roles: it holds its groups with the right to
-- pass them on (sql/roles.sql), and no more.
create or replace function glas.member_add(role text, organisation text, kind text)
    returns setof glas.members
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    kinds text[] := array['caseworker', 'coordinator', 'press', 'operator', 'auditor'];
    called text := btrim(member_add.role);
    wanted text := lower(btrim(member_add.kind));
    who    text := glas_data.organisation_of(member_add.organisation);
    found  pg_roles;
    other  text;
begin
    if (wanted = any (kinds)) is not true then
        raise invalid_parameter_value using message = format(
            'there is no kind "%s": it is one of %s', glas_data.echo(wanted),
            array_to_string(kinds, ', '));
    end if;
    select * into found from pg_roles r where r.rolname = called;
    if found.rolname is null then
        raise invalid_parameter_value using message = format(
            'there is no role "%s": an operator makes it with glasctl admin add '
            'NAME ORGANISATION KIND', glas_data.echo(called));
    end if;
    perform glas_data.must_be_placed(found, 'be given a place');
    foreach other in array array_remove(kinds, wanted) loop
        if pg_has_role(called, 'glas_' || other, 'member') then
            execute format('revoke %I from %I', 'glas_' || other, called);
        end if;
        if pg_has_role(called, 'glas_' || other, 'member') then
            raise insufficient_privilege using message = format(
                'role %s is of glas_%s by another grant: an operator corrects '
                'it with glasctl admin add', called, other);
        end if;
    end loop;
    if not pg_has_role(called, 'glas_' || wanted, 'member') then
        execute format('grant %I to %I', 'glas_' || wanted, called);
    end if;
    insert into glas_data.person as p (role, organisation, kind, since)
    values (called, who, wanted, glas.now())
    on conflict (role) do update
        set organisation = excluded.organisation, kind = excluded.kind,
            since = excluded.since;
    return query select * from glas.members m where m.role = called;
end
$$;
comment on function glas.member_add(text, text, text) is
    'Gives an existing database role its place: an organisation, and caseworker,
     coordinator, press, operator or auditor. Said again, it changes that.
     Example: select * from glas.member_add(''mira'', ''Odbor Vranje'', ''caseworker'');';

create or replace function glas_data.must_be_placed(p_role pg_roles, p_what text)
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if p_role.rolname = session_user then
        raise insufficient_privilege using message =
            'nobody changes their own place: ask another coordinator';
    end if;
    if p_role.rolsuper or p_role.rolcreaterole or not p_role.rolcanlogin
       or p_role.rolname ~ '^(glas|pg)_'
       or pg_has_role(p_role.rolname, 'glas_owner', 'member')
       or pg_has_role(p_role.rolname, 'glas_gateway', 'member') then
        raise insufficient_privilege using message = format(
            'role %s cannot %s: it is not one of a person who only logs in; '
            'an operator makes another with glasctl admin add', p_role.rolname, p_what);
    end if;
end
$$;
comment on function glas_data.must_be_placed(pg_roles, text) is
    'An error unless a role is one of a person, and not of who is asking.';

create or replace function glas.member_remove(role text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    called text := btrim(member_remove.role);
    was    text;
    found  pg_roles;
begin
    select * into found from pg_roles r where r.rolname = called;
    if found.rolname is not null then
        perform glas_data.must_be_placed(found, 'be taken away here');
    end if;
    delete from glas_data.person p where p.role = called returning p.kind into was;
    if was is null then
        raise no_data_found using message = format(
            'there is no member %s: select * from glas.members lists them',
            glas_data.echo(called));
    end if;
    -- Nor is their number kept, or anybody woken who gets that name later.
    delete from glas_data.duty d where d.member = called;
    delete from glas_data.duty_phone p where p.member = called;
    delete from glas_data.duty_code c where c.member = called;
    if found.rolname is not null then
        execute format('revoke %I from %I', 'glas_' || was, called);
        if pg_has_role(called, 'glas_' || was, 'member') then
            raise insufficient_privilege using message = format(
                'role %s is of glas_%s by a grant that is not ours: an operator '
                'takes it back with glasctl admin remove %1$s', called, was);
        end if;
    end if;
    return glas_data.sentence(format('%s may nothing here any more. What they did stays in the history.',
        called));
end
$$;
comment on function glas.member_remove(text) is
    'Takes from a role what glas.member_add() gave it, and its duty. The role itself
     stays.
     Example: select glas.member_remove(''mira'');';

-- Showing a case to others: asked first.
create or replace view glas.referrals with (security_barrier) as
select f.reference::text as reference, f.organisation, f.state, f.asked_at,
       f.asked_by, f.asked, f.answer, f.answered_at, f.recorded_by, f.note
  from glas_data.referral f
  join glas_data.seen_report r on r.reference = f.reference
 -- What was said of one organisation is not for another that was shown the case.
 where f.state <> 'refused' or r.organisation = (select glas_data.own_organisation())
    or (select glas_data.sees_all())
 order by f.asked_at desc;
comment on view glas.referrals is
    'Who was asked whether their case may be shown to another organisation, and
     what they answered, word for word; the newest first.
     Example: select reference, organisation, state, answer from glas.referrals limit 20;';
comment on column glas.referrals.reference is 'Which report.';
comment on column glas.referrals.organisation is 'Who is to see it.';
comment on column glas.referrals.state is
    'asked; granted: they see it; refused; withdrawn: they agreed, and took it back; ended: nobody answered.';
comment on column glas.referrals.asked_at is 'When the person was asked.';
comment on column glas.referrals.asked_by is 'Who asked.';
comment on column glas.referrals.asked is 'What they were asked.';
comment on column glas.referrals.answer is
    'What they answered; of what was taken back their yes. glas.history has the words of each.';
comment on column glas.referrals.answered_at is 'When.';
comment on column glas.referrals.recorded_by is 'Who wrote it down.';
comment on column glas.referrals.note is 'Why it is to be shown.';

-- Who has said no is not asked again, nor is who has the question before them; an
-- old question that nobody answered is over.
create or replace function glas_data.must_not_be_referred(
    p_report glas_data.report, p_organisation text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    f glas_data.referral;
begin
    update glas_data.referral t set state = 'ended', note = concat_ws('; ',
               nullif(t.note, ''), 'nobody answered')
     where t.reference = p_report.reference and t.organisation = p_organisation
       and t.state = 'asked'
       and glas_data.polite_time(t.asked_at) + interval '3 days' < glas.now();
    select t.* into f from glas_data.referral t
     where t.reference = p_report.reference and t.organisation = p_organisation
       and t.state <> 'ended'
     order by t.id desc limit 1;
    if p_organisation = p_report.organisation or f.state in ('asked', 'granted') then
        raise invalid_parameter_value using message = format(
            '%s has report %s, or the person is asked already: see '
            'glas.referrals', p_organisation, p_report.reference);
    elsif f.state in ('refused', 'withdrawn') then
        raise object_not_in_prerequisite_state using message = format(
            'they %s: nobody is asked twice; when they tell otherwise, select * from '
            'glas.consent(''%s'', ''%s'', true, ''what they said'')',
            case f.state when 'withdrawn' then 'have agreed to that, and took it back'
                 else 'said no to that' || coalesce(' on ' || to_char(
                          f.answered_at at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'), '') end,
            p_report.reference, p_organisation);
    end if;
end
$$;
comment on function glas_data.must_not_be_referred(glas_data.report, text) is
    'An error where an organisation has a report, or the person was asked whether it
     may.';

-- A yes is that of one person. Who reported the same may have agreed to it as well, or
-- have their report with that organisation already.
create or replace function glas_data.must_agree_all(
    p_main glas_data.report, p_joined text, p_organisation text) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    other text;
begin
    select r.reference into other from glas_data.report r
     where (r.reference::text = p_joined or r.merged_into::text = p_joined)
       and r.citizen <> p_main.citizen
       and r.organisation is distinct from p_organisation
       and not exists (select from glas_data.referral f
                        where f.reference = r.reference and f.organisation = p_organisation
                          and f.state = 'granted')
     order by r.reference limit 1;
    -- Who does not see it can neither take it apart nor ask.
    if other is not null and not exists (
            select from glas_data.seen_report r where r.reference = other) then
        raise object_not_in_prerequisite_state using message =
            'a report that is joined with it belongs to others: ask a coordinator';
    elsif other is not null then
        raise object_not_in_prerequisite_state using message = format(
            'who reported %s has not agreed that %s sees what they write: keep it apart '
            'from %s (glas.set_status(''%1$s'', ''open'', ''why'') takes a merge back), or '
            'ask them first: select * from glas.refer(''%1$s'', ''%2$s'')',
            other, p_organisation, p_main.reference);
    elsif p_joined = p_main.reference and exists (
            select from glas_data.message m
             where m.reference = p_main.reference and m.citizen <> p_main.citizen
               and not exists (select from glas_data.report r
                                where r.citizen = m.citizen
                                  and r.merged_into = p_main.reference)) then
        raise object_not_in_prerequisite_state using message = format(
            'report %s has texts of others, who have not agreed that %s sees them: '
            'glas.split() makes a report of their own of these; select id, citizen, text '
            'from glas.inbox where reference = ''%1$s''', p_main.reference, p_organisation);
    end if;
end
$$;
comment on function glas_data.must_agree_all(glas_data.report, text, text) is
    'An error where a case, with one that is joined with it, has words of people who have
     not agreed that an organisation sees them.';

create or replace function glas.refer(
    reference text, organisation text, note text default '')
    returns setof glas.referrals
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_person(refer.reference);
    who    text := glas_data.organisation_of(refer.organisation);
    said   text := coalesce(glas_data.note_at_most('the note', refer.note, 1000), '');
    asked  text;
    outbox bigint;
    turn   timestamptz := glas_data.polite_time(glas.now());
    made   bigint;
begin
    perform glas_data.must_not_be_of_authority();
    perform glas_data.must_not_be_authority(report, who);
    perform glas_data.must_not_be_referred(report, who);
    perform glas_data.must_agree_all(report, report.reference, who);
    perform glas_data.must_be_heard(report.citizen);
    perform glas_data.must_be_safe(report, true);
    perform glas_data.must_not_be_asked(c, report.reference)
       from glas_data.citizen c where c.id = report.citizen;
    select glas_data.fill(frame.text, frame.lang, jsonb_build_object(
               'REF', report.reference, 'ORG', who))
      into strict asked
      from glas_data.citizen c, glas_data.frame('REFER_ASK', c.lang, c.cyrillic) frame
     where c.id = report.citizen;
    outbox := glas_data.queue(report.citizen, 'reply', 2, asked, report.message,
        report.reference, turn);
    if outbox is null then
        raise no_data_found using message = format(
            'who reported %s had their number erased: nobody can be asked any '
            'more', report.reference);
    end if;
    insert into glas_data.referral (reference, organisation, note, asked_at,
        asked_by, asked, outbox)
    values (report.reference, who, said, glas.now(), session_user, asked, outbox)
    returning id into made;
    perform glas_data.open_question(report.citizen,
        format('%s/r%s', report.reference, made), turn);
    perform glas_data.record_change(report.reference, 'referral', '',
        'asked: ' || who, said);
    perform glas_data.wake_gateways();
    return query select * from glas.referrals f
        where f.reference = report.reference and f.organisation = who
          and f.state = 'asked';
end
$$;
comment on function glas.refer(text, text, text) is
    'Asks who reported whether another organisation may see the case. It does
     when they have answered yes by a text, or glas.consent() has written it down.
     Example: select * from glas.refer(''100008'', ''Zajednica'', ''pravna pomoć'');';

-- A no to what they agreed to leaves the yes as it was: its words, its day, who wrote it
-- down. Nor may an organisation that has the case keep it.
create or replace function glas_data.answer_referral(
    p_referral glas_data.referral, p_agreed boolean, p_said text, p_message bigint,
    p_who text) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    becomes text := case when p_agreed then 'granted'
                         when p_referral.state in ('granted', 'withdrawn') then 'withdrawn'
                         else 'refused' end;
begin
    if becomes = 'withdrawn' then
        update glas_data.referral r set state = becomes where r.id = p_referral.id;
    else
        update glas_data.referral r
           set state = becomes, answer = p_said, answered_in = p_message,
               answered_at = glas.now(), recorded_by = p_who
         where r.id = p_referral.id;
    end if;
    perform glas_data.record_said(p_referral.reference, p_who, 'referral',
        p_referral.state || ': ' || p_referral.organisation,
        becomes || ': ' || p_referral.organisation, p_said);
    if not p_agreed then
        perform glas_data.give_back(r, p_referral.organisation, p_who)
           from glas_data.report r where r.reference = p_referral.reference;
    end if;
    return becomes;
end
$$;
comment on function glas_data.answer_referral(
    glas_data.referral, boolean, text, bigint, text) is
    'Writes down what a person said about a referral, in a text or otherwise; says what it
     becomes. The history has the words of each answer.';

create or replace function glas_data.put_referral(
    p_citizen bigint, p_message bigint, p_id bigint, p_agreed boolean) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    f glas_data.referral;
begin
    -- Whoever joins it with another asks who may see that one, and sees this no.
    perform glas_data.worked_on(k.reference::text, p_citizen)
       from glas_data.referral k where k.id = p_id;
    -- A yes may have been written down meanwhile; a no is what they say now.
    select t.* into f
      from glas_data.referral t
      join glas_data.report r on r.reference = t.reference
     where t.id = p_id and (t.state = 'asked' and (not p_agreed or glas_data.has_left(t.outbox))
            or t.state = 'granted' and t.recorded_by <> 'citizen' and not p_agreed)
       and r.citizen = p_citizen
       for update of t;
    if f.id is not null then
        perform glas_data.answer_referral(f, p_agreed, glas_data.text_of(p_message),
            p_message, 'citizen');
    end if;
end
$$;
comment on function glas_data.put_referral(bigint, bigint, bigint, boolean) is
    'A person says yes or no to what glas.refer() asked.';

create or replace function glas_data.words_said(
    p_report glas_data.report, p_answer text, p_text bigint, p_since timestamptz)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    said text := glas_data.clean(glas_data.note_at_most('the answer', p_answer, 1000));
begin
    perform glas_data.must_not_be_of_authority();
    if p_text is not null then
        select coalesce(glas_data.text_of(m.id, m.received_at), '') into said
          from glas_data.message m
         where m.id = p_text and m.citizen = p_report.citizen
           and m.received_at >= p_since
           -- What they told somebody else is not shown with this case. What they add to
           -- a duplicate is with the other one.
           and (exists (select from glas_data.seen_report r
                         where r.reference = m.reference
                           and (r.organisation is not distinct from p_report.organisation
                                or r.reference = p_report.merged_into))
                or m.reference is null and glas_data.sees_all());
        if not found then
            raise no_data_found using message = format(
                'text %s is not of who reported %s, or older than the question: '
                'select id, text from glas.inbox where reference = ''%2$s''',
                glas_data.echo(p_text::text), p_report.reference);
        end if;
    end if;
    if coalesce(said, '') = '' then
        raise invalid_parameter_value using message =
            'write what they said, word for word, or give the number of their text '
            'in glas.inbox: text => ...';
    end if;
    return said;
end
$$;
comment on function glas_data.words_said(glas_data.report, text, bigint, timestamptz) is
    'What a person said to a question: on the phone, as it was said, or in a text
     of theirs that came after the question and is not of a case of others.';

-- A case that was given away by a yes goes back with it, to the network. Where theirs is
-- a duplicate, the organisation may see the other one by the yes of somebody else, and
-- what they add is read there: then theirs is a case of its own again.
create or replace function glas_data.give_back(
    p_report glas_data.report, p_organisation text, p_who text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.report r set organisation = null
     where r.reference = p_report.reference and r.organisation = p_organisation;
    if found then
        insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
        values (p_report.reference, glas.now(), p_who, 'organisation', p_organisation, '',
            'they do not want it there');
    end if;
    if exists (select from glas_data.report m
                where m.reference = p_report.merged_into and m.citizen <> p_report.citizen
                  and (m.organisation = p_organisation
                       or exists (select from glas_data.referral f
                                   where f.reference = m.reference
                                     and f.organisation = p_organisation
                                     and f.state in ('asked', 'granted')))) then
        perform glas_data.take_texts_along(p_report, true);
        update glas_data.report r
           set status = 'open', status_at = glas.now(), merged_into = null
         where r.reference = p_report.reference;
        insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
        values (p_report.reference, glas.now(), p_who, 'status', 'duplicate', 'open',
            'they do not want it there');
    end if;
end
$$;
comment on function glas_data.give_back(glas_data.report, text, text) is
    'Takes a case from an organisation that its person does not want to see it, and out
     of one that the organisation sees.';

-- Said on the phone, or in a text that was not read as the answer.
create or replace function glas.consent(
    reference text, organisation text, granted boolean, answer text default '',
    text bigint default null)
    returns setof glas.referrals
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_person(consent.reference);
    who    text := glas_data.organisation_of(consent.organisation);
    becomes text;
    said   text;
    f      glas_data.referral;
begin
    perform glas_data.must_not_be_authority(report, who);
    select * into f from glas_data.referral f
     where f.reference = report.reference and f.organisation = who
       and f.state <> 'ended'
     order by f.id desc limit 1 for update;
    if f.id is null then
        raise no_data_found using message = format(
            'nobody was asked whether %s may see report %s: glas.refer() asks',
            who, report.reference);
    end if;
    if consent.granted is null then
        raise invalid_parameter_value using message =
            'say whether they agreed: true or false';
    end if;
    if consent.granted then
        perform glas_data.must_agree_all(report, report.reference, who);
    end if;
    said := glas_data.words_said(report, consent.answer, consent.text, f.asked_at);
    becomes := glas_data.answer_referral(f, consent.granted, said, consent.text,
                   session_user);
    return query select * from glas.referrals r
        where r.reference = report.reference and r.organisation = who
          and r.state = becomes
        order by r.asked_at desc, r.answered_at desc limit 1;
end
$$;
comment on function glas.consent(text, text, boolean, text, bigint) is
    'Writes down what a person answered to glas.refer(), word for word or as the
     number of their text in glas.inbox. Yes shows the case to the organisation;
     a later no takes that back. The words of each answer stay in glas.history.
     Example: select * from glas.consent(''100008'', ''Zajednica'', true, ''da, slažem se'');';
