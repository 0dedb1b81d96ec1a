-- A database that has gone backwards: how a gateway finds it, what is held then,
-- and how people let it go.

-- Nobody here can know it by themselves: what is missing is missing. A gateway
-- remembers what it was answered last. Numbers that were given out since must
-- not be given out again: people were told some of them.
create or replace function glas_data.known(p_gateway text) returns bigint[]
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select array[
        coalesce((select calls from glas_data.gateway where name = p_gateway), 0),
        (select sum(calls)::bigint from glas_data.gateway),
        (select last_value from glas_data.reference_number),
        (select last_value from glas_data.message_block),
        (select last_value from glas_data.outbox_block),
        (select last_value from glas_data.citizen_id_seq)]
    $$;
comment on function glas_data.known(text) is
    'What grows with the database: calls of that gateway, calls of all, references,
     blocks of ids of texts and of replies, citizens.';

create or replace function glas_gw.remember(p_gateway text, p_place text)
    returns table (known bigint[], place text, rewound_at timestamptz,
        reread boolean, server text)
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.gateway g
       set place = p_place
     where g.name = p_gateway and p_place <> '' and g.place <> p_place;
    select glas_data.known(p_gateway), g.place, g.rewound_at, g.reread,
           format('%s/%s', (select system_identifier from pg_control_system()),
                  left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))
      from glas_data.gateway g where g.name = p_gateway
    $$;
comment on function glas_gw.remember(text, text) is
    'At each connection, and every now and then: what a gateway has to remember.
     p_place: up to where its log is here; empty: as before. server: system
     identifier and timeline.';

create or replace function glas_gw.lacks(p_identity bytea[]) returns boolean
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (select from unnest(p_identity) u (identity)
                    where not exists (select from glas_data.identity i
                                       where i.identity = u.identity)
                      and not exists (select from glas_data.quarantine q
                                       where q.identity = u.identity))
    $$;
comment on function glas_gw.lacks(bytea[]) is
    'Whether one of these texts, which a gateway knows to be stored, is not here.';

-- A number that was behind is moved past all that others may have drawn since
-- they were asked: blocks of ids cost nothing, references have few digits.
create or replace function glas_data.skip_numbers(p_known bigint[]) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select setval('glas_data.reference_number', p_known[3] + 10000)
      from glas_data.reference_number where last_value < p_known[3] + 10000;
    select setval('glas_data.message_block', p_known[4] + 100000000)
      from glas_data.message_block where last_value < p_known[4] + 100000000;
    select setval('glas_data.outbox_block', p_known[5] + 100000000)
      from glas_data.outbox_block where last_value < p_known[5] + 100000000;
    select setval('glas_data.citizen_id_seq', p_known[6] + 1000)
      from glas_data.citizen_id_seq where last_value < p_known[6] + 1000
    $$;
comment on function glas_data.skip_numbers(bigint[]) is
    'What was given out by a later state of this database is not given out again.';

create or replace function glas_gw.rewind(p_gateway text, p_known bigint[])
    returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    held int;
begin
    perform glas_data.skip_numbers(p_known);
    update glas_data.gateway g
       set rewound_at = coalesce(g.rewound_at, glas.now()), reread = false
     where g.name = p_gateway;
    update glas_data.outbox o
       set state = 'held', reason = 'rewound database'
     where o.state = 'queued'
        or (o.state = 'inflight' and o.gateway = p_gateway);
    get diagnostics held = row_count;
    return held;
end
$$;
comment on function glas_gw.rewind(text, bigint[]) is
    'A gateway has found that the database has gone backwards: what was to be sent
     then may have been sent. p_known: what it remembered.';

create or replace function glas_gw.reread(p_gateway text, p_intent bigint[])
    returns void
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.outbox o
       set state = 'unknown', reason = 'outcome of the last attempt is unknown'
     where o.state = 'held' and o.reason = 'rewound database'
       and o.id = any (p_intent);
    update glas_data.gateway g set reread = true where g.name = p_gateway
    $$;
comment on function glas_gw.reread(text, bigint[]) is
    'The log was read again to its end. p_intent: replies that were handed to the
     network, and of which the log has no result.';

create or replace function glas.resume_outbox() returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    busy text;
    released int;
begin
    perform glas_data.must_not_be_of_authority();
    select g.name into busy from glas_data.gateway g
     where not g.reread and g.alive_until > glas.now() limit 1;
    if busy is not null then
        raise object_not_in_prerequisite_state using message = format(
            'gateway %s still reads its log again, which says what was sent: '
            'wait until select * from glas.alerts says that it is done', busy);
    end if;
    perform glas_data.hold_asked(array(
        select o.id from glas_data.outbox o
         where o.state = 'held' and o.reason = 'rewound database'), '{}');
    update glas_data.outbox o
       set state = case when o.expires_at <= glas.now() then 'expired' else 'queued' end,
           reason = case when o.expires_at <= glas.now()
                         then 'too late to be of use' else '' end
     where o.state = 'held' and o.reason = 'rewound database';
    get diagnostics released = row_count;
    update glas_data.gateway g set rewound_at = null, reread = true
     where g.rewound_at is not null;
    perform glas_data.wake_gateways();
    return released;
end
$$;
comment on function glas.resume_outbox() is
    'After the database has gone backwards (alert database-rewound): sends what
     was held since it may have been sent already. Look through it first.
     Example: select id, created_at, citizen, text from glas.outbox where reason = ''rewound database''; select glas.resume_outbox();';

create or replace function glas.forget_gateway(gateway text) returns text
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    g glas_data.gateway;
begin
    perform glas_data.must_not_be_of_authority();
    select * into g from glas_data.gateway k where k.name = $1 for update;
    if not found then
        raise no_data_found using message = format(
            'there is no gateway "%s": select distinct gateway from glas.links names all',
            glas_data.echo($1));
    end if;
    if g.alive_until > glas.now() then
        raise object_not_in_prerequisite_state using message = format(
            'gateway %s lives: stop its glasd, and forget it a minute later', $1);
    end if;
    if exists (select from glas_data.outbox o
                where o.gateway = g.name and o.state = 'inflight') then
        raise object_not_in_prerequisite_state using message = format(
            'gateway %s has replies in flight: start another gateway, which finds '
            'within seconds that their outcome is unknown', $1);
    end if;
    delete from glas_data.link l where l.gateway = g.name;
    delete from glas_data.gateway k where k.name = g.name;
    return format('%s is forgotten. What its disk has not told the database is on that '
        'disk alone; what waits for its links goes by another', g.name);
end
$$;
comment on function glas.forget_gateway(text) is
    'Of a gateway that was renamed, or replaced, and comes no more: its links, and the
     alert gateway-lost, go. Refused while it lives, or has replies in flight. Texts
     and replies stay; what waits for a link that no gateway has goes by another.
     Example: select glas.forget_gateway(''bor'');';

create or replace function glas_gw.resume_outbox() returns int
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas.resume_outbox() $$;
comment on function glas_gw.resume_outbox() is 'For glasctl resume outbox.';
