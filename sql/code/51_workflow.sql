-- What becomes of a report: why it leaves a state, what it is the same as, what
-- of it is something else. History is only ever added to.

create or replace function glas_data.history_stays() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if tg_op = 'UPDATE' then
        -- Words of or about a person who had all erased, or that were kept long enough;
        -- who a report is about may be said in words, too.
        if new.note in ('[obrisano]', '[isteklo]', old.note)
           and (new.was = old.was or new.what = 'actor' and new.was = '[obrisano]')
           and (new.now_is = old.now_is
                or new.what = 'actor' and new.now_is = '[obrisano]')
           and (new.note = '[isteklo]' or '[obrisano]' in (new.note, new.was, new.now_is))
           and (new.id, new.reference, new.at, new.who, new.what)
               is not distinct from (old.id, old.reference, old.at, old.who, old.what)
        then
            return new;
        end if;
    end if;
    raise object_not_in_prerequisite_state using message =
        'the history of reports is only added to: write down what is right now '
        'with a further change, such as glas.set_status() with a note';
end
$$;
comment on function glas_data.history_stays() is
    'Refuses every change of the history of reports but that words go.';

create or replace trigger history_stays
    before update or delete on glas_data.report_history
    for each row execute function glas_data.history_stays();
comment on trigger history_stays on glas_data.report_history is
    'No row is changed or taken away.';
create or replace trigger history_is_kept
    before truncate on glas_data.report_history
    for each statement execute function glas_data.history_stays();
comment on trigger history_is_kept on glas_data.report_history is
    'Nor all at once.';

create or replace function glas_data.must_say_why(
    p_report glas_data.report, p_status text, p_note text) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    others text;
begin
    if glas_data.clean(p_note) = '' and exists (
            select from glas_data.report_move m
             where m.was = p_report.status and m.now_is = p_status and m.note_needed) then
        raise invalid_parameter_value using message = format(
            'say why report %s becomes %s: select * from glas.set_status('
            '''%1$s'', ''%2$s'', ''why'')', p_report.reference, p_status);
    end if;
    -- That one of them has withdrawn is nothing to tell the others.
    if p_status in ('withdrawn', 'duplicate') then
        select string_agg(r.reference, ', ' order by r.reference) into others
          from glas_data.report r where r.merged_into = p_report.reference;
        if others is not null then
            raise object_not_in_prerequisite_state using message = format(
                'others reported the same and wait for an answer: %s; open one '
                'of them again with glas.set_status(), and merge the rest into '
                'it with glas.merge()', others);
        end if;
    end if;
end
$$;
comment on function glas_data.must_say_why(glas_data.report, text, text) is
    'An error that says what to do when a report may not become that, or not
     without a reason.';

-- Whoever works on it sees what its person has added meanwhile. Of who has more than one
-- report there, nobody knows which they meant.
create or replace function glas_data.take_texts_along(
    p_report glas_data.report, p_all boolean) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    main glas_data.report;
begin
    select * into main from glas_data.report r where r.reference = p_report.merged_into;
    update glas_data.message m set reference = p_report.reference
     where m.reference = main.reference and m.citizen = p_report.citizen
       and (p_all or not exists (
            select from glas_data.report o
             where o.citizen = p_report.citizen and o.reference <> p_report.reference
               and (o.reference = main.reference or o.merged_into = main.reference)));
    -- What made the other one what it is may be among them.
    if found and glas_data.perhaps_police(main)
       and not glas_data.perhaps_police(p_report) then
        update glas_data.report r set police_guess = true
         where r.reference = p_report.reference;
        insert into glas_data.report_history (reference, at, who, what, was, now_is, note)
        values (p_report.reference, glas.now(), 'glas', 'police_guess', 'false', 'true',
            'it was joined with one that is or may be about the police');
    end if;
end
$$;
comment on function glas_data.take_texts_along(glas_data.report, boolean) is
    'A report is no duplicate any more: the texts that its person added are its own; with
     true also where they have another one there.';

create or replace function glas.merge(reference text, into_reference text, note text)
    returns setof glas.reports
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report;
    main   glas_data.report;
    why    text := glas_data.clean(glas_data.note_at_most('the note', merge.note, 1000));
begin
    -- Both in the order of their numbers: two who merge the other way round
    -- wait for each other, and not for ever.
    perform glas_data.held_report(k.reference)
       from (select (glas_data.report_of(n)).reference::text as reference
               from unnest(array[merge.reference, merge.into_reference]) n
              order by 1 offset 0) k;
    report := glas_data.held_report(merge.reference);
    main := glas_data.held_report(merge.into_reference);
    if report.reference = main.reference then
        raise invalid_parameter_value using message = format(
            'report %s cannot be a duplicate of itself: name the other one', main.reference);
    elsif main.merged_into is not null then
        raise invalid_parameter_value using message = format(
            'report %s is a duplicate of %s: merge %s into that one', main.reference,
            main.merged_into, report.reference);
    elsif report.merged_into is not null then
        raise invalid_parameter_value using message = format(
            'report %s is a duplicate of %s already: select * from glas.set_status('
            '''%1$s'', ''open'', ''why'') takes that back', report.reference, report.merged_into);
    elsif main.status in ('withdrawn', 'duplicate', 'not_for_us') then
        raise invalid_parameter_value using message = format(
            'report %s is %s, nobody works on it: open it first with '
            'glas.set_status()', main.reference, main.status);
    elsif report.status <> 'duplicate' and not exists (
            select from glas_data.report_move m
             where m.was = report.status and m.now_is = 'duplicate') then
        raise invalid_parameter_value using message = format(
            'report %s is %s and cannot become a duplicate: open it first with '
            'glas.set_status()', report.reference, report.status);
    elsif why = '' then
        raise invalid_parameter_value using message = format(
            'say why: select * from glas.merge(''%s'', ''%s'', ''the same lamp'')',
            report.reference, main.reference);
    end if;
    -- Once they are joined, each is of what the other is about.
    perform glas_data.must_not_be_authority(report, main.organisation);
    perform glas_data.must_not_be_authority(main, report.organisation);
    -- What is added to either is read with the main one from now on.
    perform glas_data.must_not_be_refused(report.reference, main.organisation);
    perform glas_data.must_agree_all(main, report.reference, f.organisation)
       from glas_data.referral f
      where f.reference = main.reference and (f.state = 'granted'
             or f.state = 'asked' and glas_data.polite_time(f.asked_at)
                + interval '3 days' >= glas.now());
    perform glas_data.record_change(r.reference, 'merged', report.reference,
            main.reference, why)
       from glas_data.report r where r.merged_into = report.reference;
    update glas_data.report r set merged_into = main.reference
     where r.merged_into = report.reference;
    update glas_data.report r
       set status = 'duplicate', merged_into = main.reference,
           status_at = case when r.status = 'duplicate' then r.status_at else glas.now() end
     where r.reference = report.reference;
    perform glas_data.record_change(report.reference, 'merged', report.status,
        main.reference, why);
    perform glas_data.record_change(main.reference, 'joined', '', report.reference, why);
    return query select * from glas.reports r where r.reference = main.reference;
end
$$;
comment on function glas.merge(text, text, text) is
    'Says that a report is a duplicate of another. Who reported it hears how the
     other one stands, what they add goes there, and glas.reply_all() answers all
     of them; nobody learns of anybody else. Gives the other report.
     Example: select * from glas.merge(''200006'', ''100008'', ''the same lamp'');';

create or replace view glas.merged with (security_barrier) as
select r.merged_into::text as reference, r.reference::text as duplicate,
       glas_data.pseudonym(r.citizen) as citizen, r.reported_at, r.municipality
  from glas_data.seen_report r
 where r.merged_into is not null;
comment on view glas.merged is
    'Which reports are duplicates, and of which.
     Example: select * from glas.merged where reference = ''100008'';';
comment on column glas.merged.reference is 'The report that is worked on.';
comment on column glas.merged.duplicate is 'The one that is answered with it.';
comment on column glas.merged.citizen is 'Pseudonym of who reported the duplicate.';
comment on column glas.merged.reported_at is 'When they did.';
comment on column glas.merged.municipality is 'Where it happened, as they said.';

create or replace function glas.reply_all(reference text, text text)
    returns table (report text, citizen text, outbox bigint, note text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    main glas_data.report := glas_data.held_case(reply_all.reference);
    r    record;
begin
    if main.merged_into is not null then
        raise invalid_parameter_value using message = format(
            'report %s is a duplicate of %s: answer that one, and all are told',
            main.reference, main.merged_into);
    end if;
    for r in
        -- Who reported it twice is told once.
        select distinct on (c.id) c.id, d.reference::text as reference, d.message,
               exists (select from glas_data.seen_report s
                        where s.reference = d.reference) as seen,
               c.cyrillic, c.erased_at is not null as erased,
               glas_data.silence_of(c) as silence,
               glas_data.said_unsafe(c.id, false) is not null as unsafe
          from glas_data.report d
          join glas_data.citizen c on c.id = d.citizen
         where d.reference = main.reference or d.merged_into = main.reference
         order by c.id, d.reference <> main.reference, d.reported_at
    loop
        -- What belongs to others is answered, and not shown.
        report := case when r.seen then r.reference end;
        citizen := case when r.seen then glas_data.pseudonym(r.id) end;
        outbox := null;
        note := case when r.erased and r.seen then 'had their number erased'
                     when r.unsafe and glas_data.knows_unsafe(r.id)
                         then 'said that it is not safe to write'
                     when (r.erased or r.unsafe or r.silence <> '') and not glas_data.sees_all()
                         then 'nothing can be sent for now'
                     else r.silence end;
        if note = '' then
            outbox := glas_data.queue(r.id, 'reply', 2,
                glas_data.outgoing(reply_all.text, r.cyrillic,
                    glas_data.setting('reply_segments')::int),
                r.message, r.reference);
            update glas_data.report d
               set answered_at = coalesce(d.answered_at, glas.now())
             where d.reference = r.reference;
            perform glas_data.record_change(r.reference, 'reply', '', outbox::text, '');
        end if;
        return next;
    end loop;
    perform glas_data.wake_gateways();
end
$$;
comment on function glas.reply_all(text, text) is
    'Answers everybody who reported the same thing: the report and its
     duplicates, each person once, under the number that they know. A row for
     each, without the number where it is a case of others; no id in outbox: nothing
     was sent, and why.
     Example: select * from glas.reply_all(''100008'', ''Lampa je popravljena.'');';

-- Only once each person may be told anything unasked.
create or replace function glas_data.tell(
    p_citizen bigint, p_key text, p_fields jsonb, p_reference text)
    returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    c glas_data.citizen;
    f record;
begin
    select * into strict c from glas_data.citizen where id = p_citizen;
    if c.erased_at is not null or c.reply_copy is null
       or glas_data.silence_of(c) <> ''
       or glas_data.said_unsafe(c.id, true) is not null then
        return null;
    end if;
    begin
        select * into f from glas_data.frame(p_key, c.lang, c.cyrillic);
    exception when no_data_found then
        return null;
    end;
    return glas_data.queue(c.id, 'reply', 3,
        glas_data.fill(f.text, f.lang, p_fields), null, p_reference,
        glas_data.polite_time(glas.now()));
end
$$;
comment on function glas_data.tell(bigint, text, jsonb, text) is
    'Queues a text of the content to a person who did not ask, by day; null when
     they cannot be told, or the content has no such text.';

create or replace function glas_data.may_be_told(p_category text) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select coalesce((select c.named_in_reply from glas_data.category c
                      where c.code = p_category), false)
    $$;
comment on function glas_data.may_be_told(text) is
    'Whether somebody who reported such a thing may be written to unasked: not
     where a text at the wrong moment could endanger, nor while the category is
     open.';

-- Waste that an officer threw away is of a kind that is named, and about the police.
create or replace function glas_data.may_be_told(p_report glas_data.report)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.may_be_told(p_report.category)
       and not glas_data.perhaps_police(p_report)
    $$;
comment on function glas_data.may_be_told(glas_data.report) is
    'Whether who reported may be written to unasked: by the category, and not where it
     is or may be about the police.';

create or replace function glas_data.held_with_writers(p_reference text, p_texts bigint[])
    returns glas_data.report
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.hold_persons(array(
        select m.citizen from glas_data.message m
         where m.id = any (p_texts)
           and m.reference = (glas_data.report_of(p_reference)).reference::text));
    return glas_data.held_report(p_reference);
end
$$;
comment on function glas_data.held_with_writers(text, bigint[]) is
    'As held_report(), where texts are taken out of it: who wrote them is locked before it.';

create or replace function glas.split(
    reference text, texts bigint[], note text default '',
    category text default '', tell boolean default true)
    returns setof glas.reports
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_writers(split.reference, split.texts);
    kind   text := upper(btrim(split.category));
    fresh  glas_data.report := report;
    refusal glas_data.referral;
    odd    bigint;
    people int;
begin
    if coalesce(cardinality(split.texts), 0) = 0 then
        raise invalid_parameter_value using message = format(
            'say which texts go: glas.split(''%s'', array[id, ...]); their ids: '
            'select id, text from glas.inbox where reference = ''%1$s''', report.reference);
    end if;
    select t into odd from unnest(split.texts) t
     where not exists (select from glas_data.message m
                        where m.id = t and m.reference = report.reference) limit 1;
    if odd is not null or array_position(split.texts, null) is not null then
        raise invalid_parameter_value using message = format(
            'text %s does not belong to report %s: select id, text from '
            'glas.inbox where reference = ''%2$s''',
            coalesce(glas_data.echo(odd::text), 'null'), report.reference);
    end if;
    if report.message = any (split.texts) then
        raise invalid_parameter_value using message = format(
            'text %s began report %s and stays with it: split the others away',
            report.message, report.reference);
    end if;
    if kind <> '' and not exists (select from glas_data.category c where c.code = kind) then
        raise invalid_parameter_value using message = format(
            'there is no category "%s": select * from glas.categories lists them',
            glas_data.echo(split.category));
    end if;
    select count(distinct m.citizen), min(m.citizen) into people, fresh.citizen
      from glas_data.message m where m.id = any (split.texts);
    if people > 1 then
        raise invalid_parameter_value using message =
            'these texts are of more than one person: split each person''s away '
            'for itself';
    end if;
    select m.id, m.received_at, m.lang, m.channel, m.test
      into fresh.message, fresh.reported_at, fresh.lang, fresh.channel, fresh.test
      from glas_data.message m where m.id = any (split.texts)
     order by m.received_at, m.id limit 1;
    fresh.reference := glas_data.reference_nth(
        nextval('glas_data.reference_number'),
        glas_data.setting('reference_factor')::bigint);
    -- What it may be about is what the whole was.
    if report.category <> '' then
        fresh.first := report.category;
        fresh.second := '';
    end if;
    fresh.category := kind;
    -- Who wrote these may be who reported what is joined with it.
    fresh.police_guess := glas_data.case_about_police(report)
        and (report.police_guess or not glas_data.perhaps_police(report));
    if glas_data.is_barred(fresh, fresh.organisation) then
        fresh.organisation := glas_data.route(kind, fresh.first, fresh.second,
            fresh.municipality, fresh.lang, fresh.actor);
        if glas_data.refused_by(report.reference, fresh.organisation) is not null then
            fresh.organisation := null;
        end if;
    end if;
    insert into glas_data.report (reference, reported_at, message, citizen,
        category, first, second, actor, municipality, settlement, lang, channel,
        urgent, test, status, status_at, organisation, police_guess)
    values (fresh.reference, fresh.reported_at, fresh.message, fresh.citizen,
        kind, fresh.first, fresh.second, report.actor, report.municipality,
        report.settlement, fresh.lang, fresh.channel,
        -- The whole was found to be; who takes these texts out of it says what they are.
        exists (select from glas_data.category c where c.code = kind and c.urgent),
        fresh.test,
        'open', glas.now(), fresh.organisation, fresh.police_guess);
    -- Who has said no to the whole, or to what is joined with it, has to its parts. One by
    -- one: where there is none, an authority that splits its own has nothing to write.
    for refusal in
        select distinct on (f.organisation) f.*
          from glas_data.report r
          join glas_data.referral f using (reference)
         where (r.reference = report.reference or r.merged_into = report.reference)
           and r.citizen = fresh.citizen and f.state in ('refused', 'withdrawn')
           and not exists (select from glas_data.referral l
                            where l.reference = f.reference
                              and l.organisation = f.organisation
                              and l.state <> 'ended' and l.id > f.id)
         order by f.organisation, f.id desc
    loop
        insert into glas_data.referral (reference, organisation, note, asked_at, asked_by,
            asked, state, answer, answered_in, answered_at, recorded_by)
        values (fresh.reference, refusal.organisation, refusal.note, refusal.asked_at,
            refusal.asked_by, refusal.asked, refusal.state, refusal.answer,
            refusal.answered_in, refusal.answered_at, refusal.recorded_by);
    end loop;
    update glas_data.message m set reference = fresh.reference
     where m.id = any (split.texts);
    perform glas_data.record_change(fresh.reference, 'split', report.reference,
        fresh.reference, split.note);
    perform glas_data.record_change(report.reference, 'split', '',
        fresh.reference, split.note);
    -- Both must be of the kind: one may be what the other must not give away.
    if split.tell and glas_data.may_be_told(fresh)
       and glas_data.may_be_told(report) then
        perform glas_data.tell(fresh.citizen, 'SPLIT',
            jsonb_build_object('REF', fresh.reference), fresh.reference);
        perform glas_data.wake_gateways();
    end if;
    return query select * from glas.reports r where r.reference = fresh.reference;
end
$$;
comment on function glas.split(text, bigint[], text, text, boolean) is
    'Makes a report of its own of texts that were added to another; gives the
     new one. Its number is told to who wrote them, unless `tell` is false or it
     is about something that could endanger.
     Example: select * from glas.split(''100008'', array[17], ''another street'', ''ROAD'');';
