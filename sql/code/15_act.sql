-- What a text does beside being stored and answered. Runs at the end of
-- glas_gw.mo_store(), in its transaction.

-- What is said of the police is not theirs to read, also where the report was of
-- something else: the case is the network's from then on.
create or replace function glas_data.keep_from_police(
    p_reference text, p_of text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    speaks_of text := ltrim(split_part(p_of, '/', 1), '?');
    about     text[]  := array[split_part(p_of, '/', 2), split_part(p_of, '/', 3)];
    named     boolean := not starts_with(p_of, '?')
                         and glas_data.about_police('', '', '', speaks_of);
    why       text := case when named then 'what was added speaks of the police'
                           else 'what was added may be about the police' end;
    report    glas_data.report;
begin
    if 'POL_NOACT' = any (about) and glas_data.calls_a_service(p_reference) then
        about := array_replace(about, 'POL_NOACT', '');
    end if;
    -- What it may be about counts, whichever of the two is likelier.
    if not glas_data.about_police('', about[1], about[2], speaks_of) then
        return;
    end if;
    -- Whoever it is routed, shown or given to later is looked at by that, too. Only
    -- who is named is whom it is about: nothing is due of a guess.
    select * into report from glas_data.report k where k.reference = p_reference
       for no key update;
    if named and not glas_data.about_police('', '', '', report.actor) then
        update glas_data.report set actor = speaks_of where reference = p_reference;
        insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
        values (p_reference, glas.now(), 'citizen', 'actor', report.actor, speaks_of, why);
    elsif not named and not glas_data.perhaps_police(report) then
        update glas_data.report set police_guess = true where reference = p_reference;
        insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
        values (p_reference, glas.now(), 'citizen', 'police_guess', 'false', 'true', why);
    end if;
    perform glas_data.take_from_police(p_reference, why);
end
$$;
comment on function glas_data.keep_from_police(text, text) is
    'A case is about the police when what is added to it names them, and may be when
     that may be about them: it is taken from the police or a ministry, and none of
     them sees it any more.';

-- Whoever joins reports, or takes them apart, holds one of the two. The one that is
-- worked on is waited for first, as by all who go on from it to what is joined with it.
create or replace function glas_data.worked_on(p_reference text, p_citizen bigint)
    returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    main  text;
    found text;
begin
    loop
        main := found;
        select coalesce(r.merged_into, r.reference) into found from glas_data.report r
         where r.reference = p_reference and r.citizen = p_citizen;
        exit when found is not distinct from main;
        perform from glas_data.report r where r.reference = found for no key update;
        perform from glas_data.report r where r.reference = p_reference for no key update;
    end loop;
    return main;
end
$$;
comment on function glas_data.worked_on(text, bigint) is
    'The report that is worked on where a person adds to theirs, both locked: of a
     duplicate the other one; null when it is not theirs.';

create or replace function glas_data.has_left(p_outbox bigint) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select exists (select from glas_data.outbox o
                    where o.id = p_outbox
                      and (o.state in ('inflight', 'unknown', 'accepted', 'delivered')
                           or o.reason = 'rewound database'))
    $$;
comment on function glas_data.has_left(bigint) is
    'Whether somebody may have read what was queued for them: else a yes of theirs is
     none to that.';

create or replace function glas_data.now_urgent(p_reference text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with made as (
        update glas_data.report set urgent = true
         where reference = p_reference and not urgent returning reference)
    insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
    select reference, glas.now(), 'citizen', 'urgent', 'false', 'true',
           'what was added tells of danger'
      from made
    $$;
comment on function glas_data.now_urgent(text) is
    'What a person adds to a report tells of danger, or of somebody held: it is urgent.';

create or replace function glas_data.reopened(
    p_reference text, p_was text, p_note text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.report set status = 'open', status_at = glas.now()
     where reference = p_reference;
    insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
    values (p_reference, glas.now(), 'citizen', 'status', p_was, 'open', p_note);
end
$$;
comment on function glas_data.reopened(text, text, text) is
    'What a person says opens a finished report again.';

-- A case that somebody adds to is worked on again. What is added to a duplicate
-- belongs to the report that is worked on.
create or replace function glas_data.follow(
    p_reference text, p_citizen bigint, p_message bigint, p_of text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    main text := glas_data.worked_on(p_reference, p_citizen);
    was  text := (select r.status from glas_data.report r where r.reference = main);
    urgent boolean := split_part(p_of, '/', 4) = 'urgent';
    calm boolean := not (select r.urgent from glas_data.report r where r.reference = main);
begin
    if main <> p_reference then
        update glas_data.message set reference = main
         where id = p_message and reference = p_reference;
    end if;
    perform glas_data.put_asked(p_reference, p_citizen, p_message);
    perform glas_data.keep_from_police(main, p_of);
    if urgent then
        perform glas_data.now_urgent(main);
    end if;
    -- A duplicate of what nobody has named is one that nobody works on; danger is not
    -- for whom it was referred to alone.
    if was in ('answered', 'closed', 'withdrawn', 'not_for_us', 'duplicate')
       or was = 'referred' and urgent then
        perform glas_data.reopened(main, was, 'they wrote again');
    end if;
    -- Somebody had it, and it was found calm.
    if glas_data.wakes_again(main, p_of)
       or urgent and calm and exists (select from glas_data.duty_call c
                                       where c.reference = main
                                         and c.taken_at is not null) then
        perform glas_data.duty_again(main);
    end if;
end
$$;
comment on function glas_data.follow(text, bigint, bigint, text) is
    'A text was added to a report, and speaks of somebody and something, as
     actor/category/category, or ?actor where that may be the place alone, and /urgent
     where it wakes somebody: what was finished is open again.';

create or replace function glas_data.put_place(
    p_reference text, p_citizen bigint, p_place text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with old as (
        select r.reference,
               concat_ws('/', nullif(r.municipality, ''),
                   nullif(r.settlement, '')) as place
          from glas_data.report r
         where r.reference = p_reference and r.citizen = p_citizen
           for no key update),
    moved as (
        update glas_data.report r
           set municipality = split_part(p_place, '/', 1),
               settlement = split_part(p_place, '/', 2)
          from old where r.reference = old.reference)
    insert into glas_data.report_history
        (reference, at, who, what, was, now_is, note)
    select reference, glas.now(), 'citizen', 'place', place, p_place, ''
      from old
    $$;
comment on function glas_data.put_place(text, bigint, text) is
    'Where it happened, as the citizen says.';

create or replace function glas_data.nickname_stem(p_nickname text) returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    -- As helped_is_same() in src/text/answer_helped.c has it.
    select regexp_replace(p_nickname, '(?<=\w)[aeiou]\M', '', 'g')
    $$;
comment on function glas_data.nickname_stem(text) is
    'What a helper calls somebody, without the vowels that its case is in: Mica and Micu are
     one.';

create or replace function glas_data.put_helped(
    p_reference text, p_helper bigint, p_nickname text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person bigint;
begin
    select h.id into person from glas_data.helped h
     where h.helper = p_helper
       and glas_data.nickname_stem(h.nickname) = glas_data.nickname_stem(p_nickname)
     order by h.nickname <> p_nickname, h.id limit 1;
    if person is null then
        insert into glas_data.helped (helper, nickname, since)
        values (p_helper, p_nickname, glas.now())
        on conflict (helper, nickname) do update set nickname = excluded.nickname
        returning id into person;
    end if;
    update glas_data.report set helped = person where reference = p_reference;
end
$$;
comment on function glas_data.put_helped(text, bigint, text) is
    'The report is that of somebody whom the citizen helps.';

-- A vote is as old as its text, however late that comes or is read: what was
-- said since stays. A trial never takes the place of what was meant.
create or replace function glas_data.put_vote(
    p_poll int, p_citizen bigint, p_option int, p_message bigint) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.vote as v (poll, citizen, option, at, test)
    select p.number, p_citizen, p_option,
           glas_data.written_at(m.sent_at, m.received_at), m.test
      from glas_data.poll p, glas_data.message m
     where p.number = p_poll and m.id = p_message
       and p.closes_at > m.received_at
       and p_option between 1 and jsonb_array_length(p.options)
    on conflict (poll, citizen) do update
        set option = excluded.option, at = excluded.at, test = excluded.test,
            changed = v.changed + (v.option <> excluded.option)::int
        where case when v.test = excluded.test then v.at <= excluded.at
                   else v.test end
    $$;
comment on function glas_data.put_vote(int, bigint, int, bigint) is
    'One vote a person; the one that was written last counts. Nothing when the poll
     was over when the text came.';

create or replace function glas_data.put_attendance(
    p_event int, p_citizen bigint, p_coming boolean, p_message bigint) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.attendance as a (event, citizen, coming, at, test)
    select e.number, p_citizen, p_coming,
           glas_data.written_at(m.sent_at, m.received_at), m.test
      from glas_data.event e, glas_data.message m
     where e.number = p_event and m.id = p_message
       and e.cancelled_at is null
    on conflict (event, citizen) do update
        set coming = excluded.coming, at = excluded.at, test = excluded.test
        where case when a.test = excluded.test then a.at <= excluded.at
                   else a.test end
    $$;
comment on function glas_data.put_attendance(int, bigint, boolean, bigint) is
    'Whether a person comes; what they wrote last counts. Nothing when the event
     was called off.';

create or replace function glas_data.put_subscription(
    p_citizen bigint, p_list text, p_message bigint) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.subscription (citizen, list, consent, since, test)
    select p_citizen, p_list, glas_data.text_of(m.id, m.received_at), glas.now(), m.test
      from glas_data.message m where m.id = p_message
    on conflict (citizen, list) do update
        set test = false where not excluded.test
    $$;
comment on function glas_data.put_subscription(bigint, text, bigint) is
    'A person gets news of a place, in the words with which they asked.';

-- Codes stay. Who a report is about may be written in any words, and why two were
-- joined stands in the history of the other one as well.
create or replace function glas_data.erase_beside(p_own text[]) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    codes text[] := array(
        select k.code from glas_data.keyword k where k.kind = 'actor'
        union select unnest(d.actors) from glas_data.deadline d
        union select unnest('{"",POLICE,GENDARMERIE,BORDER}'::text[]));
begin
    update glas_data.report r set actor = ''
     where r.reference = any (p_own) and not r.actor = any (codes);
    update glas_data.report_history h
       set was = case when h.was = any (codes) then h.was else '[obrisano]' end,
           now_is = case when h.now_is = any (codes) then h.now_is else '[obrisano]' end,
           note = case when h.note = '' then '' else '[obrisano]' end
     where h.reference = any (p_own) and h.what = 'actor'
       and not (h.was = any (codes) and h.now_is = any (codes));
    update glas_data.report_history h set note = '[obrisano]'
     where h.reference = any (array(
               select unnest(array[o.was, o.now_is]) from glas_data.report_history o
                where o.reference = any (p_own) and o.what in ('merged', 'joined', 'split')))
       and h.what in ('merged', 'joined', 'split') and h.note <> ''
       and (h.was = any (p_own) or h.now_is = any (p_own));
end
$$;
comment on function glas_data.erase_beside(text[]) is
    'Takes words about a person, whose reports these are, from what stays: who they are
     about, and the histories of others.';

-- Rows stay, so that counts do; what points at the person goes, and so does
-- what the person could say once more as somebody new: a vote that still can be
-- changed, an event that is still to come.
--
-- What was received later than the wish stays. A batch stores all its texts
-- before it acts, so within a gateway ids tell; another gateway takes its ids
-- from other blocks, so what that received before goes by its time. All else
-- that a text leaves is made by acts, which come in order.
create or replace function glas_data.erase(p_citizen bigint, p_message bigint)
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    gone  bytea;
    wish  glas_data.message;
    later bigint[];
    begun bigint[];
begin
    select c.token into gone from glas_data.citizen c
     where c.id = p_citizen for update;
    perform from glas_data.report r where r.citizen = p_citizen
      order by r.merged_into is not null, r.reference for no key update;
    select * into wish from glas_data.message where id = p_message;
    later := array(select m.id from glas_data.message m
                    where m.citizen = p_citizen
                      and case when m.gateway = wish.gateway then m.id > wish.id
                               else m.received_at > wish.received_at end);
    begun := array(select g.id from glas_data.concat_group g
                    where g.token = gone
                      and coalesce((select min(s.received_at)
                                      from glas_data.concat_segment s
                                     where s.grp = g.id)
                                   < wish.received_at, true));
    update glas_data.citizen
       set token = decode(replace(gen_random_uuid()::text, '-', ''), 'hex'),
           reply_copy = null, recall_copy = null, dialog = '', dialog_until = null,
           erase = '', erase_until = null, people = '',
           silenced_at = null, silenced_until = null, silenced_by = '',
           silenced_why = '', blocked = false,
           version = version + 1, erased_at = glas.now()
     where id = p_citizen;
    update glas_data.message
       set note = '', done = case when id = p_message then done else '' end
     where citizen = p_citizen and id <> all (later);
    update glas_data.body b
       set text = '[obrisano]', original = '', trace = ''
      from glas_data.message m
     where m.citizen = p_citizen and m.id <> all (later)
       and b.message = m.id and b.received_at = m.received_at;
    -- What is in flight is sent from memory: without a number, nothing is sent
    -- from here any more.
    update glas_data.outbox
       set text = '[obrisano]'
     where citizen = p_citizen and coalesce(message, 0) <> all (later);
    update glas_data.outbox
       set state = 'cancelled', reason = 'the person had their number erased'
     where citizen = p_citizen and coalesce(message, 0) <> all (later)
       and state in ('queued', 'held', 'waiting');
    delete from glas_data.concat_segment where grp = any (begun);
    delete from glas_data.concat_group where id = any (begun);
    perform glas_data.quarantine_erase(gone, wish.received_at);
    delete from glas_data.vote v using glas_data.poll p
     where v.citizen = p_citizen and p.number = v.poll and p.closes_at > glas.now();
    delete from glas_data.attendance a using glas_data.event e
     where a.citizen = p_citizen and e.number = a.event and e.starts_at > glas.now();
    delete from glas_data.subscription where citizen = p_citizen;
    delete from glas_data.observer where citizen = p_citizen;
    delete from glas_data.duty_phone where citizen = p_citizen;
    update glas_data.callback
       set state = case state when 'waiting' then 'erased' else state end, note = ''
     where citizen = p_citizen;
    update glas_data.reveal v
       set reason = '[obrisano]',
           refused_why = case when v.refused_why = '' then '' else '[obrisano]' end
     where v.citizen = p_citizen;
    -- The block holds for the number, and finds who has it next.
    update glas_data.block set citizen = null, reason = '[obrisano]'
     where citizen = p_citizen;
    update glas_data.form_entry set unread = '[obrisano]'
     where citizen = p_citizen and unread <> '';
    -- Words of their own; numbers, days, places and choices are counts.
    update glas_data.form_value v set value = '[obrisano]'
      from glas_data.form_entry e
     where e.citizen = p_citizen and v.entry = e.message
       and v.number is null and v.day is null and v.municipality is null
       and not exists (select from glas_data.form_field f
                        where f.form = e.form and f.field = v.field
                          and f.type = 'choice');
    update glas_data.helped set nickname = '[obrisano] ' || id
     where helper = p_citizen;
    -- What admins wrote of them speaks of them, too.
    update glas_data.question q set answer = '[obrisano]'
      from glas_data.report r
     where r.citizen = p_citizen and r.message <> all (later)
       and q.reference = r.reference and q.answer <> '';
    update glas_data.consent k
       set answer = case when k.answer = '' then '' else '[obrisano]' end,
           paper = case when k.paper = '' then '' else '[obrisano]' end,
           -- Our own questions name nothing; what a person asked may.
           asked = case when k.asked = '' or k.outbox is not null then k.asked
                        else '[obrisano]' end
      from glas_data.report r
     where r.citizen = p_citizen and r.message <> all (later)
       and k.reference = r.reference and k.answer || k.paper <> '';
    update glas_data.referral f
       set answer = case when f.answer = '' then '' else '[obrisano]' end,
           note = case when f.note = '' then '' else '[obrisano]' end
      from glas_data.report r
     where r.citizen = p_citizen and r.message <> all (later)
       and f.reference = r.reference;
    update glas_data.asked a set question = '[obrisano]'
      from glas_data.report r
     where r.citizen = p_citizen and r.message <> all (later)
       and a.reference = r.reference;
    update glas_data.report_history h set note = '[obrisano]'
      from glas_data.report r
     where r.citizen = p_citizen and r.message <> all (later)
       and h.reference = r.reference and h.note <> '';
    perform glas_data.erase_beside(array(
        select r.reference::text from glas_data.report r
         where r.citizen = p_citizen and r.message <> all (later)));
end
$$;
comment on function glas_data.erase(bigint, bigint) is
    'Takes away what points at a person, up to the text that wished it: number,
     words, lists. Counts stay.';

create or replace function glas_data.put_entry(
    p_citizen bigint, p_entry bigint, p_form text, p_complete boolean)
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.form_entry as e
        (message, form, citizen, at, complete, test)
    select m.id, p_form, p_citizen, m.received_at, p_complete, m.test
      from glas_data.message m
     where m.id = p_entry and m.citizen = p_citizen
    on conflict (message) do update set complete = excluded.complete
    $$;
comment on function glas_data.put_entry(bigint, bigint, text, boolean) is
    'A text is an entry of a form, or an answer has made it complete.';

create or replace function glas_data.day_of(p_day text) returns date
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    return p_day::date;
exception when datetime_field_overflow then
    return null;
end
$$;
comment on function glas_data.day_of(text) is
    'A day written as 2026-11-23; null when the calendar has no such day.';

-- The gateway may have read by a form that has changed since: what has become
-- of its field then is text.
create or replace function glas_data.put_value(
    p_citizen bigint, p_entry bigint, p_field text, p_value text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.form_value
        (entry, field, value, number, day, municipality, settlement)
    select e.message, p_field, p_value,
           case when f.type = 'number' and p_value ~ '^[0-9]{1,9}$'
                then p_value::numeric end,
           case when f.type = 'date' and p_value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
                then glas_data.day_of(p_value) end,
           case when f.type = 'place' then split_part(p_value, '/', 1) end,
           case when f.type = 'place' then split_part(p_value, '/', 2) end
      from glas_data.form_entry e
      left join glas_data.form_field f on f.form = e.form and f.field = p_field
     where e.message = p_entry and e.citizen = p_citizen
    on conflict (entry, field) do update
        set value = excluded.value, number = excluded.number,
            day = excluded.day, municipality = excluded.municipality,
            settlement = excluded.settlement
    $$;
comment on function glas_data.put_value(bigint, bigint, text, text) is
    'A value of an entry of one''s own, by the type of its field.';

-- One text that a machine writes may be a person who sends ours back, or a phone
-- that says for its owner that they drive: it is not answered, and that is all.
-- The second within a day silences for a day; who is silenced again within a
-- month stays so until a person decides.
create or replace function glas_data.put_machine(p_citizen bigint, p_why text)
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    update glas_data.citizen
       set machine_texts = case when machine_at > glas.now() - interval '1 day'
                                then least(machine_texts + 1, 99) else 1 end,
           machine_at = glas.now()
     where id = p_citizen;
    update glas_data.citizen
       set silenced_until = case when silenced_at > glas.now() - interval '30 days'
                                 then 'infinity' else glas.now() + interval '1 day' end,
           silenced_at = glas.now(), silenced_by = '', silenced_why = p_why
     where id = p_citizen and machine_texts > 1 and not vouched
       and (silenced_until > glas.now()) is not true
    $$;
comment on function glas_data.put_machine(bigint, text) is
    'A machine wrote a text, as far as can be told: who writes several of these
     is silenced.';

-- A block that was decided on is written down under the key that never changes
-- with the first text that brings it along; who has the number of a block is
-- blocked, as somebody new as well.
create or replace function glas_data.put_block(p_citizen bigint, p_token bytea)
    returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.block as b (token, citizen, since, reason, blocked_by)
    select p_token, c.id, c.silenced_at, c.silenced_why, c.silenced_by
      from glas_data.citizen c where c.id = p_citizen and c.blocked
    on conflict (token) do nothing;
    update glas_data.block set citizen = p_citizen where token = p_token;
    update glas_data.citizen c
       set blocked = true, silenced_at = b.since, silenced_until = 'infinity',
           silenced_by = b.blocked_by, silenced_why = b.reason
      from glas_data.block b
     where c.id = p_citizen and b.token = p_token and not c.blocked
    $$;
comment on function glas_data.put_block(bigint, bytea) is
    'The number of a citizen and its block learn of each other.';

-- Who asks again while nobody has answered is told once, and need not be gone
-- through twice.
create or replace function glas_data.put_rumour(p_citizen bigint, p_message bigint)
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    insert into glas_data.rumour (id, citizen)
    select p_message, p_citizen
     where not exists (
        select from glas_data.rumour r
          join glas_data.body b on b.message = r.id
          join glas_data.body again on again.message = p_message
         where r.citizen = p_citizen and r.told_at is null
           and regexp_replace(glas_data.fold(b.text), '[[:space:][:punct:]]+', '', 'g')
             = regexp_replace(glas_data.fold(again.text), '[[:space:][:punct:]]+', '', 'g'));
end
$$;
comment on function glas_data.put_rumour(bigint, bigint) is
    'Somebody asks whether something is true; the same words again while they wait
     for the answer ask nothing more.';

create or replace function glas_data.act(
    p_citizen bigint, p_message bigint, p_kind text, p_key text, p_value text)
    returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    case p_kind
    when 'follow' then
        perform glas_data.follow(p_key, p_citizen, p_message, p_value);
    when 'place' then
        -- As all who go on from it to what is joined with it.
        perform glas_data.worked_on(p_key, p_citizen);
        perform glas_data.put_place(p_key, p_citizen, p_value);
        perform glas_data.reroute(p_key);
    when 'group' then
        update glas_data.citizen set people = p_value where id = p_citizen;
    when 'question' then
        insert into glas_data.question (reference) values (p_key);
    when 'helped' then
        perform glas_data.put_helped(p_key, p_citizen, p_value);
    when 'step' then
        perform glas_data.put_step(p_citizen, p_message, p_key, p_value = 'yes');
    when 'duty' then
        perform glas_data.duty_register(p_citizen, p_key);
    when 'take' then
        perform glas_data.duty_take(p_citizen, p_key);
    when 'solved' then
        perform glas_data.put_solved(p_key, p_citizen, p_value = 'yes');
    when 'rating' then
        perform glas_data.put_rating(p_key, p_citizen, p_value);
    when 'vote' then
        perform glas_data.put_vote(p_key::int, p_citizen, p_value::int, p_message);
    when 'attend' then
        perform glas_data.put_attendance(p_key::int, p_citizen, p_value = 'yes',
            p_message);
    when 'rumour' then
        perform glas_data.put_rumour(p_citizen, p_message);
    when 'subscribe' then
        perform glas_data.put_subscription(p_citizen, p_key, p_message);
    when 'leave' then
        delete from glas_data.subscription
         where citizen = p_citizen and list = p_key;
        perform glas_data.look_again(p_citizen);
    when 'entry' then
        perform glas_data.put_entry(p_citizen, split_part(p_key, '/', 1)::bigint,
            split_part(p_key, '/', 2), p_value = 'complete');
    when 'value' then
        perform glas_data.put_value(p_citizen, split_part(p_key, '/', 1)::bigint,
            split_part(p_key, '/', 2), p_value);
    when 'unread' then
        update glas_data.form_entry
           set unread = concat_ws(' ', nullif(unread, ''), p_value)
         where message = p_key::bigint and citizen = p_citizen;
    when 'erase' then
        perform glas_data.erase(p_citizen, p_message);
    when 'machine' then
        perform glas_data.put_machine(p_citizen, p_value);
    when 'block' then
        perform glas_data.put_block(p_citizen, decode(p_value, 'hex'));
    when 'callback' then
        perform glas_data.put_callback(p_citizen, p_message);
    else
        raise invalid_parameter_value using message = format(
            'a text cannot do "%s" here: run glasctl migrate of the version '
            'that the gateway has', p_kind);
    end case;
end
$$;
comment on function glas_data.act(bigint, bigint, text, text, text) is
    'One thing that a text does: what, to what, and how, as src/text/answer.h has it.';

create or replace function glas_data.act_words(p_kind text, p_key text, p_value text)
    returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select case p_kind
        when 'follow' then 'added to report ' || p_key
        when 'place' then format('said where report %s happened: %s', p_key, p_value)
        when 'group' then 'said which group they belong to'
        when 'question' then format('report %s is a question for a debate', p_key)
        when 'helped' then format('report %s is for somebody whom they help', p_key)
        when 'step' then format('said %s to the next step of report %s', p_value,
            split_part(p_key, '/', 1))
        -- Not the code: it may still be good.
        when 'duty' then 'sent a code for duty'
        when 'take' then 'takes report ' || p_key
        when 'solved' then format('said that report %s is %s', p_key, case p_value
            when 'yes' then 'solved' else 'not solved' end)
        when 'rating' then format('rated report %s with %s', p_key, p_value)
        when 'vote' then format('voted for %s in poll %s', p_value, p_key)
        when 'attend' then format('%s to event %s', case p_value
            when 'yes' then 'comes' else 'does not come' end, p_key)
        when 'rumour' then 'asked whether it is true'
        when 'subscribe' then 'gets news of ' || p_key
        when 'leave' then 'gets no more news of ' || p_key
        when 'entry' then format('%s form %s', case p_value
            when 'complete' then 'completed' else 'began' end, split_part(p_key, '/', 2))
        -- Not the value: it may be words, which go with the text.
        when 'value' then 'gave a value for ' || split_part(p_key, '/', 2)
        when 'unread' then 'wrote more than could be read as a value'
        when 'erase' then 'had their number and words erased'
        when 'machine' then 'counted as written by a machine: ' || p_value
        -- Not the value, which is as good as a number.
        when 'block' then 'is of a number that is blocked'
        when 'callback' then 'waits in glas.callbacks'
        else btrim(format('%s %s %s', p_kind, p_key, p_value)) end
    $$;
comment on function glas_data.act_words(text, text, text) is
    'In words what glas_data.act() was called for: message.done, glas.explain().';
