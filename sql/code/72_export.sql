-- Files for others: a view as CSV or JSON, and counts in the words of Open311.

-- Both run with the rights of who calls them: they show what a select would.
create or replace function glas.csv(view text) returns setof text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    name   text := lower(regexp_replace(btrim(coalesce(csv.view, '')), '^glas\.', '', 'i'));
    source regclass := to_regclass(format('glas.%I', name));
begin
    if source is null then
        raise undefined_table using message =
            'there is no such view: select * from glas.help() lists what there is';
    end if;
    return query
        select string_agg('"' || a.attname || '"', ',' order by a.attnum)
          from pg_attribute a
         where a.attrelid = source and a.attnum > 0 and not a.attisdropped;
    -- What begins like a formula a spreadsheet computes; space before it, and
    -- letters of full width, do not keep all of them from it.
    -- Where ; stands between fields, as in Serbia, one that opens this file by a click
    -- takes no comma for that: a field begins behind ; or a line feed in a text.
    return query execute format($q$
        select (select string_agg(coalesce('"' || case
                           when json_typeof(c.value) <> 'number'
                            and c.value #>> '{}' ~ e'^([\t\r\n]|[\\s\uFEFF]*[=+@|%%\uFF1D\uFF0B\uFF20\uFF0D-])'
                           then '''' else '' end
                           || replace(regexp_replace(c.value #>> '{}',
                                  e'([;\t\r\n][\\s\uFEFF"]*)([=+@|%%\uFF1D\uFF0B\uFF20\uFF0D-])',
                                  '\1''\2', 'g'), '"', '""') || '"', ''), ',' order by c.n)
                  from json_each(row_to_json(v)) with ordinality c (key, value, n))
          from %s v$q$, source);
end
$$;
comment on function glas.csv(text) is
    'A view as lines of CSV for a spreadsheet, which will compute nothing out of
     it: what begins like a formula has an apostrophe before it. Write it with
     psql -At -o counts.csv -c "...".
     Example: select glas.csv(''publish_counts'');';

create or replace function glas.json(view text) returns setof text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    name   text := lower(regexp_replace(btrim(coalesce(json.view, '')), '^glas\.', '', 'i'));
    source regclass := to_regclass(format('glas.%I', name));
begin
    if source is null then
        raise undefined_table using message =
            'there is no such view: select * from glas.help() lists what there is';
    end if;
    -- One object a line; < > & cannot end a script that somebody puts it into.
    return query execute format($q$
        select replace(replace(replace(row_to_json(v)::text,
                   '<', '\u003c'), '>', '\u003e'), '&', '\u0026')
          from %s v$q$, source);
end
$$;
comment on function glas.json(text) is
    'A view as lines of JSON, an object each.
     Example: select glas.json(''publish_counts'');';

-- Open311 GeoReport v2. A request is a number of people, never a report: rows of
-- the published tables, and nothing that is not in them.
create or replace view glas.publish_services with (security_barrier) as
with service as (
    -- As glas_data.publish_category() says it.
    select distinct case when bool_or(c.named_in_reply is not true) over (
                                  partition by c."group")
                         then 'GROUP' || c."group" else c.code end as code
      from glas_data.category c where c."group" is not null
    union select 'GROUP9'
)
select s.code as service_code,
       coalesce(w.en, c.names ->> 'en', s.code) as service_name,
       coalesce(w.sr, c.names ->> 'sr-Latn', s.code) as description,
       'false' as metadata, 'batch' as type, '' as keywords,
       coalesce((select g.en from glas_data.publish_word g
                  where g.key = 'GROUP' || c."group"), '') as "group"
  from service s
  left join glas_data.category c on c.code = s.code
  left join glas_data.publish_word w on w.key = s.code
union all
select 'other', w.en, w.sr, 'false', 'batch', '', '' from glas_data.publish_word w
 where w.key = 'other'
 order by 1;
comment on view glas.publish_services is
    'What reports can be about, as services of Open311 GeoReport v2; where a
     category could endanger, its group.
     Example: select service_code, service_name, description from glas.publish_services;';
comment on column glas.publish_services.service_code is 'Code, as in publish_counts.';
comment on column glas.publish_services.service_name is 'Name in English.';
comment on column glas.publish_services.description is 'Name in Serbian.';
comment on column glas.publish_services.metadata is 'false: there is no more to ask for.';
comment on column glas.publish_services.type is 'batch: once a month.';
comment on column glas.publish_services.keywords is 'None.';
comment on column glas.publish_services."group" is 'Group that it belongs to, in English.';

create or replace view glas.publish_requests with (security_barrier) as
select format('%s-%s', to_char(p.month, 'YYYY-MM'), p.value) as service_request_id,
       'closed' as status, '' as status_notes,
       coalesce(s.service_name, 'Any') as service_name,
       case p."by" when 'category' then p.value else 'any' end as service_code,
       format('%s people in %s', p.people, to_char(p.month, 'YYYY-MM')) as description,
       '' as agency_responsible, '' as service_notice,
       to_char(p.month, 'YYYY-MM-DD"T"00:00:00"Z"') as requested_datetime,
       to_char(n.at at time zone 'utc', 'YYYY-MM-DD"T"00:00:00"Z"') as updated_datetime,
       null::text as expected_datetime,
       case p."by" when 'municipality' then p.value else '' end as address,
       null::text as address_id, null::text as zipcode,
       m.lat, m.lon as long, null::text as media_url
  from glas_data.published p
  join glas_data.publication n using (month)
  left join glas.publish_services s on p."by" = 'category' and s.service_code = p.value
  left join glas_data.place m on p."by" = 'municipality' and m.municipality = p.value
       and m.settlement = ''
 where p.measure = 'reports' and p."by" in ('category', 'municipality')
   and (p."by" = 'category' or p.value <> 'other')
 order by p.month desc, p."by", p.value;
comment on view glas.publish_requests is
    'What was reported, as requests of Open311 GeoReport v2: a row is how many
     people of a month reported a service, or something in a municipality. No row
     is a person or has a text.
     Example: select service_request_id, service_name, description, address
     from glas.publish_requests;';
comment on column glas.publish_requests.service_request_id is 'Month and code or municipality.';
comment on column glas.publish_requests.status is 'closed: the month is over.';
comment on column glas.publish_requests.status_notes is 'None.';
comment on column glas.publish_requests.service_name is
    'Name in English; Any: all services of a municipality.';
comment on column glas.publish_requests.service_code is 'Code, as in publish_services; any: all.';
comment on column glas.publish_requests.description is 'How many people.';
comment on column glas.publish_requests.agency_responsible is 'None.';
comment on column glas.publish_requests.service_notice is 'None.';
comment on column glas.publish_requests.requested_datetime is 'Begin of the month.';
comment on column glas.publish_requests.updated_datetime is 'Day on which it was published.';
comment on column glas.publish_requests.expected_datetime is 'None.';
comment on column glas.publish_requests.address is 'Municipality; never less than that.';
comment on column glas.publish_requests.address_id is 'None.';
comment on column glas.publish_requests.zipcode is 'None.';
comment on column glas.publish_requests.lat is 'Of the municipality, not of what happened.';
comment on column glas.publish_requests.long is 'The same.';
comment on column glas.publish_requests.media_url is 'None.';
