-- The content pack in and out: content_import(content_pack()) changes nothing.
-- A pack is an object of sections, each {"note": text, "entries": [...]}; the
-- tables and their primary keys say the rest. A part of a key is never null: one
-- that is left out is empty, and comes out as such.

create or replace function glas_data.key_columns(p_table regclass) returns text[]
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select array_agg(quote_ident(a.attname) order by k.n)
      from pg_index i, unnest(i.indkey) with ordinality k (attnum, n), pg_attribute a
     where i.indrelid = p_table and i.indisprimary
       and a.attrelid = p_table and a.attnum = k.attnum
    $$;
comment on function glas_data.key_columns(regclass) is
    'Columns of the primary key of a table, in order, quoted.';

create or replace function glas_data.content_pack() returns jsonb
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    section glas_data.content_section;
    keys    text[];
    entries jsonb;
    pack    jsonb := '{}';
begin
    if glas_data.setting('content_version') = '0' then
        return null;
    end if;
    for section in select * from glas_data.content_section order by name loop
        keys := glas_data.key_columns(section.rows_in);
        execute format('select coalesce(jsonb_agg(jsonb_strip_nulls(to_jsonb(t))'
            ' order by %s), ''[]'') from %s t',
            array_to_string(keys, ' collate "C", ') || ' collate "C"', section.rows_in)
           into entries;
        pack := pack || jsonb_build_object(section.name,
            jsonb_build_object('note', section.note, 'entries', entries));
    end loop;
    return pack;
end
$$;
comment on function glas_data.content_pack() is
    'The content as one JSON object; null when there is none.';

-- What has no time in seconds is left out: an error here would stop every later
-- change of the content. A poll stays for a day, for votes that came in time; it
-- closes there not later than here, so that no vote is confirmed and not counted.
create or replace function glas_data.content_live() returns jsonb
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select jsonb_build_object(
        'polls', (select coalesce(jsonb_agg(jsonb_build_object(
                'number', p.number, 'title', p.title, 'options', p.options,
                'yes_no', p.yes_no,
                'closes_at', floor(extract(epoch from p.closes_at))::bigint)
                order by p.number), '[]')
            from glas_data.poll p
           where p.closes_at > glas.now() - interval '1 day'
             and isfinite(p.closes_at)),
        'events', (select coalesce(jsonb_agg(jsonb_build_object(
                'number', e.number, 'title', e.title, 'venue', e.venue,
                'starts_at', ceil(extract(epoch from e.starts_at))::bigint)
                order by e.number), '[]')
            from glas_data.event e
           where e.starts_at > glas.now() and e.cancelled_at is null
             and isfinite(e.starts_at)),
        'lists', (select coalesce(jsonb_agg(jsonb_build_object('code', l.code,
                'words', l.keywords) order by l.code), '[]')
            from glas_data.list l))
    $$;
comment on function glas_data.content_live() is
    'Polls that are open, or were a day ago, events that are to come, and lists, as
     src/text/content_live.c reads them.';

create or replace function glas_gw.content() returns jsonb
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.content_pack()
        || jsonb_build_object('live', glas_data.content_live())
    $$;
comment on function glas_gw.content() is
    'What people can say and what they hear, and what is going on; null when there
     is no content.';

-- What this version of the schema has no place for would be lost in silence.
create or replace function glas_data.content_refuse(p_pack jsonb) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    odd text;
begin
    if jsonb_typeof(p_pack) is distinct from 'object' then
        raise invalid_parameter_value using message =
            'a content pack is one JSON object of sections';
    end if;
    select format('section %s is not known', s.key) into odd
      from jsonb_each(p_pack) s
      left join glas_data.content_section k on k.name = s.key
     where k.name is null
     limit 1;
    if odd is null then
        select format('field %s of section %s is not known', f.field, k.name) into odd
          from glas_data.content_section k,
               jsonb_array_elements(coalesce(p_pack -> k.name -> 'entries', '[]')) e (entry),
               jsonb_object_keys(e.entry) f (field)
         where not exists (select from pg_attribute a
                            where a.attrelid = k.rows_in and a.attnum > 0
                              and not a.attisdropped and a.attname = f.field)
         limit 1;
    end if;
    if odd is not null then
        raise invalid_parameter_value using message =
            odd || ': the pack belongs to another version of Glas';
    end if;
end
$$;
comment on function glas_data.content_refuse(jsonb) is
    'An error when a pack has something that there is no column for.';

create or replace function glas_data.content_touch() returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.setting set value = (value::bigint + 1)::text
     where name = 'content_version' and value <> '0';
    perform glas_data.wake_gateways();
end
$$;
comment on function glas_data.content_touch() is
    'The content has changed: gateways fetch it. Nothing to fetch stays so.';

create or replace function glas_data.content_import(p_pack jsonb)
    returns table (what text, added int, changed int, removed int)
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    section glas_data.content_section;
    keys    text[];
    empty   jsonb;
    entries jsonb;
begin
    perform glas_data.content_refuse(p_pack);
    lock table glas_data.content_section in share row exclusive mode;
    for section in select * from glas_data.content_section order by name loop
        keys := glas_data.key_columns(section.rows_in);
        empty := (select jsonb_object_agg(k, '') from unnest(keys) k);
        select coalesce(jsonb_agg(empty || e), '[]') into entries
          from jsonb_array_elements(p_pack -> section.name -> 'entries') e;
        what := section.name;
        execute format($sql$
            with new as (
                select to_jsonb(n) as entry, jsonb_build_array(%2$s) as key
                  from jsonb_populate_recordset(null::%1$s, $1) n
            ), old as (
                select to_jsonb(o) as entry, jsonb_build_array(%2$s) as key
                  from %1$s o
            )
            select count(*) filter (where old.key is null),
                   count(*) filter (where old.entry <> new.entry),
                   count(*) filter (where new.key is null)
              from old full join new using (key)
            $sql$, section.rows_in, array_to_string(keys, ', '))
           into added, changed, removed using entries;
        execute format('delete from %s', section.rows_in);
        execute format('insert into %1$s select * from '
            'jsonb_populate_recordset(null::%1$s, $1)', section.rows_in)
          using entries;
        update glas_data.content_section
           set note = coalesce(p_pack -> section.name ->> 'note', '')
         where name = section.name;
        return next;
    end loop;
    perform glas_data.form_views();
    update glas_data.setting set value = (value::bigint + 1)::text
     where name = 'content_version';
    perform glas_data.wake_gateways();
end
$$;
comment on function glas_data.content_import(jsonb) is
    'Makes the content what the pack says, tells the gateways, and returns how
     many entries of each section that was added, changed or removed.';

-- Texts whose category a person has set right are labelled texts: what Glas is
-- wrong about here, it can learn here. Nobody but the owner may call it.
create or replace function glas_data.labels()
    returns table (text text, category text)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select b.text, r.category
      from glas_data.report r
      join glas_data.message m on m.id = r.message
      join glas_data.body b on b.message = m.id and b.received_at = m.received_at
     where r.category <> '' and not r.test
       and b.text not in ('', '[obrisano]')
       and exists (select from glas_data.report_history h
                    where h.reference = r.reference and h.what = 'category')
     order by r.reported_at, r.reference
    $$;
comment on function glas_data.labels() is
    'Texts of reports whose category a person has changed, and what it is now.';
