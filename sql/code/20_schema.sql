-- Which schema this is.

create or replace function glas_gw.schema_version() returns int
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$ select max(number) from glas_data.schema_version $$;
comment on function glas_gw.schema_version() is
    'The last migration: the gateway refuses another one than its own.';
