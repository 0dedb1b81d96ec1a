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

create or replace function glas_data.admin_add(
    p_name text, p_organisation text, p_kind text) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    kinds text[] := array['caseworker', 'coordinator', 'press', 'operator', 'auditor'];
    other text;
    said  text;
begin
    if not p_kind = any (kinds) then
        raise invalid_parameter_value using message = format(
            'there is no kind "%s": it is one of %s', glas_data.echo(p_kind),
            array_to_string(kinds, ', '));
    end if;
    if btrim(p_organisation) = '' or p_name !~ '^[a-z][a-z0-9_]{0,62}$' or p_name like 'glas\_%' then
        raise invalid_parameter_value using message =
            'an admin needs an organisation and a name of small letters, '
            'digits and _ that does not begin with glas_';
    end if;
    said := glas_data.login_role(p_name, 'glas_' || p_kind);
    -- Rows that an open transaction has locked hold up texts.
    if not exists (select from pg_roles where rolname = p_name and rolsuper) then
        execute format('alter role %I in database %I '
            'set idle_in_transaction_session_timeout = ''60s''',
            p_name, current_database());
    end if;
    foreach other in array array_remove(kinds, p_kind) loop
        if pg_has_role(p_name, 'glas_' || other, 'member')
           and not exists (select from pg_roles where rolname = p_name and rolsuper) then
            execute format('revoke %I from %I', 'glas_' || other, p_name);
        end if;
    end loop;
    insert into glas_data.organisation (name, since)
    values (btrim(p_organisation), glas.now())
    on conflict (name) do nothing;
    insert into glas_data.person as p (role, organisation, kind, since)
    values (p_name, btrim(p_organisation), p_kind, glas.now())
    on conflict (role) do update
        set organisation = excluded.organisation, kind = excluded.kind,
            since = excluded.since
        where (p.organisation, p.kind) <> (excluded.organisation, excluded.kind);
    return said;
end
$$;
comment on function glas_data.admin_add(text, text, text) is
    'Lets somebody work with Glas as what they are, for their organisation;
     says in a sentence what it did.';

create or replace function glas_data.admin_remove(p_name text) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    was text;
begin
    delete from glas_data.person where role = p_name returning kind into was;
    if was is null then
        raise no_data_found using message = format(
            'there is no admin %s: known are %s', glas_data.echo(p_name),
            coalesce((select string_agg(role, ', ' order by role)
                        from glas_data.person), 'none'));
    end if;
    if exists (select from pg_roles where rolname = p_name) then
        execute format('revoke %I from %I', 'glas_' || was, p_name);
    end if;
    return format('Role %s is no longer a member of glas_%s. The role itself '
        'stays: drop role %1$s removes it.', p_name, was);
end
$$;
comment on function glas_data.admin_remove(text) is
    'Takes from somebody what admin_add() gave; what they did stays in the history.';
