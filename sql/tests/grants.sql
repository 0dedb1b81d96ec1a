-- What holds for all rights together; matrix.sql has those of each object.
begin;
\ir fixture.psql
select plan(5);

create temp table role_name as
select name, n from unnest(array['gateway', 'caseworker', 'coordinator', 'auditor',
    'operator', 'press']) with ordinality r (name, n);

select is_empty($$
    select c.oid::regclass, name, right_of from pg_class c, role_name,
           unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) right_of
     where c.relnamespace = 'glas'::regnamespace and c.relkind = 'v'
       and has_table_privilege('glas_' || name, c.oid, right_of) $$,
    'a view can be read and no more');
select is_empty($$
    select o.name, o.acl from (
        select relname as name, relacl::text as acl, relnamespace as ns from pg_class
        union all select proname, coalesce(proacl::text, '{=X}'), pronamespace from pg_proc
        union all select nspname, nspacl::text, oid from pg_namespace) o
     where o.ns in ('glas'::regnamespace, 'glas_data'::regnamespace, 'glas_gw'::regnamespace)
       and o.acl ~ '[{,]=' $$,
    'everybody may nothing');
select is((select array_agg(n.nspname || ' ' || name order by n.nspname, role_name.n)
             from pg_namespace n, role_name
            where n.nspname in ('glas', 'glas_data', 'glas_gw')
              and has_schema_privilege('glas_' || name, n.oid, 'usage')),
    array['glas caseworker', 'glas coordinator', 'glas auditor', 'glas operator', 'glas press',
          'glas_gw gateway'], 'who may look into which schema');

set role glas_owner;
create function glas.later() returns int language sql as 'select 1';
create function glas_gw.later() returns int language sql as 'select 1';
reset role;
select is(has_function_privilege('kosta', 'glas.later()', 'execute')
       or has_function_privilege('vrata', 'glas_gw.later()', 'execute'), false,
    'what is made later is for nobody until it is granted');

set session authorization vrata;
select throws_ok($$ select * from glas_data.citizen $$, '42501', null, 'the gateway reads no table');
reset session authorization;

select * from finish();
rollback;
