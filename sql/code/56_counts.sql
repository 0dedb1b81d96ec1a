-- What is counted over everything that ever came: too much to count whenever
-- somebody looks. glasd has each of these views counted anew every now and then,
-- glas_gw.count_anew() says when. A migration drops one whose definition changes.
-- Trials are left out; what the press may see is of as many people at least as
-- the setting trend_least says: one person can write many texts. The police and
-- ministries see what is published, and do not watch it come.

create or replace function glas_gw.count_anew() returns text
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set enable_seqscan = on
    set enable_hashjoin = on
    set enable_mergejoin = on
    set work_mem = '64MB'
    as $$
declare
    due   glas_data.counted;
    began timestamptz := clock_timestamp();
    here  bigint;
begin
    select sum(pg_stat_get_tuples_inserted(t) + pg_stat_get_tuples_updated(t)
               + pg_stat_get_tuples_deleted(t)) into here
      from unnest(array['glas_data.report', 'glas_data.message', 'glas_data.citizen',
                        'glas_data.setting', 'glas_data.category']::regclass[]) t;
    select * into due from glas_data.counted c
     where c.at is null or c.at > glas.now()
        or c.at + greatest(interval '1 minute', c.took * 30) <= glas.now()
           and (c.written <> here or c.at + interval '1 hour' <= glas.now())
     order by c.at nulls first, c.name limit 1 for update skip locked;
    if due.name is null then
        return null;
    end if;
    -- Whoever reads meanwhile reads what was; after a restore that may be nothing.
    execute format('refresh materialized view %s glas_data.%I',
        case when (select c.relispopulated from pg_class c
                    where c.oid = ('glas_data.' || due.name)::regclass)
             then 'concurrently' else '' end, due.name);
    update glas_data.counted c
       set at = glas.now(), took = clock_timestamp() - began, written = here
     where c.name = due.name;
    return due.name;
end
$$;
comment on function glas_gw.count_anew() is
    'Counts the one of the views that is due, and says which; null: none is. It is
     after a minute in which something was written, or thirty times as long as it
     takes, and after an hour in any case.';

create or replace function glas_data.bar(p_part numeric, p_whole numeric, p_width int)
    returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select repeat('#', case when coalesce(p_part, 0) <= 0 or coalesce(p_whole, 0) <= 0 then 0
                            else greatest(1, round(p_width * p_part / p_whole)::int) end)
    $$;
comment on function glas_data.bar(numeric, numeric, int) is
    'A part of a whole to look at; what is there at all is one wide at least.';

-- Counts below the least one of a week are put together, and left out when
-- they still are too few.
create materialized view if not exists glas_data.trend as
with week as (
    select date_trunc('week', r.reported_at at time zone 'Europe/Belgrade')::date as week,
           r.category, coalesce(-r.helped, r.citizen) as person, count(*) as reports
      from glas_data.report r
     where not r.test
     group by 1, 2, 3
), counted as (
    select w.*, count(*) over (partition by w.week, w.category) as people
      from week w
), least as (
    select value::int as n from glas_data.setting where name = 'trend_least'
), shown as (
    select c.week, case when c.people >= least.n and c.category <> ''
                        then c.category else 'other' end as category,
           sum(c.reports)::int as reports, count(distinct c.person)::int as people
      from counted c, least
     group by 1, 2
)
select s.week, s.category, s.reports,
       glas_data.bar(s.reports, max(s.reports) over (), 30) as bar, s.people
  from shown s, least
 where s.people >= least.n;
create unique index if not exists trend_row on glas_data.trend (week, category);
create index if not exists trend_shown
    on glas_data.trend (week desc, reports desc, category);
comment on materialized view glas_data.trend is 'What glas.trend shows.';

create or replace view glas.trend with (security_barrier) as
select t.week, t.category, t.reports, t.bar, t.people
  from glas_data.trend t
 where not (select glas_data.is_authority())
 order by t.week desc, t.reports desc, t.category;
comment on view glas.trend is
    'Reports by week and category; those of too few people to publish are put
     together, or left out. Counted every few minutes.
     Example: select * from glas.trend where week > now() - interval ''8 weeks'';';
comment on column glas.trend.week is 'Monday of the week.';
comment on column glas.trend.category is 'Code of the category; other: no category, or few of each.';
comment on column glas.trend.reports is 'How many.';
comment on column glas.trend.bar is 'The same to look at; the longest of all weeks is 30 wide.';
comment on column glas.trend.people is 'Of how many people; who was helped to report is one.';

create materialized view if not exists glas_data.rights_demand as
with asked as (
    select date_trunc('week', m.received_at at time zone 'Europe/Belgrade')::date as week,
           case m.intent when 'body' then coalesce(nullif(c.topic, ''), 'BODY')
                else coalesce(nullif(m.code, ''), 'TOPICS') end as topic,
           m.lang, coalesce(nullif(m.municipality, ''), r.municipality, '') as municipality,
           m.citizen, count(*) as requests
      from glas_data.message m
      left join glas_data.category c on m.intent = 'body' and c.code = m.code
      left join lateral (
          select b.municipality from glas_data.report b
           where m.municipality = '' and b.citizen = m.citizen and not b.test
             and b.municipality <> '' and b.reported_at <= m.received_at
           order by b.reported_at desc limit 1) r on true
     where m.intent in ('rights', 'body') and not m.test
     group by 1, 2, 3, 4, 5
), counted as (
    select a.*, count(*) over (partition by a.week, a.topic, a.lang,
                                   a.municipality) as people
      from asked a
), least as (
    select value::int as n from glas_data.setting where name = 'trend_least'
), shown as (
    select c.week, o.many, case when o.many then c.topic else 'other' end as topic,
           case when o.many then c.lang else '' end as lang,
           case when o.many then c.municipality else '' end as municipality,
           sum(c.requests)::int as requests, count(distinct c.citizen)::int as people
      from counted c, least, lateral (select c.people >= least.n) o (many)
     group by 1, 2, 3, 4, 5
)
select s.week, s.topic, s.lang, s.municipality, s.requests,
       glas_data.bar(s.requests, max(s.requests) over (), 25) as bar, s.people
  from shown s, least
 where s.people >= least.n;
create unique index if not exists rights_demand_row
    on glas_data.rights_demand (week, topic, lang, municipality);
create index if not exists rights_demand_shown
    on glas_data.rights_demand (week desc, requests desc, topic, lang, municipality);
comment on materialized view glas_data.rights_demand is 'What glas.rights_demand shows.';

create or replace view glas.rights_demand with (security_barrier) as
select d.week, d.topic, d.lang, d.municipality, d.requests, d.bar, d.people
  from glas_data.rights_demand d
 where not (select glas_data.is_authority())
 order by d.week desc, d.requests desc, d.topic, d.lang, d.municipality;
comment on view glas.rights_demand is
    'Which rights people ask about, by week, language and municipality; what too
     few people to publish ask about is put together, or left out. Counted every few
     minutes.
     Example: select * from glas.rights_demand where week > now() - interval ''8 weeks'';';
comment on column glas.rights_demand.week is 'Monday of the week.';
comment on column glas.rights_demand.topic is
    'Code of the topic; TOPICS: the list of them, BODY: which authority is competent, other: few of each.';
comment on column glas.rights_demand.lang is 'Language of the texts; empty for other.';
comment on column glas.rights_demand.municipality is
    'Municipality that the text names, else that of the newest report of the person until then; empty when neither.';
comment on column glas.rights_demand.requests is 'How many texts asked.';
comment on column glas.rights_demand.bar is 'The same to look at; the longest of all weeks is 25 wide.';
comment on column glas.rights_demand.people is 'Of how many people.';

create materialized view if not exists glas_data.voices as
with voice as (
    select case when r.helped is null then coalesce(nullif(c.people, ''), 'unknown')
                else 'unknown' end as people,
           case when r.helped is null then r.citizen else -r.helped end as voice,
           count(*) as reports
      from glas_data.report r
      join glas_data.citizen c on c.id = r.citizen
     where not r.test
     group by 1, 2
), counted as (
    select v.people, count(*) as voices, sum(v.reports) as reports
      from voice v group by 1
), least as (
    select value::int as n from glas_data.setting where name = 'trend_least'
), shown as (
    select case when c.voices >= least.n then c.people else 'other' end as people,
           sum(c.voices) as voices, sum(c.reports) as reports
      from counted c, least
     group by 1
)
select s.people, s.voices::int as voices, s.reports::int as reports
  from shown s, least
 where s.voices >= least.n;
create unique index if not exists voices_row on glas_data.voices (people);
comment on materialized view glas_data.voices is 'What glas.voices shows.';

create or replace view glas.voices with (security_barrier) as
select v.people, v.voices, v.reports
  from glas_data.voices v
 where not (select glas_data.is_authority())
 order by v.voices desc, v.people;
comment on view glas.voices is
    'How many different people reported, by the group that they said they belong
     to. Who was helped to report is a voice, the helper is not. Counts too small
     to publish are put together, or left out. Counted every few minutes.
     Example: select * from glas.voices;';
comment on column glas.voices.people is
    'roma, elderly, woman, private; unknown: not asked, or did not say; other: few of each.';
comment on column glas.voices.voices is 'How many people.';
comment on column glas.voices.reports is 'How many reports of theirs.';

create or replace view glas.lists with (security_barrier) as
select s.list, count(*)::int as people
  from glas_data.subscription s
 where not s.test
   and not (select glas_data.is_authority())
 group by s.list
 order by people desc, s.list;
comment on view glas.lists is
    'How many people asked for news of a municipality; trials are left out.
     Example: select * from glas.lists;';
comment on column glas.lists.list is
    'Municipality, or word of glas.list_add(); glas.broadcast_draft() writes to them.';
comment on column glas.lists.people is 'How many people.';
