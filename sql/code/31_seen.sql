-- Who sees which report: decided here, once, for all views and functions.

-- What the police did is told neither to them nor to whom they answer to. A
-- guess counts as long as nobody has decided. Its path is that of who calls, so that
-- it becomes part of their query: all of them have pinned theirs.
create or replace function glas_data.about_police(
    p_category text, p_first text, p_second text, p_actor text) returns boolean
    language sql immutable parallel safe
    as $$
    select upper(p_actor) in ('POLICE', 'GENDARMERIE', 'BORDER')
        or starts_with(p_category, 'POL_') or p_category in ('GEN_COND', 'BRD_ZONE')
        or p_category = ''
           and (starts_with(p_first, 'POL_') or p_first in ('GEN_COND', 'BRD_ZONE')
                or starts_with(p_second, 'POL_') or p_second in ('GEN_COND', 'BRD_ZONE'))
    $$;
comment on function glas_data.about_police(text, text, text, text) is
    'Whether a report is about the police, gendarmerie or border police included.';

-- Who may read it goes by a guess; what is due, and what is counted, does not.
create or replace function glas_data.perhaps_police(p_report glas_data.report)
    returns boolean
    language sql immutable parallel safe
    as $$
    select p_report.police_guess
        or glas_data.about_police(p_report.category, p_report.first, p_report.second,
               p_report.actor)
    $$;
comment on function glas_data.perhaps_police(glas_data.report) is
    'Whether a report is about the police, or what was added to it may be.';

-- "Nobody came" is said of whoever was called. To a street light nobody calls the
-- police, unless something in the case has spoken of them.
create or replace function glas_data.calls_a_service(p_reference text) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with service as (
        select array_agg(c.code) as codes
          from glas_data.category c, glas_data.category muni
         where muni.code = 'MUNI' and c."group" = muni."group"),
    joined as (
        select r.* from glas_data.report r
         where r.reference = p_reference or r.merged_into = p_reference)
    select (select bool_and(case when j.category <> '' then j.category = any (s.codes)
                                 else j.first <> '' and j.first = any (s.codes)
                                      and j.second = any (s.codes) end)
              from joined j, service s)
       and not exists (
           select from glas_data.report_history h
            where h.reference in (select j.reference from joined j)
              and (h.what = 'police_guess'
                   or h.what = 'actor' and glas_data.about_police('', '', '', h.was)
                   or h.what = 'category' and glas_data.about_police(h.was, '', '', '')))
       and not exists (
           select from glas_data.message m
            where m.reference in (select j.reference from joined j)
              and glas_data.text_of(m.id, m.received_at) ~ '(^|[^0-9])(112|192)($|[^0-9])')
    $$;
comment on function glas_data.calls_a_service(text) is
    'Whether those who reported a case have called a public service, and not the police:
     it is of the group of MUNI, and neither they nor who works on it spoke of them.';

-- Reports that are joined are one case: what is added to one of them is shown with
-- another, and who answers one answers all.
create or replace function glas_data.case_about_police(p_report glas_data.report)
    returns boolean
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    main text := coalesce(p_report.merged_into, p_report.reference);
begin
    -- For each row that somebody of the police reads: step by step, most end early.
    if glas_data.perhaps_police(p_report) then
        return true;
    elsif p_report.merged_into is not null and exists (
            select from glas_data.report r
             where r.reference::text = main
               and glas_data.perhaps_police(r)) then
        return true;
    end if;
    return exists (select from glas_data.report r
                    where r.merged_into::text = main
                      and glas_data.perhaps_police(r));
end
$$;
comment on function glas_data.case_about_police(glas_data.report) is
    'Whether a report is about the police or may be, or one that it is joined with.';

create or replace function glas_data.is_authority() returns boolean
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (select from glas_data.person p
                     join glas_data.organisation o on o.name = p.organisation
                    where p.role = session_user and o.kind in ('police', 'ministry'))
    $$;
comment on function glas_data.is_authority() is
    'Whether who is asking is of an organisation of kind police or ministry.';

create or replace function glas_data.sees_all() returns boolean
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select (pg_has_role(session_user, 'glas_coordinator', 'member')
            or pg_has_role(session_user, 'glas_auditor', 'member')
            or pg_has_role(session_user, 'glas_owner', 'member'))
       and not glas_data.is_authority()
    $$;
comment on function glas_data.sees_all() is
    'Whether who is asking sees the reports of all organisations. Nobody of the
     police or a ministry does, coordinators included.';

-- It may have been about them. Its path is that of who calls, as above.
create or replace function glas_data.tells_of_another(p_what text, p_was text)
    returns boolean
    language sql immutable parallel safe
    as $$
    select p_what in ('merged', 'joined', 'split', 'police_guess')
        or p_what = 'status' and p_was = 'duplicate'
    $$;
comment on function glas_data.tells_of_another(text, text) is
    'Whether a row of the history of a case is of what it was joined with, or taken out of,
     and why: the police and ministries see none of these.';

-- "Their man told my husband" is said of people who may be shown the case later. Its
-- path is that of who calls, as above.
create or replace function glas_data.tells_of_a_no(
    p_what text, p_now text, p_holder text, p_own text) returns boolean
    language sql immutable parallel safe
    as $$
    select p_what = 'referral' and p_now ~ '^(refused|withdrawn): '
       and (p_holder is distinct from p_own
            or split_part(p_now, ': ', 2) = p_own)
    $$;
comment on function glas_data.tells_of_a_no(text, text, text, text) is
    'Whether a row of the history has the words with which a person refused an
     organisation: that one never sees them, nor does another that does not hold the case.';

create or replace function glas_data.own_referrals() returns text[]
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select array(select f.reference::text from glas_data.referral f
                   join glas_data.person p on p.organisation = f.organisation
                  where p.role = session_user and f.state = 'granted')
    $$;
comment on function glas_data.own_referrals() is
    'References that the organisation of who is asking was shown with consent.';

create or replace function glas_data.read_by_policies(p_view regclass) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    execute format('alter view %s reset (security_barrier)', p_view);
    execute format('grant create on schema %s to glas_reader',
        (select c.relnamespace::regnamespace from pg_class c where c.oid = p_view));
    execute format('alter view %s owner to glas_reader', p_view);
    execute format('revoke create on schema %s from glas_reader',
        (select c.relnamespace::regnamespace from pg_class c where c.oid = p_view));
    execute format('revoke all on %s from glas_reader', p_view);
    execute format('grant select on %s to glas_owner', p_view);
end
$$;
comment on function glas_data.read_by_policies(regclass) is
    'Makes a view one of glas_reader: it shows the rows that policies show.';

-- Rows are shown by policies, not by conditions in views: a view that is a
-- barrier is read whole before it is sorted, also for its newest twenty rows. The
-- views that show many rows belong to glas_reader, which the policies hold for and
-- which reads nothing but what they need; the owner passes, so functions do.
-- A guard against a grant by mistake is what these policies are besides.
do $$
declare
    t record;
begin
    for t in select c.oid::regclass as name from pg_catalog.pg_class c
              where c.relnamespace = 'glas_data'::regnamespace
                and c.relkind in ('r', 'p') and not c.relrowsecurity
    loop
        execute format('alter table %s enable row level security', t.name);
    end loop;
    for t in select p.polname as name, p.polrelid::regclass as "table"
               from pg_catalog.pg_policy p
               join pg_catalog.pg_class c on c.oid = p.polrelid
              where c.relnamespace = 'glas_data'::regnamespace
    loop
        execute format('drop policy %I on %s', t.name, t."table");
    end loop;
end
$$;
create policy seen on glas_data.report for select using (
    (select glas_data.sees_all())
    or ((organisation = (select glas_data.own_organisation())
         -- Hashed: an array is gone through for each row.
         or reference::text in (select unnest(glas_data.own_referrals())))
        and (not (select glas_data.is_authority())
             or not glas_data.case_about_police(report))));
-- Looked up row by row: an `exists` without `offset` may be read as a table of all
-- reports that somebody sees, for twenty rows.
create policy seen on glas_data.message for select to glas_reader using (
    (select glas_data.sees_all())
    or exists (select from glas_data.report r where r.reference = message.reference offset 0));
create policy seen on glas_data.body for select to glas_reader using (
    (select glas_data.sees_all())
    or exists (select from glas_data.message m where m.id = body.message offset 0));
create policy seen on glas_data.outbox for select to glas_reader using (
    (select glas_data.sees_all())
    or exists (select from glas_data.report r where r.reference = outbox.reference offset 0));
create policy seen on glas_data.report_history for select to glas_reader using (
    (select glas_data.sees_all())
    or exists (select from glas_data.report r
                where r.reference = report_history.reference
                  and not glas_data.tells_of_a_no(what, now_is, r.organisation,
                          (select glas_data.own_organisation())) offset 0)
       and not ((select glas_data.is_authority())
                and glas_data.tells_of_another(what, was)));
-- That there is a person says nothing: pseudonyms are made one after the other.
create policy seen on glas_data.citizen for select to glas_reader using (true);
comment on policy seen on glas_data.report is
    'Those of the own organisation, or shown to it; who sees all sees all. The police and
     ministries do not see what is about the police.';
comment on policy seen on glas_data.message is 'The texts of reports that one sees.';
comment on policy seen on glas_data.body is 'The words of texts that one sees.';
comment on policy seen on glas_data.outbox is 'What is sent about reports that one sees.';
comment on policy seen on glas_data.report_history is
    'The history of reports that one sees: to authorities nothing that tells of the police,
     to who was refused nothing that was said with it.';
comment on policy seen on glas_data.citizen is
    'All: a view shows of a person no more than the pseudonym.';

grant select on glas_data.report, glas_data.report_history to glas_reader;
grant select (message, received_at, text) on glas_data.body to glas_reader;
grant select (id, received_at, link, channel, citizen, lang, intent, reference, note)
   on glas_data.message to glas_reader;
grant select (id, created_at, kind, citizen, text, segments, encoding, state, attempts,
       link, sent_at, delivered_at, reference, reason) on glas_data.outbox to glas_reader;
grant select (id) on glas_data.citizen to glas_reader;

create or replace view glas_data.seen_report as select r.* from glas_data.report r;
select glas_data.read_by_policies('glas_data.seen_report');
comment on view glas_data.seen_report is
    'The reports that who is asking may see; what people read is made from it.';
do $$
declare
    a record;
begin
    for a in
        select attname, col_description('glas_data.report'::regclass, attnum) as said
          from pg_catalog.pg_attribute
         where attrelid = 'glas_data.report'::regclass and attnum > 0 and not attisdropped
    loop
        execute format('comment on column glas_data.seen_report.%I is %L', a.attname, a.said);
    end loop;
end
$$;
