-- What glasd calls with the texts of people: what is known of who wrote, the
-- segments of long texts, and the batch that is stored. For how, see 10_gateway.sql.

-- Whoever holds more than one row takes them in the order in which a text does, or two
-- wait for each other: persons, by token; reports, what is worked on before what is the
-- same as it; then questions, texts, what stands beside them, and the outbox last. Of
-- these a person comes first also where a trigger comes to them: unasked(), look_again().
-- Whatever else is written to a person goes on.
create or replace function glas_data.hold_persons(p_citizen bigint[]) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select from glas_data.citizen c where c.id = any (p_citizen)
     order by c.token for no key update
    $$;
comment on function glas_data.hold_persons(bigint[]) is
    'Locks people, before anything that is about them.';

create or replace function glas_data.written_at(
    p_sent timestamptz, p_received timestamptz) returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when p_sent > p_received - interval '8760 hours'
                 and p_sent < p_received - interval '24 hours'
                then p_sent else p_received end
    $$;
comment on function glas_data.written_at(timestamptz, timestamptz) is
    'When a text was written, for what it replaces: when it came or, when it was
     days under way, what its centre says; item_written_at() in src/store/record.c.';

create or replace function glas_data.invited_to(p_citizen bigint) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce(string_agg(e.number::text, ' ' order by e.starts_at, e.number), '')
      from glas_data.event e
     where e.starts_at > glas.now() and e.cancelled_at is null
       and exists (select from glas_data.invitation i
                    where i.event = e.number and i.citizen = p_citizen)
    $$;
comment on function glas_data.invited_to(bigint) is
    'Numbers of the events that are to come and somebody was invited to, the next
     one first.';

-- Of the newest of what was sent to them: nobody is written to more often than that.
-- What is said in the hour after something was told (followup-within) is of that.
-- Not in SQL, which is planned anew for every text.
create or replace function glas_data.written_about(p_citizen bigint)
    returns table (reference text, at timestamptz)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return query
    select o.reference::text, coalesce(o.sent_at, o.created_at) as gone
      from (select * from glas_data.outbox k
             where k.citizen = p_citizen order by k.id desc limit 20) o
     where o.kind = 'reply' and o.priority = 2 and o.reference is not null
       and o.state in ('inflight', 'unknown', 'accepted', 'delivered')
       and not exists (
           select from glas_data.report a
             join glas_data.report r on r.citizen = p_citizen
              and r.reported_at > greatest(a.reported_at, glas.now() - interval '1 hour')
            where a.reference = o.reference)
     order by gone desc limit 1;
end
$$;
comment on function glas_data.written_about(bigint) is
    'The report of theirs that somebody wrote to a person about last, and when: an
     answer or a question, that has gone out; none while they have just told another.';

create or replace function glas_gw.mo_context(
    p_token bytea[], p_optout bytea[], p_identity bytea[], p_asked text[])
    returns table (n int, seen boolean, stopped boolean, version int, lang text,
        lang_chosen boolean, cyrillic boolean, hour_level real, day_level real,
        level_at timestamptz, unclear_at timestamptz, emergency_at timestamptz,
        has_copy boolean, dialog text, dialog_until timestamptz, told_who boolean,
        asked_group boolean, helper boolean, tester boolean, last_at timestamptz,
        asked text, status text, status_at timestamptz, reported_at timestamptz,
        category text, municipality text, settlement text, text text,
        silence text, block_due boolean, erase text, erase_until timestamptz,
        invited text, told_at timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person bigint;
    spoken record;
    where_asked text;
begin
    for n, seen, stopped, person, version, lang, lang_chosen, cyrillic,
        hour_level, day_level, level_at, unclear_at, emergency_at, has_copy,
        dialog, dialog_until, told_who, asked_group, helper, tester, last_at,
        silence, block_due, erase, erase_until in
        select q.n, i.identity is not null, o.token is not null, c.id, c.version,
               c.lang, c.lang_chosen, c.cyrillic, c.hour_level, c.day_level,
               c.level_at, c.unclear_at, c.emergency_at,
               c.reply_copy is not null,
               case when c.dialog <> '' and glas_data.is_unread(c.id, c.dialog)
                    then '' else c.dialog end,
               c.dialog_until, c.told_who,
               c.asked_group, c.helper, c.tester, c.last_at,
               case when b.token is not null or c.blocked then 'blocked'
                    when c.silenced_until > glas.now() then 'silenced'
                    else '' end,
               b.token is not null and (c.blocked and b.citizen = c.id) is not true
               or b.token is null and c.blocked is true,
               c.erase, c.erase_until
          from generate_subscripts(p_token, 1) q (n)
          left join glas_data.identity i on i.identity = p_identity[q.n]
          left join glas_data.optout o on o.token = p_optout[q.n]
          left join glas_data.block b on b.token = p_optout[q.n]
          left join glas_data.citizen c on c.token = p_token[q.n]
    loop
        invited := case when person is not null
            then glas_data.invited_to(person) else '' end;
        -- Without it, what the row before has left of its case says nothing.
        asked := null;
        -- Who writes for the first time has no case.
        if person is not null and p_asked[n] is not null then
            select * into spoken from glas_data.written_about(person);
            where_asked := case when dialog like 'place %' and dialog_until > glas.now()
                then split_part(split_part(dialog, ' ', 2), '/', 1) end;
            -- A duplicate is told to be where the report is that it is answered
            -- with; all else is their own.
            select r.reference, coalesce(k.status, r.status),
                   coalesce(k.status_at, r.status_at),
                   glas_data.written_at(m.sent_at, r.reported_at), r.category,
                   r.municipality, r.settlement,
                   -- What was said long ago is not compared with what is said now.
                   case when r.reported_at > glas.now() - interval '7 days'
                        then glas_data.text_of(m.id, m.received_at) end,
                   case when r.reference = spoken.reference then spoken.at end
              into asked, status, status_at, reported_at, category,
                   municipality, settlement, text, told_at
              -- As many as the drawer of a SIM may bring at once.
              from (select * from glas_data.report r
                     where r.citizen = person
                       and (p_asked[n] = '' or r.reference = p_asked[n])
                     order by (r.reference = spoken.reference) is true desc,
                           r.reported_at desc limit 50) r
              left join glas_data.report k on k.reference = r.merged_into
              left join glas_data.message m on m.id = r.message
             order by (r.reference = where_asked) is true desc,
                   greatest(glas_data.written_at(m.sent_at, r.reported_at),
                       case when r.reference = spoken.reference then spoken.at end) desc
             limit 1;
        end if;
        return next;
    end loop;
end
$$;
comment on function glas_gw.mo_context(bytea[], bytea[], bytea[], text[]) is
    'What is known of the originators of a batch, one row a text, in order.
     p_asked: a reference to look up among their own, empty for the one whose place
     they are asked, else what they told, or were written to about, last, null for
     none; reported_at: when they told it, see glas_data.written_at(); told_at: when they were written to, if it is of that
     case, see glas_data.written_about(). silence: silenced, blocked or empty; block_due: the number
     and its block do not know of each other yet, see glas_data.put_block();
     invited: see glas_data.invited_to().';

create or replace function glas_gw.unanswered()
    returns table (token bytea, blocked boolean, until timestamptz)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select b.token, true, null from glas_data.block b
     union all
    select c.token, c.blocked, nullif(c.silenced_until, 'infinity')
      from glas_data.citizen c
     where c.silenced_at is not null and c.silenced_until > glas.now()
       and c.token is not null
    $$;
comment on function glas_gw.unanswered() is
    'Who is silenced or blocked, for a gateway that answers while the database is
     away: by the token of the person or, where it is a block, of the number too.
     until: null for ever.';

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
           order by g.opened_at desc, g.id desc limit 1) g on true
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

create or replace function glas_gw.prune(p_limit int)
    returns int
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set enable_seqscan = off
    as $$
declare
    oldest     timestamptz := glas.now() - make_interval(days =>
                   glas_data.retention_days('segments'));
    identities int;
    groups     int;
    sent       int;
begin
    if not glas_data.clock_believed() then
        return 0;
    end if;
    -- What the index does not know yet counts as old, and would be read.
    perform brin_summarize_new_values('glas_data.identity_received'),
            brin_summarize_new_values('glas_data.concat_group_last'),
            brin_summarize_new_values('glas_data.outbox_segment_submitted');
    delete from glas_data.identity i
     where i.ctid = any (array(
           select o.ctid from glas_data.identity o
            where o.received_at < oldest limit p_limit));
    get diagnostics identities = row_count;
    with old as (
        select g.id from glas_data.concat_group g
         where g.last_at < oldest limit p_limit
    ), segment as (
        delete from glas_data.concat_segment s using old where s.grp = old.id)
    delete from glas_data.concat_group g using old where g.id = old.id;
    get diagnostics groups = row_count;
    delete from glas_data.outbox_segment s
     where s.ctid = any (array(
           select o.ctid from glas_data.outbox_segment o
            where o.submitted_at < oldest limit p_limit));
    get diagnostics sent = row_count;
    return identities + groups + sent;
end
$$;
comment on function glas_gw.prune(int) is
    'Deletes identities of segments, segments of long texts, and segments that were
     sent, which have been kept long enough; at most so many of each at once. Says
     how many.';

-- A loop, because one new group can get several segments of the same batch.
create or replace function glas_data.put_segments(
    ids bigint[], p_c_token bytea[],
    p_s_citizen int[], p_s_group bigint[], p_s_ref int[], p_s_max int[],
    p_s_seq int[], p_s_received timestamptz[], p_s_sealed bytea[],
    p_g_citizen int[], p_g_group bigint[], p_g_message bigint[])
    returns void
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    at    timestamptz := glas.now();
    fresh bigint[] := '{}';
    g     bigint;
    s     record;
begin
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
    update glas_data.concat_group c
       set message = u.message
      from unnest(p_g_citizen, p_g_group, p_g_message) u (citizen, grp, message)
     where ids[u.citizen] is not null
       and c.id = case when u.grp > 0 then u.grp else fresh[1 - u.grp] end;
end
$$;
comment on function glas_data.put_segments is
    'Part of mo_store(): segments of long texts that wait for others, and groups
     that a text closes. ids: the citizens of the batch, null where stale.';

create or replace function glas_data.act_all(
    ids bigint[], p_a_citizen int[], p_a_message bigint[], p_a_kind text[],
    p_a_key text[], p_a_value text[])
    returns void
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    s record;
begin
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
end
$$;
comment on function glas_data.act_all(bigint[], int[], bigint[], text[], text[], text[]) is
    'Part of mo_store(): what else the texts of a batch do, in their order.';

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
    p_c_recall bytea[] default '{}',
    -- the code of an erasure, see glas_data.citizen
    p_c_erase text[] default '{}', p_c_erase_until timestamptz[] default '{}')
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
        last_at, erase, erase_until)
    overriding system value
    select ids[n], p_c_token[n], p_c_copy[n], p_c_recall[n], p_c_link[n], p_c_lang[n],
           p_c_chosen[n], p_c_cyrillic[n], p_c_hour[n], p_c_day[n],
           p_c_level_at[n], p_c_unclear[n], p_c_emergency[n], p_c_dialog[n],
           p_c_dialog_until[n], p_c_told[n], p_c_asked[n], at, at,
           coalesce(p_c_erase[n], ''), p_c_erase_until[n]
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
                   emergency_at = p_c_emergency[n],
                   -- Who was not told that it is open has not closed it.
                   (dialog, dialog_until) = (
                       select case when k.kept then c.dialog else p_c_dialog[n] end,
                              case when k.kept then c.dialog_until else p_c_dialog_until[n] end
                         from (select c.dialog <> '' and (p_c_dialog[n] = ''
                                       or p_c_dialog_until[n] <= glas.now())
                                  and glas_data.is_unread(c.id, c.dialog) as kept) k),
                   told_who = p_c_told[n], asked_group = p_c_asked[n], last_at = at,
                   erase = coalesce(p_c_erase[n], ''),
                   erase_until = p_c_erase_until[n]
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
           (p_o_state[n] = 'inflight'
            or p_o_reason[n] = 'outcome of the last attempt is unknown')::int, p_o_link[n],
           case when p_o_state[n] = 'inflight' then p_gateway end,
           p_o_expires[n],
           case when p_o_state[n] = 'queued' and p_o_reason[n] = 'answered late'
                then glas_data.polite_time(at) end
      from generate_subscripts(p_o_id, 1) n
     where ids[p_o_citizen[n]] is not null;

    if cardinality(p_s_group) + cardinality(p_g_group) > 0 then
        perform glas_data.put_segments(ids, p_c_token, p_s_citizen, p_s_group,
            p_s_ref, p_s_max, p_s_seq, p_s_received, p_s_sealed, p_g_citizen,
            p_g_group, p_g_message);
    end if;
    if cardinality(p_a_message) > 0 then
        perform glas_data.act_all(ids, p_a_citizen, p_a_message, p_a_kind, p_a_key,
            p_a_value);
    end if;

    update glas_data.gateway g set calls = g.calls + 1 where g.name = p_gateway;
    return stale;
end
$$;
comment on function glas_gw.mo_store is
    'Stores a batch in one transaction. Returns the places of citizens that were
     changed since their context was fetched: nothing of theirs is stored.
     p_s_group: a group that is here, or 0, -1, -2, ... for new ones of the batch.';
