-- What glasd calls about replies: claimed, taken, sent, reported, given back.
-- For how, see 10_gateway.sql.

-- It had one argument less.
drop function if exists glas_gw.mt_claim(text, text[], int[], text, text[], boolean[]);
create or replace function glas_gw.mt_claim(
    p_gateway text, p_link text[], p_room int[],
    p_by text default '', p_from text[] default '{}', p_long boolean[] default '{}',
    p_danger boolean[] default '{}')
    returns table (id bigint, link text, kind text, text text, segments int,
        token bytea, reply_copy bytea, attempts int, expires_at timestamptz,
        priority int, day_ends_at timestamptz)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    danger text[];
    others text[];
    mute   text[];
    first  text;
    night  boolean := glas_data.polite_time(glas.now()) > glas.now();
begin
    if p_by <> '' then
        -- Their own gateway has none that sends for them, or is as good as any.
        select array_agg(k.name) into mute
          from (select l.name from glas_data.link l
                 group by l.name
                having not bool_or(l.sends or l.detail = 'name-held')) k;
        -- Also those of gateways that are lost, unless a living one has a link
        -- of that name.
        select array_agg(k.name), array_agg(k.name) filter (where k.long)
          into danger, others
          from (select u.name, u.long from unnest(p_from, p_long) u (name, long)
                union all
                select l.name, bool_and(g.alive_until + l.failover_after <= glas.now())
                  from glas_data.link l
                  join glas_data.gateway g on g.name = l.gateway
                 -- A living one may be kept from using it.
                 where l.sends or l.detail <> 'name-held'
                 group by l.name
                having max(g.alive_until) < glas.now()
                   and count(*) = count(l.failover_after)) k;
    end if;
    perform glas_data.mt_ahead();
    perform glas_data.mt_late();
    perform glas_data.mt_night();
    -- One that takes more than danger, if there is one.
    select u.link into first
      from unnest(p_link, p_danger) with ordinality u (link, urgent, n)
     order by u.urgent is true, u.n limit 1;
    return query
    -- The names that texts are queued under, which are few, and up to which
    -- priority each goes by which link: as bounds of outbox_queue they leave the
    -- rest of what is queued unread.
    with recursive queue (name) as (
        select min(coalesce(o.link, '')) from glas_data.outbox o where o.state = 'queued'
        union all
        select (select min(coalesce(o.link, '')) from glas_data.outbox o
                 where o.state = 'queued' and coalesce(o.link, '') > q.name)
          from queue q where q.name is not null
    ), way as (
        select q.name, l.link, l.room,
               least(case when l.urgent then 0 end,
                     case when q.name = l.link then 9
                          when l.link = first and not exists (
                              select from glas_data.link k where k.name = q.name) then 9
                          when l.link = p_by and q.name = any (mute) then 9
                          when l.link = p_by and q.name = any (others) then 3
                          when l.link = p_by and q.name = any (danger) then 0
                          else -1 end) as most
          from queue q, unnest(p_link, p_room, p_danger) l (link, room, urgent)
         -- It may not know yet that another gateway has that name.
         where not exists (select from glas_data.link k
                            where k.gateway = p_gateway and k.name = l.link and not k.sends)
    ), pick as (
        select o.id, l.link, o.gateway
          from unnest(p_link, p_room) l (link, room),
               lateral (
                   select k.id, k.gateway
                     from way w,
                          lateral (
                              select o.id, o.priority, o.gateway from glas_data.outbox o
                               where o.state = 'queued' and coalesce(o.link, '') = w.name
                                 and o.priority <= w.most
                                 and (w.most = 9 or o.kind not in ('event', 'broadcast'))
                                 and not (night and o.by_day)
                                 and (o.due_at is null or o.due_at <= glas.now()
                                      -- The clock was ahead when danger was refused.
                                      or (o.kind = 'emergency' and o.due_at
                                          > glas.now() + interval '11 minutes'))
                               order by o.priority, o.id
                               limit l.room for update skip locked) k
                    where w.link = l.link and w.most >= 0
                    order by k.priority, k.id limit l.room) o
    ), anew as (
        -- A phone joins no segments of two numbers.
        delete from glas_data.outbox_segment s using pick p
         where s.outbox = p.id and s.link = p.link
           -- Few, if any: see below.
           and s.outbox = any (array(select p.id from pick p where p.gateway <> p_gateway))
    ), counted as (
        update glas_data.gateway g set calls = g.calls + 1
         where g.name = p_gateway and exists (select from pick)
    )
    update glas_data.outbox o
       set state = 'inflight', gateway = p_gateway, link = pick.link,
           attempts = o.attempts + 1
      from pick, glas_data.citizen c
     where o.id = pick.id and c.id = o.citizen
       -- Or the planner, which knows of no limit, goes through all ids.
       and o.id = any (array(select p.id from pick p))
    returning o.id, o.link, o.kind, o.text, o.segments::int, c.token,
        c.reply_copy, o.attempts::int, o.expires_at, o.priority::int,
        -- Where it is day at any hour (tests), it does not end.
        case when o.by_day and glas_data.day_ends(glas.now()) > glas.now()
            then glas_data.day_ends(glas.now()) end;
end
$$;
comment on function glas_gw.mt_claim(text, text[], int[], text, text[], boolean[],
    boolean[]) is
    'Takes queued replies for links that have room, by priority, and marks them
     in flight: danger alone for those whose segments are spent (p_danger). What
     has no link, or one that no gateway has, goes by the first.
     Those of links of this gateway that cannot send (p_from), and of gateways
     that are lost, go by p_by: danger at once, all but invitations when it has
     been so for long. What belongs to a link that sends no texts does so at once. Who
     would be answered late is so once, and by day. What nobody waits for is taken by
     day alone, and not begun from day_ends_at on. What another gateway has begun to
     send goes as a whole, whatever its link was called.';

-- Volatile: in one statement with the claim it sees what that has forgotten.
create or replace function glas_gw.mt_taken(p_id bigint, p_link text) returns int
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce(bit_or(1 << (s.seq - 1)), 0)
      from glas_data.outbox_segment s
     where s.outbox = p_id and s.link = p_link
    $$;
comment on function glas_gw.mt_taken(bigint, text) is
    'The segments of a reply that the network has taken from this link, a bit
     each; those of another number would not be joined with them.';

create or replace function glas_gw.mt_causes(p_id bigint) returns bytea
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    -- The times are for identity_received: of a text and its segments.
    select string_agg(i.identity, '')
      from glas_data.outbox o
      join glas_data.identity i on i.message = o.message
       and i.received_at between o.created_at - interval '1 hour'
                             and o.created_at + interval '1 minute'
     where o.id = p_id
    $$;
comment on function glas_gw.mt_causes(bigint) is
    'The identities of the text that a reply answers, one behind the other.';

-- By the index that has them in that order, also where it was last counted empty.
create or replace function glas_gw.mt_next_due() returns timestamptz
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    set enable_sort = off
    as $$
    select due_at from glas_data.outbox
     where state = 'queued' and due_at > glas.now()
     order by due_at limit 1
    $$;
comment on function glas_gw.mt_next_due() is 'When the next queued reply may be sent.';

create or replace function glas_gw.mt_hasten(p_link text[]) returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.outbox o set due_at = null
     where o.id in (select k.id from glas_data.outbox k
                     where k.state = 'queued' and coalesce(k.link, '') = any (p_link)
                       and k.priority <= 0 and k.due_at is not null
                     order by k.id for update skip locked)
    $$;
comment on function glas_gw.mt_hasten(text[]) is
    'Links take texts again: danger that they refused waits no longer.';

-- A reply that comes to nothing asks nothing any more: unasked() goes on from it to the
-- person, whom everybody else holds before it. Who was asked nothing is left alone.
create or replace function glas_data.hold_asked(p_outbox bigint[], p_token bytea[])
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if cardinality(p_outbox) + cardinality(p_token) > 0 then
        perform glas_data.hold_persons(array(
            select c.id from glas_data.outbox o
              join glas_data.citizen c on c.id = o.citizen
             where o.id = any (p_outbox) and o.kind in ('event', 'reply') and c.dialog <> ''
            union
            select c.id from glas_data.citizen c
             where c.token = any (p_token) and c.dialog <> ''));
    end if;
end
$$;
comment on function glas_data.hold_asked(bigint[], bytea[]) is
    'Locks whom these replies, or replies to these people, may have asked something, before
     what becomes of them.';

create or replace function glas_gw.mt_result(
    p_gateway text, p_day date,
    p_id bigint[], p_attempt int[], p_state text[], p_reason text[],
    p_cause int[], p_at timestamptz[], p_due timestamptz[],
    p_s_id bigint[], p_s_seq int[], p_s_link text[], p_s_mr int[],
    p_s_at timestamptz[], p_link text[] default '{}')
    returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.hold_asked(array(
        select p_id[n] from generate_subscripts(p_id, 1) n
         where p_state[n] not in ('accepted', 'unknown', 'inflight')), '{}');
    -- A result that the log gives a second time finds its row settled, or in
    -- a later attempt: it changes nothing and costs nothing.
    -- States are told by what they are not: by what they are, the planner may
    -- take outbox_work and go through all that is in flight for each row.
    with settled as (
        update glas_data.outbox o
           set state = case when o.state = 'held' and p_state[n] = 'queued'
                            then o.state else p_state[n] end,
               reason = case when o.state = 'held' and p_state[n] = 'queued'
                             then o.reason else p_reason[n] end,
               cause = p_cause[n],
               link = coalesce(nullif(p_link[n], ''), o.link),
               -- None has one that was held, whose status reports are awaited.
               gateway = coalesce(o.gateway, p_gateway),
               sent_at = case when p_state[n] in ('accepted', 'unknown')
                              then p_at[n] else o.sent_at end,
               due_at = p_due[n], attempts = p_attempt[n]
          from generate_subscripts(p_id, 1) n
         where o.id = p_id[n]
           -- A database that has gone backwards may have lost the claim.
           and (o.attempts = p_attempt[n]
                or (o.attempts < p_attempt[n] and o.state in ('held', 'unknown')))
           and (o.state not in ('held', 'waiting', 'accepted', 'delivered',
               'undelivered', 'failed', 'expired', 'cancelled', 'suppressed')
                or (o.state = 'held' and o.reason = 'rewound database'))
           and not (o.state = 'unknown' and p_state[n] = 'unknown')
        -- Of the day when it was sent: an outage may have lasted longer. A
        -- clock that was ahead then does not spend what is of tomorrow.
        returning o.state, o.segments, o.link,
            least(p_day, (p_at[n] at time zone 'UTC')::date) as day)
    insert into glas_data.spend as s (day, gateway, link, segments)
    select day, p_gateway, coalesce(link, ''), sum(segments)
      from settled where state in ('accepted', 'unknown')
     group by day, coalesce(link, '') order by 1, 3
    on conflict (day, gateway, link) do update
        set segments = s.segments + excluded.segments;
    if cardinality(p_s_id) > 0 then
        insert into glas_data.outbox_segment as s (outbox, seq, link, mr, submitted_at)
        select p_s_id[n], p_s_seq[n], p_s_link[n], p_s_mr[n], p_s_at[n]
          from generate_subscripts(p_s_id, 1) n
         -- What was said while the database was away may have no row.
         where exists (select from glas_data.outbox o where o.id = p_s_id[n])
        on conflict (outbox, seq) do update
            set link = excluded.link, mr = excluded.mr,
                submitted_at = excluded.submitted_at, status = null,
                reported_at = null
            where excluded.submitted_at > s.submitted_at;
    end if;
    update glas_data.gateway g set calls = g.calls + 1 where g.name = p_gateway;
end
$$;
comment on function glas_gw.mt_result(text, date, bigint[], int[], text[], text[],
    int[], timestamptz[], timestamptz[], bigint[], int[], text[], int[], timestamptz[],
    text[]) is
    'What became of replies that were handed to links, by which (p_link), and the
     segments whose status reports are awaited.';

-- The link died before it could say which reference the network gave: a report
-- to that person settles it when only one segment can be meant.
create or replace function glas_data.mt_report_unknown(
    p_link text, p_mr int, p_token bytea, p_at timestamptz, p_window interval)
    returns glas_data.outbox_segment
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with open as (
        select o.id, n as seq, o.sent_at
          from glas_data.citizen c
          join glas_data.outbox o on o.citizen = c.id
         cross join generate_series(1, o.segments) n
         where c.token = p_token and o.state = 'unknown' and o.link = p_link
           and o.sent_at > p_at - p_window
           and not exists (select from glas_data.outbox_segment s
                            where s.outbox = o.id and s.seq = n)
           -- Nor a report that comes a second time.
           and not exists (select from glas_data.outbox_segment s
                             join glas_data.outbox k on k.id = s.outbox
                            where s.link = p_link and s.mr = p_mr
                              and k.citizen = c.id
                              and s.submitted_at > p_at - p_window)
    )
    insert into glas_data.outbox_segment (outbox, seq, link, mr, submitted_at)
    select id, seq, p_link, p_mr, sent_at from open
     where (select count(*) from open) = 1
    returning *
    $$;
comment on function glas_data.mt_report_unknown(text, int, bytea, timestamptz, interval) is
    'The segment of unknown outcome that a status report must be of, if there is
     exactly one.';

-- The network reports to the SIM, whichever modem it is in by now.
create or replace function glas_data.mt_report_moved(
    p_gateway text, p_link text, p_mr int, p_token bytea, p_at timestamptz, p_window interval)
    returns glas_data.outbox_segment
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    with awaited as (
        select s.*, count(*) over () as meant
          from glas_data.citizen c
          join glas_data.outbox o on o.citizen = c.id and o.gateway = p_gateway
          join glas_data.outbox_segment s on s.outbox = o.id
         where c.token = p_token and s.mr = p_mr and s.reported_at is null
           and s.submitted_at > p_at - p_window
           -- Nor one that comes a second time by its own link.
           and not exists (select from glas_data.outbox_segment d
                             join glas_data.outbox k on k.id = d.outbox
                            where d.link = p_link and d.mr = p_mr and k.citizen = c.id
                              and d.submitted_at > p_at - p_window)
    )
    select outbox, seq, link, mr, submitted_at, status, reported_at
      from awaited where meant = 1
    $$;
comment on function glas_data.mt_report_moved(text, text, int, bytea, timestamptz, interval) is
    'The segment of any link of a gateway that a status report must be of, if there
     is exactly one with that reference to that person.';

-- Of a link that takes texts whole and knows which one a report is of.
create or replace function glas_data.mt_report_whole(
    p_outbox bigint, p_gateway text, p_link text, p_status int, p_outcome text, p_at timestamptz,
    p_window interval)
    returns boolean
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.outbox o
       set state = case p_outcome when 'failed' then 'undelivered'
                                  when 'delivered' then 'delivered' else o.state end,
           delivered_at = case p_outcome when 'delivered' then p_at else o.delivered_at end,
           sent_at = coalesce(o.sent_at, p_at),
           reason = case p_outcome when 'failed' then 'the network could not deliver it'
                                   when 'delivered' then '' else o.reason end,
           cause = case p_outcome when 'failed' then p_status else o.cause end
     where o.id = p_outbox and o.gateway = p_gateway and o.link = p_link
       -- What was to go once more, since nobody had said that it was taken, was.
       and (o.state in ('accepted', 'unknown') and o.sent_at > p_at - p_window
            or o.state = 'queued' and o.attempts > 0 and p_outcome = 'delivered');
    if not found then
        return false;
    end if;
    update glas_data.outbox_segment s
       set status = p_status, reported_at = case when p_outcome <> 'pending' then p_at end
     where s.outbox = p_outbox;
    return true;
end
$$;
comment on function glas_data.mt_report_whole(bigint, text, text, int, text, timestamptz,
    interval) is
    'A status report that names the reply, and settles it as a whole; false when
     that one is not waited for from this link of this gateway.';

create or replace function glas_gw.mt_report(
    p_link text[], p_mr int[], p_token bytea[], p_status int[], p_outcome text[],
    p_at timestamptz[], p_window interval, p_mt bigint[] default '{}', p_gateway text default '',
    p_scts timestamptz[] default '{}')
    returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r record;
    hit glas_data.outbox_segment;
    matched int := 0;
begin
    perform glas_data.hold_asked(
        array(select p_mt[n] from generate_subscripts(p_mt, 1) n where p_outcome[n] = 'failed'),
        array(select p_token[n] from generate_subscripts(p_token, 1) n
               where p_outcome[n] = 'failed'));
    for r in select * from unnest(p_link, p_mr, p_token, p_status, p_outcome, p_at, p_mt,
            p_scts) u (link, mr, token, status, outcome, at, mt, scts)
    loop
        if r.mt <> 0 then
            matched := matched + glas_data.mt_report_whole(r.mt, p_gateway, r.link, r.status,
                r.outcome, r.at, p_window)::int;
            continue;
        end if;
        select s.* into hit
          from glas_data.outbox_segment s
          join glas_data.outbox o on o.id = s.outbox
          join glas_data.citizen c on c.id = o.citizen
         where s.link = r.link and s.mr = r.mr and s.reported_at is null
           and s.submitted_at > r.at - p_window and c.token = r.token
         -- Another gateway may have a link of that name. A modem that was started again
         -- gives the same reference to the same person: its centre says when it got the
         -- segment that this is of. The first of two reports may be lost: the older
         -- would be a guess, too.
         order by coalesce(o.gateway = p_gateway, false) desc,
                  abs(extract(epoch from s.submitted_at - r.scts)), s.submitted_at desc
         limit 1;
        if not found then
            hit := glas_data.mt_report_unknown(r.link, r.mr, r.token, r.at, p_window);
        end if;
        if hit.outbox is null then
            hit := glas_data.mt_report_moved(p_gateway, r.link, r.mr, r.token, r.at,
                p_window);
            continue when hit.outbox is null;
        end if;
        matched := matched + 1;
        update glas_data.outbox_segment s
           set status = r.status,
               reported_at = case when r.outcome <> 'pending' then r.at end
         where s.outbox = hit.outbox and s.seq = hit.seq;
        if r.outcome = 'failed' then
            update glas_data.outbox
               set state = 'undelivered', reason = 'the network could not deliver it',
                   cause = r.status
             where id = hit.outbox and state in ('accepted', 'unknown');
        elsif r.outcome = 'delivered' then
            update glas_data.outbox o
               set state = 'delivered', delivered_at = r.at, reason = ''
             where o.id = hit.outbox and o.state in ('accepted', 'unknown')
               and o.segments = (select count(*) from glas_data.outbox_segment s
                                  where s.outbox = o.id and s.reported_at is not null);
        end if;
    end loop;
    return matched;
end
$$;
comment on function glas_gw.mt_report(text[], int[], bytea[], int[], text[], timestamptz[],
    interval, bigint[], text, timestamptz[]) is
    'Matches status reports by the reply that they name (p_mt, 0 for none), else
     by link, message reference, recipient and time, of several by when the centre got
     it (p_scts; null: the newest), or to the only segment of
     unknown outcome, or that another link of p_gateway sent; returns how many
     found theirs.';

create or replace function glas_gw.mt_recover(
    p_gateway text, p_intent bigint[], p_settled bigint[], p_attempts int[] default '{}')
    returns table (id bigint, state text)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    -- Handed over again without the database, which had it queued, or has lost
    -- its claim.
    update glas_data.outbox o
       set state = 'inflight', gateway = p_gateway, attempts = s.attempts
      from (select u.id, max(u.attempts) as attempts
              from unnest(p_settled, p_attempts) u (id, attempts)
             group by u.id) s
     where o.id = s.id and o.state = 'queued' and o.attempts < s.attempts;
    -- What others have called unknown meanwhile is known to the log of who had it.
    -- Ours and never handed over: back into the queue. Handed over without a
    -- known result: unknown, and only what must not be missing goes out again.
    return query
    update glas_data.outbox o
       set state = case
               when not o.id = any (p_intent) then 'queued'
               when o.kind in ('receipt', 'emergency') and o.attempts < 2 then 'queued'
               else 'unknown' end,
           reason = case when o.id = any (p_intent)
               then 'outcome of the last attempt is unknown' else '' end,
           attempts = o.attempts - (not o.id = any (p_intent))::int
     where (o.state = 'inflight'
            or (o.state = 'unknown' and o.reason = 'its gateway has been away'))
       and o.gateway = p_gateway
       and not exists (select from unnest(p_settled, p_attempts) s (id, attempts)
                        where s.id = o.id and coalesce(s.attempts >= o.attempts, true))
    returning o.id, o.state;
end
$$;
comment on function glas_gw.mt_recover(text, bigint[], bigint[], int[]) is
    'After a restart: sorts what this gateway had in flight. p_intent: replies
     that may have been handed to the network, by the log; p_settled: those
     in hand, or whose result is in the log and comes later, of which attempt
     (p_attempts): one that was claimed again since was not handed over.';

create or replace function glas_gw.mt_said(
    p_gateway text, p_identity bytea[], p_id bigint[], p_text text[],
    p_encoding text[], p_segments int[])
    returns void
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.outbox o
       set id = coalesce(q.id, o.id), text = q.text, encoding = q.encoding,
           segments = q.segments, gateway = p_gateway,
           -- Under its new number it is in its first attempt.
           attempts = case when q.id is null then greatest(o.attempts, 1) else 1 end,
           state = case when q.id is null then 'suppressed' else 'inflight' end,
           reason = case when q.id is null
               then 'answered while the database was away' else '' end
      from unnest(p_identity, p_id, p_text, p_encoding, p_segments)
               q (identity, id, text, encoding, segments)
      join glas_data.identity i using (identity)
     where o.message = i.message and o.kind = 'emergency'
       -- What is queued is in nobody's hands, whoever had it before.
       and (o.state = 'queued'
            or (o.gateway = p_gateway
                and (o.state = 'inflight'
                     or (o.state = 'unknown' and o.reason = 'its gateway has been away'))))
       and o.id is distinct from q.id
    $$;
comment on function glas_gw.mt_said(text, bytea[], bigint[], text[], text[], int[]) is
    'Before mt_recover(), and when a claim took long: these texts were told of danger
     while the database did not answer, and had been stored. The row that this made
     becomes that of what was said, under the number that the log knows it by;
     without one (null) the network has taken it, and nothing more is sent.';

create or replace function glas_gw.stopped(p_optout bytea[], p_outbox bigint[])
    returns text
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select string_agg(case when b.token is not null or c.blocked then 'b'
                           when c.silenced_until > glas.now() then 's'
                           when o.token is not null then 'o'
                           else '-' end, '' order by q.n)
      from unnest(p_optout, p_outbox) with ordinality q (token, outbox, n)
      left join glas_data.outbox w on w.id = q.outbox
      left join glas_data.citizen c on c.id = w.citizen
      left join glas_data.optout o on o.token = q.token
      left join glas_data.block b on b.token = q.token
    $$;
comment on function glas_gw.stopped(bytea[], bigint[]) is
    'Who of these is not written to, by their tokens under the opt-out key and
     what would be sent: a letter each, in order. b: blocked, s: silenced, o: has
     said STOP, -: none of these.';

create or replace function glas_gw.mt_release(
    p_room int, p_link text[] default '{}', p_link_room int[] default '{}') returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    o record;
    room int := p_room;
    own  int[] := p_link_room;
    released int := 0;
begin
    for o in
        select b.id, b.citizen, b.segments,
               coalesce(b.expires_at <= glas.now(), false) as stale,
               array_position(p_link, b.link) as place
          from glas_data.outbox b
         where (b.state = 'held'
                and (b.reason = 'the segments of the day are spent'
                     or (b.reason = 'the segments of its link are spent'
                         and b.link = any (p_link))))
            or (b.state in ('held', 'queued') and b.expires_at <= glas.now())
         order by b.priority, b.id for update skip locked
    loop
        exit when room < o.segments and not o.stale;
        continue when own[o.place] < o.segments and not o.stale;
        -- Of somebody who is held just now it ends a minute later: see hold_asked().
        if o.stale then
            perform from glas_data.citizen c where c.id = o.citizen
               for no key update skip locked;
            continue when not found;
        end if;
        update glas_data.outbox b
           set state = case when o.stale then 'expired' else 'queued' end,
               reason = case when o.stale then 'too late to be of use' else '' end
         where b.id = o.id;
        if not o.stale then
            room := room - o.segments;
            if o.place is not null then
                own[o.place] := own[o.place] - o.segments;
            end if;
            released := released + 1;
        end if;
    end loop;
    return released;
end
$$;
comment on function glas_gw.mt_release(int, text[], int[]) is
    'Lets replies go that were held because the segments of a day were spent, as
     far as p_room segments, and those of their link, reach; what is too old is
     not sent any more, nor what was queued and found no link in time.';

create or replace function glas_gw.mt_inflight(p_gateway text)
    returns table (id bigint, attempts int, repeats boolean)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select o.id, o.attempts::int, o.kind in ('receipt', 'emergency') and o.attempts < 2
      from glas_data.outbox o
     where o.state = 'inflight' and o.gateway = p_gateway
    $$;
comment on function glas_gw.mt_inflight(text) is
    'What a gateway has in flight, so that it finds what it has not; repeats: it
     goes out again when its outcome is unknown.';

create or replace function glas_gw.mt_orphans() returns int
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with gone as (
        update glas_data.outbox o
           set state = 'unknown', reason = 'its gateway has been away'
          from glas_data.gateway g
         where o.state = 'inflight' and g.name = o.gateway
           and g.alive_until < glas.now()
        returning 1)
    select count(*)::int from gone
    $$;
comment on function glas_gw.mt_orphans() is
    'What a gateway had in flight whose lease has run out becomes unknown.';
