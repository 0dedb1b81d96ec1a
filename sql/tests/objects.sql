-- What is made must say what it is, and belong to the one that owns nothing
-- else and may nothing more.
begin;
\ir fixture.psql
select plan(12);

select is_empty($$
    select n.nspname || '.' || c.relname from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('glas', 'glas_data', 'glas_gw') and c.relkind in ('r', 'v', 'S', 'm', 'p')
       and not c.relispartition
       -- The sequence of an identity is a part of its column.
       and not (c.relkind = 'S' and exists (
           select from pg_depend d
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i'))
       and coalesce(obj_description(c.oid, 'pg_class'), '') = '' $$,
    'every table, view and sequence has a comment');
select is_empty($$
    select n.nspname || '.' || c.relname || '.' || a.attname from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname in ('glas', 'glas_data', 'glas_gw') and c.relkind in ('r', 'v', 'm', 'p')
       and not c.relispartition
       and coalesce(col_description(c.oid, a.attnum), '') = '' $$,
    'every column has a comment');
select is_empty($$
    select p.oid::regprocedure from pg_proc p
     where p.pronamespace in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and coalesce(obj_description(p.oid, 'pg_proc'), '') = '' $$,
    'every function has a comment');
select is_empty($$
    select t.tgrelid::regclass || ' ' || t.tgname from pg_trigger t
      join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal
       and c.relnamespace in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and coalesce(obj_description(t.oid, 'pg_trigger'), '') = '' $$,
    'every trigger has a comment');
select is_empty($$
    select p.polrelid::regclass || ' ' || p.polname from pg_policy p
     where coalesce(obj_description(p.oid, 'pg_policy'), '') = '' $$,
    'every policy has a comment');
select is_empty($$
    select o.name, r.rolname
      from (select relname as name, relowner as owner, relnamespace as ns from pg_class
            union all select proname, proowner, pronamespace from pg_proc
            union all select typname, typowner, typnamespace from pg_type
            union all select nspname, nspowner, oid from pg_namespace) o
      join pg_roles r on r.oid = o.owner
     where o.ns in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and r.rolname <> 'glas_owner'
       and not (r.rolname = 'glas_reader' and o.name ~ '^_?(seen_report|inbox|reports|outbox|history)$') $$,
    'everything belongs to glas_owner, but for views of rows that policies show');
select is_empty($$
    select rolname from pg_roles
     where rolname like 'glas\_%'
       and (rolsuper or rolcreaterole or rolcreatedb or rolcanlogin or rolbypassrls) $$,
    'and no role of Glas is mighty');
select is_empty($$
    select p.oid::regprocedure from pg_proc p
     where p.pronamespace in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and p.prosecdef
       and not coalesce(p.proconfig, '{}') @> array['search_path=pg_catalog, pg_temp'] $$,
    'who lends rights looks nothing up where others may have put something');
select is_empty($$
    select c.oid::regclass from pg_class c
     where c.relnamespace = 'glas'::regnamespace and c.relkind = 'v'
       and not coalesce(c.reloptions, '{}') @> array['security_barrier=true']
       and c.relowner <> 'glas_reader'::regrole $$,
    'every view is a barrier, or shows what policies let through');
select is_empty($$
    select name from glas_data.help_rows()
     where (example = '' or about = '') and name <> 'now' $$,
    'everything that people may use has an example');
select is_empty($$
    select p.oid::regprocedure from pg_proc p
      join glas_data.help_rows() h on h.name = p.proname and h.kind = 'function'
     where p.pronamespace = 'glas'::regnamespace and p.proretset and p.prorettype <> 'text'::regtype
       and h.example not like 'select % from glas.' || p.proname || '(%' $$,
    'what gives rows is shown behind from');

select is_empty($$
    select p.oid::regprocedure from pg_proc p
     where p.pronamespace in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and p.prosrc ~* 'advisory' $$,
    'nothing waits for a lock that anybody who logs in may hold');

select * from finish();
rollback;
