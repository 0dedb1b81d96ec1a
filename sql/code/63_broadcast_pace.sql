-- How an approved broadcast goes out: a canary, then slices as far as the day, the
-- hour and the caps allow; what comes back meets what was decided since.

-- What a gateway gives back, or the cap lets go, meets what was decided since.
create or replace function glas_data.broadcast_returned() returns trigger
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    stands text;
begin
    select b.state into stands
      from glas_data.broadcast_person p join glas_data.broadcast b on b.number = p.broadcast
     where p.outbox = new.id;
    if stands = 'cancelled' then
        new.state := 'cancelled';
        new.reason := 'its broadcast was cancelled';
    elsif stands = 'paused' and new.state = 'queued' then
        new.state := 'held';
        new.reason := 'its broadcast is paused';
    end if;
    return new;
end
$$;
comment on function glas_data.broadcast_returned() is
    'A text of a broadcast that is paused or cancelled does not go back into the
     queue.';

create or replace trigger broadcast_returned before update of state
    on glas_data.outbox for each row
    when (new.kind = 'broadcast' and new.state in ('queued', 'held', 'waiting'))
    execute function glas_data.broadcast_returned();
comment on trigger broadcast_returned on glas_data.outbox is
    'What comes back from a gateway asks whether its broadcast still goes on.';

create or replace function glas_data.broadcast_slice(
    p_number int, p_people int, p_segments int, out told int, out spent int)
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    b      glas_data.broadcast;
    p      record;
    r      record;
    says   text;
    size   int;
    sent   bigint;
begin
    told := 0;
    spent := 0;
    select * into strict b from glas_data.broadcast k where k.number = p_number;
    for p in
        select m.citizen from glas_data.broadcast_person m
         where m.broadcast = p_number and m.outbox is null and m.none = ''
         order by m.place
    loop
        exit when told >= p_people;
        -- As it is now: some were told a while ago.
        select * into strict r from glas_data.broadcast_reach(p_number) h
         where h.citizen = p.citizen;
        if r.barrier <> '' then
            update glas_data.broadcast_person m set none = r.barrier
             where m.broadcast = p_number and m.citizen = p.citizen;
            continue;
        end if;
        says := glas_data.broadcast_text(b.texts, b.list, glas_data.broadcast_lang(
            b.texts, r.lang, r.cyrillic));
        size := (glas_data.sms_size(says)).segments;
        exit when spent + size > p_segments;
        sent := glas_data.queue(p.citizen, 'broadcast', 4, says,
            p_due => glas.now());
        update glas_data.outbox o set created_by = b.approved_by where o.id = sent;
        update glas_data.broadcast_person m
           set outbox = sent, segments = size, at = glas.now()
         where m.broadcast = p_number and m.citizen = p.citizen;
        told := told + 1;
        spent := spent + size;
    end loop;
end
$$;
comment on function glas_data.broadcast_slice(int, int, int) is
    'Puts the next texts of a broadcast into the outbox: to so many people, and not
     more than so many segments.';

-- What never left for STOP, or was called off, says nothing of the text.
create or replace function glas_data.broadcast_canary(p_number int)
    returns table (tried int, bad int, on_the_way int, last_at timestamptz)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select count(*) filter (where o.state not in ('suppressed', 'cancelled'))::int,
           count(*) filter (where o.state in ('undelivered', 'failed', 'expired'))::int,
           count(*) filter (where o.state in ('queued', 'held', 'waiting', 'inflight'))::int,
           max(p.at)
      from glas_data.broadcast_person p join glas_data.outbox o on o.id = p.outbox
     where p.broadcast = p_number
    $$;
comment on function glas_data.broadcast_canary(int) is
    'What became of the texts to the first few.';

create or replace function glas_data.broadcast_try(p_number int, p_segments int)
    returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    few  int := glas_data.setting('broadcast_canary')::int;
    wait interval := make_interval(mins => glas_data.setting('broadcast_wait')::int);
    k    record;
    told int := 0;
begin
    select * into k from glas_data.broadcast_canary(p_number);
    if k.tried < few and k.on_the_way = 0 then
        told := (glas_data.broadcast_slice(p_number, few - k.tried, p_segments)).told;
        if told > 0 then
            update glas_data.broadcast b set canary_at = glas.now()
             where b.number = p_number;
            perform glas_data.broadcast_note(p_number, 'glas', 'canary',
                format('%s people', told));
            return told;
        end if;
    end if;
    if k.on_the_way > 0 or k.last_at + wait > glas.now()
       or (k.tried < few and exists (
            select from glas_data.broadcast_person p
             where p.broadcast = p_number and p.outbox is null and p.none = '')) then
        return 0;
    end if;
    if k.bad * 100 > k.tried * glas_data.setting('broadcast_bad')::int then
        perform glas_data.broadcast_hold(p_number, 'glas', 'sending', format(
            '%s of the first %s did not get it', k.bad, k.tried));
    else
        update glas_data.broadcast b set state = 'sending' where b.number = p_number;
        perform glas_data.broadcast_note(p_number, 'glas', 'sending', '');
    end if;
    return 0;
end
$$;
comment on function glas_data.broadcast_try(int, int) is
    'Sends a broadcast to a few people, and some time later decides by what became
     of that whether the others get it.';

create or replace function glas_data.broadcast_go(p_number int, p_segments int)
    returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    waits int;
    told  int;
begin
    select count(*) into waits
      from glas_data.broadcast_person p join glas_data.outbox o on o.id = p.outbox
     where p.broadcast = p_number and o.state in ('queued', 'held', 'waiting', 'inflight');
    told := (glas_data.broadcast_slice(p_number,
        glas_data.setting('broadcast_a_minute')::int - waits, p_segments)).told;
    if told = 0 and waits = 0 and not exists (
        select from glas_data.broadcast_person p
         where p.broadcast = p_number and p.outbox is null and p.none = '') then
        update glas_data.broadcast b set state = 'done' where b.number = p_number;
        perform glas_data.broadcast_note(p_number, 'glas', 'done', '');
    end if;
    return told;
end
$$;
comment on function glas_data.broadcast_go(int, int) is
    'The next texts of a broadcast, so that never more than those of a minute wait.';

-- A gateway must not wait for somebody who holds a broadcast in a transaction.
create or replace function glas_data.broadcast_round() returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    room int;
    told int := 0;
    step int;
    b    record;
begin
    -- What lies in the outbox waits for the morning: glas_data.mt_night().
    if glas_data.polite_time(glas.now()) > glas.now() then
        return 0;
    end if;
    for b in
        select k.number, k.state from glas_data.broadcast k
         where k.state in ('canary', 'sending')
         order by k.number for update skip locked
    loop
        select least(glas_data.setting('broadcast_a_day')::int
                         - coalesce(sum(p.segments), 0),
                     glas_data.setting('broadcast_each_day')::int
                         - coalesce(sum(p.segments) filter (where p.broadcast = b.number), 0))
          into room
          from glas_data.broadcast_person p
         where p.at >= date_trunc('day', glas.now(), 'Europe/Belgrade');
        step := case b.state when 'canary' then glas_data.broadcast_try(b.number, room)
                     else glas_data.broadcast_go(b.number, room) end;
        told := told + step;
    end loop;
    return told;
end
$$;
comment on function glas_data.broadcast_round() is
    'What is done each minute with the broadcasts that go out; says how many texts
     were put into the outbox.';
