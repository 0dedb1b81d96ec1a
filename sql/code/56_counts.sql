-- Counts beside glas.trend: what rights are asked about, whose voices are heard,
-- who gets news. Trials are left out; what the press may see is of as many people
-- at least as the setting trend_least says: one person can write many texts.

create or replace view glas.rights_demand with (security_barrier) as
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
           sum(c.requests) as requests, count(distinct c.citizen) as people
      from counted c, least, lateral (select c.people >= least.n) o (many)
     group by 1, 2, 3, 4, 5
)
select s.week, s.topic, s.lang, s.municipality, s.requests::int as requests,
       repeat('#', greatest(1, round(25.0 * s.requests / max(s.requests) over ())::int)) as bar,
       s.people::int as people
  from shown s, least
 where s.people >= least.n
 order by s.week desc, s.requests desc, s.topic, s.lang, s.municipality;
comment on view glas.rights_demand is
    'Which rights people ask about, by week, language and municipality; what too
     few people to publish ask about is put together, or left out.
     Example: select * from glas.rights_demand where week > now() - interval ''8 weeks'';';
comment on column glas.rights_demand.week is 'Monday of the week.';
comment on column glas.rights_demand.topic is
    'Code of the topic; TOPICS: the list of them, BODY: which authority is competent, other: few of each.';
comment on column glas.rights_demand.lang is 'Language of the texts; empty for other.';
comment on column glas.rights_demand.municipality is
    'Municipality that the text names, else that of the newest report of the person until then; empty when neither.';
comment on column glas.rights_demand.requests is 'How many texts asked.';
comment on column glas.rights_demand.bar is 'The same to look at; the longest is 25 wide.';
comment on column glas.rights_demand.people is 'Of how many people.';

create or replace view glas.voices with (security_barrier) as
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
 where s.voices >= least.n
 order by s.voices desc, s.people;
comment on view glas.voices is
    'How many different people reported, by the group that they said they belong
     to. Who was helped to report is a voice, the helper is not. Counts too small
     to publish are put together, or left out.
     Example: select * from glas.voices;';
comment on column glas.voices.people is
    'roma, elderly, woman, private; unknown: not asked, or did not say; other: few of each.';
comment on column glas.voices.voices is 'How many people.';
comment on column glas.voices.reports is 'How many reports of theirs.';

create or replace view glas.lists with (security_barrier) as
select s.list, count(*)::int as people
  from glas_data.subscription s
 where not s.test
 group by s.list
 order by people desc, s.list;
comment on view glas.lists is
    'How many people asked for news of a municipality; trials are left out.
     Example: select * from glas.lists;';
comment on column glas.lists.list is
    'Municipality, or word of glas.list_add(); glas.broadcast_draft() writes to them.';
comment on column glas.lists.people is 'How many people.';
