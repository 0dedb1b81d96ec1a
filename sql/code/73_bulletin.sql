-- The bulletin of some months: a page of HTML that needs nothing else, made of
-- what the publish_ views show. Words of people are never in it; whatever is
-- written into it passes glas_data.html().

-- Where the tile of a municipality lies on the map: column and row.
create or replace view glas_data.publish_tile (municipality, x, y) as
values
    ('Ražanj', 0, 0), ('Aleksinac', 1, 0),
    ('Blace', 0, 1), ('Merošina', 1, 1), ('Niš', 2, 1), ('Svrljig', 3, 1),
    ('Prokuplje', 0, 2), ('Žitorađa', 1, 2), ('Gadžin Han', 2, 2), ('Bela Palanka', 3, 2),
    ('Pirot', 4, 2),
    ('Kuršumlija', 0, 3), ('Bojnik', 1, 3), ('Doljevac', 2, 3), ('Babušnica', 3, 3),
    ('Dimitrovgrad', 4, 3),
    ('Lebane', 1, 4), ('Leskovac', 2, 4), ('Vlasotince', 3, 4), ('Crna Trava', 4, 4),
    ('Medveđa', 1, 5), ('Vladičin Han', 2, 5), ('Surdulica', 3, 5),
    ('Bujanovac', 0, 6), ('Vranje', 1, 6), ('Vranjska Banja', 2, 6), ('Bosilegrad', 3, 6),
    ('Preševo', 1, 7), ('Trgovište', 2, 7);
comment on view glas_data.publish_tile is 'Municipalities as tiles, roughly where they are.';
comment on column glas_data.publish_tile.municipality is 'Municipality.';
comment on column glas_data.publish_tile.x is 'Column from the west, from 0.';
comment on column glas_data.publish_tile.y is 'Row from the north, from 0.';

create or replace function glas_data.html(p_text text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select replace(replace(replace(replace(replace(coalesce(p_text, ''), '&', '&amp;'),
        '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;')
    $$;
comment on function glas_data.html(text) is 'A text for HTML, in an element or in quotes.';

create or replace function glas_data.publish_say(p_key text, p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce(
        (select case p_lang when 'sq' then w.sq when 'en' then w.en else w.sr end
           from glas_data.publish_word w where w.key = p_key),
        (select coalesce(c.names ->> p_lang, c.names ->> 'sr-Latn')
           from glas_data.category c where c.code = p_key),
        (select coalesce(t.names ->> p_lang, t.names ->> 'sr-Latn')
           from glas_data.topic t where t.code = p_key),
        (select case p_lang when 'sq' then nullif(m.sq, '') end
           from glas_data.place m where m.municipality = p_key and m.settlement = ''),
        p_key, '')
    $$;
comment on function glas_data.publish_say(text, text) is
    'What something is called in a language of the bulletin.';

create or replace function glas_data.bulletin_month(p_month text, p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select format('%s %s', glas_data.publish_say('month' || right(p_month, 2), p_lang),
                  left(p_month, 4))
    $$;
comment on function glas_data.bulletin_month(text, text) is
    'A month (YYYY-MM) in words of a language of the bulletin.';

-- Not all of them may have been published.
create or replace function glas_data.bulletin_period(
    p_from text, p_last text, p_months text[], p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when p_from = p_last then glas_data.bulletin_month(p_from, p_lang)
        when p_months is null or cardinality(p_months) = (
             select count(*) from generate_series(
                 (p_from || '-01')::timestamp, (p_last || '-01')::timestamp,
                 interval '1 month'))
        then glas_data.bulletin_month(p_from, p_lang) || ' – '
             || glas_data.bulletin_month(p_last, p_lang)
        else (select string_agg(glas_data.bulletin_month(m, p_lang), ', ' order by m)
                from unnest(p_months) m) end
    $$;
comment on function glas_data.bulletin_period(text, text, text[], text) is
    'The months that a bulletin has something of, in words of its language.';

-- Bars with their names and values: names and parts of a whole, as HTML that
-- is a table to who listens to it, each bar a picture of its own.
create or replace function glas_data.bulletin_bars(
    p_title text, p_names text[], p_values int[], p_whole int, p_unit text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when cardinality(coalesce(p_names, '{}')) = 0 then '' else
        format(e'<section><h2>%s</h2>\n<table>', glas_data.html(p_title))
        || string_agg(format('<tr><th scope="row">%s</th><td class="n">%s%s</td><td class="b">'
               '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
               '<rect class="all" width="100" height="10"/>'
               '<rect class="part" width="%s" height="10"/>'
               '</svg></td></tr>', glas_data.html(v.name), v.value, glas_data.html(p_unit),
               round(100.0 * v.value / greatest(p_whole, 1), 1)), e'\n' order by v.n)
        || e'</table></section>\n' end
      from unnest(p_names, p_values) with ordinality v (name, value, n)
    $$;
comment on function glas_data.bulletin_bars(text, text[], int[], int, text) is
    'A table of the bulletin, with bars.';

create or replace function glas_data.bulletin_map(p_months text[], p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with shown as (
        select c.value as municipality, sum(c.people)::int as people
          from glas.publish_counts c
         where c.month = any (p_months) and c.by = 'municipality'
           and c.value not in ('other', 'unknown')
         group by c.value
    ), tile as (
        -- What is not on the map comes below it.
        select coalesce(t.municipality, s.municipality) as municipality, s.people,
               coalesce(t.x, (row_number() over below - 1) % 5) as x,
               coalesce(t.y, 8 + (row_number() over below - 1) / 5) as y
          from glas_data.publish_tile t
          full join shown s on s.municipality = t.municipality
        window below as (partition by t.x is null order by s.municipality)
    ), named as (
        select t.*, glas_data.publish_say(t.municipality, p_lang) as name,
               case when t.people is null then 0
                    else 1 + 4 * t.people / (max(t.people) over () + 1) end as shade
          from tile t
    )
    select format(e'<section class="map"><h2>%s</h2>\n<svg viewBox="0 0 500 %s" role="img" '
               'aria-label="%s">', glas_data.html(glas_data.publish_say('municipality', p_lang)),
               max(n.y + 1) * 62, glas_data.html(glas_data.publish_say('municipality', p_lang)))
        || string_agg(format('<g transform="translate(%s %s)"><title>%s: %s</title>'
               '<rect class="s%s" width="96" height="58" rx="4"/>'
               '<text class="t%s" x="48" y="24"%s>%s</text>'
               '<text class="v t%s" x="48" y="46">%s</text></g>',
               n.x * 100 + 2, n.y * 62 + 2, glas_data.html(n.name), coalesce(n.people::text, '–'),
               n.shade, n.shade, case when length(n.name) > 11 then
                   ' textLength="90" lengthAdjust="spacingAndGlyphs"' else '' end,
               glas_data.html(n.name),
               n.shade, coalesce(n.people::text, '')), e'\n' order by n.y, n.x)
        || format(e'</svg>\n<p>%s</p></section>\n',
               glas_data.html(glas_data.publish_say('map', p_lang)))
      from named n
    $$;
comment on function glas_data.bulletin_map(text[], text) is
    'The map of the bulletin: a tile for each municipality.';

create or replace function glas_data.bulletin_style() returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select $css$
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #57606a;
 --line: #d0d7de; --all: #eaeef2; --part: #1f6f8b; --s0: #f3f5f7; --s1: #cfe6ee;
 --s2: #8fc3d6; --s3: #3f8faa; --s4: #14536a; --dark: #fff; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0f141a;
 --soft: #9aa5b1; --line: #30363d; --all: #222a33; --part: #58b3d1; --s0: #1a2129;
 --s1: #173845; --s2: #1f5a70; --s3: #4fa3c0; --s4: #a5dcee; --dark: #06222d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--paper); color: var(--ink);
 font: 1rem/1.45 system-ui, "Liberation Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
p { margin: .4rem 0; } .soft, .map p { color: var(--soft); font-size: .9rem; }
main { margin-top: 1rem; }
section { break-inside: avoid; padding-bottom: 1.5rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: .15rem .3rem .15rem 0; text-align: left; font-weight: normal;
 vertical-align: middle;
 overflow-wrap: anywhere; }
th { width: 45%; } td.n { width: 17%; text-align: right; padding-right: .6rem;
 font-variant-numeric: tabular-nums; }
td.b svg { display: block; width: 100%; height: .8rem; }
.all { fill: var(--all); } .part { fill: var(--part); }
.map svg { width: 100%; max-width: 34rem; height: auto; display: block; }
.map text { text-anchor: middle; font-size: 14px; fill: var(--ink); }
.map text.v { font-size: 16px; font-weight: bold; }
.map .t3, .map .t4 { fill: var(--dark); }
.map rect { stroke: var(--line); }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); }
.s3 { fill: var(--s3); } .s4 { fill: var(--s4); }
.map .t0 { fill: var(--soft); }
article { border-top: 1px solid var(--line); padding: .5rem 0; overflow-wrap: anywhere; }
@media screen and (min-width: 50rem) { main { columns: 2; column-gap: 2rem; } }
.wide { column-span: all; }
@page { size: A4; margin: 15mm; }
@media print { body { font-size: 10pt; padding: 0; max-width: none; }
 main { columns: 2; column-gap: 8mm; } section { padding-bottom: 5mm; }
 .wide { break-inside: auto; } article { break-inside: avoid; }
 * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
 .map svg { max-width: 120mm; } }
$css$
    $$;
comment on function glas_data.bulletin_style() is 'How the bulletin looks.';

create or replace function glas_data.bulletin_counts(
    p_months text[], p_rights boolean, p_by text, p_title text, p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with counted as (
        select c.value, sum(c.people)::int as people
          from (select month, by, value, people from glas.publish_counts where not p_rights
                union all
                select month, by, value, people from glas.publish_rights where p_rights) c
         where c.month = any (p_months) and c.by = p_by
         group by c.value
    )
    select glas_data.bulletin_bars(glas_data.publish_say(p_title, p_lang),
               array_agg(glas_data.publish_say(c.value, p_lang) order by o.n),
               array_agg(c.people order by o.n), max(c.people), '')
      from (select counted.*, row_number() over (order by value in ('other', 'unknown'),
                   people desc, value) as n from counted) o
      join counted c using (value)
    $$;
comment on function glas_data.bulletin_counts(text[], boolean, text, text, text) is
    'One table of counts of the bulletin; months are added up.';

create or replace function glas_data.bulletin_equity(
    p_months text[], p_by text, p_title text, p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with answered as (
        select e.value, round(sum(e.people * e.in_time) / sum(e.people))::int as share
          from glas.publish_equity e
         where e.month = any (p_months) and e.by = p_by
         group by e.value
    )
    select glas_data.bulletin_bars(format('%s: %s', glas_data.publish_say('equity', p_lang),
                   lower(glas_data.publish_say(p_title, p_lang))),
               array_agg(glas_data.publish_say(a.value, p_lang) order by a.n),
               array_agg(a.share order by a.n), 100, ' %')
      from (select *, row_number() over (order by value in ('other', 'unknown'), share,
                   value) as n from answered) a
    $$;
comment on function glas_data.bulletin_equity(text[], text, text, text) is
    'Who was answered in time, in the bulletin.';

create or replace function glas_data.bulletin_recommendations(p_lang text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce(format(e'<section class="wide"><h2>%s</h2>\n',
               glas_data.html(glas_data.publish_say('recommendations', p_lang)))
        || string_agg(format('<article><p><b>%s.</b> %s</p><p>%s</p>'
               '<p class="soft">%s: %s%s%s</p></article>',
               r.number, glas_data.html(r.issue), glas_data.html(r.recommendation),
               glas_data.html(r.addressee), glas_data.html(glas_data.publish_say(r.answer, p_lang)),
               case when r.response <> '' then '. ' || glas_data.html(r.response) else '' end,
               case when r.rating is not null then format(' (%s %s/5, %s %s)',
                   glas_data.html(glas_data.publish_say('rating', p_lang)), r.rating, r.rated,
                   glas_data.html(glas_data.publish_say('people', p_lang))) else '' end),
               e'\n' order by r.number) || e'</section>\n', '')
      from glas.publish_recommendations r
    $$;
comment on function glas_data.bulletin_recommendations(text) is
    'What was recommended, in the bulletin.';

create or replace function glas.bulletin(
    from_month text, to_month text default null, lang text default 'sr-Latn') returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    last   text := coalesce(to_month, from_month);
    tongue text := bulletin.lang;
    months text[];
    told   text[];
    trend  text;
    body   text;
    least  int;
    title  text;
begin
    if from_month is null or from_month || last !~ '^(2\d{3}-(0[1-9]|1[0-2])){2}$'
       or last < from_month then
        raise invalid_parameter_value using message =
            'a bulletin is of one month or of some that follow: '
            'glas.bulletin(''2026-10''), glas.bulletin(''2026-07'', ''2026-09'')';
    elsif tongue is null or tongue not in ('sr-Latn', 'sq', 'en') then
        raise invalid_parameter_value using message = format(
            'there is no bulletin in "%s": it is sr-Latn, sq or en', glas_data.echo(tongue));
    end if;
    select array_agg(t.month order by t.month),
           glas_data.bulletin_bars(glas_data.publish_say('trend', tongue),
               array_agg(glas_data.bulletin_month(t.month, tongue) order by t.month),
               array_agg(t.people order by t.month),
               max(t.people), '')
      into months, trend
      from glas.publish_trend t where t.month between from_month and last;
    select min(p.least) into least from glas_data.publication p
     where to_char(p.month, 'YYYY-MM') between from_month and last;
    if months is null then
        body := format('<section><p>%s</p></section>',
            glas_data.html(glas_data.publish_say('nothing', tongue)));
    else
        body := trend
            || glas_data.bulletin_counts(months, false, 'category', 'category', tongue)
            || glas_data.bulletin_map(months, tongue)
            || glas_data.bulletin_counts(months, false, 'language', 'language', tongue)
            || glas_data.bulletin_counts(months, false, 'people', 'group', tongue)
            || glas_data.bulletin_equity(months, 'language', 'language', tongue)
            || glas_data.bulletin_equity(months, 'people', 'group', tongue);
    end if;
    -- What people asked about is there even when too few reported.
    select body || coalesce(glas_data.bulletin_counts(array_agg(distinct r.month), true,
               'topic', 'rights', tongue), '')
      into body
      from glas.publish_rights r where r.month between from_month and last;
    select array_agg(m order by m) into told from (
        select unnest(months) union
        select r.month from glas.publish_rights r
         where r.month between from_month and last) t (m);
    title := format('Glas: %s, %s', glas_data.publish_say('title', tongue),
        glas_data.bulletin_period(from_month, last, told, tongue));
    return format(e'<!DOCTYPE html>\n<html lang="%s"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        'content="default-src ''none''; style-src ''unsafe-inline''">'
        '<title>%s</title>\n<style>%s</style></head>\n<body><header><h1>%s</h1>'
        '<p class="soft">%s</p></header>\n<main>%s%s</main></body></html>',
        tongue, glas_data.html(title), glas_data.bulletin_style(), glas_data.html(title),
        glas_data.html(format(glas_data.publish_say('about', tongue),
            coalesce(least, glas_data.publish_least()))),
        body, glas_data.bulletin_recommendations(tongue));
end
$$;
comment on function glas.bulletin(text, text, text) is
    'A page of what was published of some months, to print or to put on the web;
     in sr-Latn, sq or en. Write it with
     psql -At -o bulletin.html -c "...".
     Example: select glas.bulletin(''2026-10'', ''2026-10'', ''sq'');';
