-- Meetings and debates: who asked for news of a municipality is invited by text,
-- and answers yes or no.

create or replace function glas_data.event_fields(p_event glas_data.event, p_lang text)
    returns jsonb
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select jsonb_build_object(
        'EVENT', glas_data.title_in(p_event.title, p_lang),
        'VENUE', p_event.venue, 'LIST', p_event.municipality,
        'DATE', to_char(local, 'DD.MM.YYYY.'), 'TIME', to_char(local, 'HH24:MI'))
      from (select p_event.starts_at at time zone 'Europe/Belgrade') l (local)
    $$;
comment on function glas_data.event_fields(glas_data.event, text) is
    'What the texts about an event are filled in with.';

create or replace function glas_data.event_fits(p_event glas_data.event) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    told record;
begin
    select t.lang, size.segments into told
      from glas_data.reply_text t,
           glas_data.sms_size(glas_data.fill(t.text, t.lang,
               glas_data.event_fields(p_event, t.lang))) size
     where t.key in ('EVENT_INVITE', 'EVENT_OFF') and size.segments > 2
     order by size.segments desc limit 1;
    if found then
        raise program_limit_exceeded using message = format(
            'in %s the invitation would take %s segments, 2 are allowed: '
            'shorten the title or the venue', told.lang, told.segments);
    end if;
end
$$;
comment on function glas_data.event_fits(glas_data.event) is
    'An error that says what to do when an invitation is too long in a language.';

create or replace function glas_data.event_most(p_most int) returns int
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if p_most < 0 then
        raise invalid_parameter_value using message =
            'fewer than no segments cannot be sent: write 0 or more, or null for all';
    end if;
    return p_most;
end
$$;
comment on function glas_data.event_most(int) is
    'That number of segments; an error that says what to do when it is none.';

create or replace function glas_data.event_tell(
    p_event glas_data.event, p_citizen bigint, p_key text, p_priority int,
    p_due timestamptz) returns bigint
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.queue(c.id, 'event', p_priority,
        glas_data.fill(frame.text, frame.lang,
            glas_data.event_fields(p_event, frame.lang)),
        p_due => p_due, p_expires => p_event.starts_at)
      from glas_data.citizen c,
           glas_data.frame(p_key, c.lang, c.cyrillic) frame
     where c.id = p_citizen
    $$;
comment on function glas_data.event_tell(glas_data.event, bigint, text, int, timestamptz) is
    'A text of the content about an event to one person; too late when it begins.';

-- Whose question is open is not asked another; they can still write DOLAZIM.
create or replace function glas_data.event_invite(
    p_event glas_data.event, p_due timestamptz) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with person as materialized (
        select c.id, c.lang, c.cyrillic
          from glas_data.subscription s
          join glas_data.citizen c on c.id = s.citizen
         where s.list = p_event.municipality
    ), said as materialized (
        -- One text for all who are written to alike.
        select k.lang, k.cyrillic, glas_data.fill(frame.text, frame.lang,
                   glas_data.event_fields(p_event, frame.lang)) as text
          from (select distinct p.lang, p.cyrillic from person p) k,
               glas_data.frame('EVENT_INVITE', k.lang, k.cyrillic) frame
    ), queued as materialized (
        select p.id, glas_data.queue(p.id, 'event', 3, said.text,
                   p_due => p_due, p_expires => p_event.starts_at) as outbox
          from person p
          join said on said.lang = p.lang and said.cyrillic = p.cyrillic
         order by p.id
    ), invited as (
        insert into glas_data.invitation (event, citizen, outbox)
        select p_event.number, q.id, q.outbox
          from queued q where q.outbox is not null
        returning citizen)
    update glas_data.citizen c
       set dialog = format('attend %s 0', p_event.number),
           dialog_until = p_event.starts_at, version = c.version + 1
      -- In the order in which texts hold them.
      from (select k.id from invited i
              join glas_data.citizen k on k.id = i.citizen
             order by k.token for no key update of k) i
     where c.id = i.id
       and (c.dialog = '' or c.dialog_until is null or c.dialog_until <= p_due)
    $$;
comment on function glas_data.event_invite(glas_data.event, timestamptz) is
    'Invites who asked for news of the municipality, each once, and waits for
     their yes or no.';

-- What has gone out counts, what never will does not; who is written to first is
-- who was invited first.
create or replace function glas_data.event_ration(p_event int, p_most int)
    returns int
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with counted as (
        select w.id, sum(w.segments) over (
                   order by w.state in ('queued', 'held'), w.id) <= p_most as fits
          from glas_data.invitation i join glas_data.outbox w on w.id = i.outbox
         where i.event = p_event
           and w.state not in ('suppressed', 'cancelled', 'expired', 'failed')
    ), held as (
        update glas_data.outbox o
           set state = 'held', reason = 'the segments of the event are spent'
          from counted c
         where o.id = c.id and not c.fits and o.state = 'queued'
        returning 1
    ), let_go as (
        update glas_data.outbox o
           set state = 'queued', reason = ''
          from counted c
         where o.id = c.id and coalesce(c.fits, true) and o.state = 'held'
           and o.reason = 'the segments of the event are spent'
        returning 1
    )
    select ((select count(*) from glas_data.invitation i
                join glas_data.outbox o on o.id = i.outbox
               where i.event = p_event and o.state = 'held'
                 and o.reason = 'the segments of the event are spent')
            + (select count(*) from held) - (select count(*) from let_go))::int
    $$;
comment on function glas_data.event_ration(int, int) is
    'Holds the invitations to an event that are more than so many segments, and
     lets go of those that are not; null: all. Returns how many are held.';

create or replace view glas.events with (security_barrier) as
select e.number, e.municipality, e.title ->> 'sr-Latn' as title, e.venue,
       e.starts_at,
       (select count(*)::int from glas_data.invitation i
         where i.event = e.number) as invited,
       (select count(*)::int from glas_data.attendance a
         where a.event = e.number and a.coming and not a.test) as coming,
       (select count(*)::int from glas_data.attendance a
         where a.event = e.number and not a.coming and not a.test) as not_coming,
       e.announced_by, e.cancelled_at, e.most_segments,
       (select count(*)::int from glas_data.invitation i
          join glas_data.outbox o on o.id = i.outbox
         where i.event = e.number and o.state = 'held') as held
  from glas_data.event e;
comment on view glas.events is
    'Meetings and debates that people are or were invited to.
     Example: select * from glas.events where starts_at > now() order by starts_at;';
comment on column glas.events.number is 'Number.';
comment on column glas.events.municipality is 'Municipality whose people are invited.';
comment on column glas.events.title is 'What it is, in Serbian.';
comment on column glas.events.venue is 'Where.';
comment on column glas.events.starts_at is 'When.';
comment on column glas.events.invited is 'How many were sent an invitation.';
comment on column glas.events.coming is 'How many wrote that they come; trials are left out.';
comment on column glas.events.not_coming is 'How many wrote that they do not.';
comment on column glas.events.announced_by is 'Who announced it.';
comment on column glas.events.cancelled_at is 'When it was called off; empty: it was not.';
comment on column glas.events.most_segments is
    'So many segments of invitations are sent at most; empty: all. glas.event_cap() changes it.';
comment on column glas.events.held is 'How many invitations are held for that, or for the cap of a day.';

create or replace function glas.event_announce(
    municipality text, title text, starts_at text, venue text,
    titles text default '{}', most_segments int default 200)
    returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    spot   glas_data.place := glas_data.place_of(event_announce.municipality);
    due    timestamptz := glas_data.polite_time(glas.now());
    begins timestamptz := glas_data.time_said(event_announce.starts_at);
    made   glas_data.event;
    same   glas_data.event;
    cost   record;
    held   int;
begin
    if spot.settlement <> '' then
        raise invalid_parameter_value using message = format(
            'people ask for news of municipalities: write "%s"', spot.municipality);
    end if;
    if begins is null or begins <= due then
        raise invalid_parameter_value using message = format(
            'an event that starts then comes too late: people can be written to '
            'from %s on', to_char(due at time zone 'Europe/Belgrade', 'YYYY-MM-DD HH24:MI'));
    end if;
    if begins > glas.now() + interval '1 year' then
        raise invalid_parameter_value using message =
            'an event that is more than a year away cannot be announced yet: '
            'write a day within a year from now';
    end if;
    if event_announce.starts_at !~ ':' then
        raise invalid_parameter_value using message = format(
            'people are told at what hour to come: write it behind the day, as in "%s 18:00"',
            to_char(begins at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'));
    end if;
    made.municipality := spot.municipality;
    made.title := glas_data.titles(event_announce.title, event_announce.titles);
    made.venue := glas_data.clean(glas_data.at_most('the venue', event_announce.venue, 300));
    made.starts_at := begins;
    made.announced_at := glas.now();
    made.announced_by := session_user;
    made.most_segments := glas_data.event_most(event_announce.most_segments);
    if made.venue = '' then
        raise invalid_parameter_value using message =
            'the venue is empty: write where people are to come';
    end if;
    perform glas_data.event_fits(made);
    lock table glas_data.event in share row exclusive mode;
    select * into same from glas_data.event e
     where e.municipality = made.municipality and e.starts_at = made.starts_at
       and lower(e.title ->> 'sr-Latn') = lower(made.title ->> 'sr-Latn')
       and e.cancelled_at is null;
    -- Beside a function that gives rows: see glas.reply().
    if same.announced_by = session_user and same.announced_at = glas.now() then
        return same.number;
    elsif same.number is not null then
        raise unique_violation using message = format(
            'that is event %s, and its people have been invited: nobody is invited '
            'twice; glas.event_cap() lets go of invitations that are held, and '
            'glas.event_cancel(%1$s) calls it off', same.number);
    end if;
    select coalesce(max(number), 0) + 1 into made.number from glas_data.event;
    insert into glas_data.event select made.*;
    perform glas_data.event_invite(made, due);
    -- Not who has said that it is not safe to write to them, of whom there are few.
    perform glas_data.look_again(u.citizen)
       from (select distinct r.citizen
               from glas_data.consent k
               join glas_data.report r on r.reference = k.reference
              where k.step = 'safe' and not k.agreed) u
      where exists (select from glas_data.invitation i
                     where i.event = made.number and i.citizen = u.citizen);
    held := glas_data.event_ration(made.number, made.most_segments);
    perform glas_data.content_touch();
    select count(*) as people, coalesce(sum(o.segments), 0) as segments
      into cost
      from glas_data.invitation i join glas_data.outbox o on o.id = i.outbox
     where i.event = made.number;
    raise notice '%', format('event %s: people invited %s, segments %s%s',
        made.number, cost.people, cost.segments,
        case when held > 0 then format('; %s invitations are held, since %s '
            'segments are allowed: see glas.event_cap()', held, made.most_segments)
            else '' end)
        using hint = 'When segments-per-day of glas.conf is spent, receipts '
            'wait, too.';
    return made.number;
end
$$;
comment on function glas.event_announce(text, text, text, text, text, int) is
    'Invites who asked for news of a municipality to a meeting; returns its
     number, and says what it costs. Between 20:00 and 9:00 they are written to
     at 9:00. One that is there already is refused. `titles`: the title in other languages; `most_segments`: what is
     more is held, null: nothing is.
     Example: select glas.event_announce(''Vranje'', ''Tribina o vodi'', ''2027-01-15 18:00'', ''Dom kulture'', ''{"sq": "Tribunë për ujin"}'');';

create or replace function glas.event_cap(number int, most_segments int)
    returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    most int := glas_data.event_most(event_cap.most_segments);
    held int;
begin
    update glas_data.event e set most_segments = most
     where e.number = event_cap.number and e.cancelled_at is null
       and e.starts_at > glas.now();
    if not found then
        raise no_data_found using message = format(
            'there is no event %s to come: see select * from glas.events',
            glas_data.echo(event_cap.number::text));
    end if;
    held := glas_data.event_ration(event_cap.number, most);
    perform glas_data.wake_gateways();
    return held;
end
$$;
comment on function glas.event_cap(int, int) is
    'How many segments the invitations to an event may cost, null: any number;
     returns how many of them are still held. What has gone out counts.
     Example: select glas.event_cap(1, 400);';

create or replace function glas.event_cancel(number int) returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_custom_plan -- else all people are read, the sixth time
    as $$
#variable_conflict use_column
declare
    off  glas_data.event;
    due  timestamptz := glas_data.polite_time(glas.now());
    told int;
begin
    update glas_data.event e set cancelled_at = glas.now()
     where e.number = event_cancel.number and e.cancelled_at is null
       and e.starts_at > glas.now()
    returning * into off;
    if off.number is null then
        raise no_data_found using message = format(
            'there is no event %s to come: to come are %s',
            glas_data.echo(event_cancel.number::text),
            coalesce((select string_agg(e.number::text, ', ' order by e.number)
                        from glas_data.event e
                       where e.cancelled_at is null and e.starts_at > glas.now()), 'none'));
    end if;
    perform glas_data.hold_persons(array(
        select i.citizen from glas_data.invitation i where i.event = off.number
        union select a.citizen from glas_data.attendance a where a.event = off.number));
    update glas_data.outbox o
       set state = 'cancelled', reason = 'the event was called off'
      from glas_data.invitation i
     where i.event = off.number and o.id = i.outbox
       and o.state in ('queued', 'held', 'waiting');
    update glas_data.citizen c
       set dialog = '', dialog_until = null, version = c.version + 1
      from glas_data.invitation i
     where i.event = off.number and c.id = i.citizen
       and c.dialog = format('attend %s 0', off.number);
    -- Rather woken than at a closed door: by day where there is a morning before it.
    select count(glas_data.event_tell(off, a.citizen, 'EVENT_OFF', 2,
               case when glas_data.next_morning(glas.now()) < off.starts_at then due end))
      into told
      from glas_data.attendance a where a.event = off.number and a.coming;
    perform glas_data.content_touch();
    return told;
end
$$;
comment on function glas.event_cancel(int) is
    'Calls an event off and tells those who wrote that they come; returns how
     many. Invitations that have not gone out do not.
     Example: select glas.event_cancel(1);';
