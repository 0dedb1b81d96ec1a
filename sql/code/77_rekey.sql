-- Keys that are replaced while the gateway runs (glasctl key rotate).
--
--   state     key files   what is new is   people are     until
--   -------   ---------   under the        found by       ------------------------
--   (none)    old         old              old            glasctl key rotate
--   moving    old, new    new              new, or old    glasd has sealed anew
--                                                         what it can open
--   moved     old, new    new              new, or old    glasctl key rotate --finish
--   finished  new         new              new
--
-- Only where the keys are can anything be opened: glas_gw.rekey_next() gives some
-- rows, glasd seals them anew, glas_gw.rekey_put() takes them and goes on by as
-- many, in one transaction. So a crash loses nothing, and what is done twice is
-- done once. Whoever writes meanwhile is found by either token, and moved at once
-- (glas_gw.rekey_met), before anything is asked about them: nobody is two people.
-- A session that knows the old keys alone cannot make people, and is sent away
-- (glas_data.keys_current). Opt-outs and blocks have a key of their own, which
-- never changes, and are not touched.
--
-- Who has no reply copy has nothing that could be opened. They are found by the
-- old token while it is here; who has not written until the end is somebody new
-- from then on. Their STOP holds all the same.

create or replace function glas_data.keys_current() returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    mine text := coalesce(current_setting('glas.keyset', true), '');
begin
    if mine <> '' and mine <> glas_data.setting('keyset') then
        -- As if the server had ended the session: what was asked comes again.
        raise admin_shutdown using message =
            'the keys were replaced, and this session began before that';
    end if;
end
$$;
comment on function glas_data.keys_current() is
    'An error when this session began with a key set that is not in use any more.';

create or replace function glas_data.key_number() returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.keys_current();
    return coalesce((select max(number) from glas_data.rekey), 1);
end
$$;
comment on function glas_data.key_number() is
    'Number of the keys that are in use. For each new citizen: an error in a
     session that would make them under a key that is not.';

create or replace function glas_data.sealed_under(p_sealed bytea) returns int
    language sql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $$
    select case when length(p_sealed) > 3
                then get_byte(p_sealed, 1) * 256 + get_byte(p_sealed, 2) end
    $$;
comment on function glas_data.sealed_under(bytea) is
    'Number of the key that this is sealed under, which stands in it.';

create or replace function glas_data.part_token(
    p_token bytea, p_before bytea, p_sealed bytea) returns bytea
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when p_before is null then p_token
                when glas_data.sealed_under(p_sealed)
                     < (select max(number) from glas_data.rekey) then p_before
                else p_token end
    $$;
comment on function glas_data.part_token(bytea, bytea, bytea) is
    'The token that a segment of a long text is sealed for.';

-- What glasctl and glasd ask before they work.

create or replace function glas_gw.keyset_problem(p_keyset text) returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    stored text := glas_data.setting('keyset');
    r glas_data.rekey;
begin
    if stored in ('', p_keyset) then
        return '';
    end if;
    select * into r from glas_data.rekey order by number desc limit 1;
    if stored = r.keyset_both and p_keyset = r.keyset_before then
        return format('the keys are being replaced since %s by %s, and here are the '
            'old ones alone: copy its key set with glasctl key export there and '
            'glasctl key import here', glas_data.local_time(r.begun_at), r.begun_by);
    elsif stored = r.keyset_both and p_keyset = r.keyset_after then
        return 'the keys are being replaced, and the old ones are missing here: what '
            'they have sealed is still needed; copy them with glasctl key export from '
            'where they are, and glasctl key import here';
    elsif stored = r.keyset_after and p_keyset = r.keyset_both then
        return 'the keys were replaced, and the old ones are still here: glasctl key '
            'rotate --finish removes them';
    end if;
    return format('the numbers here are sealed under key set %s, this gateway has %s: '
        'copy the key set with glasctl key export and glasctl key import', stored,
        p_keyset);
end
$$;
comment on function glas_gw.keyset_problem(text) is
    'Why a gateway with this key set cannot work here, or empty: before the first
     one has come, any can.';

-- Which people would not be found any more.
create or replace function glas_data.rekey_left() returns bigint
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select count(*) from glas_data.citizen c
     where c.erased_at is null
       and c.key_number < (select max(number) from glas_data.rekey)
    $$;
comment on function glas_data.rekey_left() is
    'How many people are found by the old token alone.';

create or replace function glas_gw.rekey_keyset() returns text
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas_data.setting('keyset') $$;
comment on function glas_gw.rekey_keyset() is
    'Public id of the key set that is in use, for glasctl key rotate.';

create or replace function glas_gw.rekey_words() returns text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r glas_data.rekey;
    n bigint;
begin
    select * into r from glas_data.rekey order by number desc limit 1;
    if r.number is null then
        return 'The keys were never replaced.';
    elsif r.state = 'finished' then
        return format('The keys were replaced on %s; they have number %s.',
            glas_data.local_time(r.finished_at), r.number);
    elsif r.state = 'moving' then
        return format('The keys are being replaced by number %s since %s: %s %s sealed '
            'anew until now. glasd goes on by itself; nothing is to be done.', r.number,
            glas_data.local_time(r.begun_at), r.done,
            case when r.done = 1 then 'row is' else 'rows are' end);
    end if;
    n := glas_data.rekey_left();
    return format('All that opens is sealed under the keys with number %s.%s%s When '
        'every backup that needs the old keys has a copy of them apart from this '
        'machine, glasctl key rotate --finish removes them.', r.number,
        case when n = 0 then '' when n = 1 then ' One person has no sealed number: who '
             'writes before the end is found, and is somebody new after it.'
             else format(' %s people have no sealed number: whoever of them writes '
             'before the end is found, and is somebody new after it.', n) end,
        case when r.unopened = 0 then ''
             when r.unopened = 1 then ' One row does not open under any key that is '
             'here, and stays as it is.'
             else format(' %s rows do not open under any key that is here, and stay '
             'as they are.', r.unopened) end);
end
$$;
comment on function glas_gw.rekey_words() is
    'How far it is with new keys, in a sentence or three.';

-- The beginning and the end.

create or replace function glas_gw.rekey_begin(
    p_gateway text, p_number int, p_before text, p_both text, p_after text)
    returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '5s'
    as $$
declare
    problem text;
begin
    -- Who is being made now is there before, and found by the old token; who is
    -- made afterwards meets keys_current().
    lock table glas_data.citizen in share mode;
    if exists (select from glas_data.rekey
                where state <> 'finished' and number = p_number
                  and keyset_both = p_both and keyset_after = p_after) then
        return;
    end if;
    problem := glas_gw.keyset_problem(p_before);
    if glas_data.setting('keyset') = '' then
        problem := 'nothing is sealed here yet: start glasd first';
    elsif problem = '' and exists (select from glas_data.rekey where state <> 'finished') then
        problem := 'the keys are being replaced already';
    end if;
    if problem <> '' then
        raise object_not_in_prerequisite_state using message = problem;
    end if;
    insert into glas_data.rekey (number, keyset_before, keyset_both, keyset_after,
        begun_at, begun_by)
    values (p_number, p_before, p_both, p_after, glas.now(), p_gateway);
    update glas_data.setting set value = p_both where name = 'keyset';
end
$$;
comment on function glas_gw.rekey_begin(text, int, text, text, text) is
    'From now on the new keys are in use; the old ones still open. Once more is
     nothing more.';

create or replace function glas_gw.rekey_wake() returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas_data.wake_gateways() $$;
comment on function glas_gw.rekey_wake() is
    'Has every gateway look at its keys.';

create or replace function glas_gw.rekey_finish(p_after text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    r glas_data.rekey;
    n bigint;
begin
    select * into r from glas_data.rekey order by number desc limit 1 for update;
    if r.number is null then
        raise object_not_in_prerequisite_state using message =
            'no keys are being replaced: glasctl key rotate begins';
    elsif r.keyset_after <> p_after then
        raise object_not_in_prerequisite_state using message =
            'these are not the new keys of this database: copy them with glasctl key '
            'export and glasctl key import';
    elsif r.state = 'finished' then
        return format('The keys with number %s are in use alone.', r.number);
    elsif r.state = 'moving' then
        raise object_not_in_prerequisite_state using message = format(
            'not yet: %s rows are sealed anew, and there are more; glasd goes on while '
            'it runs, and glasctl key rotate says how far it is', r.done);
    end if;
    -- What is left is known by the old key alone: nothing finds it any more.
    update glas_data.citizen
       set token = decode(replace(gen_random_uuid()::text, '-', ''), 'hex'),
           reply_copy = null, key_number = r.number, version = version + 1
     where key_number < r.number and erased_at is null;
    get diagnostics n = row_count;
    update glas_data.concat_group set token_before = null where token_before is not null;
    delete from glas_data.identity where received_at < r.begun_at;
    update glas_data.setting set value = p_after where name = 'keyset';
    update glas_data.rekey
       set state = 'finished', finished_at = glas.now(), unlinked = n
     where number = r.number;
    return format('The keys with number %s are in use alone.%s', r.number,
        case when n = 0 then ''
             when n = 1 then ' One person is not found by their number any more.'
             else format(' %s people are not found by their number any more.', n) end);
end
$$;
comment on function glas_gw.rekey_finish(text) is
    'Gives up the old keys, when all is sealed under the new ones; says so, and how
     many people are unknown from now on.';

-- What glasd does meanwhile.

create or replace function glas_data.rekey_tokens(p_before bytea[], p_token bytea[])
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.concat_group g
       set token = u.token, token_before = u.before
      from unnest(p_before, p_token) u (before, token)
     where g.token = u.before;
    update glas_data.quarantine q
       set token = u.token
      from unnest(p_before, p_token) u (before, token)
     where q.token = u.before
    $$;
comment on function glas_data.rekey_tokens(bytea[], bytea[]) is
    'Beside the person, what else is found by their token.';

create or replace function glas_gw.rekey_met(
    p_before bytea[], p_token bytea[], p_copy bytea[],
    p_seen_before bytea[], p_seen bytea[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.citizen c
       set token = u.token, key_number = glas_data.key_number(),
           reply_copy = case when c.reply_copy is not null then u.copy end
      from (select distinct on (before) before, token, copy
              from unnest(p_before, p_token, p_copy) n (before, token, copy)
             order by before) u
     where c.token = u.before
       and not exists (select from glas_data.citizen x where x.token = u.token);
    perform glas_data.rekey_tokens(p_before, p_token);
    -- The old one stays: the log may know the text by it.
    insert into glas_data.identity (identity, message, received_at)
    select distinct on (n.seen) n.seen, i.message, glas.now()
      from unnest(p_seen_before, p_seen) n (before, seen)
      join glas_data.identity i on i.identity = n.before
    on conflict (identity) do nothing;
end
$$;
comment on function glas_gw.rekey_met(bytea[], bytea[], bytea[], bytea[], bytea[]) is
    'Whoever writes, or was written to, is found by the new token from now on; what
     was offered before the new keys is known by the new identity, too.';

create or replace function glas_data.rekey_rows(
    p_step text, p_place bigint, p_number int, p_limit int)
    returns table (id bigint, seq int, token bytea, sealed bytea)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    case p_step
    when 'people' then
        return query
        select c.id, 0, c.token, c.reply_copy from glas_data.citizen c
         where c.id > p_place and c.key_number < p_number
           and c.reply_copy is not null and c.erased_at is null
         order by c.id limit p_limit;
    when 'parts' then
        return query
        select s.grp, s.seq::int,
               glas_data.part_token(g.token, g.token_before, s.sealed), s.sealed
          from glas_data.concat_segment s
          join glas_data.concat_group g on g.id = s.grp
         where s.grp > p_place and glas_data.sealed_under(s.sealed) < p_number
         order by s.grp, s.seq limit p_limit;
    when 'quarantine' then
        return query
        select q.id, 0, q.identity, q.sealed from glas_data.quarantine q
         where q.id > p_place and glas_data.sealed_under(q.sealed) < p_number
         order by q.id limit p_limit;
    when 'originals' then
        return query
        select b.message, 0, ''::bytea, b.original from glas_data.body b
         where b.message > p_place and glas_data.sealed_under(b.original) < p_number
         order by b.message limit p_limit;
    end case;
end
$$;
comment on function glas_data.rekey_rows(text, bigint, int, int) is
    'Some of what a step of new keys has to do, from a place on.';

create or replace function glas_gw.rekey_next(p_limit int)
    returns table (step text, place bigint, id bigint, seq int, token bytea, sealed bytea)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    steps text[] := array['people', 'parts', 'quarantine', 'originals', ''];
    r glas_data.rekey;
begin
    loop
        select * into r from glas_data.rekey k where k.state = 'moving' for update;
        exit when r.number is null;
        return query
        select r.step, r.place, n.*
          from glas_data.rekey_rows(r.step, r.place, r.number, p_limit) n;
        exit when found;
        r.step := steps[array_position(steps, r.step) + 1];
        update glas_data.rekey k
           set step = r.step, place = 0, progress_at = glas.now(),
               state = case when r.step = '' then 'moved' else 'moving' end,
               moved_at = case when r.step = '' then glas.now() end
         where k.number = r.number;
        exit when r.step = '';
    end loop;
end
$$;
comment on function glas_gw.rekey_next(int) is
    'What is to be sealed anew next; nothing: all is. With place: what is given back
     with it to rekey_put.';

create or replace function glas_gw.rekey_put(
    p_step text, p_place bigint, p_limit int, p_id bigint[], p_seq int[],
    p_before bytea[], p_token bytea[], p_sealed bytea[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    n int := cardinality(p_id);
    bad int := cardinality(array_positions(p_sealed, null));
    -- The last long text may have more segments than there was room for.
    upto bigint := p_id[n] - (p_step = 'parts' and n = p_limit)::int;
begin
    perform glas_data.keys_current();
    update glas_data.rekey
       set place = upto, done = done + n - bad, unopened = unopened + bad,
           progress_at = glas.now()
     where state = 'moving' and step = p_step and place = p_place;
    -- Another office has done it meanwhile.
    if not found then
        return;
    end if;
    case p_step
    when 'people' then
        update glas_data.citizen c
           set token = u.token, reply_copy = u.sealed,
               key_number = glas_data.key_number()
          from unnest(p_id, p_before, p_token, p_sealed) u (id, before, token, sealed)
         where c.id = u.id and c.token = u.before and c.reply_copy is not null
           and u.sealed is not null
           and not exists (select from glas_data.citizen x where x.token = u.token);
        perform glas_data.rekey_tokens(array_agg(u.before), array_agg(u.token))
           from unnest(p_before, p_token) u (before, token)
          where u.token is not null;
    when 'parts' then
        perform glas_data.rekey_tokens(array_agg(u.before), array_agg(u.token))
           from unnest(p_before, p_token) u (before, token)
          where u.token is not null and u.before <> u.token;
        update glas_data.concat_segment s
           set sealed = u.sealed
          from unnest(p_id, p_seq, p_sealed) u (grp, seq, sealed)
         where s.grp = u.grp and s.seq = u.seq and u.sealed is not null;
    when 'quarantine' then
        update glas_data.quarantine q
           set sealed = u.sealed, token = case when q.token is not null then u.token end
          from unnest(p_id, p_token, p_sealed) u (id, token, sealed)
         where q.id = u.id and q.sealed <> '' and u.sealed is not null;
    when 'originals' then
        update glas_data.body b
           set original = u.sealed
          from unnest(p_id, p_sealed) u (id, sealed)
          join glas_data.message m on m.id = u.id
         where b.message = u.id and b.received_at = m.received_at
           and b.original <> '' and u.sealed is not null;
    end case;
end
$$;
comment on function glas_gw.rekey_put(
    text, bigint, int, bigint[], int[], bytea[], bytea[], bytea[]) is
    'Takes what was sealed anew (p_sealed; empty: it does not open), for the token
     p_token instead of p_before, and goes on behind it.';
