-- What there is for whoever asks, at psql. A comment of ours ends in
-- "Example: ...": help has one source.

create or replace function glas_data.help_rows()
    returns table (name text, kind text, about text, example text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with thing as (
        select p.proname::text as name, 1 as place,
               'function' as kind, obj_description(p.oid, 'pg_proc') as comment
          from pg_proc p
         where p.pronamespace = 'glas'::regnamespace
           and has_function_privilege(session_user, p.oid, 'execute')
           -- Once, where a reference may also be typed as a number.
           and not (p.proargtypes[0] = 'bigint'::regtype and exists (
                   select from pg_proc t
                    where t.pronamespace = p.pronamespace and t.proname = p.proname
                      and t.proargtypes[0] = 'text'::regtype))
        union all
        select c.relname, 0, 'view', obj_description(c.oid, 'pg_class')
          from pg_class c
         where c.relnamespace = 'glas'::regnamespace and c.relkind = 'v'
           and has_table_privilege(session_user, c.oid, 'select')
    )
    select t.name, t.kind,
           btrim(regexp_replace(split_part(t.comment, 'Example:', 1), '\s+', ' ', 'g')),
           btrim(regexp_replace(split_part(t.comment, 'Example:', 2), '\s+', ' ', 'g'))
      from thing t
     order by t.place, t.name
    $$;
comment on function glas_data.help_rows() is
    'Views and functions of schema glas that who is asking may use, out of their comments.';

create or replace function glas_data.wrapped(p_text text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select btrim(regexp_replace(regexp_replace(p_text, '\s+', ' ', 'g') || ' ',
                                '(.{1,52}) ', e'\\1\n', 'g'), e' \n')
    $$;
comment on function glas_data.wrapped(text) is
    'Lines of whole words: with a name before them they fit 80 columns of psql.';

create or replace function glas_data.arguments(p_function pg_proc) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce(string_agg(format(
               case when n <= p_function.pronargs - p_function.pronargdefaults
                    then '%I %s' else '[%I %s]' end, p_function.proargnames[n],
               regexp_replace(format_type(type, null), ' with(out)? time zone', '')),
               ', ' order by n), '')
      from unnest(p_function.proargtypes) with ordinality a (type, n)
    $$;
comment on function glas_data.arguments(pg_proc) is
    'What a function takes; in brackets what may be left out.';

create or replace function glas.help(name text default null)
    returns table (thing text, about text)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    wanted text := lower(regexp_replace(btrim(help.name), '^glas\.|\(.*$', '', 'gi'));
begin
    if wanted is null then
        -- The first sentence of each; glas.help('reply') says the rest.
        return query
            select h.name || case h.kind when 'function' then '()' else '' end,
                   glas_data.wrapped(f.said[1])
              from glas_data.help_rows() h,
                   regexp_match(h.about, '^(.*?)(?:[.;:] |\.$|$)') f (said)
             where h.example <> '';
        return;
    end if;
    return query
        select h.name, glas_data.wrapped(h.about) from glas_data.help_rows() h
         where h.name = wanted;
    if not found then
        raise undefined_object using message = format(
            'there is no "%s": select * from glas.help() lists what there is',
            glas_data.echo(help.name));
    end if;
    return query
        (select 'takes', string_agg(glas_data.wrapped(
                    glas_data.arguments(p)), e'\nor ' order by p.oid)
                || case when bool_or(p.pronargdefaults > 0) then format(
                       e'\n[ ]: may be left out, or named: %I => ...',
                       max(p.proargnames[p.pronargs])) else '' end
           from pg_proc p
          where p.pronamespace = 'glas'::regnamespace and p.proname = wanted
         having count(*) > 0)
        union all
        select distinct 'gives', glas_data.wrapped(case when p.proretset and p.prorettype <> 'text'::regtype
                   then regexp_replace(regexp_replace(pg_get_function_result(p.oid),
                            '^(SETOF |TABLE)', 'rows of '), ' with(out)? time zone', '', 'g')
                        || '; begin with "select * from"'
                   else pg_get_function_result(p.oid) end)
          from pg_proc p
         where p.pronamespace = 'glas'::regnamespace and p.proname = wanted;
    return query
        select 'example', glas_data.wrapped(h.example) from glas_data.help_rows() h
         where h.name = wanted;
    return query
        select a.attname::text, glas_data.wrapped(col_description(a.attrelid, a.attnum))
          from pg_attribute a
         where a.attrelid = to_regclass('glas.' || quote_ident(wanted))
           and a.attnum > 0 and not a.attisdropped
         order by a.attnum;
end
$$;
comment on function glas.help(text) is
    'What there is for you, in a sentence each; or how one thing of it is used.
     Example: select * from glas.help(''help'');';
