-- Who may do what, from nothing upwards, each time anew: what is not granted
-- here is not allowed. Only the owner reaches tables.

alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;

do $$
declare
    wanted text[] := array['glas_gateway', 'glas_caseworker',
        'glas_coordinator', 'glas_press', 'glas_operator', 'glas_auditor'];
    grantee text;
begin
    foreach grantee in array array_append(wanted, 'public') loop
        execute format('revoke all on schema glas, glas_data, glas_gw from %s', grantee);
        execute format('revoke all on all tables in schema glas, glas_data, glas_gw from %s', grantee);
        execute format('revoke all on all sequences in schema glas, glas_data, glas_gw from %s', grantee);
        execute format('revoke all on all routines in schema glas, glas_data, glas_gw from %s', grantee);
    end loop;
end
$$;

grant usage on schema glas_gw to glas_gateway;
grant execute on all functions in schema glas_gw to glas_gateway;
