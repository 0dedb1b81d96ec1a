-- What glasd calls; here what is about itself, in 13_mo.sql what comes from
-- people, in 14_mt.sql what goes to them. One function is one atomic
-- step. Arrays that begin with p_ and the same word belong together: element n
-- of each is one row. They are read by their subscripts: to unnest twenty arrays
-- is to fill twenty tables. Only role glas_gateway may execute these.
--
-- The connection of glasd says how they are planned (store/pg_pipe.c), since a
-- setting of a function costs at each call.

create or replace function glas_gw.name_taken(p_gateway text, p_instance text)
    returns boolean
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (select from glas_data.gateway g
                    where g.name = p_gateway and g.instance not in ('', p_instance)
                      and g.alive_until > glas.now())
    $$;
comment on function glas_gw.name_taken(text, text) is
    'Whether another daemon lives under this name. p_instance: the id of the one
     that asks, kept in its spool.';

-- A lease runs out, too, while the database is away; who has the name then tries
-- at least every 15 s, and has 10 s to connect (store/pg_pipe.c).
create or replace function glas_data.name_held(
    g glas_data.gateway, p_instance text)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select g.instance not in ('', p_instance)
           and (g.alive_until <= g.rival_since
                and g.rival_since <= glas.now() - interval '25 seconds') is not true
    $$;
comment on function glas_data.name_held(glas_data.gateway, text) is
    'Whether another daemon has this name: it lives, or could still come back. It
     is let go when a rival has asked for it since the lease was over, for as long
     as that takes.';

-- Who asks does so every 10 s; one that was away meanwhile has not waited.
create or replace function glas_gw.name_wanted(p_gateway text, p_instance text)
    returns boolean
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.gateway g
       set rival_since = case when g.rival_at > glas.now() - interval '15 seconds'
                               and (g.alive_until > glas.now()
                                    or g.alive_until <= g.rival_since)
                              then g.rival_since else glas.now() end,
           rival_at = glas.now()
     where g.name = p_gateway and g.instance not in ('', p_instance);
    select exists (select from glas_data.gateway g
                    where g.name = p_gateway and glas_data.name_held(g, p_instance))
    $$;
comment on function glas_gw.name_wanted(text, text) is
    'Before a daemon ends earlier sessions of its name: whether that is of another,
     which then is told of.';

-- Whose log is not here may have handed over what it had.
create or replace function glas_data.log_lost(p_gateway text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.outbox o
       set state = case when o.kind in ('receipt', 'emergency') and o.attempts < 2
                        then 'queued' else 'unknown' end,
           reason = 'outcome of the last attempt is unknown'
     where o.gateway = p_gateway
       and (o.state = 'inflight'
            or (o.state = 'unknown' and o.reason = 'its gateway has been away'))
    $$;
comment on function glas_data.log_lost(text) is
    'Another daemon has taken the name of this gateway, with a log of its own: what
     was in flight is of unknown outcome, and only what must not be missing goes
     out again.';

create or replace function glas_gw.connect(
    p_gateway text, p_version text, p_keyset text, p_lease interval,
    p_instance text default '')
    returns table (problem text, content_version text, segments_today int,
        alerts text)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    before text;
begin
    -- Of two that come first at the same time, one finds that of the other.
    update glas_data.setting set value = p_keyset
     where name = 'keyset' and value = '';
    problem := glas_gw.keyset_problem(p_keyset);
    if problem <> '' then
        return next;
        return;
    end if;
    perform set_config('glas.keyset', p_keyset, false);
    select g.instance into before from glas_data.gateway g
     where g.name = p_gateway for update;
    insert into glas_data.gateway as g (name, alive_until, version, started_at, instance)
    values (p_gateway, glas.now() + p_lease, p_version, glas.now(), p_instance)
    on conflict (name) do update
        set alive_until = excluded.alive_until, version = excluded.version,
            started_at = excluded.started_at, stale_since = null,
            rival_at = case when g.instance = excluded.instance then g.rival_at end,
            instance = excluded.instance
      where not glas_data.name_held(g, excluded.instance);
    if not found then
        problem := format('another glasd has the name %s', p_gateway);
        return next;
        return;
    end if;
    if before not in ('', p_instance) then
        perform glas_data.log_lost(p_gateway);
    end if;
    content_version := glas_data.setting('content_version');
    segments_today := coalesce((select sum(s.segments) from glas_data.spend s
        where s.day = (glas.now() at time zone 'utc')::date
          and s.gateway = p_gateway), 0);
    alerts := (select coalesce(json_agg(json_build_object('name', a.name,
                   'link', a.link, 'since', glas_data.utc(a.since))), '[]')
                 from glas_data.alert a where a.gateway = p_gateway);
    return next;
end
$$;
comment on function glas_gw.connect(text, text, text, interval, text) is
    'First call on a connection: checks the key set, takes the name for the daemon
     with this id (p_instance), until another may have it (glas_data.name_held). `problem` is empty
     when all is well; `alerts` are those that the gateway told last.';

create or replace function glas_gw.spent(p_gateway text)
    returns table (link text, segments int)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select s.link, s.segments from glas_data.spend s
     where s.day = (glas.now() at time zone 'utc')::date and s.gateway = p_gateway
    $$;
comment on function glas_gw.spent(text) is
    'What a gateway has spent today, by link.';

-- Rows that stay as they are are not written.
create or replace function glas_data.put_alerts(p_gateway text, p_alerts jsonb)
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    delete from glas_data.alert a
     where a.gateway = p_gateway
       and not exists (select from jsonb_to_recordset(p_alerts) n (name text, link text)
                        where n.name = a.name and n.link = a.link);
    insert into glas_data.alert as a (gateway, name, link, since, text, remedy)
    select p_gateway, n.name, n.link, n.since, n.text, n.remedy
      from jsonb_to_recordset(p_alerts)
           n (name text, link text, since timestamptz, text text, remedy text)
    on conflict (gateway, name, link) do update
        set since = excluded.since, text = excluded.text, remedy = excluded.remedy
      where (a.since, a.text, a.remedy)
            is distinct from (excluded.since, excluded.text, excluded.remedy)
    $$;
comment on function glas_data.put_alerts(text, jsonb) is
    'What a gateway says is wrong with it, in the place of what it said before.';

-- A gateway that lives must be able to say so while somebody holds a table, and
-- others wait behind this call.
create or replace function glas_data.found_json() returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '100ms'
    as $$
begin
    return (select coalesce(json_agg(json_build_object('name', f.name,
                       'link', '', 'gateway', f.gateway,
                       'since', glas_data.utc(f.since), 'text', f.text,
                       'remedy', f.remedy)), '[]')
              from glas_data.found f);
exception
    when lock_not_available then
        return '';
end
$$;
comment on function glas_data.found_json() is
    'What is found here, for gateways; empty when a table that it stands in is held.';

create or replace function glas_gw.alive(
    p_gateway text, p_lease interval, p_content text, p_alerts jsonb,
    p_look boolean)
    returns table (content_version text, others text)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.keys_current();
    content_version := glas_data.setting('content_version');
    update glas_data.gateway g
       set alive_until = glas.now() + p_lease,
           stale_since = case when p_content <> content_version
                              then coalesce(g.stale_since, glas.now()) end
     where g.name = p_gateway;
    perform glas_data.put_alerts(p_gateway, p_alerts);
    others := case when p_look then glas_data.found_json() else '' end;
    return next;
end
$$;
comment on function glas_gw.alive(text, interval, text, jsonb, boolean) is
    'Renews the lease of a gateway, which says what version of the content it
     runs, and what is wrong with it: an array of objects with name, link, since,
     text, remedy. Says which version there is, and, with p_look, what is found here:
     empty when that cannot be known now.';

create or replace function glas_gw.clock() returns timestamptz
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas.now() $$;
comment on function glas_gw.clock() is
    'The time here, to be compared with that of a gateway.';

create or replace function glas_gw.reserve(p_references int, p_blocks int)
    returns table (reference_list text[], message_blocks bigint[], outbox_blocks bigint[])
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select (select coalesce(array_agg(glas_data.reference_nth(
                       nextval('glas_data.reference_number'), factor)), '{}')
              from generate_series(1, p_references),
                   (select glas_data.setting('reference_factor')::bigint as factor
                    offset 0) f),
           (select coalesce(array_agg(nextval('glas_data.message_block')), '{}')
              from generate_series(1, p_blocks)),
           (select coalesce(array_agg(nextval('glas_data.outbox_block')), '{}')
              from generate_series(1, p_blocks))
    $$;
comment on function glas_gw.reserve(int, int) is
    'Hands out references and blocks of a hundred ids, so that an answer can
     name its report before the report is stored, also while the database is
     away.';

create or replace function glas_gw.links_shared(p_gateway text, p_link text[])
    returns table (link text, gateway text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select l.name, l.gateway
      from glas_data.link l
      join glas_data.gateway g on g.name = l.gateway
     where l.gateway <> p_gateway and l.name = any (p_link)
       and l.sends and g.alive_until >= glas.now()
     order by 1, 2
    $$;
comment on function glas_gw.links_shared(text, text[]) is
    'Which of these links another living gateway has, too: a reply knows its link
     by the name alone.';

-- A lease runs out, too, while the database is away: who has the name is given the
-- time to come back, as in glas_data.name_held. Who sends by it has it. Two could
-- before this was looked at: then the one that came later has not.
create or replace function glas_data.link_held(p_gateway text, p_link text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select l.gateway
      from glas_data.link l
      join glas_data.gateway g on g.name = l.gateway
      left join glas_data.gateway me on me.name = p_gateway
      left join glas_data.link own
        on own.gateway = p_gateway and own.name = p_link and own.sends
     where l.name = p_link and l.gateway <> p_gateway and l.sends
       and (g.alive_until > glas.now() - interval '45 seconds'
            or (me.started_at <= glas.now() - interval '25 seconds') is not true)
       and (own.name is null or (me.started_at, me.name) > (g.started_at, g.name))
     order by 1 limit 1
    $$;
comment on function glas_data.link_held(text, text) is
    'Which other gateway has this link name: it lives, or could still come back.
     Replies know their link by its name alone, and would go out by either.';

-- It returned nothing.
drop function if exists glas_gw.links_put(text, text[], text[], text[], text[], int[],
    text[], int[], int[], timestamptz[], int[], int[], int[], boolean[]);
create or replace function glas_gw.links_put(
    p_gateway text, p_name text[], p_kind text[], p_state text[],
    p_detail text[], p_signal int[], p_operator text[], p_used int[],
    p_size int[], p_seen timestamptz[], p_received int[], p_sent int[],
    p_failover int[] default '{}', p_sends boolean[] default '{}')
    returns table (link text, holder text)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    today date := (glas.now() at time zone 'utc')::date;
    held  text[];
begin
    -- Of two that come first at the same time, one finds the other.
    perform from glas_data.setting where name = 'keyset' for no key update;
    held := array(select case when coalesce(p_sends[n], true)
                              then glas_data.link_held(p_gateway, p_name[n]) end
                    from generate_subscripts(p_name, 1) n order by n);
    -- Who had them, and is gone, finds them taken when it comes back.
    update glas_data.link l set sends = false, detail = 'name-held'
     where l.gateway <> p_gateway and l.sends
       and exists (select from generate_subscripts(p_name, 1) n
                    where p_name[n] = l.name and held[n] is null
                      and coalesce(p_sends[n], true));
    insert into glas_data.link as l (gateway, name, kind, state, detail,
        signal_dbm, operator, sim_used, sim_size, last_seen_at, day,
        received_today, sent_today, failover_after, sends, balance)
    select p_gateway, u.name, u.kind, u.state, u.detail, u.signal, u.operator,
           u.used, u.size, u.seen, today, u.received, u.sent,
           make_interval(mins => nullif(u.failover, -1)),
           coalesce(u.sends, true) and u.held is null,
           -- It may have been told before the link was.
           (select btrim(c.amount || ' ' || c.currency) from glas.credit c
             where c.gateway = p_gateway and c.link = u.name)
      from unnest(p_name, p_kind, p_state, p_detail, p_signal, p_operator,
            p_used, p_size, p_seen, p_received, p_sent, p_failover, p_sends, held)
            u (name, kind, state, detail, signal, operator, used, size, seen,
               received, sent, failover, sends, held)
    on conflict (gateway, name) do update
        set kind = excluded.kind, state = excluded.state,
            detail = excluded.detail, signal_dbm = excluded.signal_dbm,
            operator = excluded.operator, sim_used = excluded.sim_used,
            sim_size = excluded.sim_size, last_seen_at = excluded.last_seen_at,
            day = today, failover_after = excluded.failover_after, sends = excluded.sends,
            received_today = excluded.received_today +
                case when l.day = today then l.received_today else 0 end,
            sent_today = excluded.sent_today +
                case when l.day = today then l.sent_today else 0 end;
    delete from glas_data.link l
     where l.gateway = p_gateway and not l.name = any (p_name);
    return query
    select p_name[n], held[n] from generate_subscripts(p_name, 1) n
     where held[n] is not null order by n;
end
$$;
comment on function glas_gw.links_put(text, text[], text[], text[], text[], int[],
    text[], int[], int[], timestamptz[], int[], int[], int[], boolean[]) is
    'The state of all links of a gateway; counts are added to those of the day.
     Returns those whose name another has (glas_data.link_held), and which: they
     send nothing, and are to be kept down.';
