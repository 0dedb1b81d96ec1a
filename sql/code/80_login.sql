-- Making database roles for daemons and people. Runs with the rights of who
-- calls it: the owner of Glas may not create roles.

create or replace function glas_data.login_role(p_name text, p_group text)
    returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    made boolean := false;
begin
    if not exists (select from pg_roles where rolname = p_name) then
        execute format('create role %I login', p_name);
        made := true;
    end if;
    if p_name = current_user
       or exists (select from pg_roles where rolname = p_name and rolsuper) then
        return format('Role %s may do everything in this database: let glasd '
            'connect as a role of its own.', p_name);
    end if;
    if pg_has_role(p_name, p_group, 'member') then
        return format('Role %s is a member of %s.', p_name, p_group);
    end if;
    execute format('grant %I to %I', p_group, p_name);
    return format(case when made
        then 'Role %s was made, a member of %s; it has no password.'
        else 'Role %s is a member of %s from now on.' end, p_name, p_group);
exception when insufficient_privilege then
    raise insufficient_privilege using message = format(
        'role %s is not a member of %s, and %s may not change that: connect '
        'as a superuser (glasctl --database)', p_name, p_group, current_user);
end
$$;
comment on function glas_data.login_role(text, text) is
    'Makes a role that may log in, if there is none, and a member of a group;
     says in a sentence what it did.';
