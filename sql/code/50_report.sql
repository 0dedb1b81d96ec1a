-- What people do with a report. Each function checks, changes, writes history
-- and tells the gateways; an error says what to do instead.

create or replace function glas.preview(sentence text, cyrillic boolean default false)
    returns table (encoding text, segments int, units int, text text, costly text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select size.encoding, size.segments, size.units, sent, (
            select coalesce(string_agg(costly.c, '' order by costly.n), '')
              from (select s.c, min(s.n) as n
                      from regexp_split_to_table(
                               case when preview.cyrillic then sent
                                    else preview.sentence end, '')
                           with ordinality s (c, n)
                     where strpos(glas_data.gsm7_basic() || case size.encoding
                                      when 'UCS2' then glas_data.gsm7_extension()
                                      else '' end, s.c) = 0
                     group by s.c) costly)
      from glas_data.sms_text(glas_data.at_most('the text', preview.sentence, 2000),
               preview.cyrillic) sent,
           glas_data.sms_size(sent) size
    $$;
comment on function glas.preview(text, boolean) is
    'What a reply would cost and look like. `costly`: letters that are not in
     the cheap alphabet; they are replaced, or, for a person who asked for
     Cyrillic, they double the price. A sign of it that counts twice, such as €
     and [, is one of them, too.
     Example: select * from glas.preview(''Dobar dan, vaša prijava je primljena.'');';

create or replace function glas_data.others_wait(p_report glas_data.report) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select format('%s reported the same: glas.reply_all(''%s'', ''...'') tells all of them',
               case w.others when 1 then 'one other' else w.others || ' others' end,
               p_report.reference)
      from (select count(distinct r.citizen) as others from glas_data.report r
              join glas_data.citizen c on c.id = r.citizen
             where r.merged_into = p_report.reference and r.citizen <> p_report.citizen
               and c.erased_at is null) w
     where w.others > 0 and (glas_data.sees_all()
           or p_report.organisation = glas_data.own_organisation())
    $$;
comment on function glas_data.others_wait(glas_data.report) is
    'Who reported the same and can be told, in words, for who may tell them; else null.';

create or replace function glas.reply(reference text, text text) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.report_of(reply.reference);
    said   text;
    outbox bigint;
    others text := glas_data.others_wait(report);
    before glas_data.outbox;
begin
    perform glas_data.must_be_heard(report.citizen);
    perform glas_data.must_be_safe(report, false);
    select glas_data.outgoing(reply.text, c.cyrillic,
               glas_data.setting('reply_segments')::int)
      into strict said from glas_data.citizen c where c.id = report.citizen;
    select * into before from glas_data.outbox o
     where o.reference = report.reference::text and o.kind = 'reply' and o.text = said
       and o.citizen = report.citizen
       and o.created_at > glas.now() - interval '10 minutes'
       and o.state not in ('failed', 'undelivered', 'expired', 'cancelled', 'suppressed',
           'unknown')
       -- Who asks again may get the same answer.
       and not exists (select from glas_data.message m
                        where m.citizen = o.citizen and m.received_at > o.created_at)
     order by o.id desc limit 1;
    -- Beside a function that gives rows, PostgreSQL calls this one once more after
    -- the last of them: select glas.reply(...), glas.set_status(...).
    if before.created_by = session_user and before.created_at = glas.now() then
        return before.id;
    elsif before.id is not null then
        raise unique_violation using message = format(
            'these words were written to them at %s, as text %s: to send them once more '
            'all the same, change a word',
            to_char(before.created_at at time zone 'Europe/Belgrade', 'HH24:MI'),
            before.id);
    end if;
    outbox := glas_data.queue(report.citizen, 'reply', 2, said, report.message,
        report.reference);
    if outbox is null then
        raise no_data_found using message = format(
            'who reported %s had their number erased: %s', report.reference,
            coalesce(glas_data.others_wait(report), 'nobody can be told any more'));
    end if;
    update glas_data.report r
       set answered_at = coalesce(r.answered_at, glas.now())
     where r.reference = report.reference;
    perform glas_data.record_change(report.reference, 'reply', '', outbox::text, '');
    perform glas_data.wake_gateways();
    if others is not null then
        raise notice '%', 'this goes to one person; ' || others;
    end if;
    return outbox;
end
$$;
comment on function glas.reply(text, text) is
    'Answers a citizen; returns the id in glas.outbox. The status stays as it is. The
     same words twice in one statement are one text, and within ten minutes an error, unless
     they have written since or it is not known whether it was sent. Who reported a duplicate is told by
     glas.reply_all().
     Example: select glas.reply(''100008'', ''Sutra dolazi majstor.'');';

create or replace function glas.set_status(
    reference text, status text, note text default '')
    returns setof glas.reports
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report  glas_data.report := glas_data.held_case(set_status.reference);
    wanted  text := lower(btrim(set_status.status));
    allowed text;
begin
    -- Who reported it has opened it again, and somebody was woken: this takes it.
    if wanted = 'open' and report.status = 'open'
       and glas_data.duty_taken(report.reference, session_user,
               coalesce(glas_data.note_at_most('the note', set_status.note, 1000), '')) then
        return query select * from glas.reports r where r.reference = report.reference;
        return;
    end if;
    select string_agg(now_is, ', ' order by now_is) into allowed
      from glas_data.report_move where was = report.status and now_is <> 'duplicate';
    if wanted = 'duplicate' then
        raise invalid_parameter_value using message = format(
            'who reported %s hears how the one stands that it is a duplicate of: say '
            'which: select * from glas.merge(''%1$s'', ''100008'', ''why'')',
            report.reference);
    elsif not exists (select from glas_data.report_move
                    where was = report.status and now_is = wanted) then
        raise invalid_parameter_value using message = format(
            'report %s is %s and cannot become "%s": allowed are %s',
            report.reference, report.status, glas_data.echo(wanted),
            allowed);
    end if;
    perform glas_data.must_say_why(report, wanted, set_status.note);
    perform glas_data.take_texts_along(report, false);
    update glas_data.report r
       set status = wanted, status_at = glas.now(), merged_into = null,
           answered_at = case when wanted = 'answered'
               then coalesce(r.answered_at, glas.now()) else r.answered_at end
     where r.reference = report.reference;
    perform glas_data.record_change(report.reference, 'status', report.status,
        wanted, set_status.note);
    return query select * from glas.reports r where r.reference = report.reference;
end
$$;
comment on function glas.set_status(text, text, text) is
    'Moves a report on: new, open, referred, answered, closed; or withdrawn,
     not_for_us; open again at any time. The last three need a note that says
     why. An urgent one that is open, and that nobody on duty has taken, open takes.
     glas.merge() makes it a duplicate of another.
     Example: select * from glas.set_status(''100008'', ''referred'', ''to the town hall'');';

create or replace function glas.assign(reference text, organisation text)
    returns setof glas.reports
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_report(assign.reference);
    wanted text := nullif(btrim(glas_data.at_most('the organisation',
                              assign.organisation, 200)), '');
begin
    if assign.organisation is null then
        raise invalid_parameter_value using message = format(
            'say who takes report %s: select * from glas.organisations lists them; select '
            '* from glas.assign(''%1$s'', '''') gives it back to the network',
            report.reference);
    end if;
    wanted := coalesce(glas_data.organisation_like(wanted), wanted);
    if wanted is not null and not exists (
            select from glas_data.person where organisation = wanted) then
        raise invalid_parameter_value using message = format(
            'nobody of "%s" would see it; people are here of: %s',
            glas_data.echo(wanted),
            coalesce((select string_agg(distinct organisation, ', ')
                        from glas_data.person), 'none'));
    elsif wanted <> report.organisation and not glas_data.sees_all()
          and not exists (select from glas_data.referral f
                           where f.reference = report.reference
                             and f.organisation = wanted and f.state = 'granted') then
        raise insufficient_privilege using message = format(
            'who reported %s has not agreed that %s sees it: ask them with select * '
            'from glas.refer(''%1$s'', ''%2$s'', ''why''), or give it back to the '
            'network: select * from glas.assign(''%1$s'', '''')', report.reference, wanted);
    elsif wanted <> report.organisation and not glas_data.sees_all() then
        perform glas_data.must_agree_all(report, report.reference, wanted);
    end if;
    update glas_data.report r
       set organisation = wanted where r.reference = report.reference;
    perform glas_data.record_change(report.reference, 'organisation',
        report.organisation, wanted, '');
    -- Who gives a report away may not see it afterwards: no row then.
    return query select * from glas.reports r where r.reference = report.reference;
end
$$;
comment on function glas.assign(text, text) is
    'Gives a report to a member organisation, whose case workers then see it;
     an empty name gives it back to the network, for a coordinator to assign. A case
     worker gives it only to an organisation that may see it by glas.refer().
     Example: select * from glas.assign(''100008'', ''Odbor Vranje'');';

-- A place in words, as in the gazetteer: "Vranje" or "Vranje/Tibužde".
create or replace function glas_data.place_text(p_municipality text, p_settlement text)
    returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $$
    select concat_ws('/', nullif(p_municipality, ''), nullif(p_settlement, ''))
    $$;
comment on function glas_data.place_text(text, text) is
    'Municipality or Municipality/Settlement; empty for no place.';

create or replace function glas_data.place_of(p_words text)
    returns glas_data.place
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    wanted text := glas_data.fold(btrim(split_part(p_words, '/', 1)));
    inside text := glas_data.fold(btrim(split_part(p_words, '/', 2)));
    -- Of a word that is not there, what begins like it may be meant.
    start  text := left(coalesce(nullif(inside, ''), wanted), 5);
    found  glas_data.place;
begin
    select * into found from glas_data.place p
     where glas_data.fold(p.municipality) = wanted
       and glas_data.fold(p.settlement) = inside limit 1;
    if found.municipality is null then
        raise invalid_parameter_value using message = format(
            'there is no place "%s" in the gazetteer%s: write Municipality or '
            'Municipality/Settlement', glas_data.echo(p_words),
            coalesce((select ', but ' || string_agg(n.name, ', ')
                        from (select glas_data.place_text(p.municipality, p.settlement) as name
                                from glas_data.place p,
                                     glas_data.fold(coalesce(nullif(p.settlement, ''),
                                                             p.municipality)) word,
                                     lateral (select length(start) > 2 and strpos(
                                         ' ' || word, ' ' || start) > 0) l (alike)
                               where l.alike or glas_data.fold(p.municipality) = wanted
                               order by word = coalesce(nullif(inside, ''), wanted) desc,
                                     l.alike desc, p.settlement <> '', name limit 5) n), ''));
    end if;
    return found;
end
$$;
comment on function glas_data.place_of(text) is
    'The row of a place, with or without the marks of its letters, in either script;
     an error with what is like it when there is none.';

-- Limits, routes, and who must not see a case go by it: a word that means nothing to
-- them would be one that nobody misses.
create or replace function glas_data.actor_of(p_word text) returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    wanted text := upper(btrim(p_word));
    known  text[];
begin
    if wanted = '' then
        return wanted;
    end if;
    select array_agg(distinct a.code order by a.code) into known
      from (select unnest(array['BORDER', 'GENDARMERIE', 'POLICE']) as code
            union select k.code from glas_data.keyword k where k.kind = 'actor'
            union select jsonb_object_keys(c.by_actor) from glas_data.category c
                   where jsonb_typeof(c.by_actor) = 'object'
            union select unnest(d.actors) from glas_data.deadline d) a;
    if wanted <> all (known) then
        raise invalid_parameter_value using message = format(
            'there is no actor "%s": known are %s; leave it empty for anybody else',
            glas_data.echo(p_word), array_to_string(known, ', '));
    end if;
    return wanted;
end
$$;
comment on function glas_data.actor_of(text) is
    'Who a report is about, as the content and the deadlines call them; an error with
     what is known when it is another word.';

create or replace function glas.classify(
    reference text, category text default null, place text default null,
    actor text default null, urgent boolean default null, note text default '')
    returns setof glas.reports
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_case(classify.reference);
    wanted text := upper(btrim(classify.category));
    spot   glas_data.place;
    done   glas_data.report := report;
begin
    if coalesce(classify.category, classify.place, classify.actor,
            classify.urgent::text) is null then
        raise invalid_parameter_value using message =
            'say what is to be changed: glas.classify(reference, category => '
            '..., place => ..., actor => ..., urgent => ...)';
    end if;
    if wanted <> '' and not exists (select from glas_data.category c where c.code = wanted) then
        raise invalid_parameter_value using message = format(
            'there is no category "%s": select * from glas.categories lists them',
            glas_data.echo(classify.category));
    end if;
    if btrim(classify.place) <> '' then
        spot := glas_data.place_of(classify.place);
    end if;
    done.category := coalesce(wanted, report.category);
    done.actor := coalesce(glas_data.actor_of(classify.actor), report.actor);
    done.urgent := coalesce(classify.urgent, report.urgent);
    -- A person has decided.
    done.police_guess := report.police_guess
        and coalesce(classify.category, classify.actor) is null;
    if classify.place is not null then
        done.municipality := coalesce(spot.municipality, '');
        done.settlement := coalesce(spot.settlement, '');
    end if;
    update glas_data.report r
       set category = done.category, actor = done.actor, urgent = done.urgent,
           municipality = done.municipality, settlement = done.settlement,
           police_guess = done.police_guess
     where r.reference = report.reference;
    perform glas_data.record_change(report.reference, c.what, c.was, c.now_is,
            classify.note)
       from (values
            ('category', report.category, done.category),
            ('actor', report.actor, done.actor),
            ('urgent', report.urgent::text, done.urgent::text),
            ('police_guess', report.police_guess::text, done.police_guess::text),
            ('place', glas_data.place_text(report.municipality, report.settlement),
                      glas_data.place_text(done.municipality, done.settlement))
            ) c (what, was, now_is)
      where c.was <> c.now_is;
    -- Who says why all is right as it stands has said something, too.
    if not found and btrim(classify.note) <> '' then
        perform glas_data.record_change(report.reference, 'note', '', '', classify.note);
    end if;
    perform glas_data.reroute(report.reference);
    perform glas_data.take_from_police(report.reference, 'it is about the police');
    return query select * from glas.reports r where r.reference = report.reference;
end
$$;
comment on function glas.classify(text, text, text, text, boolean, text) is
    'Says what a report is about and where, when the machine was wrong or not
     sure. What is left out stays; an empty text takes it away.
     Example: select * from glas.classify(''100008'', ''LIGHT'', ''Vranje'');';

create or replace function glas.explain(id bigint) returns setof text
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    m glas_data.message;
    o glas_data.outbox;
    answered boolean := false;
begin
    select t.* into m
      from glas_data.message t
     where t.id = explain.id
       and (glas_data.sees_all()
            or exists (select from glas_data.seen_report r
                        where r.reference = t.reference));
    if m.id is null then
        raise no_data_found using message = format(
            'there is no text %s among those that you may see: look for its '
            'id in glas.inbox', coalesce(glas_data.echo(explain.id::text),
                                         'without a number'));
    end if;
    return query select * from glas_data.page_lines('Text ', format(
        '%s of %s came %s by %s (link %s), %s.', m.id,
        glas_data.pseudonym(m.citizen),
        to_char(m.received_at, 'YYYY-MM-DD HH24:MI:SS'), m.channel, m.link,
        case m.segments when 1 then '1 segment' else m.segments || ' segments' end));
    return query select line from regexp_split_to_table(
        (select b.trace from glas_data.body b
          where b.message = m.id and b.received_at = m.received_at), e'\n') line
        where line <> '';
    return next format('Understood as %s%s in %s, %s per cent sure.', m.intent,
        case when m.code = '' then '' else ' ' || m.code end, m.lang, m.confidence);
    if m.reference is not null then
        return next format('It belongs to report %s.', m.reference);
    end if;
    return query select format('Done: %s.', line)
        from regexp_split_to_table(m.done, e'\n') line where line <> '';
    if m.test then
        return next 'It is a trial: it counts nowhere.';
    end if;
    if m.note <> '' then
        return next format('Odd about it: %s.', m.note);
    end if;
    for o in select * from glas_data.outbox b
              where b.citizen = m.citizen and b.message = m.id order by b.id
    loop
        answered := true;
        return query select * from glas_data.page_lines('Answered by ', format(
            '%s (%s, %s %s, %s%s): %s', o.id, o.kind,
            o.segments, o.encoding, o.state,
            case when o.reason = '' then '' else ': ' || o.reason end, o.text));
    end loop;
    if not answered then
        return next format('Nothing was answered: %s.',
            coalesce(nullif(m.silent, ''), 'no reason is known'));
    end if;
end
$$;
comment on function glas.explain(bigint) is
    'How a text was understood, what it did, and what was answered.
     Example: select glas.explain(max(id)) from glas.inbox;';
