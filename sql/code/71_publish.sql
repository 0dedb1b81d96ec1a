-- What others may see. A month is published once, when it is over and everybody
-- had time to be answered; its numbers are kept and never change again.
--
-- Why no smaller number can be computed: a table (month, measure, by) puts every
-- person of the month into exactly one row, each row has as many people as the
-- setting says, and what is too few is put together with the smallest row
-- there is until it is enough. Where two measures count the same people by the same
-- thing, a row of one is rows of the other. Sums and differences of such tables are
-- unions of rows of one of them, or everybody (doc/publishing.md says why). So there is
-- no table by two things at once, no quarter beside the months, no total of
-- something else, and no number of today.

create or replace function glas_data.publish_least() returns int
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select greatest(3, glas_data.setting('publish_least')::int) $$;
comment on function glas_data.publish_least() is
    'Of how many people each published number is at least: of two, each would know the other.';

-- Rows that may be published out of those that are: a name for each, other for
-- those that are put together; nothing when all together are too few. Where
-- late is given, who is late and who is not must both be enough, or nobody.
create or replace function glas_data.publish_safe(
    p_names text[], p_people int[], p_late int[], p_least int)
    returns table (name text, shown text)
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    apart boolean[] := '{}';
    few   boolean[] := '{}';
    rest  int := 0;
    late  int := 0;
    next  int;
begin
    for i in 1 .. cardinality(p_names) loop
        few[i] := p_people[i] < p_least
            or coalesce(p_late[i] between 1 and p_least - 1
                or p_people[i] - p_late[i] between 1 and p_least - 1, false);
        apart[i] := not few[i];
        if few[i] then
            rest := rest + p_people[i];
            late := late + coalesce(p_late[i], 0);
        end if;
    end loop;
    while rest > 0 and (rest < p_least or p_late is not null
            and (late between 1 and p_least - 1
                 or rest - late between 1 and p_least - 1)) loop
        select i into next from generate_subscripts(p_names, 1) i
         where apart[i] order by p_people[i], p_names[i] limit 1;
        if next is null then
            return;
        end if;
        apart[next] := false;
        rest := rest + p_people[next];
        late := late + coalesce(p_late[next], 0);
    end loop;
    return query
        select p_names[i], case when apart[i] then p_names[i] else 'other' end
          from generate_subscripts(p_names, 1) i;
end
$$;
comment on function glas_data.publish_safe(text[], int[], int[], int) is
    'Which rows of a table may be published as they are and which only together.';

-- Where a category of a group is not even named to who reported it, the whole
-- group is one.
create or replace function glas_data.publish_category(p_code text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce((select case when exists (
                                 select from glas_data.category o
                                  where o."group" = c."group" and o.named_in_reply is not true)
                            then 'GROUP' || c."group" else c.code end
                       from glas_data.category c
                      where c.code = p_code and c."group" is not null), 'GROUP9')
    $$;
comment on function glas_data.publish_category(text) is
    'What a category is published as: its code, or its group where that could endanger.';

create or replace function glas_data.publish_month(p_month text) returns date
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    month date;
    open  date;
begin
    if coalesce(p_month, '') !~ '^2\d{3}-(0[1-9]|1[0-2])$' then
        raise invalid_parameter_value using message = format(
            '"%s" is no month: write it as 2026-10', glas_data.echo(p_month));
    end if;
    month := (p_month || '-01')::date;
    open := ((month + interval '1 month') at time zone 'Europe/Belgrade'
             + make_interval(days => glas_data.setting('answer_days')::int))
            at time zone 'Europe/Belgrade';
    if glas.now() at time zone 'Europe/Belgrade' < open then
        raise object_not_in_prerequisite_state using message = format(
            'month %s can be published from %s on: when it is over and all had '
            '%s days to be answered', p_month, open, glas_data.setting('answer_days'));
    end if;
    return month;
end
$$;
comment on function glas_data.publish_month(text) is
    'First day of a month that may be published; an error that says when it may.';

-- Each person once: as they are in the first report, or question, of the month.
create or replace function glas_data.publish_voices(p_month date)
    returns table (measure text, by text, value text, person bigint, took interval)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with category as materialized (
        select c.code, glas_data.publish_category(c.code) as shown from glas_data.category c
    ), reported as (
        select distinct on (v.person) v.*, c.shown
          from glas_data.voice v
          left join category c on c.code = v.category
         where v.reported_at >= p_month::timestamp at time zone 'Europe/Belgrade'
           and v.reported_at
               < (p_month + interval '1 month')::timestamp at time zone 'Europe/Belgrade'
         order by v.person, v.reported_at, v.reference
    ), asked as (
        select distinct on (m.citizen) m.citizen, m.lang, m.municipality,
               case m.intent when 'body' then coalesce(nullif(c.topic, ''), 'BODY')
                    else coalesce(nullif(m.code, ''), 'TOPICS') end as topic
          from glas_data.message m
          join glas_data.citizen p on p.id = m.citizen
          left join glas_data.category c on m.intent = 'body' and c.code = m.code
         where m.received_at >= p_month::timestamp at time zone 'Europe/Belgrade'
           and m.received_at
               < (p_month + interval '1 month')::timestamp at time zone 'Europe/Belgrade'
           and m.intent in ('rights', 'body') and not m.test and not p.blocked
         order by m.citizen, m.received_at, m.id
    )
    select k.measure, k.by, coalesce(nullif(k.value, ''), 'unknown'), r.person,
           r.answered_at - r.reported_at
      from reported r, lateral (values
           ('reports', 'category', coalesce(r.shown, 'GROUP9')),
           ('reports', 'municipality', r.municipality),
           ('reports', 'language', r.lang),
           ('reports', 'people', r.people),
           ('answers', 'municipality', r.municipality),
           ('answers', 'language', r.lang),
           ('answers', 'people', r.people)) k (measure, by, value)
    union all
    select 'rights', k.by, coalesce(nullif(k.value, ''), 'unknown'), a.citizen, null
      from asked a, lateral (values ('topic', a.topic),
           ('municipality', a.municipality), ('language', a.lang)) k (by, value)
    $$;
comment on function glas_data.publish_voices(date) is
    'Each person of a month once for each table that is published.';

create or replace function glas_data.publish_rows(p_month date)
    returns table (measure text, by text, value text, people int, in_time int, median_days int)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with days as (
        select make_interval(days => glas_data.setting('answer_days')::int) as n
    ), voice as materialized (
        select v.*, v.measure = 'answers' and coalesce(v.took > days.n, true) as late
          from glas_data.publish_voices(p_month) v, days
    ), alone as materialized (
        select c.measure, c.by, s.name, s.shown
          from (select n.measure, n.by, array_agg(n.value) as names,
                       array_agg(n.people) as people
                  from (select v.measure, v.by, v.value, count(*)::int as people
                          from voice v where v.measure <> 'answers' group by 1, 2, 3) n
                 group by 1, 2) c,
               lateral glas_data.publish_safe(c.names, c.people, null,
                   glas_data.publish_least()) s
    ), safe as materialized (
        select a.* from alone a
        union all
        -- Of the same people twice: a row here is one of the counts, or several. Put
        -- together otherwise, the difference of the two could be anybody.
        select 'answers', a.by, a.name, s.shown
          from (select n.by, array_agg(n.shown) as names, array_agg(n.people) as people,
                       array_agg(n.late) as late
                  from (select a.by, a.shown, count(*)::int as people,
                               (count(*) filter (where v.late))::int as late
                          from voice v
                          join alone a on a.measure = 'reports' and a.by = v.by
                                      and a.name = v.value
                         where v.measure = 'answers' group by 1, 2) n
                 group by 1) c
         cross join lateral glas_data.publish_safe(c.names, c.people, c.late,
                   glas_data.publish_least()) s
          join alone a on a.measure = 'reports' and a.by = c.by and a.shown = s.name
    )
    select s.measure, s.by, s.shown, count(*)::int,
           case s.measure when 'answers' then (count(*) filter (where not v.late))::int end,
           case s.measure when 'answers' then
               case when count(*) filter (where not v.late) * 2 > count(*) then
                   ceil(percentile_disc(0.5) within group (
                       order by coalesce(extract(epoch from v.took), 'infinity')) / 86400)::int
               end end
      from safe s
      join voice v on v.measure = s.measure and v.by = s.by and v.value = s.name
     group by 1, 2, 3
    $$;
comment on function glas_data.publish_rows(date) is
    'The tables of a month as they are published.';

create or replace function glas.publish_preview(month text)
    returns table (measure text, by text, value text, people int, in_time int, median_days int)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    set work_mem = '64MB'
    as $$
begin
    perform glas_data.must_not_be_of_authority();
    return query
        select r.* from glas_data.publish_rows(
                   glas_data.publish_month(publish_preview.month)) r
         order by 1, 2, 4 desc, 3;
end
$$;
comment on function glas.publish_preview(text) is
    'What would be published of a month, before anybody sees it.
     Example: select * from glas.publish_preview(''2026-10'');';

create or replace function glas.publish(month text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set work_mem = '64MB'
    as $$
#variable_conflict use_column
declare
    first date := glas_data.publish_month(publish.month);
    tables int;
begin
    insert into glas_data.publication (month, least, at, who)
    values (first, glas_data.publish_least(), glas.now(), session_user)
    on conflict do nothing;
    if not found then
        raise unique_violation using message = format(
            'month %s was published already, and what is out is not changed: who '
            'has both could compute what is in neither', publish.month);
    end if;
    insert into glas_data.published (month, measure, "by", value, people, in_time, median_days)
    select first, r.* from glas_data.publish_rows(first) r;
    -- A mean again only when so many are new that none of them can be computed.
    update glas_data.recommendation r
       set rated_people = n.people, rated_mean = n.mean
      from (select g.recommendation, count(*)::int as people, round(avg(g.rating), 1) as mean
              from glas_data.recommendation_rating g group by 1) n
     where n.recommendation = r.number and r.public_at is not null
       and n.people - coalesce(r.rated_people, 0) >= glas_data.publish_least();
    select count(distinct (p.measure, p.by)) into tables
      from glas_data.published p where p.month = first;
    return format('Month %s is published: %s tables, each number of %s people '
        'at least.', publish.month, tables, glas_data.publish_least());
end
$$;
comment on function glas.publish(text) is
    'Publishes a month, once and for good; glas.publish_preview() shows it before.
     Example: select glas.publish(''2026-10'');';

create or replace function glas.make_public(number int) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    r glas_data.recommendation := glas_data.recommendation_of(make_public.number);
begin
    update glas_data.recommendation x set public_at = coalesce(x.public_at, glas.now())
     where x.number = r.number;
    return glas_data.sentence(format('Recommendation %s and what %s says to it are public: its words '
        'name nobody, you have read them.', r.number, r.addressee));
end
$$;
comment on function glas.make_public(int) is
    'Makes a recommendation and the responses to it public, in their words: read
     them before. How it is rated follows when enough people have.
     Example: select glas.make_public(1);';

create or replace view glas.publish_counts with (security_barrier) as
select to_char(p.month, 'YYYY-MM') as month, p."by", p.value, p.people,
       glas_data.bar(p.people, max(p.people) over (partition by p.month, p."by"), 25) as bar
  from glas_data.published p
 where p.measure = 'reports'
 order by p.month desc, p."by", p.value = 'other', p.people desc, p.value;
comment on view glas.publish_counts is
    'How many people reported something, by month: each person once, as in their
     first report of the month. The rows of a month and by add up to all of them.
     Example: select * from glas.publish_counts where by = ''category'';';
comment on column glas.publish_counts.month is 'Month, as 2026-10.';
comment on column glas.publish_counts.by is
    'category, municipality, language, or people: the group that they said they belong to.';
comment on column glas.publish_counts.value is
    'Which one; other: several together, unknown: not said. GROUP1 ...: a group of categories,
     as in publish_services.';
comment on column glas.publish_counts.people is 'How many people.';
comment on column glas.publish_counts.bar is
    'The same to look at; the longest of each table is 25 wide.';

create or replace view glas.publish_trend with (security_barrier) as
select to_char(p.month, 'YYYY-MM') as month, sum(p.people)::int as people,
       glas_data.bar(sum(p.people), max(sum(p.people)) over (), 40) as bar
  from glas_data.published p
 where p.measure = 'reports' and p."by" = 'category'
 group by p.month
 order by p.month desc;
comment on view glas.publish_trend is
    'How many people reported something, by month.
     Example: select * from glas.publish_trend;';
comment on column glas.publish_trend.month is 'Month, as 2026-10.';
comment on column glas.publish_trend.people is 'How many people, each once.';
comment on column glas.publish_trend.bar is 'The same to look at; the longest is 40 wide.';

create or replace view glas.publish_rights with (security_barrier) as
select to_char(p.month, 'YYYY-MM') as month, p."by", p.value, p.people,
       glas_data.bar(p.people, max(p.people) over (partition by p.month, p."by"), 25) as bar
  from glas_data.published p
 where p.measure = 'rights'
 order by p.month desc, p."by" desc, p.value = 'other', p.people desc, p.value;
comment on view glas.publish_rights is
    'How many people asked what their rights are, by month: each person once, as
     they asked first.
     Example: select * from glas.publish_rights where by = ''topic'';';
comment on column glas.publish_rights.month is 'Month, as 2026-10.';
comment on column glas.publish_rights.by is
    'topic, municipality (that the text names) or language.';
comment on column glas.publish_rights.value is
    'Which one; TOPICS: the list of them, BODY: which authority is competent, other: several
     together.';
comment on column glas.publish_rights.people is 'How many people.';
comment on column glas.publish_rights.bar is
    'The same to look at; the longest of each table is 25 wide.';

create or replace view glas.publish_equity with (security_barrier) as
select to_char(p.month, 'YYYY-MM') as month, p."by", p.value, p.people,
       p.median_days, round(100.0 * p.in_time / p.people)::int as in_time,
       glas_data.bar(p.in_time, p.people, 20) as bar
  from glas_data.published p
 where p.measure = 'answers'
 order by p.month desc, p."by", p.value = 'other', in_time, p.value;
comment on view glas.publish_equity is
    'Whether all are answered alike: of those who reported in a month, how soon
     their first report was answered.
     Example: select * from glas.publish_equity where by = ''language'';';
comment on column glas.publish_equity.month is 'Month, as 2026-10.';
comment on column glas.publish_equity.by is
    'language, municipality, or people: the group that they said they belong to.';
comment on column glas.publish_equity.value is
    'Which one; other: several together, unknown: not said.';
comment on column glas.publish_equity.people is 'How many people reported.';
comment on column glas.publish_equity.median_days is
    'Half of them were answered within so many days; empty: half were not in time.';
comment on column glas.publish_equity.in_time is
    'So many in a hundred were answered in time (setting answer_days).';
comment on column glas.publish_equity.bar is 'The same to look at; 20 wide is all of them.';

-- Not made of glas.recommendations: explain analyze would say how many have rated.
create or replace view glas.publish_recommendations with (security_barrier) as
select r.number, r.issue, r.recommendation, r.addressee, r.due_on,
       case when a.id is not null then a.answer
            when r.due_on < (glas.now() at time zone 'Europe/Belgrade')::date then 'overdue'
            else 'waiting' end as answer,
       coalesce(a.text, '') as response, a.given_on,
       r.rated_people as rated, r.rated_mean as rating,
       glas_data.bar(r.rated_mean, 5, 10) as bar
  from glas_data.recommendation r
  left join lateral (select * from glas_data.response p where p.recommendation = r.number
                      order by p.id desc limit 1) a on true
 where r.public_at is not null
 order by r.number;
comment on view glas.publish_recommendations is
    'What was recommended to whom, the responses, and how people whom it concerns
     rate them, once enough did.
     Example: select number, addressee, answer, rating, bar from glas.publish_recommendations;';
comment on column glas.publish_recommendations.number is 'Number.';
comment on column glas.publish_recommendations.issue is 'What is wrong.';
comment on column glas.publish_recommendations.recommendation is 'What should be done.';
comment on column glas.publish_recommendations.addressee is 'Who should do it.';
comment on column glas.publish_recommendations.due_on is 'Until when an answer is expected.';
comment on column glas.publish_recommendations.answer is
    'accepted, partly, refused, done; waiting, overdue: none yet.';
comment on column glas.publish_recommendations.response is 'What they said last.';
comment on column glas.publish_recommendations.given_on is 'When they said it.';
comment on column glas.publish_recommendations.rated is 'Of how many people the mean is.';
comment on column glas.publish_recommendations.rating is
    'Mean of 1 to 5, as of the last month that was published.';
comment on column glas.publish_recommendations.bar is 'The mean to look at; 10 wide is 5.';
