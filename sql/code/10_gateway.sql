-- What glasd calls, in the order in which it does. One function is one atomic
-- step. Arrays that begin with p_ and the same word belong together: element n
-- of each is one row. They are read by their subscripts: to unnest twenty arrays
-- is to fill twenty tables. Only role glas_gateway may execute these.
--
-- The connection of glasd says how they are planned (store/pg_pipe.c), since a
-- setting of a function costs at each call.

create or replace function glas.now() returns timestamptz
    language sql stable parallel safe
    as $$ select pg_catalog.now() $$;
comment on function glas.now() is
    'The time that Glas goes by; everything asks here, so that tests can move it.';

create or replace function glas_data.setting(p_name text) returns text
    language sql stable
    as $$ select value from glas_data.setting where name = p_name $$;
comment on function glas_data.setting(text) is 'One fact about this installation.';

create or replace function glas_data.utc(p_at timestamptz) returns text
    language sql stable parallel safe
    as $$
    select pg_catalog.to_char(p_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    $$;
comment on function glas_data.utc(timestamptz) is 'A time as programs write it.';

-- The n-th reference: all numbers of a length are used once, in an order that
-- does not tell how many there were, before the next length begins.
create or replace function glas_data.reference_nth(n bigint, factor bigint)
    returns text
    language plpgsql immutable parallel safe
    as $$
declare
    low  bigint := 10000;
    rest bigint := n - 1;
    digits text;
begin
    while rest >= 9 * low loop
        rest := rest - 9 * low;
        low := 10 * low;
    end loop;
    digits := (low + (rest * factor) % (9 * low))::text;
    return digits || glas_data.luhn_digit(digits);
end
$$;
comment on function glas_data.reference_nth(bigint, bigint) is
    'The n-th reference of this installation.';

create or replace function glas_gw.connect(
    p_gateway text, p_version text, p_keyset text, p_lease interval)
    returns table (problem text, content_version text, segments_today int,
        alerts text)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
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
    insert into glas_data.gateway as g (name, alive_until, version, started_at)
    values (p_gateway, glas.now() + p_lease, p_version, glas.now())
    on conflict (name) do update
        set alive_until = excluded.alive_until, version = excluded.version,
            started_at = excluded.started_at, stale_since = null;
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
comment on function glas_gw.connect(text, text, text, interval) is
    'First call on a connection: checks the key set, takes the lease. `problem`
     is empty when all is well; `alerts` are those that the gateway told last.';

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

create or replace function glas_gw.mo_context(
    p_token bytea[], p_optout bytea[], p_identity bytea[], p_asked text[])
    returns table (n int, seen boolean, stopped boolean, version int, lang text,
        lang_chosen boolean, cyrillic boolean, hour_level real, day_level real,
        level_at timestamptz, unclear_at timestamptz, emergency_at timestamptz,
        has_copy boolean, dialog text, dialog_until timestamptz, told_who boolean,
        asked_group boolean, helper boolean, tester boolean, last_at timestamptz,
        asked text, status text, status_at timestamptz, reported_at timestamptz,
        category text, municipality text, text text, silence text,
        block_due boolean)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person bigint;
begin
    for n, seen, stopped, person, version, lang, lang_chosen, cyrillic,
        hour_level, day_level, level_at, unclear_at, emergency_at, has_copy,
        dialog, dialog_until, told_who, asked_group, helper, tester, last_at,
        silence, block_due in
        select q.n, i.identity is not null, o.token is not null, c.id, c.version,
               c.lang, c.lang_chosen, c.cyrillic, c.hour_level, c.day_level,
               c.level_at, c.unclear_at, c.emergency_at,
               c.reply_copy is not null, c.dialog, c.dialog_until, c.told_who,
               c.asked_group, c.helper, c.tester, c.last_at,
               case when b.token is not null or c.blocked then 'blocked'
                    when c.silenced_until > glas.now() then 'silenced'
                    else '' end,
               b.token is not null and (c.blocked and b.citizen = c.id) is not true
               or b.token is null and c.blocked is true
          from generate_subscripts(p_token, 1) q (n)
          left join glas_data.identity i on i.identity = p_identity[q.n]
          left join glas_data.optout o on o.token = p_optout[q.n]
          left join glas_data.block b on b.token = p_optout[q.n]
          left join glas_data.citizen c on c.token = p_token[q.n]
    loop
        -- Without it, what the row before has left of its case says nothing.
        asked := null;
        -- Who writes for the first time has no case.
        if person is not null and p_asked[n] is not null then
            -- A duplicate is told to be where the report is that it is answered
            -- with; all else is their own.
            select r.reference, coalesce(k.status, r.status),
                   coalesce(k.status_at, r.status_at), r.reported_at, r.category,
                   r.municipality, glas_data.text_of(m.id, m.received_at)
              into asked, status, status_at, reported_at, category,
                   municipality, text
              from glas_data.report r
              left join glas_data.report k on k.reference = r.merged_into
              -- What was said long ago is not compared with what is said now.
              left join glas_data.message m on m.id = r.message
                   and r.reported_at > glas.now() - interval '7 days'
             where r.citizen = person
               and (p_asked[n] = '' or r.reference = p_asked[n])
             order by r.reported_at desc limit 1;
        end if;
        return next;
    end loop;
end
$$;
comment on function glas_gw.mo_context(bytea[], bytea[], bytea[], text[]) is
    'What is known of the originators of a batch, one row a text, in order.
     p_asked: a reference to look up among their own, empty for their newest,
     null for none. silence: silenced, blocked or empty; block_due: the number
     and its block do not know of each other yet, see glas_data.put_block().';

create or replace function glas_gw.mo_groups(
    p_token bytea[], p_ref int[], p_max int[], p_late interval)
    returns table (n int, grp bigint, message bigint, reference text, seq int, sealed bytea)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return query
    select q.n::int, g.id, g.message, m.reference::text, s.seq::int, s.sealed
      from unnest(p_token, p_ref, p_max) with ordinality q (token, ref, max, n)
      join lateral (
          select * from glas_data.concat_group g
           where g.token = q.token and g.ref = q.ref and g.max = q.max
             and g.last_at > glas.now() - p_late
           order by g.opened_at desc limit 1) g on true
      join glas_data.concat_segment s on s.grp = g.id
      left join glas_data.message m on m.id = g.message
     order by q.n, s.seq;
end
$$;
comment on function glas_gw.mo_groups(bytea[], int[], int[], interval) is
    'Segments that are already here of the long texts that a batch has segments of.';

create or replace function glas_gw.mo_groups_due(
    p_quiet interval, p_own int, p_all int, p_limit int)
    returns table (grp bigint, token bytea, max int, crowded boolean, seq int,
        sealed bytea)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return query
    with open as (
        select g.id, g.token, g.token_before, g.max, g.last_at,
               row_number() over (partition by g.token
                                  order by g.last_at desc, g.id desc) as own,
               row_number() over (order by g.last_at desc, g.id desc) as nth
          from glas_data.concat_group g
         where g.message is null
    ), due as (
        select o.*, o.last_at > glas.now() - p_quiet as early
          from open o
         where o.last_at <= glas.now() - p_quiet or o.own > p_own or o.nth > p_all
         order by o.last_at, o.id limit p_limit)
    select d.id, glas_data.part_token(d.token, d.token_before, s.sealed), d.max::int,
           d.early, s.seq::int, s.sealed
      from due d
      join glas_data.concat_segment s on s.grp = d.id
     order by d.last_at, d.id, s.seq;
end
$$;
comment on function glas_gw.mo_groups_due(interval, int, int, int) is
    'Long texts that have waited long enough for their missing segments; and,
     crowded, the oldest of those that are more than one sender (p_own) or all
     together (p_all) may leave unfinished.';

create or replace function glas_gw.prune(p_keep interval, p_limit int)
    returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
    as $$
declare
    identities int;
    groups     int;
begin
    -- What the index does not know yet counts as old, and would be read.
    perform brin_summarize_new_values('glas_data.identity_received'),
            brin_summarize_new_values('glas_data.concat_group_last');
    delete from glas_data.identity i
     where i.ctid = any (array(
           select o.ctid from glas_data.identity o
            where o.received_at < glas.now() - p_keep limit p_limit));
    get diagnostics identities = row_count;
    with old as (
        select g.id from glas_data.concat_group g
         where g.last_at < glas.now() - p_keep limit p_limit
    ), segment as (
        delete from glas_data.concat_segment s using old where s.grp = old.id)
    delete from glas_data.concat_group g using old where g.id = old.id;
    get diagnostics groups = row_count;
    return identities + groups;
end
$$;
comment on function glas_gw.prune(interval, int) is
    'Deletes identities of segments, and segments of long texts, that are older
     than any modem or network would give them again; at most so many at once.
     Says how many.';

create or replace function glas_gw.mo_store(
    p_gateway text,
    -- citizens of the batch, each once; p_c_version null for new ones, -1 for
    -- those who are taken for new and were not looked up
    p_c_token bytea[], p_c_version int[], p_c_copy bytea[], p_c_link text[],
    p_c_lang text[], p_c_chosen boolean[], p_c_cyrillic boolean[],
    p_c_hour real[], p_c_day real[], p_c_level_at timestamptz[],
    p_c_unclear timestamptz[], p_c_emergency timestamptz[],
    p_c_optout bytea[], p_c_stop text[], p_c_dialog text[],
    p_c_dialog_until timestamptz[], p_c_told boolean[], p_c_asked boolean[],
    -- segments: p_i_citizen and the like are places in p_c_token, from 1
    p_i_citizen int[], p_i_identity bytea[], p_i_message bigint[], p_i_seen boolean[],
    -- texts
    p_m_citizen int[], p_m_id bigint[], p_m_received timestamptz[],
    p_m_sent timestamptz[], p_m_link text[], p_m_channel text[],
    p_m_segments int[], p_m_lang text[], p_m_intent text[], p_m_code text[],
    p_m_confidence int[], p_m_text text[], p_m_original bytea[],
    p_m_reference text[], p_m_silent text[], p_m_note text[], p_m_trace text[],
    p_m_municipality text[], p_m_settlement text[], p_m_test boolean[],
    -- reports
    p_r_citizen int[], p_r_reference text[], p_r_message bigint[],
    p_r_reported timestamptz[], p_r_category text[], p_r_first text[],
    p_r_second text[], p_r_actor text[], p_r_municipality text[],
    p_r_settlement text[],
    p_r_lang text[], p_r_channel text[], p_r_urgent boolean[], p_r_test boolean[],
    -- replies
    p_o_citizen int[], p_o_id bigint[], p_o_kind text[], p_o_priority int[],
    p_o_message bigint[], p_o_reference text[], p_o_text text[],
    p_o_encoding text[], p_o_segments int[], p_o_state text[],
    p_o_reason text[], p_o_link text[], p_o_expires timestamptz[],
    -- segments of long texts that wait for others
    p_s_citizen int[], p_s_group bigint[], p_s_ref int[], p_s_max int[],
    p_s_seq int[], p_s_received timestamptz[], p_s_sealed bytea[],
    -- groups that are closed by a text of this batch
    p_g_citizen int[], p_g_group bigint[], p_g_message bigint[],
    -- what else is done, in order; see glas_data.act()
    p_a_citizen int[], p_a_message bigint[], p_a_kind text[], p_a_key text[],
    p_a_value text[],
    -- of citizens: for the offline key, where the network has one
    p_c_recall bytea[] default '{}')
    returns int[]
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    ids   bigint[];
    made  int;
    drawn int;
    stale int[] := '{}';
    at    timestamptz := glas.now();
    s     record;
    g     bigint;
    fresh bigint[] := '{}';
    covered boolean := exists (select from glas_data.coverage);
begin
    -- The ids of new citizens are drawn before their rows are made, so that
    -- none has to be looked up again. Who is taken for new is, unless anything
    -- tells otherwise: then no row has their version, and nothing is stored.
    ids := array(select case when u.version is null
                          or (u.version = -1
                              and (select o.token from glas_data.optout o
                                    where o.token = u.optout) is null
                              and (select b.token from glas_data.block b
                                    where b.token = u.optout) is null
                              and not exists (select from glas_data.identity i
                                               where i.identity = any (p_i_identity)))
                        then nextval('glas_data.citizen_id_seq') end
                   from unnest(p_c_version, p_c_optout) with ordinality
                        u (version, optout, n)
                  order by u.n);
    insert into glas_data.citizen (id, token, reply_copy, recall_copy, link, lang,
        lang_chosen, cyrillic, hour_level, day_level, level_at, unclear_at,
        emergency_at, dialog, dialog_until, told_who, asked_group, first_at,
        last_at)
    overriding system value
    select ids[n], p_c_token[n], p_c_copy[n], p_c_recall[n], p_c_link[n], p_c_lang[n],
           p_c_chosen[n], p_c_cyrillic[n], p_c_hour[n], p_c_day[n],
           p_c_level_at[n], p_c_unclear[n], p_c_emergency[n], p_c_dialog[n],
           p_c_dialog_until[n], p_c_told[n], p_c_asked[n], at, at
      from generate_subscripts(p_c_token, 1) n
     where ids[n] is not null order by p_c_token[n]
    on conflict (token) do nothing;
    get diagnostics made = row_count;
    drawn := cardinality(array_remove(ids, null));
    if made < drawn then
        -- Who was there already is not ours and has changed meanwhile.
        ids := array(select c.id from unnest(ids) with ordinality u (id, n)
                       left join glas_data.citizen c on c.id = u.id
                      order by n);
    end if;

    -- From here on, statements that most batches have no rows for are passed
    -- by: to begin one takes longer than a row.
    if drawn < cardinality(ids) then
        for s in
            update glas_data.citizen c
               set version = c.version + 1,
                   reply_copy = coalesce(p_c_copy[n], c.reply_copy),
                   recall_copy = coalesce(p_c_recall[n], c.recall_copy),
                   link = p_c_link[n], lang = p_c_lang[n],
                   lang_chosen = p_c_chosen[n], cyrillic = p_c_cyrillic[n],
                   hour_level = p_c_hour[n], day_level = p_c_day[n],
                   level_at = p_c_level_at[n], unclear_at = p_c_unclear[n],
                   emergency_at = p_c_emergency[n], dialog = p_c_dialog[n],
                   dialog_until = p_c_dialog_until[n], told_who = p_c_told[n],
                   asked_group = p_c_asked[n], last_at = at
              from (select n from generate_subscripts(p_c_token, 1) n
                     where p_c_version[n] is not null order by p_c_token[n]) u
             where c.token = p_c_token[n] and c.version = p_c_version[n]
            returning c.id, u.n
        loop
            ids[s.n] := s.id;
        end loop;
        -- Whoever can be reached again gets what has waited for it.
        update glas_data.outbox o
           set state = 'queued', reason = '', link = p_c_link[n]
          from generate_subscripts(ids, 1) n
         where p_c_version[n] is not null and p_c_copy[n] is not null
           and o.state = 'waiting' and o.citizen = ids[n];
    end if;
    if array_position(ids, null) is not null then
        stale := array(select n from generate_subscripts(ids, 1) n
                        where ids[n] is null order by n);
    end if;

    if 'start' = any (p_c_stop) then
        delete from glas_data.optout o
         using unnest(p_c_optout, p_c_stop) with ordinality u (optout, stop, n)
         where u.stop = 'start' and o.token = u.optout and ids[u.n] is not null;
    end if;
    if 'stop' = any (p_c_stop) then
        insert into glas_data.optout (token, since)
        select u.optout, at
          from unnest(p_c_optout, p_c_stop) with ordinality u (optout, stop, n)
         where u.stop = 'stop' and ids[u.n] is not null
        on conflict do nothing;
    end if;

    with stored as (
    insert into glas_data.report (reference, reported_at, message, citizen,
        category, first, second, actor, municipality, settlement, lang, channel,
        urgent, test, status_at, organisation)
    select p_r_reference[n], p_r_reported[n], p_r_message[n],
           ids[p_r_citizen[n]], p_r_category[n], p_r_first[n], p_r_second[n],
           p_r_actor[n], p_r_municipality[n], p_r_settlement[n], p_r_lang[n],
           p_r_channel[n], p_r_urgent[n], p_r_test[n], p_r_reported[n],
           case when covered then glas_data.route(p_r_category[n], p_r_first[n],
               p_r_second[n], p_r_municipality[n], p_r_lang[n], p_r_actor[n]) end
      from generate_subscripts(p_r_reference, 1) n
     where ids[p_r_citizen[n]] is not null
    returning reference, organisation)
    insert into glas_data.report_history (reference, at, who, what, now_is)
    select reference, at, 'routing', 'organisation', organisation
      from stored where organisation is not null;

    insert into glas_data.message (id, received_at, sent_at, gateway, link,
        channel, citizen, segments, lang, intent, code, confidence,
        reference, silent, note, municipality, settlement, test)
    select p_m_id[n], p_m_received[n], p_m_sent[n], p_gateway, p_m_link[n],
           p_m_channel[n], ids[p_m_citizen[n]], p_m_segments[n], p_m_lang[n],
           p_m_intent[n], p_m_code[n], p_m_confidence[n],
           p_m_reference[n], p_m_silent[n], p_m_note[n],
           p_m_municipality[n], p_m_settlement[n], p_m_test[n]
      from generate_subscripts(p_m_id, 1) n
     where ids[p_m_citizen[n]] is not null;
    insert into glas_data.body (message, received_at, text, original, trace)
    select p_m_id[n], p_m_received[n], p_m_text[n], p_m_original[n], p_m_trace[n]
      from generate_subscripts(p_m_id, 1) n
     where ids[p_m_citizen[n]] is not null;
    if p_m_reference <> p_r_reference and exists (
               select from (select unnest(p_m_reference)
                            except select unnest(p_r_reference)) u (reference)
                where u.reference is not null
                  and not exists (select from glas_data.report r
                                   where r.reference = u.reference)) then
        raise foreign_key_violation using message =
            'a text belongs to a report that is not there';
    end if;

    insert into glas_data.identity (identity, message, received_at)
    select p_i_identity[n], p_i_message[n], at
      from generate_subscripts(p_i_identity, 1) n
     where not p_i_seen[n] and ids[p_i_citizen[n]] is not null;
    if true = any (p_i_seen) then
        update glas_data.identity i
           set seen = i.seen + u.times
          from (select identity, count(*) as times
                  from unnest(p_i_citizen, p_i_identity, p_i_seen)
                        u (citizen, identity, seen)
                 where u.seen and ids[u.citizen] is not null
                 group by identity) u
         where i.identity = u.identity;
    end if;

    insert into glas_data.outbox (id, created_at, kind, priority, citizen,
        message, reference, text, encoding, segments, state, reason, attempts,
        link, gateway, expires_at, due_at)
    select p_o_id[n], at, p_o_kind[n], p_o_priority[n], ids[p_o_citizen[n]],
           p_o_message[n], p_o_reference[n], p_o_text[n], p_o_encoding[n],
           p_o_segments[n], p_o_state[n], p_o_reason[n],
           (p_o_state[n] = 'inflight')::int, p_o_link[n],
           case when p_o_state[n] = 'inflight' then p_gateway end,
           p_o_expires[n],
           case when p_o_state[n] = 'queued' and p_o_reason[n] = 'answered late'
                then glas_data.polite_time(at) end
      from generate_subscripts(p_o_id, 1) n
     where ids[p_o_citizen[n]] is not null;

    if cardinality(p_s_group) > 0 then
        -- Few batches have any of these: a loop, because one new group can get
        -- several segments of the same batch.
        for s in
            select u.*, p_c_token[u.citizen] as token
              from unnest(p_s_citizen, p_s_group, p_s_ref, p_s_max, p_s_seq,
                    p_s_received, p_s_sealed) with ordinality
                    u (citizen, grp, ref, max, seq, received, sealed, n)
             where ids[u.citizen] is not null order by u.n
        loop
            g := s.grp;
            if g <= 0 then
                g := fresh[1 - g];
            end if;
            if g is null then
                insert into glas_data.concat_group (token, ref, max, opened_at, last_at)
                values (s.token, s.ref, s.max, at, at) returning id into g;
                fresh[1 - s.grp] := g;
            end if;
            insert into glas_data.concat_segment (grp, seq, received_at, sealed)
            values (g, s.seq, s.received, s.sealed) on conflict do nothing;
            update glas_data.concat_group set last_at = at where id = g;
        end loop;
    end if;
    if cardinality(p_g_group) > 0 then
        update glas_data.concat_group c
           set message = u.message
          from unnest(p_g_citizen, p_g_group, p_g_message) u (citizen, grp, message)
         where ids[u.citizen] is not null
           and c.id = case when u.grp > 0 then u.grp else fresh[1 - u.grp] end;
    end if;

    if cardinality(p_a_message) > 0 then
        -- Noted before it is done: erasure takes notes, too.
        update glas_data.message m
           set done = u.done
          from (select message, string_agg(glas_data.act_words(kind, key, value),
                           e'\n' order by n) as done
                  from unnest(p_a_citizen, p_a_message, p_a_kind, p_a_key,
                        p_a_value) with ordinality
                        v (citizen, message, kind, key, value, n)
                 where ids[citizen] is not null group by message) u
         where m.id = u.message;
        for s in
            select ids[u.citizen] as citizen, u.message, u.kind, u.key, u.value
              from unnest(p_a_citizen, p_a_message, p_a_kind, p_a_key, p_a_value)
                   with ordinality u (citizen, message, kind, key, value, n)
             where ids[u.citizen] is not null order by u.n
        loop
            perform glas_data.act(s.citizen, s.message, s.kind, s.key, s.value);
        end loop;
    end if;

    update glas_data.gateway g set calls = g.calls + 1 where g.name = p_gateway;
    return stale;
end
$$;
comment on function glas_gw.mo_store is
    'Stores a batch in one transaction. Returns the places of citizens that were
     changed since their context was fetched: nothing of theirs is stored.
     p_s_group: a group that is here, or 0, -1, -2, ... for new ones of the batch.';

create or replace function glas_gw.mt_claim(
    p_gateway text, p_link text[], p_room int[],
    p_by text default '', p_from text[] default '{}', p_long boolean[] default '{}')
    returns table (id bigint, link text, kind text, text text, segments int,
        token bytea, reply_copy bytea, attempts int, expires_at timestamptz,
        priority int)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    danger text[];
    others text[];
begin
    if p_by <> '' then
        -- Also those of gateways that are lost, unless a living one has a link
        -- of that name.
        select array_agg(k.name), array_agg(k.name) filter (where k.long)
          into danger, others
          from (select u.name, u.long from unnest(p_from, p_long) u (name, long)
                union all
                select l.name, bool_and(g.alive_until + l.failover_after <= glas.now())
                  from glas_data.link l
                  join glas_data.gateway g on g.name = l.gateway
                 group by l.name
                having max(g.alive_until) < glas.now()
                   and count(*) = count(l.failover_after)) k;
    end if;
    return query
    with pick as (
        select o.id, l.link
          from unnest(p_link, p_room) l (link, room),
               lateral (
                   select o.id from glas_data.outbox o
                    where o.state = 'queued'
                      and (o.link = l.link
                           or (l.link = p_link[1] and (o.link is null
                               or not exists (select from glas_data.link k
                                   where k.name = o.link)))
                           or (l.link = p_by
                               and ((o.kind = 'emergency' and o.link = any (danger))
                                 or (o.kind not in ('event', 'broadcast')
                                     and o.link = any (others)))))
                      and (o.due_at is null or o.due_at <= glas.now())
                    order by o.priority, o.id
                    limit l.room for update skip locked) o
    ), counted as (
        update glas_data.gateway g set calls = g.calls + 1
         where g.name = p_gateway and exists (select from pick)
    )
    update glas_data.outbox o
       set state = 'inflight', gateway = p_gateway, link = pick.link,
           attempts = o.attempts + 1
      from pick, glas_data.citizen c
     where o.id = pick.id and c.id = o.citizen
    returning o.id, o.link, o.kind, o.text, o.segments::int, c.token,
        c.reply_copy, o.attempts::int, o.expires_at, o.priority::int;
end
$$;
comment on function glas_gw.mt_claim(text, text[], int[], text, text[], boolean[]) is
    'Takes queued replies for links that have room, by priority, and marks them
     in flight; what has no link, or one that no gateway has, goes by the first.
     Those of links of this gateway that cannot send (p_from), and of gateways
     that are lost, go by p_by: danger at once, all but invitations when it has
     been so for long.';

create or replace function glas_gw.mt_taken(p_id bigint, p_link text) returns int
    language sql stable security definer
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

create or replace function glas_gw.mt_next_due() returns timestamptz
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select min(due_at) from glas_data.outbox
     where state = 'queued' and due_at > glas.now()
    $$;
comment on function glas_gw.mt_next_due() is 'When the next queued reply may be sent.';

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
        returning o.state, o.segments, o.link)
    insert into glas_data.spend as s (day, gateway, link, segments)
    select p_day, p_gateway, coalesce(link, ''), sum(segments)
      from settled where state in ('accepted', 'unknown')
     group by coalesce(link, '') order by 3
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

create or replace function glas_gw.mt_report(
    p_link text[], p_mr int[], p_token bytea[], p_status int[], p_outcome text[],
    p_at timestamptz[], p_window interval)
    returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r record;
    hit glas_data.outbox_segment;
    matched int := 0;
begin
    for r in select * from unnest(p_link, p_mr, p_token, p_status, p_outcome, p_at)
            u (link, mr, token, status, outcome, at)
    loop
        select s.* into hit
          from glas_data.outbox_segment s
          join glas_data.outbox o on o.id = s.outbox
          join glas_data.citizen c on c.id = o.citizen
         where s.link = r.link and s.mr = r.mr and s.reported_at is null
           and s.submitted_at > r.at - p_window and c.token = r.token
         order by s.submitted_at desc limit 1;
        if not found then
            hit := glas_data.mt_report_unknown(r.link, r.mr, r.token, r.at, p_window);
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
comment on function glas_gw.mt_report(text[], int[], bytea[], int[], text[], timestamptz[], interval) is
    'Matches status reports by link, message reference, recipient and time, or
     to the only segment of unknown outcome; returns how many found theirs.';

create or replace function glas_gw.mt_recover(
    p_gateway text, p_intent bigint[], p_settled bigint[], p_attempts int[] default '{}')
    returns table (id bigint, state text)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
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
     whose result is in the log and comes later, of which attempt (p_attempts):
     one that was claimed again since was not handed over.';

create or replace function glas_gw.mt_said(
    p_gateway text, p_identity bytea[], p_id bigint[], p_text text[],
    p_encoding text[], p_segments int[])
    returns void
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.outbox o
       set id = coalesce(q.id, o.id), text = q.text, encoding = q.encoding,
           segments = q.segments,
           -- Under its new number it is in its first attempt.
           attempts = case when q.id is null then greatest(o.attempts, 1) else 1 end,
           state = case when q.id is null then 'suppressed' else 'inflight' end,
           reason = case when q.id is null
               then 'answered while the database was away' else '' end
      from unnest(p_identity, p_id, p_text, p_encoding, p_segments)
               q (identity, id, text, encoding, segments)
      join glas_data.identity i using (identity)
     where o.message = i.message and o.kind = 'emergency'
       and o.gateway = p_gateway and o.state in ('queued', 'inflight')
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
        select b.id, b.segments, b.expires_at <= glas.now() as stale,
               array_position(p_link, b.link) as place
          from glas_data.outbox b
         where b.state = 'held'
           and (b.reason = 'the segments of the day are spent'
                or (b.reason = 'the segments of its link are spent'
                    and b.link = any (p_link))
                or b.expires_at <= glas.now())
         order by b.priority, b.id for update skip locked
    loop
        exit when room < o.segments and not o.stale;
        continue when own[o.place] < o.segments and not o.stale;
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
     not sent any more.';

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

create or replace function glas_gw.links_put(
    p_gateway text, p_name text[], p_kind text[], p_state text[],
    p_detail text[], p_signal int[], p_operator text[], p_used int[],
    p_size int[], p_seen timestamptz[], p_received int[], p_sent int[],
    p_failover int[] default '{}')
    returns void
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    today date := (glas.now() at time zone 'utc')::date;
begin
    insert into glas_data.link as l (gateway, name, kind, state, detail,
        signal_dbm, operator, sim_used, sim_size, last_seen_at, day,
        received_today, sent_today, failover_after, balance)
    select p_gateway, u.name, u.kind, u.state, u.detail, u.signal, u.operator,
           u.used, u.size, u.seen, today, u.received, u.sent,
           make_interval(mins => nullif(u.failover, -1)),
           -- It may have been told before the link was.
           (select btrim(c.amount || ' ' || c.currency) from glas.credit c
             where c.gateway = p_gateway and c.link = u.name)
      from unnest(p_name, p_kind, p_state, p_detail, p_signal, p_operator,
            p_used, p_size, p_seen, p_received, p_sent, p_failover)
            u (name, kind, state, detail, signal, operator, used, size, seen,
               received, sent, failover)
    on conflict (gateway, name) do update
        set kind = excluded.kind, state = excluded.state,
            detail = excluded.detail, signal_dbm = excluded.signal_dbm,
            operator = excluded.operator, sim_used = excluded.sim_used,
            sim_size = excluded.sim_size, last_seen_at = excluded.last_seen_at,
            day = today, failover_after = excluded.failover_after,
            received_today = excluded.received_today +
                case when l.day = today then l.received_today else 0 end,
            sent_today = excluded.sent_today +
                case when l.day = today then l.sent_today else 0 end;
    delete from glas_data.link
     where gateway = p_gateway and not name = any (p_name);
end
$$;
comment on function glas_gw.links_put(text, text[], text[], text[], text[], int[],
    text[], int[], int[], timestamptz[], int[], int[], int[]) is
    'The state of all links of a gateway; counts are added to those of the day.';
