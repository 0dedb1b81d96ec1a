-- Who is not answered. Silenced: nothing but danger is answered, and it ends;
-- blocked: nothing at all is, whoever has the number next. What either writes is
-- stored, and read by people.

create or replace view glas.silenced with (security_barrier) as
select glas_data.pseudonym(c.id) as citizen,
       case when c.blocked then 'blocked' else 'silenced' end as state,
       c.silenced_at as since,
       case when c.silenced_until < 'infinity' then c.silenced_until end as until,
       c.silenced_why as reason,
       case when c.silenced_by = '' then 'the gateway' else c.silenced_by end as decided_by,
       (select count(*)::int from glas_data.message m
         where m.citizen = c.id and m.received_at >= c.silenced_at) as texts,
       c.last_at
  from glas_data.citizen c
 where c.silenced_at is not null and c.silenced_until > glas.now() and c.erased_at is null
   and (select glas_data.sees_all())
union all
select null, 'blocked', b.since, null, b.reason, b.blocked_by, 0, null
  from glas_data.block b
 where b.citizen is null and (select glas_data.sees_all())
 order by since desc;
comment on view glas.silenced is
    'Who is not answered, and why; what they write is in glas.inbox. A block whose
     number was erased has no citizen until the number writes again.
     Example: select * from glas.silenced;';
comment on column glas.silenced.citizen is 'Pseudonym.';
comment on column glas.silenced.state is
    'silenced: nothing but danger is answered; blocked: nothing is, and erasure does not help.';
comment on column glas.silenced.since is 'When it was decided.';
comment on column glas.silenced.until is 'When it ends by itself; empty: when somebody says so.';
comment on column glas.silenced.reason is 'Why.';
comment on column glas.silenced.decided_by is 'Who decided it: a database role, or the gateway.';
comment on column glas.silenced.texts is 'How many texts came since.';
comment on column glas.silenced.last_at is 'When the last text came.';

-- No setting of its own: then the planner takes it apart. Who calls it has pinned
-- the path.
create or replace function glas_data.silence_of(c glas_data.citizen) returns text
    language sql stable
    as $$ select case when c.blocked then 'blocked'
                      when c.silenced_until > glas.now() then 'silenced'
                      else '' end $$;
comment on function glas_data.silence_of(glas_data.citizen) is
    'silenced, blocked, or empty: somebody who is answered.';

-- One sentence for all reasons: which of them it is they have told others, or others
-- have decided.
create or replace function glas_data.not_now(p_citizen bigint) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    raise object_not_in_prerequisite_state using message = format(
        'nothing can be sent to %s for now: a coordinator of the network can say more, '
        'or try again in some days', glas_data.pseudonym(p_citizen));
end
$$;
comment on function glas_data.not_now(bigint) is
    'An error for who may not know why a person is not written to.';

-- Why they are is in glas.silenced, and not in the log of the server.
create or replace function glas_data.must_be_heard(p_citizen bigint) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    c glas_data.citizen;
    state text;
begin
    select * into c from glas_data.citizen where id = p_citizen;
    state := glas_data.silence_of(c);
    if state <> '' and not glas_data.sees_all() then
        perform glas_data.not_now(c.id);
    elsif state <> '' then
        raise object_not_in_prerequisite_state using message = format(
            '%s is %s and would not get it, see glas.silenced: a coordinator undoes that '
            'with select glas.%s(''%1$s'')', glas_data.pseudonym(c.id), state,
            case state when 'blocked' then 'unblock' else 'unsilence' end);
    end if;
end
$$;
comment on function glas_data.must_be_heard(bigint) is
    'An error that says what to do when a person is silenced or blocked.';

-- What is asked for statistics holds up nothing: whoever works on a case may ask in
-- its place.
-- Nor is a second one written while the first waits, for the morning or for a link: what
-- they were asked otherwise may have taken its place meanwhile.
create or replace function glas_data.asked_of(
    p_citizen glas_data.citizen, out dialog text, out until timestamptz)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if p_citizen.dialog <> '' and not starts_with(p_citizen.dialog, 'group')
            and p_citizen.dialog_until > glas.now() then
        dialog := p_citizen.dialog;
        until := p_citizen.dialog_until;
        return;
    end if;
    select q.dialog, q.until into dialog, until
      from glas_data.outbox o, glas_data.question_of(o.id, o.reference) q
     where o.citizen = p_citizen.id and o.kind = 'reply'
       and (o.state in ('held', 'waiting') or o.state = 'queued' and o.due_at > glas.now())
       and q.open and not glas_data.is_settled(q.dialog)
     order by o.id limit 1;
end
$$;
comment on function glas_data.asked_of(glas_data.citizen) is
    'What a person has before them that is to be answered first, or what waits to be asked,
     as a dialog; null: nothing.';

-- Till it goes, at nine in the morning perhaps, what they write is no answer to it. What
-- people may have read before a database forgot it does not wait.
create or replace function glas_data.is_unread(p_citizen bigint, p_dialog text)
    returns boolean
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    invited int := (regexp_match(p_dialog, '^attend (\d{1,9}) 0$'))[1];
begin
    -- What glasd asks by itself goes out at once.
    if invited is null and p_dialog !~ '^(step|solved|question) ' then
        return false;
    end if;
    return exists (
        select from glas_data.outbox o
         where o.citizen = p_citizen and o.kind in ('reply', 'event')
           and o.state in ('queued', 'held', 'waiting') and o.reason <> 'rewound database'
           and (exists (select from glas_data.question_of(o.id, o.reference) q
                         where q.dialog = p_dialog)
                or exists (select from glas_data.invitation i
                            where i.event = invited and i.citizen = p_citizen
                              and i.outbox = o.id)));
end
$$;
comment on function glas_data.is_unread(bigint, text) is
    'Whether the open question of this dialog of a person waits in the outbox.';

create or replace function glas_data.is_settled(p_dialog text) returns boolean
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    about  text := substring(p_dialog from '^step ([0-9]+/r?[0-9]+) ');
    number text := split_part(about, '/', 2);
begin
    if starts_with(number, 'r') then
        return exists (select from glas_data.referral f
                        where f.id = substr(number, 2)::bigint and f.state <> 'asked');
    end if;
    return exists (select from glas_data.consent k
                     join glas_data.consent l on l.reference = k.reference
                      and l.step = k.step and l.id > k.id and l.agreed is not null
                    where k.reference = split_part(about, '/', 1) and k.id = number::bigint);
end
$$;
comment on function glas_data.is_settled(text) is
    'Whether somebody has written down what was said to the question of a step or referral
     that is open by text.';

create or replace function glas_data.must_not_be_asked(
    p_citizen glas_data.citizen, p_reference text) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    asked record;
    about text;
begin
    select * into asked from glas_data.asked_of(p_citizen);
    about := split_part(split_part(asked.dialog, ' ', 2), '/', 1);
    if asked.dialog is null then
        return;
    elsif not glas_data.sees_all() and not exists (
            select from glas_data.seen_report r where r.reference = about) then
        perform glas_data.not_now(p_citizen.id);
    end if;
    raise object_not_in_prerequisite_state using message = format(
        'they are being asked %s until %s: one question at a time',
        case when about = p_reference then 'about this very report'
             else 'something else' end,
        to_char(asked.until at time zone 'Europe/Belgrade', 'DD.MM. HH24:MI'));
end
$$;
comment on function glas_data.must_not_be_asked(glas_data.citizen, text) is
    'An error where a person has a question before them; until when is said to who sees
     what it is about.';

-- Of all that a person reported: it is one telephone. What was answered last holds,
-- whatever was asked last.
create or replace function glas_data.said_unsafe(
    p_citizen bigint, p_since_too boolean) returns timestamptz
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select k.answered_at
      from (select c.* from glas_data.consent c
              join glas_data.report r on r.reference = c.reference
             where r.citizen = p_citizen and c.step = 'safe' and c.agreed is not null
             order by c.answered_at desc, c.id desc limit 1) k
     where not k.agreed
       and (p_since_too or not exists (
               select from glas_data.message m
                where m.citizen = p_citizen and m.received_at > k.answered_at
                  -- Who rings wants to be rung.
                  and m.channel <> 'call' and m.id is distinct from k.message))
    $$;
comment on function glas_data.said_unsafe(bigint, boolean) is
    'When a person said that it is not safe to write to them; null where they have
     not, have said otherwise since, or, without the second word, have written since;
     a call is no text.';

create or replace function glas_data.knows_unsafe(p_citizen bigint) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.sees_all()
        or exists (select from glas_data.seen_report r
                     join glas_data.consent k on k.reference = r.reference
                    where r.citizen = p_citizen and k.step = 'safe' and not k.agreed
                      and k.answered_at = glas_data.said_unsafe(p_citizen, true))
    $$;
comment on function glas_data.knows_unsafe(bigint) is
    'Whether who is asking sees where a person said that it is not safe to write.';

create or replace function glas_data.is_delicate(p_report glas_data.report)
    returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.about_police(p_report.category, p_report.first, p_report.second,
               p_report.actor)
        or exists (select from glas_data.category c
                    where c.code = coalesce(nullif(p_report.category, ''), p_report.first)
                      and not c.named_in_reply)
    $$;
comment on function glas_data.is_delicate(glas_data.report) is
    'Whether a report is about the police, or of a kind that no reply names: a question
     who else may see it needs a yes to being written to.';

-- Nobody writes to whom it is not safe, but to answer what they have written since.
-- Where the subject is delicate, what would tell it to others waits for a yes.
create or replace function glas_data.must_be_safe(
    p_report glas_data.report, p_delicate boolean) returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    said timestamptz := glas_data.said_unsafe(p_report.citizen, p_delicate);
begin
    -- Nobody is, who is nobody any more: what follows says so.
    if (select c.erased_at from glas_data.citizen c where c.id = p_report.citizen) is not null then
        return;
    elsif said is not null and not glas_data.knows_unsafe(p_report.citizen) then
        perform glas_data.not_now(p_report.citizen);
    elsif said is not null then
        raise object_not_in_prerequisite_state using message = format(
            'report %s: on %s they said that it is not safe to write to them: nothing is '
            'sent; when they tell otherwise, select glas.record_step(''%1$s'', ''safe'', '
            '''where'', asked => ''what they were asked'', answer => ''what they said'')',
            p_report.reference,
            to_char(said at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'));
    elsif p_delicate and glas_data.is_delicate(p_report)
          and not exists (select from glas_data.case_step s
                           where s.reference = p_report.reference and s.step = 'safe') then
        raise object_not_in_prerequisite_state using message = format(
            'report %s is delicate: ask first whether it is safe to write: select '
            'glas.ask_step(''%1$s'')', p_report.reference);
    end if;
end
$$;
comment on function glas_data.must_be_safe(glas_data.report, boolean) is
    'An error where who reported said that it is not safe to write; with true also
     where that was not asked and the subject is delicate. None where they had their
     number erased: nothing can be sent.';

create or replace function glas_data.silence(
    p_citizen bigint, p_reason text, p_block boolean) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    why text := glas_data.clean(glas_data.note_at_most('the reason', p_reason, 200));
begin
    perform glas_data.must_not_be_of_authority();
    if why = '' then
        raise invalid_parameter_value using message =
            'the reason is empty: write why, for whoever sees it next';
    end if;
    -- A text that is being answered right now is looked at again.
    update glas_data.citizen
       set silenced_at = glas.now(), silenced_until = 'infinity',
           silenced_by = session_user, silenced_why = why,
           blocked = blocked or p_block, vouched = false, version = version + 1
     where id = p_citizen;
    update glas_data.block b
       set reason = why, blocked_by = session_user
     where b.citizen = p_citizen;
    perform glas_data.wake_gateways();
end
$$;
comment on function glas_data.silence(bigint, text, boolean) is
    'Does what glas.silence() and glas.block() say.';

create or replace function glas_data.hear(p_called text, p_state text) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen := glas_data.person_called(p_called);
    called text := glas_data.pseudonym(person.id);
    state text := glas_data.silence_of(person);
begin
    perform glas_data.must_not_be_of_authority();
    if state = 'blocked' and p_state <> state then
        raise invalid_parameter_value using message = format(
            '%s is blocked: select glas.unblock(''%1$s'')', called);
    elsif p_state <> state then
        raise no_data_found using message = format(
            '%s is not %s: glas.silenced has who is', called, p_state);
    end if;
    update glas_data.citizen
       set silenced_at = null, silenced_until = null, silenced_by = '',
           silenced_why = '', blocked = false, vouched = true,
           machine_texts = 0, version = version + 1
     where id = person.id;
    delete from glas_data.block b where b.citizen = person.id;
    perform glas_data.wake_gateways();
    return called;
end
$$;
comment on function glas_data.hear(text, text) is
    'Does what glas.unsilence() and glas.unblock() say, for who is in that state;
     gives their pseudonym.';

create or replace function glas.silence(citizen text, reason text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen := glas_data.person_called(silence.citizen);
    called text := glas_data.pseudonym(person.id);
begin
    if person.blocked then
        raise invalid_parameter_value using message = format(
            '%s is blocked, which is more: select glas.unblock(''%1$s'') first', called);
    end if;
    perform glas_data.silence(person.id, silence.reason, false);
    return glas_data.sentence(format('%s is not answered from now on, but when they may be in '
        'danger; select glas.unsilence(''%1$s'') undoes it.', called));
end
$$;
comment on function glas.silence(text, text) is
    'Ends all answers to somebody, and what is written to them; danger is
     answered once an hour at most, with a report. Their texts are stored.
     Example: select glas.silence(''baba-beba'', ''an answering machine'');';

create or replace function glas.unsilence(citizen text) returns text
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select format('%s is answered again, and not silenced again by the gateway.',
                  glas_data.hear(unsilence.citizen, 'silenced'))
    $$;
comment on function glas.unsilence(text) is
    'Answers somebody again; the gateway takes them for a person from now on.
     Example: select glas.unsilence(''baba-beba'');';

create or replace function glas.block(citizen text, reason text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen := glas_data.person_called(block.citizen);
begin
    perform glas_data.silence(person.id, block.reason, true);
    return glas_data.sentence(format('%s is blocked: nothing is answered, not even danger, also '
        'when they come back as somebody new; select glas.unblock(''%1$s'') '
        'undoes it.', glas_data.pseudonym(person.id)));
end
$$;
comment on function glas.block(text, text) is
    'Blocks a number: nothing that it sends is answered, not even danger, also
     after an erasure and a rotation of keys. Its texts are stored. For those who
     burn credit on purpose; glas.silence() is for all others.
     Example: select glas.block(''baba-beba'', ''burns our credit with false alarms'');';

create or replace function glas.unblock(citizen text) returns text
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select format('%s is answered again.', glas_data.hear(unblock.citizen, 'blocked'))
    $$;
comment on function glas.unblock(text) is
    'Answers a number again that was blocked.
     Example: select glas.unblock(''baba-beba'');';
