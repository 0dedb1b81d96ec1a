-- The roles of Glas. Run by glasctl init and migrate as the role that they
-- connect as; only what is missing asks for the right to create roles. People
-- and daemons are members of these groups.

do $$
declare
    role record;
    me   pg_catalog.pg_roles;
begin
    select * into me from pg_catalog.pg_roles where rolname = current_user;
    for role in
        select * from (values
            ('glas_owner', 'Owns everything of Glas; nobody logs in as it.'),
            ('glas_reader', 'Owns the views that show rows as policies allow; has no members.'),
            ('glas_gateway', 'The daemon glasd: may call the functions of schema glas_gw.'),
            ('glas_caseworker', 'Works on the reports of one member organisation.'),
            ('glas_coordinator', 'Sees all reports, assigns them, decides what is published.'),
            ('glas_press', 'Reads counts that cannot point at a person.'),
            ('glas_operator', 'Keeps the modems running: links, alerts, counts of the outbox.'),
            ('glas_auditor', 'Reads all that people at psql can read, changes nothing.')
        ) wanted (name, about)
        where not exists (select from pg_catalog.pg_roles r
                           where r.rolname = wanted.name)
    loop
        if not me.rolsuper and not me.rolcreaterole then
            raise insufficient_privilege using message = format(
                'role %s is missing and %s may not create it: connect as a '
                'superuser once (glasctl --database)', role.name, current_user);
        end if;
        execute format('create role %I nologin', role.name);
        execute format('comment on role %I is %L', role.name, role.about);
    end loop;

    if exists (select from pg_catalog.pg_roles
                where rolname = 'glas_owner'
                  and (rolsuper or rolcreaterole or rolcanlogin)) then
        raise insufficient_privilege using message =
            'role glas_owner is too mighty: alter role glas_owner nosuperuser '
            'nocreaterole nologin';
    end if;
    if not pg_catalog.pg_has_role(current_user, 'glas_owner', 'member') then
        if not me.rolcreaterole then
            raise insufficient_privilege using message = format(
                '%s may not change the schema: connect as the role that ran '
                'glasctl init, or as a superuser (glasctl --database)',
                current_user);
        end if;
        execute format('grant glas_owner to %I', current_user);
    end if;
    -- So that glas.member_add() can give a role its place: the owner passes on
    -- the groups of people, and cannot make a role. Who may not allow it leaves
    -- that to glasctl admin add.
    for role in
        select r.rolname as name from pg_catalog.pg_roles r
         where (me.rolsuper or me.rolcreaterole)
           and r.rolname in ('glas_caseworker', 'glas_coordinator', 'glas_press',
                             'glas_operator', 'glas_auditor')
           and not exists (select from pg_catalog.pg_auth_members m
                            where m.roleid = r.oid and m.admin_option
                              and m.member = 'glas_owner'::regrole)
    loop
        execute format('grant %I to glas_owner with admin option', role.name);
    end loop;
    -- Whose views those are that belong to glas_reader.
    if not pg_catalog.pg_has_role('glas_owner', 'glas_reader', 'usage') then
        grant glas_reader to glas_owner;
    end if;
    -- A plan over many months seems so dear that it would be compiled, for longer
    -- than it runs. And days are typed as here: 5.11. is no 11th of May, from which
    -- what the law counts from an event would have run out.
    if me.rolsuper or pg_catalog.pg_has_role(current_user, (
            select d.datdba from pg_catalog.pg_database d
             where d.datname = current_database()), 'member') then
        execute format('alter database %I set jit = off', current_database());
        execute format('alter database %I set datestyle = ''ISO, DMY''', current_database());
    end if;
    -- What fails at psql may hold a number that somebody typed: the log of the
    -- server says what was wrong, and not what was asked.
    if me.rolsuper then
        execute format('alter database %I set log_min_error_statement = panic',
            current_database());
    end if;
    -- Who is of no group has nothing to do here, not even to listen, to fill the disk
    -- or to hold a lock. A dump has no rights of the database: each migrate says it.
    if me.rolsuper or pg_catalog.pg_has_role(current_user, (
            select d.datdba from pg_catalog.pg_database d
             where d.datname = current_database()), 'member') then
        execute format('grant connect on database %I to glas_gateway, '
            'glas_caseworker, glas_coordinator, glas_press, glas_operator, '
            'glas_auditor', current_database());
        -- What is counted is compared with what was, in a temporary table.
        execute format('grant connect, temporary on database %I to glas_owner',
            current_database());
        execute format('revoke connect, temporary on database %I from public',
            current_database());
    end if;
    -- Nor is a large object anybody's to make.
    if me.rolsuper then
        revoke execute on function pg_catalog.lo_creat(int), pg_catalog.lo_create(oid),
               pg_catalog.lo_from_bytea(oid, bytea)
          from public;
    end if;
    if not pg_catalog.has_database_privilege('glas_owner',
            current_database(), 'create') then
        execute format('grant create on database %I to glas_owner',
            current_database());
        if not pg_catalog.has_database_privilege('glas_owner',
                current_database(), 'create') then
            raise insufficient_privilege using message = format(
                'glas_owner may not create schemas in database %s, and %s may '
                'not allow it: connect as the owner of the database or as a '
                'superuser (glasctl --database)',
                current_database(), current_user);
        end if;
    end if;
end
$$;
