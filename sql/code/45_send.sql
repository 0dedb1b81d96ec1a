-- Texts to people on their way out: checked, in the letters of the person, put
-- into the outbox; and the frames that the content has for what is told to many.

create or replace function glas_data.clean(p_text text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select btrim(regexp_replace(coalesce(p_text, ''),
        e'[\\u0001-\\u0009\\u000B-\\u001F\\u007F]', '', 'g'), e' \n')
    $$;
comment on function glas_data.clean(text) is
    'A text without controls, and without space around it.';

create or replace function glas_data.outgoing(
    p_text text, p_cyrillic boolean, p_most int) returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    -- Twice what can fit: marks and space that are not sent count here.
    sent text := glas_data.sms_text(glas_data.clean(glas_data.at_most(
        'the reply', p_text, p_most * 306)), p_cyrillic);
    size record;
begin
    if sent = '' then
        raise invalid_parameter_value using message =
            'the reply is empty: write what the person is to read';
    end if;
    size := glas_data.sms_size(sent);
    if size.segments > p_most then
        raise program_limit_exceeded using message = format(
            'the reply would take %s segments, %s are allowed: shorten it, and '
            'see select * from glas.preview(...)', size.segments, p_most);
    end if;
    return sent;
end
$$;
comment on function glas_data.outgoing(text, boolean, int) is
    'What a person wrote to a citizen, as it is sent; an error that says what to
     do when it is empty or has too many segments.';

create or replace function glas_data.queue(
    p_citizen bigint, p_kind text, p_priority int, p_text text,
    p_message bigint default null, p_reference text default null,
    p_due timestamptz default null, p_expires timestamptz default null)
    returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen;
    outbox bigint;
begin
    -- Held, so that the number is not dropped before this is in the outbox.
    select * into strict person from glas_data.citizen where id = p_citizen
       for key share;
    -- Who calls this has looked, where they can say so: here none can forget it.
    if person.erased_at is not null
       or p_kind in ('reply', 'event', 'broadcast')
          and glas_data.said_unsafe(person.id, p_kind <> 'reply' and p_priority > 2)
              is not null then
        return null;
    end if;
    outbox := nextval('glas_data.outbox_block');
    insert into glas_data.outbox (id, created_at, kind, priority, citizen,
        message, reference, text, encoding, segments, state, reason, link,
        due_at, by_day, expires_at, created_by)
    select outbox, glas.now(), p_kind, p_priority, p_citizen, p_message,
           p_reference, p_text, size.encoding, size.segments,
           case when person.reply_copy is null then 'waiting' else 'queued' end,
           case when person.reply_copy is null
                then 'the number is not kept any more: sent when they write again'
                else '' end,
           person.link, p_due, p_due is not null, p_expires, session_user
      from glas_data.sms_size(p_text) size;
    return outbox;
end
$$;
comment on function glas_data.queue(bigint, text, int, text, bigint, text,
    timestamptz, timestamptz) is
    'Puts a text to a citizen into the outbox, as it stands; returns its id. Who
     had their number erased gets nothing, nor does who said that it is not safe to
     write to them, unless it is danger or answers what they wrote since: null.
     p_due, polite_time(): nobody waits for it, it is sent from then on, by day.
     Priorities: 0 danger, 1 what
     answers a text that came a moment ago, 2 what a person writes to one or to
     those who reported alike, 3 what nobody asked for, 4 campaigns.';

-- As content_text() in src/text/content.c.
create or replace function glas_data.lang_chain(p_lang text, p_cyrillic boolean)
    returns text[]
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select case
        when p_lang = 'rom' then array['rom'] || serbian
        when p_lang = 'bg' then array['bg', 'sr-Cyrl', 'sr-Latn']
        when p_lang in ('sq', 'en') then array[p_lang, 'sr-Latn', 'sr-Cyrl']
        else serbian end
      from (select case when p_cyrillic then array['sr-Cyrl', 'sr-Latn']
                        else array['sr-Latn', 'sr-Cyrl'] end) s (serbian)
    $$;
comment on function glas_data.lang_chain(text, boolean) is
    'The languages that a person of this one is written to in, the best first.';

-- Romani that nobody has reviewed is not sent.
create or replace function glas_data.frame(
    p_key text, p_lang text, p_cyrillic boolean, out text text, out lang text)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    chain text[] := glas_data.lang_chain(p_lang, p_cyrillic);
begin
    select t.text, t.lang into frame.text, frame.lang
      from unnest(chain) with ordinality c (lang, n)
      join glas_data.reply_text t on t.key = p_key and t.lang = c.lang
     where t.lang <> 'rom' or coalesce(t.reviewer, 'none') <> 'none'
     order by c.n limit 1;
    if frame.text is null then
        raise no_data_found using message = format(
            'the content has no text %s: an operator brings it with glasctl '
            'content import', p_key);
    end if;
end
$$;
comment on function glas_data.frame(text, text, boolean) is
    'The text of the content by key for a person, and the language that it is in.';

create or replace function glas_data.fill(
    p_text text, p_lang text, p_fields jsonb) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.sms_text(string_agg(coalesce(
               p_fields ->> substring(part[1] from '^\{([A-Z]+)\}$'), part[1]),
               '' order by n), p_lang in ('bg', 'sr-Cyrl'))
      from regexp_matches(p_text, '\{[A-Z]+\}|[^{]+|\{', 'g')
           with ordinality p (part, n)
    $$;
comment on function glas_data.fill(text, text, jsonb) is
    'A text of the content with its fields filled in, in the letters that its
     language is sent in.';

-- What people write in JSON comes as text: PostgreSQL would say in its own words
-- what is none.
create or replace function glas_data.object_of(p_text text) returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return case when jsonb_typeof(p_text::jsonb) = 'object' then p_text::jsonb end;
exception when data_exception then
    return null;
end
$$;
comment on function glas_data.object_of(text) is
    'The JSON object that somebody wrote; null when it is none.';

-- What has a title is told to people in several languages.
create or replace function glas_data.titles(p_title text, p_titles text)
    returns jsonb
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    langs text[] := array['sr-Latn', 'sr-Cyrl', 'sq', 'rom', 'bg', 'en'];
    title text := glas_data.clean(glas_data.at_most('the title', p_title, 300));
    given jsonb := glas_data.object_of(p_titles);
    odd   text;
    made  jsonb;
begin
    if given is null then
        raise invalid_parameter_value using message =
            'titles by language are written as ''{"sq": "...", "en": "..."}''';
    end if;
    if title = '' then
        raise invalid_parameter_value using message =
            'the title is empty: write what people are to read';
    end if;
    select key into odd from jsonb_object_keys(given) key
     where not key = any (langs) or glas_data.clean(left(given ->> key, 300)) = '' limit 1;
    if odd is not null then
        raise invalid_parameter_value using message = format(
            'the title in "%s" cannot be used: languages are %s, and none is '
            'empty', glas_data.echo(odd), array_to_string(langs, ', '));
    end if;
    select jsonb_object_agg(key, glas_data.clean(glas_data.at_most(
               format('the title in %s', key), value, 300))) into made
      from jsonb_each_text(jsonb_build_object('sr-Latn', title) || given);
    return made;
end
$$;
comment on function glas_data.titles(text, text) is
    'A title in Serbian and in other languages as one object; an error that says
     how they are written.';

create or replace function glas_data.title_in(p_title jsonb, p_lang text)
    returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$ select coalesce(p_title ->> p_lang, p_title ->> 'sr-Latn') $$;
comment on function glas_data.title_in(jsonb, text) is
    'A title in this language, else in Serbian.';

-- Who did not ask is not woken.
create or replace function glas_data.polite_time(p_at timestamptz)
    returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select case when local::time >= '09:00' and local::time < '20:00' then p_at
                else ((local + interval '4 hours')::date + time '09:00')
                     at time zone 'Europe/Belgrade' end
      from (select p_at at time zone 'Europe/Belgrade') l (local)
    $$;
comment on function glas_data.polite_time(timestamptz) is
    'That time, or 9:00 when it is between 20:00 and 9:00 in Belgrade.';

create or replace function glas_data.day_ends(p_at timestamptz)
    returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select ((p_at at time zone 'Europe/Belgrade')::date + time '20:00')
           at time zone 'Europe/Belgrade'
    $$;
comment on function glas_data.day_ends(timestamptz) is
    'When that day is over for who did not ask: 20:00 in Belgrade.';

create or replace function glas_data.next_morning(p_at timestamptz)
    returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.polite_time(case when glas_data.polite_time(p_at) > p_at then p_at
                                      else glas_data.day_ends(p_at) end)
    $$;
comment on function glas_data.next_morning(timestamptz) is
    'When the next night is over: 9:00 in Belgrade.';

-- As src/glasd/mo_overdue.c has it for texts that were stored late. What is moved
-- to the morning is of use on that day, whenever its text came.
create or replace function glas_data.mt_late() returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with late as materialized (
        select o.id, o.citizen, o.created_at,
               o.due_at is null or o.due_at <= glas.now() as due,
               o.reason = 'answered late' as decided,
               row_number() over (partition by o.citizen
                                  order by (o.kind = 'receipt') desc, o.id desc) > 1 as other
          from glas_data.outbox o
         where o.state = 'queued' and o.priority = 1
           and o.message is not null and o.kind <> 'reply'
           and o.created_at < glas.now() - interval '1 hour'
           and o.expires_at > glas.now()
    ), turn as (
        select l.id, glas_data.polite_time(glas.now()) as polite, l.due,
               case when l.other then true
                    when l.decided and not l.due then false
                    else exists (
                        select from glas_data.outbox k
                         where k.citizen = l.citizen and k.id <> l.id
                           and k.message is not null and k.priority = 1
                           and (k.state = 'inflight' and k.reason = 'answered late'
                                or k.sent_at > greatest(l.created_at,
                                       k.created_at + interval '1 hour'))) end as told
          from late l
    ), change as materialized (
        -- Only these are locked, and none is waited for.
        select t.id, t.polite, t.due, t.told
          from turn t
          join glas_data.outbox o on o.id = t.id
         where o.state = 'queued'
           and (t.told or t.due and (t.polite > glas.now() or o.reason <> 'answered late'))
         order by o.id for update of o skip locked
    )
    update glas_data.outbox o
       set state = case when t.told then 'suppressed' else o.state end,
           reason = case when t.told then 'answered late, by one reply alone'
                         else 'answered late' end,
           due_at = case when t.told or not t.due then o.due_at else t.polite end,
           expires_at = case when t.told or t.polite = glas.now() then o.expires_at
                             else greatest(o.expires_at, t.polite + interval '11 hours') end
      from change t
     where o.id = t.id
    $$;
comment on function glas_data.mt_late() is
    'Of the queued answers to texts of more than an hour ago, but danger, each
     person gets one, the newest receipt or else the newest, by day; the others
     are suppressed.';

-- The night, and the rest of a link, which is a day at most, end before that. It may be
-- now that the clock is wrong: what it says of a morning is left as it is until it says
-- that it is day, or that morning were of the wrong day when it is set right at night.
-- The index by due_at is in that order: where it was last counted empty, another of what
-- is queued looks as cheap, and a long queue were read at each claim.
create or replace function glas_data.mt_ahead() returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    set enable_sort = off
    as $$
    update glas_data.outbox o set due_at = glas.now()
     where glas_data.polite_time(glas.now()) = glas.now()
       and o.id in (select k.id from glas_data.outbox k
                     where k.state = 'queued' and k.due_at > glas.now() + interval '2 days'
                     order by k.due_at for update skip locked)
    $$;
comment on function glas_data.mt_ahead() is
    'Nothing waits in the outbox for more than two days: what would was put off
     while the clock was ahead, and is sent by day.';

-- A link that was down, a cap that ends at midnight, a slow rate, a refusal: whatever
-- kept it, who did not ask is not woken. As mt_ahead() in how it is read.
create or replace function glas_data.mt_night() returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    set enable_sort = off
    as $$
    update glas_data.outbox o
       set due_at = glas_data.polite_time(glas.now()), reason = 'waits for the morning'
     where glas_data.polite_time(glas.now()) > glas.now()
       and o.id in (select k.id from glas_data.outbox k
                     where k.state = 'queued' and k.by_day
                       and coalesce(k.due_at, '-infinity') <= glas.now()
                     order by coalesce(k.due_at, '-infinity') for update skip locked)
    $$;
comment on function glas_data.mt_night() is
    'What nobody waits for, and would be due in the night, is due in the morning.';

create or replace function glas_data.wake_gateways() returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select pg_notify('glas_' || name, '') from glas_data.gateway
     where alive_until > glas.now()
    $$;
comment on function glas_data.wake_gateways() is
    'Tells every living gateway that there may be something to do.';
