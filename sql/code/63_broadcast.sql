-- A text to many: drafted by one, approved by another, tried with a few, then
-- sent little by little by day; it can be held and called off at any moment. How it
-- goes out: 63_broadcast_pace.sql.

create or replace function glas_data.broadcast_note(
    p_number int, p_who text, p_what text, p_note text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.broadcast_history (broadcast, at, who, what, note)
    values (p_number, glas.now(), p_who, p_what,
            glas_data.clean(coalesce(glas_data.note_at_most('the reason', p_note, 300), '')))
    $$;
comment on function glas_data.broadcast_note(int, text, text, text) is
    'Adds a row to the history of a broadcast.';

-- No text may be longer than allowed in the letters that it is sent in.
create or replace function glas_data.broadcast_texts(p_texts text) returns jsonb
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    langs text[] := array['sr-Latn', 'sr-Cyrl', 'sq', 'rom', 'bg', 'en'];
    most  int := glas_data.setting('broadcast_segments')::int;
    given jsonb := glas_data.object_of(p_texts);
    made  jsonb := '{}';
    t     record;
begin
    if given is null or glas_data.clean(given ->> 'sr-Latn') = '' then
        raise invalid_parameter_value using message =
            'texts are written by language, Serbian always: '
            '''{"sr-Latn": "...", "sq": "..."}''';
    end if;
    for t in select key, value from jsonb_each_text(given) order by key loop
        if not t.key = any (langs) or glas_data.clean(t.value) = '' then
            raise invalid_parameter_value using message = format(
                'the text in "%s" cannot be used: languages are %s, and none is '
                'empty', glas_data.echo(t.key), array_to_string(langs, ', '));
        end if;
        begin
            made := made || jsonb_build_object(t.key, glas_data.outgoing(t.value,
                t.key in ('bg', 'sr-Cyrl'), most));
        exception when program_limit_exceeded then
            raise program_limit_exceeded using message = format(
                'in %s: %s', t.key, sqlerrm);
        end;
    end loop;
    return made;
end
$$;
comment on function glas_data.broadcast_texts(text) is
    'Texts to many, JSON by language, as they are sent; an error that says what to do when one is
     missing, too long or of no language.';

create or replace function glas_data.broadcast_lang(
    p_texts jsonb, p_lang text, p_cyrillic boolean) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select l.lang
      from unnest(glas_data.lang_chain(p_lang, p_cyrillic)) with ordinality l (lang, n)
     where p_texts ? l.lang order by l.n limit 1
    $$;
comment on function glas_data.broadcast_lang(jsonb, text, boolean) is
    'In which of the languages of a broadcast a person is written to.';

-- How to leave a list is said where that costs no segment more.
create or replace function glas_data.broadcast_text(
    p_texts jsonb, p_list text, p_lang text) returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    said text := p_texts ->> p_lang;
    f    record;
    more text;
begin
    if p_list is null then
        return said;
    end if;
    begin
        select * into f from glas_data.frame('LIST_LEAVE', p_lang,
            p_lang in ('bg', 'sr-Cyrl'));
    exception when no_data_found then
        return said;
    end;
    more := said || e'\n' || glas_data.fill(f.text, f.lang,
        jsonb_build_object('LIST', p_list));
    return case when (glas_data.sms_size(more)).segments
                     <= (glas_data.sms_size(said)).segments
                then more else said end;
end
$$;
comment on function glas_data.broadcast_text(jsonb, text, text) is
    'What a broadcast says in a language, with how to leave the list if that fits.';

-- No setting of its own: then the planner takes it apart. Who calls it has pinned
-- the path.
create or replace function glas_data.broadcast_reach(p_number int)
    returns table (citizen bigint, lang text, cyrillic boolean, barrier text)
    language sql stable
    as $$
    select c.id, c.lang, c.cyrillic, case
           when c.erased_at is not null then 'had their number erased'
           when glas_data.silence_of(c) <> '' then glas_data.silence_of(c)
           -- Those who ever said no are few: found at once, of one person by their own
           -- reports.
           when exists (select from glas_data.consent k
                          join glas_data.report r on r.reference = k.reference
                         where r.citizen = c.id and k.step = 'safe' and not k.agreed)
                and glas_data.said_unsafe(c.id, true) is not null
                then 'said that it is not safe to write'
           -- As it is now: what a report is about may have been corrected since.
           when p.reports is not null and not exists (
                    select from unnest(p.reports) m (reference)
                      join glas_data.report r on r.reference = m.reference
                      join glas_data.category k on k.code = r.category
                     where k.named_in_reply and not r.police_guess
                       and not glas_data.about_police('', '', '', r.actor))
                then 'a text could endanger them'
           when b.list is not null and s.citizen is null then 'has left the list'
           when c.reply_copy is null then 'the number is not kept'
           else '' end
      from glas_data.broadcast b
      join glas_data.broadcast_person p on p.broadcast = b.number
      join glas_data.citizen c on c.id = p.citizen
      left join glas_data.subscription s
        on s.citizen = c.id and s.list = b.list and not s.test
     where b.number = p_number
    $$;
comment on function glas_data.broadcast_reach(int) is
    'Whom a broadcast is meant for, and why they get nothing of it, as far as is
     known before it is sent; empty: they get it.';

create or replace function glas_data.list_named(p_list text) returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found text;
    spot  glas_data.place;
begin
    select l.code into found from glas_data.list l
     where l.code = upper(btrim(p_list)) or lower(btrim(p_list)) = any (l.keywords);
    if found is not null then
        return found;
    end if;
    begin
        spot := glas_data.place_of(p_list);
    exception when invalid_parameter_value then
        raise invalid_parameter_value using message = format(
            'there is no list "%s": write a municipality, or one of %s',
            glas_data.echo(p_list),
            coalesce((select string_agg(l.code, ', ' order by l.code)
                        from glas_data.list l), 'those of glas.list_add()'));
    end;
    return spot.municipality;
end
$$;
comment on function glas_data.list_named(text) is
    'A list by its code, one of its words, or its municipality; an error that says
     which there are.';

create or replace function glas.broadcast_draft(
    texts text, list text default null, place text default null,
    category text default null, since text default null,
    until text default null, "references" text[] default null,
    lang text default null)
    returns int
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    made  glas_data.broadcast;
    spot  glas_data.place;
    kind  text := upper(nullif(btrim(broadcast_draft.category), ''));
    wants text := nullif(btrim(broadcast_draft.lang), '');
    refs  text[];
    met   int;
    begins timestamptz := glas_data.time_said(broadcast_draft.since);
    ends   timestamptz := glas_data.until_said(broadcast_draft.until);
begin
    made.texts := glas_data.broadcast_texts(broadcast_draft.texts);
    if wants is not null and not wants = any (array['sr', 'sq', 'rom', 'bg', 'en']) then
        raise invalid_parameter_value using message = format(
            'people write in sr, sq, rom, bg or en, not in "%s"', glas_data.echo(wants));
    end if;
    if num_nonnulls(broadcast_draft.place, kind, broadcast_draft."references",
                    begins, ends) > 0
       and broadcast_draft.list is not null then
        raise invalid_parameter_value using message =
            'either a list or people who reported something, not both: make two of it';
    elsif cardinality(broadcast_draft."references") = 0 then
        -- A query that found nothing does not mean everybody.
        raise invalid_parameter_value using message =
            'say which references: the list of them is empty';
    elsif num_nonnulls(broadcast_draft.list, broadcast_draft.place, kind,
                       broadcast_draft."references", wants) = 0 then
        raise invalid_parameter_value using message =
            'say who is to get it: list => ..., place => ..., category => ..., '
            '"references" => ... or lang => ...';
    end if;
    if broadcast_draft.list is not null then
        made.list := glas_data.list_named(broadcast_draft.list);
    end if;
    if broadcast_draft.place is not null then
        spot := glas_data.place_of(broadcast_draft.place);
    end if;
    if kind is not null and not exists (select from glas_data.category c
                                         where c.code = kind) then
        raise invalid_parameter_value using message = format(
            'there is no category "%s": see select * from glas.categories',
            glas_data.echo(kind));
    end if;
    select array_agg((glas_data.report_of(r)).reference::text) into refs
      from unnest(broadcast_draft."references") r;
    made.audience := case when made.list is not null
        then 'who gets news of ' || made.list
        else concat_ws(' ', 'who reported', coalesce(kind, 'anything'),
            'in ' || nullif(glas_data.place_text(spot.municipality, spot.settlement), ''),
            'from ' || to_char(begins at time zone 'Europe/Belgrade',
                               'DD.MM.YYYY.'),
            'until ' || to_char((ends - interval '1 microsecond')
                                at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'),
            'under ' || array_to_string(refs, ', ')) end
        || coalesce(', in ' || wants, '');
    made.state := 'draft';
    made.goes_on := '';
    made.drafted_by := session_user;
    made.drafted_at := glas.now();
    made.approved_by := '';
    lock table glas_data.broadcast in share row exclusive mode;
    select coalesce(max(number), 0) + 1 into made.number from glas_data.broadcast;
    insert into glas_data.broadcast select made.*;
    -- Each language is among the first, and who came first is not always first.
    insert into glas_data.broadcast_person (broadcast, citizen, place, reports)
    with meant as materialized (
        select a.citizen, a.reports, c.lang, c.cyrillic,
               md5(made.number || ' ' || a.citizen) as draw
          from (select s.citizen, null::glas.reference[] as reports
                  from glas_data.subscription s
                 where s.list = made.list and not s.test
                union all
                select r.citizen, array_agg(r.reference)
                  from glas_data.report r
                 where made.list is null and not r.test
                   and (kind is null or r.category = kind)
                   and (spot.municipality is null
                        or r.municipality = spot.municipality)
                   and (coalesce(spot.settlement, '') = ''
                        or r.settlement = spot.settlement)
                   and (begins is null
                        or r.reported_at >= begins)
                   and (ends is null
                        or r.reported_at < ends)
                   -- Who reported the same waits for the same.
                   and (refs is null or r.reference::text = any (refs)
                        or r.merged_into::text = any (refs))
                 group by r.citizen) a
          join glas_data.citizen c on c.id = a.citizen
         where wants is null or c.lang = wants or starts_with(c.lang, wants || '-')
    ), told as (
        select lang, cyrillic,
               glas_data.broadcast_lang(made.texts, lang, cyrillic) as told
          from meant group by 1, 2
    )
    select made.number, m.citizen, row_number() over (order by m.nth, m.draw), m.reports
      from (select m.citizen, m.reports, m.draw,
                   row_number() over (partition by t.told order by m.draw) as nth
              from meant m join told t using (lang, cyrillic)) m;
    get diagnostics met = row_count;
    if met = 0 then
        raise no_data_found using message = format(
            'nobody is meant by that: %s', made.audience);
    end if;
    perform glas_data.broadcast_note(made.number, session_user, 'drafted', made.audience);
    return made.number;
end
$$;
comment on function glas.broadcast_draft(text, text, text, text, text, text, text[], text) is
    'Writes a text to many; returns its number. Nothing is sent yet. Who gets it:
     those who asked for news of a list; or who reported something, by place,
     category, time or reference, with what was merged into it; lang narrows it. A day
     alone in until is in it.
     Example: select glas.broadcast_draft(''{"sr-Latn": "Rasveta je popravljena."}'', category => ''LIGHT'', place => ''Vranje'');';

create or replace function glas_data.broadcast_in(p_number int, p_states text[])
    returns glas_data.broadcast
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.broadcast;
begin
    select * into found from glas_data.broadcast b
     where b.number = p_number for update;
    if found.number is null then
        raise no_data_found using message = format(
            'there is no broadcast %s: see select * from glas.broadcasts',
            coalesce(glas_data.echo(p_number::text), 'without a number'));
    elsif not found.state = any (p_states) then
        raise object_not_in_prerequisite_state using message = format(
            'broadcast %s is %s, and this is for one that is %s%s', p_number, found.state,
            array_to_string(p_states, ' or '),
            case when found.state in ('draft', 'canary', 'sending', 'paused') then ''
                 else ': glas.broadcast_draft() writes another' end);
    end if;
    return found;
end
$$;
comment on function glas_data.broadcast_in(int, text[]) is
    'A broadcast, locked; an error that says what to do when it is in none of
     these states.';

-- Planned for the number, of which it is known how many people it has.
create or replace function glas_data.broadcast_tally(p_number int)
    returns table (barrier text, lang text, cyrillic boolean, people bigint)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_custom_plan
    as $$
begin
    return query
    select r.barrier, r.lang, r.cyrillic, count(*)
      from glas_data.broadcast_reach(p_number) r
     group by 1, 2, 3;
end
$$;
comment on function glas_data.broadcast_tally(int) is
    'How many people of each language a broadcast is meant for, and why they get nothing
     of it: broadcast_reach(), counted.';

create or replace function glas_data.broadcast_cost(p_number int)
    returns table (lang text, people int, each int, segments int, says text)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select m.lang, m.people, size.segments, m.people * size.segments, s.says
      from glas_data.broadcast b
     cross join lateral (
           select glas_data.broadcast_lang(b.texts, g.lang, g.cyrillic), sum(g.people)::int
             from glas_data.broadcast_tally(p_number) g
            where g.barrier = ''
            group by 1) m (lang, people)
     cross join lateral glas_data.broadcast_text(b.texts, b.list, m.lang) s (says)
     cross join lateral glas_data.sms_size(s.says) size
     where b.number = p_number
     order by m.people desc, m.lang
    $$;
comment on function glas_data.broadcast_cost(int) is
    'What a broadcast says and costs, by language, to those who can be reached now.';

create or replace function glas.broadcast_preview(number int) returns setof text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    b     glas_data.broadcast;
    r     record;
    met   int;
    reach int := 0;
    total int := 0;
    price numeric := glas_data.setting('segment_price')::numeric;
begin
    perform glas_data.must_not_be_of_authority();
    select * into b from glas_data.broadcast k where k.number = broadcast_preview.number;
    if b.number is null then
        raise no_data_found using message = format(
            'there is no broadcast %s: see select * from glas.broadcasts',
            coalesce(glas_data.echo(broadcast_preview.number::text), 'without a number'));
    end if;
    return next format('Broadcast %s, %s', b.number, b.state);
    return query select regexp_split_to_table(btrim(regexp_replace('To: ' || b.audience
        || ' ', '(.{1,74}) ', e'\\1\n', 'g'), e'\n'), e'\n');
    return next format('Drafted by %s%s', b.drafted_by,
        coalesce(', approved by ' || nullif(b.approved_by, ''), ''));
    select count(*) into met from glas_data.broadcast_person p where p.broadcast = b.number;
    return next '';
    return next format('People: %s', met);
    for r in
        select h.barrier as why, sum(h.people) as people
          from glas_data.broadcast_tally(b.number) h
         group by 1 order by people desc, why
    loop
        return next format('  %s %s', lpad(r.people::text, 6),
            case when r.why = '' then 'can be reached' else 'not: ' || r.why end);
    end loop;
    for r in select * from glas_data.broadcast_cost(b.number) loop
        reach := reach + r.people;
        total := total + r.segments;
        return next '';
        return next format('%s: people %s, segments %s each, %s together',
            r.lang, r.people, r.each, r.segments);
        return query select '  | ' || line
           from regexp_split_to_table(regexp_replace(r.says || ' ', '(.{1,70}) ',
               e'\\1\n', 'g'), e'\n') line where line <> '';
    end loop;
    return next '';
    return next format('Segments: %s%s', total, case when price > 0 then format(
        ', %s %s', to_char(total * price, 'FM999999990.00'),
        glas_data.setting('segment_currency'))
        else '; what one costs is not known (setting segment_price)' end);
    return next format('First %s people, %s minutes later the others, %s a minute,',
        least(reach, glas_data.setting('broadcast_canary')::int),
        glas_data.setting('broadcast_wait'), glas_data.setting('broadcast_a_minute'));
    return next format('%s segments a day, between 9:00 and 20:00.',
        least(glas_data.setting('broadcast_a_day')::int,
              glas_data.setting('broadcast_each_day')::int));
    return next 'Who has said STOP is known when a text is about to go: they get none.';
    if b.state = 'draft' then
        return next format('Next: somebody other than %s: select '
            'glas.broadcast_approve(%s);', b.drafted_by, b.number);
    end if;
end
$$;
comment on function glas.broadcast_preview(int) is
    'Who would get a broadcast and who cannot be reached, what they read, what it
     costs.
     Example: select * from glas.broadcast_preview(1);';

create or replace function glas.broadcast_approve(number int) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    b     glas_data.broadcast := glas_data.broadcast_in(broadcast_approve.number, '{draft}');
    reach int;
    total int;
    due   timestamptz := glas_data.polite_time(glas.now());
begin
    if b.drafted_by = session_user then
        raise insufficient_privilege using message = format(
            'you have drafted broadcast %s: another person reads '
            'glas.broadcast_preview(%1$s) and approves it', b.number);
    elsif b.drafted_at < glas.now() - interval '7 days' then
        raise object_not_in_prerequisite_state using message = format(
            'broadcast %s was drafted more than a week ago: who is meant may have '
            'changed; draft it anew', b.number);
    end if;
    select coalesce(sum(people), 0), coalesce(sum(segments), 0) into reach, total
      from glas_data.broadcast_cost(b.number);
    if reach = 0 then
        raise no_data_found using message = format(
            'nobody can be reached by broadcast %s: see select * from '
            'glas.broadcast_preview(%1$s)', b.number);
    end if;
    update glas_data.broadcast k set state = 'canary', approved_by = session_user
     where k.number = b.number;
    perform glas_data.broadcast_note(b.number, session_user, 'approved',
        format('%s people, %s segments', reach, total));
    return glas_data.sentence(format('Broadcast %s goes to %s people, %s segments, from %s on.', b.number,
        reach, total, to_char(due at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI')));
end
$$;
comment on function glas.broadcast_approve(int) is
    'Lets a broadcast go that somebody else has drafted: first to a few people.
     Example: select glas.broadcast_approve(1);';

create or replace function glas_data.broadcast_hold(
    p_number int, p_who text, p_goes_on text, p_why text) returns int
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    held int;
begin
    update glas_data.broadcast k set state = 'paused', goes_on = p_goes_on
     where k.number = p_number;
    update glas_data.outbox o
       set state = 'held', reason = 'its broadcast is paused'
      from glas_data.broadcast_person p
     where p.broadcast = p_number and o.id = p.outbox and o.state = 'queued';
    get diagnostics held = row_count;
    perform glas_data.broadcast_note(p_number, p_who, 'paused', p_why);
    return held;
end
$$;
comment on function glas_data.broadcast_hold(int, text, text, text) is
    'Holds a broadcast; says how many texts of it waited in the outbox.';

create or replace function glas.broadcast_pause(number int, reason text default '')
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    b    glas_data.broadcast := glas_data.broadcast_in(broadcast_pause.number,
             '{canary,sending}');
    held int;
begin
    held := glas_data.broadcast_hold(b.number, session_user, b.state,
        broadcast_pause.reason);
    return glas_data.sentence(format('Broadcast %s is paused, texts held: %s; select '
        'glas.broadcast_resume(%1$s) goes on.', b.number, held));
end
$$;
comment on function glas.broadcast_pause(int, text) is
    'Holds a broadcast until it is resumed or cancelled. What a gateway has in hand
     already goes out.
     Example: select glas.broadcast_pause(1, ''the date is wrong'');';

create or replace function glas.broadcast_resume(number int) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    b glas_data.broadcast := glas_data.broadcast_in(broadcast_resume.number, '{paused}');
    released int;
begin
    update glas_data.broadcast k set state = b.goes_on, goes_on = ''
     where k.number = b.number;
    update glas_data.outbox o
       set state = 'queued', reason = '',
           due_at = nullif(glas_data.polite_time(glas.now()), glas.now())
      from glas_data.broadcast_person p
     where p.broadcast = b.number and o.id = p.outbox
       and o.state = 'held' and o.reason = 'its broadcast is paused';
    get diagnostics released = row_count;
    perform glas_data.broadcast_note(b.number, session_user, 'resumed', '');
    perform glas_data.wake_gateways();
    return format('Broadcast %s goes on: %s; texts let go: %s', b.number, b.goes_on,
        released);
end
$$;
comment on function glas.broadcast_resume(int) is
    'Goes on with a broadcast that was paused. One that was paused because the
     first few did not get it goes to all others then.
     Example: select glas.broadcast_resume(1);';

create or replace function glas.broadcast_cancel(number int, reason text default '')
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    b    glas_data.broadcast := glas_data.broadcast_in(broadcast_cancel.number,
             '{draft,canary,sending,paused}');
    gone int;
begin
    update glas_data.broadcast k set state = 'cancelled', goes_on = ''
     where k.number = b.number;
    update glas_data.outbox o
       set state = 'cancelled', reason = 'its broadcast was cancelled'
      from glas_data.broadcast_person p
     where p.broadcast = b.number and o.id = p.outbox
       and o.state in ('queued', 'held', 'waiting');
    select count(*) into gone
      from glas_data.broadcast_person p join glas_data.outbox o on o.id = p.outbox
     where p.broadcast = b.number
       and o.state in ('inflight', 'unknown', 'accepted', 'delivered', 'undelivered');
    perform glas_data.broadcast_note(b.number, session_user, 'cancelled',
        broadcast_cancel.reason);
    return format('Broadcast %s is cancelled; texts that had gone: %s', b.number, gone);
end
$$;
comment on function glas.broadcast_cancel(int, text) is
    'Calls a broadcast off for good: nothing more of it goes out but what a gateway
     has in hand already.
     Example: select glas.broadcast_cancel(1, ''not true any more'');';

create or replace view glas.broadcasts with (security_barrier) as
select b.number, b.state, n.people, n.sent, n.arrived, n.failed, n.none,
       rpad(repeat('#', n.arrived * 12 / n.people)
            || repeat('+', (n.arrived + n.sent) * 12 / n.people - n.arrived * 12 / n.people)
            || repeat('x', (n.arrived + n.sent + n.failed + n.none) * 12 / n.people
                           - (n.arrived + n.sent) * 12 / n.people), 12, '.') as bar
  from glas_data.broadcast b
 cross join lateral (
       select count(*)::int,
              count(*) filter (where o.state in ('inflight', 'unknown', 'accepted'))::int,
              count(*) filter (where o.state = 'delivered')::int,
              count(*) filter (where o.state in ('undelivered', 'failed', 'expired'))::int,
              count(*) filter (where p.none <> ''
                                  or o.state in ('suppressed', 'cancelled'))::int
         from glas_data.broadcast_person p
         left join glas_data.outbox o on o.id = p.outbox
        where p.broadcast = b.number) n (people, sent, arrived, failed, none)
 where (select glas_data.sees_all())
 order by b.number desc;
comment on view glas.broadcasts is
    'Texts to many, and how far each has come.
     Example: select * from glas.broadcasts;';
comment on column glas.broadcasts.number is 'Number.';
comment on column glas.broadcasts.state is
    'draft, canary: a few have it, sending, paused, done, cancelled.';
comment on column glas.broadcasts.people is 'How many people are meant.';
comment on column glas.broadcasts.sent is 'To how many it is on its way, or the network has taken it.';
comment on column glas.broadcasts.arrived is 'How many phones have it.';
comment on column glas.broadcasts.failed is 'How many did not get it.';
comment on column glas.broadcasts.none is
    'How many get none: STOP, blocked, no number, called off, ...';
comment on column glas.broadcasts.bar is
    'The same to look at: # arrived, + sent, x failed or none, . to come.';

create or replace view glas.broadcast_history with (security_barrier) as
select h.broadcast, h.at, h.who, h.what, h.note
  from glas_data.broadcast_history h
 where (select glas_data.sees_all())
 order by h.id;
comment on view glas.broadcast_history is
    'Who did what with texts to many.
     Example: select * from glas.broadcast_history where broadcast = 1;';
comment on column glas.broadcast_history.broadcast is 'With which.';
comment on column glas.broadcast_history.at is 'When.';
comment on column glas.broadcast_history.who is 'Database role; glas: by itself.';
comment on column glas.broadcast_history.what is
    'drafted, approved, canary, sending, paused, resumed, cancelled, done.';
comment on column glas.broadcast_history.note is 'To whom, or why.';
