-- What coordinators watch: where what is reported, who waits longest, what
-- belongs together, and what became of a recommendation. These numbers are as
-- small as they are: what others may see, the police and ministries among them, is
-- in 71_publish.sql.

-- Who brought a report: the one who was helped, not the one who typed.
create or replace view glas_data.voice as
select r.reference, r.reported_at, r.category, r.municipality, r.settlement, r.lang,
       r.status, r.answered_at, coalesce(-r.helped, r.citizen) as person,
       case when r.helped is null then coalesce(nullif(c.people, ''), 'unknown')
            else 'unknown' end as people
  from glas_data.report r
  join glas_data.citizen c on c.id = r.citizen
 where not r.test and not c.blocked and r.status <> 'withdrawn';
comment on view glas_data.voice is
    'Reports as they are counted: without trials, without what was withdrawn and
     without who is blocked.';
comment on column glas_data.voice.reference is 'The report.';
comment on column glas_data.voice.reported_at is 'When the first text of it came.';
comment on column glas_data.voice.category is 'Category; empty: not known.';
comment on column glas_data.voice.municipality is 'Municipality; empty: not known.';
comment on column glas_data.voice.settlement is 'Settlement; empty: not known.';
comment on column glas_data.voice.lang is 'Language.';
comment on column glas_data.voice.status is 'State.';
comment on column glas_data.voice.answered_at is 'When a person first answered.';
comment on column glas_data.voice.person is
    'Whose voice: citizen.id, or less than zero: helped.id.';
comment on column glas_data.voice.people is 'Group that they said they belong to, or unknown.';

create materialized view if not exists glas_data.heatmap as
with one as (
    select v.municipality, v.category, v.person, count(*) as reports
      from glas_data.voice v
     where v.reported_at > glas.now() - interval '90 days'
     group by 1, 2, 3
)
select coalesce(nullif(o.municipality, ''), 'unknown') as municipality,
       coalesce(nullif(o.category, ''), 'unknown') as category,
       sum(o.reports)::int as reports, count(*)::int as people
  from one o
 group by 1, 2;
create unique index if not exists heatmap_row on glas_data.heatmap (municipality, category);
comment on materialized view glas_data.heatmap is 'What glas.heatmap shows.';

create or replace view glas.heatmap with (security_barrier) as
select h.municipality, h.category, h.reports, h.people,
       glas_data.bar(h.people, max(h.people) over (), 25) as bar
  from glas_data.heatmap h
 where (select glas_data.sees_all())
 order by sum(h.people) over (partition by h.municipality) desc, h.municipality,
          h.people desc, h.category;
comment on view glas.heatmap is
    'Where what was reported in the last ninety days, counted every few minutes.
     Not for others: small numbers point at people.
     Example: select * from glas.heatmap where municipality = ''Vranje'';';
comment on column glas.heatmap.municipality is 'Municipality, or unknown; the busiest first.';
comment on column glas.heatmap.category is 'Code of the category, or unknown.';
comment on column glas.heatmap.reports is 'How many reports.';
comment on column glas.heatmap.people is 'Of how many people; who was helped to report is one.';
comment on column glas.heatmap.bar is 'The people to look at; the longest is 25 wide.';

create materialized view if not exists glas_data.equity as
with days as (
    select value::int as n from glas_data.setting where name = 'answer_days'
), asked as (
    select k.by, k.value, v.answered_at - v.reported_at as took,
           v.answered_at - v.reported_at <= make_interval(days => days.n) as in_time,
           v.person
      from days, glas_data.voice v, lateral (values
           ('language', v.lang), ('people', v.people),
           ('municipality', coalesce(nullif(v.municipality, ''), 'unknown'))) k (by, value)
     where v.reported_at > glas.now() - interval '180 days'
       and (v.answered_at is not null
            or v.reported_at <= glas.now() - make_interval(days => days.n))
)
select a.by, a.value, count(*)::int as reports, count(distinct a.person)::int as people,
       round((percentile_disc(0.5) within group (
           order by coalesce(extract(epoch from a.took), 'infinity'))
           / 3600)::numeric, 1) as median_hours,
       (count(*) filter (where a.in_time))::int as in_time
  from asked a
 group by a.by, a.value;
create unique index if not exists equity_row on glas_data.equity (by, value);
comment on materialized view glas_data.equity is
    'What glas.equity shows; in_time: how many reports.';

create or replace view glas.equity with (security_barrier) as
select e.by, e.value, e.reports, e.people, e.median_hours as hours,
       round(100.0 * e.in_time / e.reports)::int as in_time,
       glas_data.bar(e.in_time, e.reports, 8) as bar
  from glas_data.equity e
 where (select glas_data.sees_all())
 order by e.by, 6, e.value;
comment on view glas.equity is
    'Whether all are answered alike: by language, group and municipality, who
     waits longest first, over the last 180 days, counted every few minutes. Not
     for others: small numbers point at people.
     Example: select * from glas.equity where by = ''language'';';
comment on column glas.equity.by is 'What is compared: language, people (group), municipality.';
comment on column glas.equity.value is 'Which language, group, municipality.';
comment on column glas.equity.reports is 'How many reports that should have an answer by now.';
comment on column glas.equity.people is 'Of how many people.';
comment on column glas.equity.hours is
    'Half of them were answered within so many hours; Infinity: half were not answered.';
comment on column glas.equity.in_time is
    'So many in a hundred were answered within the setting answer_days.';
comment on column glas.equity.bar is 'The same to look at; 8 wide is all of them.';

create materialized view if not exists glas_data.clusters as
with days as (
    select make_interval(days => value::int) as n
      from glas_data.setting where name = 'cluster_days'
), begun as (
    select v.*, coalesce(v.reported_at - lag(v.reported_at) over place > days.n, true) as first
      from glas_data.voice v, days
     where v.reported_at > glas.now() - interval '180 days'
       and v.municipality <> '' and v.category <> ''
    window place as (partition by v.municipality, v.settlement, v.category
                     order by v.reported_at, v.reference)
), numbered as (
    select b.*, count(*) filter (where b.first) over (
               partition by b.municipality, b.settlement, b.category
               order by b.reported_at, b.reference) as n
      from begun b
)
select concat_ws('/', c.municipality, nullif(c.settlement, '')) as place, c.category,
       count(distinct c.person)::int as people, count(*)::int as reports,
       (count(*) filter (where c.status in ('new', 'open', 'referred')))::int as open,
       min(c.reported_at)::date as since, max(c.reported_at) as last,
       (min(c.reference::text) filter (where c.first)) as first,
       array_agg(c.reference::text order by c.reported_at, c.reference) as "references"
  from numbered c
 group by c.municipality, c.settlement, c.category, c.n
having count(*) > 1;
create unique index if not exists clusters_row on glas_data.clusters (first);
comment on materialized view glas_data.clusters is
    'What glas.clusters shows; first, last: the first reference, the time of the last.';

create or replace view glas.clusters with (security_barrier) as
select c.place, c.category, c.people,
       glas_data.bar(c.people, max(c.people) over (), 10) as bar,
       c.reports, c.open, c.since, c.last::date as until, c."references"
  from glas_data.clusters c
 where (select glas_data.sees_all())
 order by c.last desc, c.people desc, c.place, c.category;
comment on view glas.clusters is
    'Reports of the same place, subject and time that may be the same thing, of
     the last 180 days, found every few minutes. One person with seven texts is
     one; glas.merge() joins them.
     Example: select place, category, people, bar, open
     from glas.clusters where people > 1;';
comment on column glas.clusters.place is 'Municipality/settlement.';
comment on column glas.clusters.category is 'Code of the category.';
comment on column glas.clusters.people is
    'How many different people; who was helped to report is one.';
comment on column glas.clusters.bar is 'The people to look at; the most are 10 wide.';
comment on column glas.clusters.reports is 'How many reports.';
comment on column glas.clusters.open is 'How many of them wait: new, open, referred.';
comment on column glas.clusters.since is 'Day of the first.';
comment on column glas.clusters.until is 'Day of the last.';
comment on column glas.clusters."references" is 'Their references, oldest first.';

-- Issue, recommendation, response, rating.
create or replace function glas_data.said(p_what text, p_text text, p_most int) returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    said text := glas_data.clean(glas_data.note_at_most(p_what, p_text, p_most));
begin
    if said = '' then
        raise invalid_parameter_value using message = format('%s is empty: write it down', p_what);
    end if;
    return said;
end
$$;
comment on function glas_data.said(text, text, int) is
    'Words that somebody has to have written, without controls and without a number of
     a person.';

create or replace function glas_data.recommendation_of(p_number int)
    returns glas_data.recommendation
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.recommendation;
begin
    select * into found from glas_data.recommendation r where r.number = p_number;
    if found.number is null then
        raise no_data_found using message = format(
            'there is no recommendation %s: select * from glas.recommendations '
            'lists them', coalesce(glas_data.echo(p_number::text), 'without a number'));
    end if;
    return found;
end
$$;
comment on function glas_data.recommendation_of(int) is
    'The recommendation with this number; an error that says what to do when there is none.';

create or replace view glas.recommendations with (security_barrier) as
select r.number, r.issue, r.recommendation, r.addressee, r.category, r.municipality,
       r.evidence, r.made_at, r.due_on,
       case when a.id is not null then a.answer
            when r.due_on < (glas.now() at time zone 'Europe/Belgrade')::date then 'overdue'
            else 'waiting' end as answer,
       coalesce(a.text, '') as response, a.given_on,
       n.people as rated, n.mean as rating,
       glas_data.bar(n.mean, 5, 10) as bar, r.public_at
  from glas_data.recommendation r
  left join lateral (select * from glas_data.response p where p.recommendation = r.number
                      order by p.id desc limit 1) a on true
  cross join lateral (select count(*)::int as people, round(avg(g.rating), 1) as mean
                        from glas_data.recommendation_rating g
                       where g.recommendation = r.number) n
 where (select glas_data.sees_all())
 order by r.number;
comment on view glas.recommendations is
    'What was recommended to whom, what they said, and how those who are affected
     rate it.
     Example: select number, addressee, evidence, answer, rating, bar from glas.recommendations;';
comment on column glas.recommendations.number is 'Number; the functions take it.';
comment on column glas.recommendations.issue is 'What is wrong.';
comment on column glas.recommendations.recommendation is 'What should be done.';
comment on column glas.recommendations.addressee is 'Who should do it.';
comment on column glas.recommendations.category is
    'Category of the reports it is about; empty: all.';
comment on column glas.recommendations.municipality is 'Their municipality; empty: all.';
comment on column glas.recommendations.evidence is
    'How many people had reported that when it was made.';
comment on column glas.recommendations.made_at is 'When.';
comment on column glas.recommendations.due_on is 'Until when an answer is expected.';
comment on column glas.recommendations.answer is
    'accepted, partly, refused, done; waiting, overdue: none yet.';
comment on column glas.recommendations.response is 'What they said last.';
comment on column glas.recommendations.given_on is 'When they said it.';
comment on column glas.recommendations.rated is 'How many people have rated it.';
comment on column glas.recommendations.rating is 'Mean of 1 to 5.';
comment on column glas.recommendations.bar is 'The mean to look at; 10 wide is 5.';
comment on column glas.recommendations.public_at is 'When it was made public; empty: it is not.';

create or replace function glas.recommend(
    issue text, recommendation text, addressee text, due_on text default null,
    category text default '', municipality text default '')
    returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    made int;
    due  date := glas_data.day_said(recommend.due_on);
begin
    if coalesce(recommend.category, '') <> '' and not exists (
            select from glas_data.category c where c.code = recommend.category) then
        raise invalid_parameter_value using message = format(
            'there is no category "%s": select * from glas.categories lists them',
            glas_data.echo(recommend.category));
    elsif coalesce(recommend.municipality, '') <> '' and not exists (
            select from glas_data.place p where p.municipality = recommend.municipality) then
        raise invalid_parameter_value using message = format(
            'there is no municipality "%s": write it as in glas.reports',
            glas_data.echo(recommend.municipality));
    elsif due < (glas.now() at time zone 'Europe/Belgrade')::date then
        raise invalid_parameter_value using message = format(
            '%s has passed: an answer is expected later', due);
    end if;
    insert into glas_data.recommendation (issue, recommendation, addressee, category,
           municipality, due_on, made_at, made_by, evidence)
    select glas_data.said('the issue', recommend.issue, 500),
           glas_data.said('the recommendation', recommend.recommendation, 1000),
           glas_data.said('the addressee', recommend.addressee, 100),
           coalesce(recommend.category, ''), coalesce(recommend.municipality, ''),
           due, glas.now(), session_user,
           count(distinct v.person)
      from glas_data.voice v
     where coalesce(recommend.category, '') in ('', v.category)
       and coalesce(recommend.municipality, '') in ('', v.municipality)
       and v.reported_at > glas.now() - interval '365 days'
    returning number into made;
    return made;
end
$$;
comment on function glas.recommend(text, text, text, text, text, text) is
    'Writes down what is wrong, what should be done and who should do it; how
     many people reported it within a year is kept with it. Gives its number.
     Example: select glas.recommend(''Stubovi bez svetla'', ''Popraviti rasvetu'',
     ''Grad Vranje'', ''2027-01-15'', ''LIGHT'', ''Vranje'');';

create or replace function glas.respond(
    number int, answer text, text text, given_on text default null)
    returns setof glas.recommendations
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    r     glas_data.recommendation := glas_data.recommendation_of(respond.number);
    today date := (glas.now() at time zone 'Europe/Belgrade')::date;
    said  date := coalesce(glas_data.day_said(respond.given_on), today);
begin
    if respond.answer is null
       or respond.answer not in ('accepted', 'partly', 'refused', 'done') then
        raise invalid_parameter_value using message = format(
            'there is no answer "%s": it is accepted, partly, refused or done',
            glas_data.echo(respond.answer));
    elsif said > today then
        raise invalid_parameter_value using message = format(
            '%s has not come yet: give the day on which they said it', said);
    end if;
    insert into glas_data.response (recommendation, answer, text, given_on, at, who)
    values (r.number, respond.answer,
            glas_data.said('what they said', respond.text, 2000), said,
            glas.now(), session_user);
    return query select * from glas.recommendations x where x.number = r.number;
end
$$;
comment on function glas.respond(int, text, text, text) is
    'Writes down what was said to a recommendation: accepted, partly, refused,
     done. The newest counts, what was said before is kept.
     Example: select * from glas.respond(1, ''accepted'', ''Radovi pocinju u maju.'');';

create or replace function glas.rate(number int, reference text, rating int)
    returns setof glas.recommendations
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    r      glas_data.recommendation := glas_data.recommendation_of(rate.number);
    report glas_data.report := glas_data.report_of(rate.reference);
begin
    if rate.rating is null or rate.rating not between 1 and 5 then
        raise invalid_parameter_value using message = 'a rating is 1, 2, 3, 4 or 5';
    elsif not exists (select from glas_data.voice v where v.reference = report.reference)
       or r.category not in ('', report.category)
       or r.municipality not in ('', report.municipality) then
        raise invalid_parameter_value using message = format(
            'report %s is not of what recommendation %s is about: those rate it '
            'who reported that', report.reference, r.number);
    elsif not exists (select from glas_data.response a where a.recommendation = r.number) then
        raise object_not_in_prerequisite_state using message = format(
            'recommendation %s has no response yet, there is nothing to rate: '
            'glas.respond() writes it down', r.number);
    end if;
    insert into glas_data.recommendation_rating (recommendation, person, rating, at, who)
    values (r.number, coalesce(-report.helped, report.citizen), rate.rating,
            glas.now(), session_user)
    on conflict do nothing;
    if not found then
        raise unique_violation using message = format(
            'who brought report %s has rated recommendation %s: each person once',
            report.reference, r.number);
    end if;
    return query select * from glas.recommendations x where x.number = r.number;
end
$$;
comment on function glas.rate(int, text, int) is
    'Writes down how somebody who reported it rates what was done, 1 to 5; the
     reference is that of their report. Each person once.
     Example: select * from glas.rate(1, ''100008'', 4);';
