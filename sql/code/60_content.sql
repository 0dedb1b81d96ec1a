-- The content pack in and out: content_import(content_pack()) changes nothing.

create or replace function glas_data.content_rows(p_pack jsonb)
    returns table (section text, kind text, key text, place int, item jsonb)
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select s.key, 'list', n::text, n::int, i.value
      from jsonb_each(p_pack) s,
           jsonb_array_elements(case when jsonb_typeof(s.value) = 'array'
                then s.value else '[]' end) with ordinality i (value, n)
    union all
    select s.key, 'table', i.key, 1, i.value
      from jsonb_each(p_pack) s,
           jsonb_each(case when jsonb_typeof(s.value) = 'object'
                then s.value else '{}' end) i
    union all
    select s.key, 'value', '', 1, s.value
      from jsonb_each(p_pack) s
     where jsonb_typeof(s.value) not in ('array', 'object')
    $$;
comment on function glas_data.content_rows(jsonb) is
    'A pack taken apart into the rows of content_item.';

create or replace function glas_data.content_pack() returns jsonb
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select jsonb_object_agg(s.name, case s.kind
            when 'list' then coalesce((select jsonb_agg(i.item order by i.place)
                from glas_data.content_item i where i.section = s.name), '[]')
            when 'table' then coalesce((select jsonb_object_agg(i.key, i.item)
                from glas_data.content_item i where i.section = s.name), '{}')
            else (select i.item
                from glas_data.content_item i where i.section = s.name) end)
      from glas_data.content_section s
    $$;
comment on function glas_data.content_pack() is
    'The content as one JSON object; null when there is none.';

create or replace function glas_gw.content() returns jsonb
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas_data.content_pack() $$;
comment on function glas_gw.content() is 'What people can say and what they hear.';

create or replace function glas_data.content_import(p_pack jsonb)
    returns table (what text, added int, changed int, removed int)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
begin
    if jsonb_typeof(p_pack) is distinct from 'object' then
        raise invalid_parameter_value using message =
            'a content pack is one JSON object: see etc/content';
    end if;
    lock table glas_data.content_section in share row exclusive mode;

    -- Items of a list have no name: one that is changed is one that goes and
    -- one that comes.
    return query
    with old as (
        select i.section, case s.kind when 'list' then md5(i.item::text)
                   else i.key end as key, i.item
          from glas_data.content_item i
          join glas_data.content_section s on s.name = i.section
    ), new as (
        select r.section, case r.kind when 'list' then md5(r.item::text)
                   else r.key end as key, r.item
          from glas_data.content_rows(p_pack) r
    )
    select coalesce(old.section, new.section),
           count(*) filter (where old.key is null)::int,
           count(*) filter (where old.item <> new.item)::int,
           count(*) filter (where new.key is null)::int
      from old full join new using (section, key)
     group by 1 order by 1;

    delete from glas_data.content_section;
    insert into glas_data.content_section (name, kind)
    select s.key, case jsonb_typeof(s.value) when 'array' then 'list'
               when 'object' then 'table' else 'value' end
      from jsonb_each(p_pack) s;
    insert into glas_data.content_item (section, key, place, item)
    select r.section, r.key, r.place, r.item from glas_data.content_rows(p_pack) r;

    update glas_data.setting set value = (value::bigint + 1)::text
     where name = 'content_version';
    perform glas_data.wake_gateways();
end
$$;
comment on function glas_data.content_import(jsonb) is
    'Makes the content what the pack says, tells the gateways, and returns how
     many items of each section that was added, changed or removed.';
