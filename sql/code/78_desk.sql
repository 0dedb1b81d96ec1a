-- The desk of whoever sits at psql: what waits, and a case on one page.

create or replace function glas_data.may_read(p_view text) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select has_table_privilege(session_user, 'glas.' || p_view, 'select') $$;
comment on function glas_data.may_read(text) is
    'Whether who is asking may read this view of schema glas.';

-- In the query that asks, and no parameter of it: it is planned once a session.
create or replace function glas_data.midnight() returns timestamptz
    language sql stable
    as $$ select date_trunc('day', glas.now(), 'Europe/Belgrade') $$;
comment on function glas_data.midnight() is 'When today began, in Serbia.';

create or replace function glas.today()
    returns table (what text, number bigint, look text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return query
    select w.what, w.number, w.look
      from (
        select 1 as n, 'urgent, and nobody has taken it' as what, count(*) as number,
               'select * from glas.duty_calls;' as look
          from glas.duty_calls d
         where glas_data.may_read('duty_calls') and d.taken_at is null
        union all
        select 2, 'new cases', count(*), ':new'
          from glas_data.seen_report r
         where glas_data.may_read('reports') and r.status = 'new'
        union all
        select 3, 'cases that no organisation has', count(*),
               e'select * from glas.reports\nwhere organisation is null;'
          from glas_data.seen_report r
         where glas_data.may_read('coverage') and glas_data.sees_all()
           and r.status in ('new', 'open') and r.organisation is null
        union all
        select 4, 'cases of organisations that have nobody', count(*),
               e'select * from glas.organisations\nwhere members = 0;'
          from glas_data.seen_report r
         where glas_data.may_read('coverage') and glas_data.sees_all()
           and r.status in ('new', 'open', 'referred', 'answered')
           and r.organisation = any (array(
               select o.name from glas_data.organisation o
                where not exists (select from glas_data.person p
                                   where p.organisation = o.name
                                     and p.kind in ('caseworker', 'coordinator'))))
        union all
        select 5, 'to be done within three days', count(*), ':due'
          from glas.due d
         where glas_data.may_read('due') and d.days between 0 and 3
        union all
        select 6, 'too late', count(*), ':due'
          from glas.due d
         where glas_data.may_read('due') and d.days < 0
        union all
        select 7, 'answers to what was asked, today', count(*),
               'select * from glas.asked;'
          from glas.asked a
         where glas_data.may_read('asked') and a.answered_at >= glas_data.midnight()
        union all
        select 8, 'texts that came today', count(*), ':last'
          from glas.inbox i
         where glas_data.may_read('inbox') and i.received_at >= glas_data.midnight()
        union all
        select 9, 'questions for a debate', count(*),
               e'select * from glas.questions\nwhere state = ''waiting'';'
          from glas.questions q
         where glas_data.may_read('questions') and q.state = 'waiting'
        union all
        select 10, 'rumours without an answer', count(*),
               e'select * from glas.rumours\nwhere state = ''open'';'
          from glas.rumours u
         where glas_data.may_read('rumours') and u.state = 'open'
        union all
        select 11, 'texts to many, not approved yet', count(*),
               'select * from glas.broadcasts;'
          from glas.broadcasts b
         where glas_data.may_read('broadcasts') and b.state = 'draft'
        union all
        select 12, 'requests to see a number', count(*),
               e'select * from glas.reveals\nwhere state = ''waiting'';'
          from glas.reveals v
         where glas_data.may_read('reveals') and v.state = 'waiting'
        union all
        select 13, 'things that could not be stored', count(*),
               e'select * from glas.quarantine\nwhere state = ''open'';'
          from glas.quarantine q
         where glas_data.may_read('quarantine') and q.state = 'open'
        union all
        select 14, 'alerts', count(*), ':alerts'
          from glas.alerts
         where glas_data.may_read('alerts')) w
     where w.number > 0
     order by w.n;
    if not found then
        return query select 'nothing waits', 0::bigint, ':help';
    end if;
end
$$;
comment on function glas.today() is
    'What waits for whoever asks, how much of it, and what shows it.
     Example: select * from glas.today();';

create or replace function glas_data.page_lines(p_begin text, p_text text)
    returns setof text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when n = 1 then p_begin else repeat(' ', length(p_begin)) end || line
      from regexp_split_to_table(btrim(regexp_replace(
               regexp_replace(p_text, '\s+', ' ', 'g') || ' ',
               format('(.{1,%s}) ', 77 - length(p_begin)), e'\\1\n', 'g'), e' \n'),
               e'\n') with ordinality l (line, n)
    $$;
comment on function glas_data.page_lines(text, text) is
    'A text behind a beginning, in lines that fit 80 columns of psql.';

create or replace function glas_data.page_time(p_at timestamptz) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select to_char(p_at at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI') || '  ' $$;
comment on function glas_data.page_time(timestamptz) is
    'Day and minute in Serbia, at the beginning of a line.';

-- What was written and what was done, in order. What a text stands for is not said
-- a second time.
create or replace function glas_data.page_events(p_reference text)
    returns table (at timestamptz, place int, id bigint, who text, said text)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select m.received_at, 1, m.id,
           glas_data.pseudonym(m.citizen) || format(' [%s]', m.id),
           coalesce(glas_data.text_of(m.id, m.received_at), '[isteklo]')
      from glas_data.message m where m.reference = p_reference
    union all
    select o.created_at, 2, o.id,
           coalesce(nullif(o.created_by, ''), 'glas') || format(' (%s)', o.state)
               || case when o.due_at > o.created_at and o.sent_at is null
                       then ' not before ' || to_char(o.due_at at time zone
                            'Europe/Belgrade', 'DD.MM. HH24:MI') else '' end,
           o.text
      from glas_data.outbox o where o.reference = p_reference
       and not exists (select from glas_data.duty_told d where d.reference = p_reference and d.outbox = o.id)
    union all
    select h.at, 3, h.id, h.who,
           concat_ws(': ', h.what, concat_ws(' -> ', nullif(h.was, ''), h.now_is),
                     nullif(h.note, ''))
      from glas_data.report_history h
     where h.reference = p_reference
       and not (glas_data.is_authority() and glas_data.tells_of_another(h.what, h.was))
       and (glas_data.sees_all() or not glas_data.tells_of_a_no(h.what, h.now_is,
                (select r.organisation from glas_data.report r where r.reference = p_reference),
                glas_data.own_organisation()))
       and not (h.what in ('reply', 'asked', 'answered') and h.now_is ~ '^[0-9]+$')
    $$;
comment on function glas_data.page_events(text) is
    'All that was written and done in a case.';

create or replace function glas.read(reference text) returns setof text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    r    glas_data.report := glas_data.report_of(read.reference);
    e    record;
    line text;
begin
    return next concat_ws(', ', 'Report ' || r.reference, r.status,
        case when r.urgent then 'URGENT' end,
        coalesce(r.organisation, 'no organisation has it'));
    return query select * from glas_data.page_lines('  ', concat_ws(', ',
        coalesce(nullif(r.category, ''), 'no category yet'
            || coalesce(' (perhaps ' || nullif(concat_ws(' or ', nullif(r.first, ''),
                   nullif(r.second, '')), '') || ')', '')),
        'about ' || nullif(r.actor, ''),
        case when r.police_guess then 'perhaps about the police' end,
        coalesce(nullif(glas_data.place_text(r.municipality, r.settlement), ''),
            'no place yet'),
        'in ' || r.lang, 'from ' || glas_data.pseudonym(r.citizen)));
    return query select format('  Until %s: %s (%s)', d.until, d.what, d.whose)
        from glas.due d where d.reference = r.reference::text;
    return query select format('  A duplicate of %s.', r.merged_into)
        where r.merged_into is not null;
    return query select format('  The same was reported by %s: glas.merged.',
            case count(*) when 1 then 'one other' else count(*) || ' others' end)
        from glas_data.report d where d.merged_into = r.reference having count(*) > 0;
    return query select format('  May %s see it? %s.', f.organisation,
            case f.state when 'granted' then 'Yes' when 'asked' then 'Not answered yet'
                         when 'refused' then 'No' else 'Taken back' end)
        from glas_data.referral f where f.reference = r.reference order by f.id;
    return query select format('  A question is open until %s.',
            glas_data.local_time(a.until))
        from glas_data.asked a
       where a.reference = r.reference and a.message is null and a.until > glas.now();
    return next '';
    for e in select * from glas_data.page_events(r.reference::text) v
              order by v.at, v.place, v.id
    loop
        return query select * from glas_data.page_lines(
            glas_data.page_time(e.at), e.who || ': ' || e.said);
    end loop;
end
$$;
comment on function glas.read(text) is
    'A case on a page: where it stands, and all that was written and done in it.
     The number of each text is for glas.explain().
     Example: select glas.read(''100008'');';

create or replace function glas_data.sentence(p_text text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$ select string_agg(l, e'\n') from glas_data.page_lines('', p_text) l $$;
comment on function glas_data.sentence(text) is
    'A sentence in lines of whole words that fit 80 columns of psql.';
