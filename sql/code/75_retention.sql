-- How long things are kept: words, numbers, what was asked, segments, logs. What a
-- rule lets go loses its words at night, some at a time; what is known of it stays, so
-- that counts do. Numbers and dialogs go by day, too (61_seal.sql), and so do segments
-- (glas_gw.prune).

create or replace view glas.retention with (security_barrier) as
select r.what, r.category, r.days, r.about, nullif(r.set_by, '') as set_by, r.set_at
  from glas_data.retention r
 order by r.what, r.category;
comment on view glas.retention is
    'How long words, numbers and the rest are kept; glas.retention_set() changes it.
     Example: select what, category, days, about from glas.retention;';
comment on column glas.retention.what is
    'texts: of cases; other texts; replies; quarantine: what has been decided there;
     numbers: sealed; recalls: those that only the offline key opens; dialogs: what
     was asked; segments; logs: balances, codes.';
comment on column glas.retention.category is
    'Only those of reports of this category; of numbers: why they are kept, as
     glas.owed() says, or a category of reports; empty: of all that have no rule of
     their own.';
comment on column glas.retention.days is
    'So many days from when they came, or were sent; of numbers and dialogs from when
     that ended which they are for; of recalls from when the person wrote last.';
comment on column glas.retention.about is 'What it is for.';
comment on column glas.retention.set_by is 'Who changed it; empty: nobody has.';
comment on column glas.retention.set_at is 'When.';

create or replace view glas.retention_history with (security_barrier) as
select h.at, h.who, h.what, h.gone
  from glas_data.retention_history h
 where not (select glas_data.is_authority())
   and ((select glas_data.sees_all()) or h.what !~ '^(disclosed|forgotten): ')
 order by h.id desc;
comment on view glas.retention_history is
    'What lost its words, and which rules were changed. That somebody asked what is
     stored of them, or had it erased, and how, is for coordinators and auditors.
     Example: select * from glas.retention_history limit 20;';
comment on column glas.retention_history.at is 'When.';
comment on column glas.retention_history.who is 'Who; gateway: by itself.';
comment on column glas.retention_history.what is 'What.';
comment on column glas.retention_history.gone is 'How many texts lost their words, or rows went.';

create or replace function glas.retention_set(
    what text, days int, category text default '') returns setof glas.retention
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    kind text := coalesce(btrim(retention_set.category), '');
    rule glas_data.retention;
begin
    kind := case when exists (select from glas_data.retention r
                               where r.what = retention_set.what and r.category = lower(kind))
                 then lower(kind) else upper(kind) end;
    select * into rule from glas_data.retention r
     where r.what = retention_set.what
     order by r.category = kind desc, r.category in ('', 'case') desc limit 1;
    if rule.what is null then
        raise no_data_found using message = format(
            'nothing is kept under the name "%s": select what from glas.retention '
            'lists what is', glas_data.echo(retention_set.what));
    elsif rule.category <> kind and rule.what not in ('texts', 'numbers') then
        raise invalid_parameter_value using message = format(
            '%s have one rule, for all of them: leave the category out', rule.what);
    elsif rule.category <> kind and not exists (
            select from glas_data.category c where c.code = kind) then
        raise invalid_parameter_value using message = format(
            '"%s" is no category of reports (glas.categories)%s',
            glas_data.echo(retention_set.category), case when rule.what = 'numbers' then
                format(', and no reason to keep a number: %s', (select string_agg(
                    r.category, ', ' order by r.category) from glas_data.retention r
                    where r.what = 'numbers' and r.category = lower(r.category))) end);
    elsif retention_set.days is null
          or retention_set.days not between rule.least and 36500 then
        raise invalid_parameter_value using message = format(
            '%s are kept from %s to 36500 days', rule.what, rule.least);
    end if;
    insert into glas_data.retention as r (what, category, days, least, about, set_by, set_at)
    values (rule.what, kind, retention_set.days, rule.least, rule.about, session_user,
        glas.now())
    on conflict (what, category) do update
        set days = excluded.days, set_by = excluded.set_by, set_at = excluded.set_at;
    insert into glas_data.retention_history (at, who, what)
    values (glas.now(), session_user, format('rule: %s for %s days',
        concat_ws(' ', rule.what, nullif(kind, '')), retention_set.days));
    return query select * from glas.retention t
                  where t.what = rule.what and t.category = kind;
end
$$;
comment on function glas.retention_set(text, int, text) is
    'Says how long words, numbers and the rest are kept, from the next night on; what
     is gone does not come back. Look at glas.retention_preview() after it. Texts can
     have a rule for a category of reports, numbers for that and for each reason.
     Example: select * from glas.retention_set(''texts'', 365, ''LIGHT'');';

-- What is needed: until it is closed, and a duplicate as long as what it is one of.
create or replace view glas_data.open_case as
select r.reference, r.category
  from glas_data.report r
 where r.status in ('new', 'open', 'referred', 'answered') and r.merged_into is null
union all
select r.reference, r.category
  from glas_data.report d
  join glas_data.report r on r.merged_into = d.reference
 where d.status in ('new', 'open', 'referred', 'answered');
comment on view glas_data.open_case is 'Cases whose words are needed.';
comment on column glas_data.open_case.reference is 'Which.';
comment on column glas_data.open_case.category is 'Category of it.';

-- What is not needed any more. An open case is: until it is closed. From when on
-- words are kept is asked of each rule, not of each row.
create or replace view glas_data.text_due as
select m.id as message, m.received_at, r.reference, coalesce(r.category, '') as category,
       -- A duplicate is open as long as what it is a duplicate of.
       coalesce(case when r.merged_into is null then r.status else (
               select d.status from glas_data.report d where d.reference = r.merged_into)
           end, '') not in ('new', 'open', 'referred', 'answered')
           -- Without a rule nothing goes.
           and coalesce(m.received_at <= case when m.reference is null
               then (select glas.now() - make_interval(days =>
                         glas_data.retention_days('other texts')))
               else coalesce(own.till, (select glas.now() - make_interval(days =>
                         glas_data.retention_days('texts')))) end, false) as due,
       m.reference is null as other
  from glas_data.message m
  left join glas_data.report r on r.reference = m.reference
  left join (select k.category, glas.now() - make_interval(days => k.days) as till
               from glas_data.retention k
              where k.what = 'texts' and k.category <> '' offset 0) own
    on own.category = r.category;
comment on view glas_data.text_due is
    'Whether the words of a text have been kept long enough.';
comment on column glas_data.text_due.message is 'Which (message.id).';
comment on column glas_data.text_due.received_at is 'When it came.';
comment on column glas_data.text_due.reference is 'The report that it belongs to; empty: to none.';
comment on column glas_data.text_due.category is 'Category of that.';
comment on column glas_data.text_due.due is 'Whether the rules let it go.';
comment on column glas_data.text_due.other is 'Whether it belongs to no report.';

-- The night takes a month when all of it is old enough for the shortest rule: what is
-- younger waits, and is not counted by the preview either.
create or replace function glas_data.texts_begun() returns timestamptz
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return date_trunc('month', glas.now() - make_interval(days =>
               (select min(r.days) from glas_data.retention r
                 where r.what in ('texts', 'other texts'))), 'utc');
end
$$;
comment on function glas_data.texts_begun() is
    'The end of the months of which the night lets go of words by now.';

-- Conditions on it may be asked of every table before it is known which are parts.
create or replace view glas_data.body_part as
select c.oid::regclass as part,
       case when c.relname ~ '^body_[0-9]{4}_[0-9]{2}$' then
           to_timestamp(substr(c.relname, 6) || ' 00', 'YYYY_MM TZH') end as begins,
       case when c.relname ~ '^body_[0-9]{4}_[0-9]{2}$' then
           (to_timestamp(substr(c.relname, 6) || ' 00', 'YYYY_MM TZH') at time zone 'utc'
            + interval '1 month') at time zone 'utc' end as ends
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhrelid
 where i.inhparent = 'glas_data.body'::regclass;
comment on view glas_data.body_part is 'Partitions of body.';
comment on column glas_data.body_part.part is 'Its name.';
comment on column glas_data.body_part.begins is 'First moment of the month; empty: body_kept.';
comment on column glas_data.body_part.ends is 'First moment of the next.';

-- What has been decided, and is sealed still.
create or replace function glas_data.is_aside(p_row glas_data.quarantine) returns boolean
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$ select p_row.state not in ('open', 'released') and p_row.sealed <> '' $$;
comment on function glas_data.is_aside(glas_data.quarantine) is
    'Whether what was set aside is decided, and its copy still there.';

-- Without a reply copy there may be no way to a person but this one.
create or replace view glas_data.recall_due as
select c.id as citizen, c.last_at,
       case when c.reply_copy is null
             and c.last_at <= glas.now() - make_interval(days =>
                     (select glas_data.retention_days('recalls')))
            then not exists (select from glas_data.owed_now(c.id))
                 and not exists (select from glas_data.outbox o
                                  where o.citizen = c.id and o.state = 'waiting')
            else false end as due
  from glas_data.citizen c
 where c.recall_copy is not null;
comment on view glas_data.recall_due is
    'Whether the number that only the offline key opens has been kept long enough.';
comment on column glas_data.recall_due.citizen is 'Whose (citizen.id).';
comment on column glas_data.recall_due.last_at is 'When they wrote last.';
comment on column glas_data.recall_due.due is 'Whether the rule lets it go.';

-- From when on things are kept, once: asked of each row that is what takes long. Who
-- has a number is looked at once: what they were asked goes with it.
create or replace function glas_data.retention_rest()
    returns table (month text, what text, category text, kept bigint, to_go bigint)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    set random_page_cost = 1
    as $$
declare
    quarantine timestamptz := glas.now() - make_interval(days =>
                   glas_data.retention_days('quarantine'));
    segments   timestamptz := glas.now() - make_interval(days =>
                   glas_data.retention_days('segments'));
    logs       timestamptz := glas.now() - make_interval(days =>
                   glas_data.retention_days('logs'));
begin
    return query
    with rest (at, what, due) as materialized (
        select q.at, 'quarantine', q.at <= quarantine
          from glas_data.quarantine q where glas_data.is_aside(q)
        union all
        select n.at, n.what, n.due
          from glas_data.citizen c
          left join lateral glas_data.owed_now(c.id) o (owed) on true
          cross join lateral (
              values (c.last_at, 'numbers', o.owed is null),
                     (case when c.dialog <> '' then coalesce(c.dialog_until, c.last_at) end,
                      'dialogs', case when c.dialog = '' then false
                                      else o.owed is null or glas_data.dialog_over(c) end))
                  n (at, what, due)
         where c.reply_copy is not null and n.at is not null
        union all
        select d.last_at, 'recalls', d.due from glas_data.recall_due d
        union all
        select b.at, 'beside texts', true from glas_data.beside_due b
        union all
        select i.received_at, 'segments', true
          from glas_data.identity i where i.received_at < segments
        union all
        select g.last_at, 'segments', true
          from glas_data.concat_group g where g.last_at < segments
        union all
        select o.submitted_at, 'segments', true
          from glas_data.outbox_segment o where o.submitted_at < segments
        union all
        select b.at, 'logs', b.at < logs from glas_data.balance b
        union all
        select u.at, 'logs', u.at < logs from glas_data.ussd_result u)
    select to_char(r.at at time zone 'utc', 'YYYY-MM'), r.what, '',
           count(*) filter (where not r.due), count(*) filter (where r.due)
      from rest r
     group by 1, 2
    having count(*) filter (where r.due) > 0
     order by 1, 2;
end
$$;
comment on function glas_data.retention_rest() is
    'What would go that is no text and no reply.';

-- Of some texts it has to be asked which they are: those of no case, of an open one, of
-- a category with a rule of its own. All else that a month has is texts of cases, of
-- which neither the text nor its report is looked at. Each month is gone through once, by
-- its index alone: which one it is must come with its name, not with its rows. Few words
-- have been moved aside, and each of these is asked.
create or replace function glas_data.retention_texts()
    returns table (month text, what text, category text, kept bigint, to_go bigint)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    set work_mem = '64MB'
    set random_page_cost = 1
    as $$
declare
    begun timestamptz := glas_data.texts_begun();
    words text := (
        select string_agg(format('select %L::timestamptz as begins, message, received_at from %s',
                              p.begins, p.part), ' union all ')
          from glas_data.body_part p where p.ends <= begun);
begin
    return query execute replace($count$
    with kind as (
        select row_number() over (order by k.category <> '', k.category)::int as n,
               k.category, glas.now() - make_interval(days => k.days) as till
          from glas_data.retention k where k.what = 'texts'
    ), needed as materialized (
        select o.reference, o.category from glas_data.open_case o
    ), apart as (
        select m.id, 0 as kind, $2 as till
          from glas_data.message m
         where m.reference is null and m.received_at < $3
        union all
        -- Nothing of an open case goes.
        select m.id, coalesce(k.n, 1), null
          from needed o
          left join kind k on k.category = o.category
          join glas_data.message m on m.reference = o.reference and m.received_at < $3
        union all
        select m.id, k.n, k.till
          from kind k
          join glas_data.report r on r.category = k.category and k.category <> ''
          join glas_data.message m on m.reference = r.reference and m.received_at < $3
         where r.reference not in (select o.reference from needed o)
    ), found as (
        select w.begins, coalesce(a.kind, 1) as kind,
               w.received_at <= case when a.id is null then $1 else a.till end as due,
               count(*) as number
          from (<months>) w (begins, message, received_at)
          left join apart a on a.id = w.message
         group by 1, 2, 3
        union all
        select date_trunc('month', t.received_at, 'utc'),
               case when t.other then 0 else coalesce(k.n, 1) end, t.due, 1
          from glas_data.body_kept b
          join glas_data.text_due t on t.message = b.message
          left join kind k on k.category = t.category
    )
    select to_char(f.begins at time zone 'utc', 'YYYY-MM'),
           case f.kind when 0 then 'other texts' else 'texts' end,
           coalesce(k.category, ''),
           -- Without a rule nothing goes.
           coalesce(sum(f.number) filter (where f.due is not true), 0)::bigint,
           sum(f.number) filter (where f.due)::bigint
      from found f
      left join kind k on k.n = f.kind
     group by 1, 2, 3
    having bool_or(f.due)
     order by 1, 2, 3
    $count$, '<months>', coalesce(words,
        'select null::timestamptz, null::bigint, null::timestamptz where false'))
    using glas.now() - make_interval(days => glas_data.retention_days('texts')),
          glas.now() - make_interval(days => glas_data.retention_days('other texts')), begun;
end
$$;
comment on function glas_data.retention_texts() is
    'What words of people would go.';

create or replace function glas.retention_preview()
    returns table (month text, what text, category text, kept bigint, to_go bigint)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set work_mem = '64MB'
    -- A day is as long as it is to the gateway.
    set timezone = 'utc'
    as $$
declare
    replies timestamptz := glas.now() - make_interval(days => glas_data.retention_days('replies'));
begin
    perform glas_data.must_not_be_of_authority();
    return query select * from glas_data.retention_texts();
    return query
    -- A month that is made of each row would be sorted: days are few.
    select to_char(d.day at time zone 'utc', 'YYYY-MM'), 'replies'::text, ''::text,
           0::bigint, sum(d.number)::bigint
      from (select date_bin('1 day', o.created_at, '2020-01-01 00:00Z') as day,
                   count(*) as number
              from glas_data.outbox o
             where o.created_at <= replies
               and o.text not in ('[isteklo]', '[obrisano]')
               and coalesce(o.reference not in (
                       select c.reference::text from glas_data.open_case c), true)
             group by 1) d
     group by 1
     order by 1;
    return query select * from glas_data.retention_rest();
end
$$;
comment on function glas.retention_preview() is
    'What would go if the night came now, and what of the same months stays. Words of
     texts go by months, each from when all of it has been kept for the shortest time:
     of younger months nothing is counted. Of replies and segments only what would go.
     A category is one with a rule of its own, as in glas.retention; the rest is
     together. With ten million texts whose nights have not come it takes some seconds.
     Example: select * from glas.retention_preview();';

-- One month. When nothing of it is needed the whole goes at once, and what
-- belongs to an open case is kept apart.
create or replace function glas_data.retain_month(
    p_part regclass, p_ends timestamptz) returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    begins timestamptz := (p_ends at time zone 'utc' - interval '1 month') at time zone 'utc';
    most  int := (select max(r.days) from glas_data.retention r where r.what like '%texts');
    least int := (select min(r.days) from glas_data.retention r where r.what = 'texts');
    kept  bigint[];
    stays bigint;
    gone  bigint;
begin
    if begins + make_interval(days => least) > glas.now() then
        -- No text of a case is old enough: they are not looked at.
        execute format('delete from %s b using glas_data.message m
             where m.id = b.message and m.reference is null
               and m.received_at >= $1 and m.received_at < $2 and m.received_at <= $3',
            p_part) using begins, p_ends, glas.now() - make_interval(days =>
                              glas_data.retention_days('other texts'));
        get diagnostics gone = row_count;
        return gone;
    elsif p_ends + make_interval(days => most) > glas.now()
          -- Without a rule nothing goes.
          or glas_data.retention_days('texts') is null
          or glas_data.retention_days('other texts') is null then
        execute format('delete from %s b using glas_data.text_due t
             where t.message = b.message and t.received_at = b.received_at
               and t.due', p_part);
        get diagnostics gone = row_count;
        return gone;
    end if;
    -- Whatever takes long comes before the lock that texts wait for.
    select array_agg(m.id) into kept
      from glas_data.open_case o
      join glas_data.message m on m.reference = o.reference
     where m.received_at >= begins and m.received_at < p_ends;
    execute format('select count(*) from %s', p_part) into gone;
    execute format('alter table glas_data.body detach partition %s', p_part);
    execute format('insert into glas_data.body select b.* from %s b
                     where b.message = any ($1)', p_part) using kept;
    get diagnostics stays = row_count;
    execute format('drop table %s', p_part);
    return gone - stays;
end
$$;
comment on function glas_data.retain_month(regclass, timestamptz) is
    'Lets go of the words of a month that have been kept long enough; says how many.';

-- A day of replies, then the next.
create or replace function glas_data.retain_replies() returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    till  timestamptz := glas.now() - make_interval(days => glas_data.retention_days('replies'));
    begins timestamptz;
    gone  bigint;
begin
    select coalesce((select r.until from glas_data.retained r where r.what = 'replies'),
                    (select min(o.created_at) from glas_data.outbox o)) into begins;
    if begins is null then
        return 0;
    end if;
    update glas_data.outbox o set text = '[isteklo]'
     where o.created_at >= begins and o.created_at < begins + interval '1 day'
       and o.created_at <= till and o.text not in ('[isteklo]', '[obrisano]')
       and not exists (select from glas_data.report r
                         left join glas_data.report d on d.reference = r.merged_into
                        where r.reference = o.reference
                          and coalesce(d.status, r.status)
                              in ('new', 'open', 'referred', 'answered'));
    get diagnostics gone = row_count;
    -- From the beginning again: a case that was open then may be closed.
    insert into glas_data.retained as r (what, looked_at, until)
    values ('replies', glas.now(),
        case when begins + interval '1 day' <= till then begins + interval '1 day' end)
    on conflict (what) do update set looked_at = excluded.looked_at, until = excluded.until;
    return gone;
end
$$;
comment on function glas_data.retain_replies() is
    'Lets go of the words of the replies of a day that have been kept long enough.';

create or replace function glas_data.retain_looked(p_what text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.retained (what, looked_at) values (p_what, glas.now())
    on conflict (what) do update set looked_at = excluded.looked_at
    $$;
comment on function glas_data.retain_looked(text) is
    'All of this that was kept long enough has been let go of by now.';

-- Some at a time; once there are none, not again that night.
create or replace function glas_data.retain_recalls(p_limit int) returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    gone bigint;
begin
    if exists (select from glas_data.retained r
                where r.what = 'recalls'
                  and r.looked_at > glas.now() - interval '12 hours') then
        return 0;
    end if;
    with old as (
        select c.id from glas_data.citizen c
          join glas_data.recall_due d on d.citizen = c.id and d.due
         limit p_limit for update of c skip locked)
    update glas_data.citizen c set recall_copy = null from old where c.id = old.id;
    get diagnostics gone = row_count;
    if gone < p_limit then
        perform glas_data.retain_looked('recalls');
    end if;
    return gone;
end
$$;
comment on function glas_data.retain_recalls(int) is
    'Lets go of the numbers that only the offline key opens, of people who have not
     written for long; says how many.';

create or replace function glas_gw.retain() returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set enable_seqscan = on
    set enable_hashjoin = on
    set timezone = 'utc'
    as $$
declare
    hour  int := extract(hour from glas.now() at time zone 'Europe/Belgrade');
    part  record;
    texts bigint := 0;
    sent  bigint;
    aside bigint;
    logs  bigint;
    asides timestamptz := glas.now() - make_interval(days =>
                  glas_data.retention_days('quarantine'));
    oldest timestamptz := glas.now() - make_interval(days => glas_data.retention_days('logs'));
    recalls bigint;
    beside bigint;
begin
    perform from glas_data.turn t where t.name = 'retain' for update skip locked;
    if not found then
        return 0;
    end if;
    perform glas_data.body_ahead();
    if hour not between 1 and 4 or not glas_data.clock_believed() then
        return 0;
    end if;
    select p.part, p.ends into part
      from glas_data.body_part p
      left join glas_data.retained r on r.what = p.part::text
     where coalesce(p.ends, '-infinity') <= glas_data.texts_begun()
     order by r.looked_at nulls first, p.begins limit 1;
    if part.part is not null then
        if part.ends is null then
            delete from glas_data.body_kept b using glas_data.text_due t
             where t.message = b.message and t.received_at = b.received_at and t.due;
            get diagnostics texts = row_count;
        else
            texts := glas_data.retain_month(part.part, part.ends);
        end if;
        perform glas_data.retain_looked(part.part::text);
    end if;
    sent := glas_data.retain_replies();
    update glas_data.quarantine q set sealed = ''
     where glas_data.is_aside(q)
       and q.at <= asides;
    get diagnostics aside = row_count;
    with b as (delete from glas_data.balance b where b.at < oldest returning 1),
         u as (delete from glas_data.ussd_result u where u.at < oldest returning 1)
    select (select count(*) from b) + (select count(*) from u) into logs;
    recalls := glas_data.retain_recalls(1000);
    beside := glas_data.retain_beside(1000);
    insert into glas_data.retention_history (at, who, what, gone)
    select glas.now(), 'gateway', k.what, k.gone
      from (values ('texts of ' || coalesce(to_char(part.ends - interval '1 day', 'YYYY-MM'),
                                            'what was kept'), texts),
                   ('replies', sent), ('quarantine', aside), ('logs', logs),
                   ('recalls', recalls), ('beside texts', beside)) k (what, gone)
     where k.gone > 0;
    return texts + sent + aside + logs + recalls + beside;
end
$$;
comment on function glas_gw.retain() is
    'At night, between one and five: lets go of the words of a month and of the
     replies of a day that have been kept long enough, the longest ago first, of what
     stands beside texts or is in quarantine, of logs and of recall copies; says how many. At any hour makes
     the partitions of the months to come.';
