-- Missed calls: who is to be called back; and what networks answered to codes.

-- All calls until somebody calls back are one entry: whoever rings a hundred
-- times is there once, as often as they like.
create or replace function glas_data.put_callback(
    p_citizen bigint, p_message bigint) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.callback as c
        (citizen, gateway, link, first_at, last_at)
    select p_citizen, m.gateway, m.link, m.received_at, m.received_at
      from glas_data.message m where m.id = p_message
    on conflict (citizen) where state = 'waiting' do update
        set gateway = excluded.gateway, link = excluded.link,
            first_at = least(c.first_at, excluded.first_at),
            last_at = greatest(c.last_at, excluded.last_at),
            times = c.times + 1
    $$;
comment on function glas_data.put_callback(bigint, bigint) is
    'Somebody called: they are called back, or called once more before they were.';

-- Whom others care for, and what was told them on the phone, is theirs.
create or replace view glas.callbacks with (security_barrier) as
select c.id, glas_data.pseudonym(c.citizen) as citizen, p.lang, c.first_at,
       c.last_at, c.times, c.state, c.gateway, c.link, c.called_at, c.called_by,
       case when (select glas_data.sees_all())
              or c.organisation = (select glas_data.own_organisation())
            then c.note else '' end as note
  from glas_data.callback c
  join glas_data.citizen p on p.id = c.citizen
 where c.state <> 'erased'
   and (c.state <> 'waiting' or coalesce(p.silenced_until <= glas.now(), true))
   and not (select glas_data.is_authority())
   and ((select glas_data.sees_all())
        or c.organisation = (select glas_data.own_organisation())
        or exists (select from glas_data.seen_report r where r.citizen = c.citizen)
        or c.state = 'waiting' and not exists (
               select from glas_data.report r
                where r.citizen = c.citizen
                  and r.organisation <> (select glas_data.own_organisation())))
 order by c.state <> 'waiting', c.last_at desc;
comment on view glas.callbacks is
    'Who called and is to be called back, and who was; those that wait first.
     Whoever is silenced or blocked does not wait. A case worker sees who has a report
     that they may see, who waits and has none of another organisation, and whom
     somebody of their own called back.
     Example: select id, citizen, lang, last_at, times from glas.callbacks
     where state = ''waiting'';';
comment on column glas.callbacks.id is 'Number, for glas.called_back().';
comment on column glas.callbacks.citizen is
    'Pseudonym. glas.text_back() writes to them; who has a report: glas.reveal_request().';
comment on column glas.callbacks.lang is 'Language that they wrote in last; und: never wrote.';
comment on column glas.callbacks.first_at is 'When they called first.';
comment on column glas.callbacks.last_at is 'When they called last.';
comment on column glas.callbacks.times is 'How often they called before somebody called back.';
comment on column glas.callbacks.state is 'waiting: nobody has called back; called: somebody has.';
comment on column glas.callbacks.gateway is 'Which daemon noted the last call.';
comment on column glas.callbacks.link is 'By which link it came.';
comment on column glas.callbacks.called_at is 'When it was said that somebody called back.';
comment on column glas.callbacks.called_by is 'Who said it.';
comment on column glas.callbacks.note is
    'What came of it: for the organisation that called back, and coordinators.';

create or replace function glas.called_back(id bigint, note text default '')
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    said text := glas_data.clean(glas_data.note_at_most('the note', called_back.note, 500));
    row  glas_data.callback;
begin
    perform glas_data.must_not_be_of_authority();
    select * into row from glas_data.callback c where c.id = called_back.id
       for update;
    if row.id is null or not exists (select from glas.callbacks v where v.id = row.id) then
        raise no_data_found using message = format(
            'there is no call %s: select * from glas.callbacks has them',
            coalesce(glas_data.echo(called_back.id::text), 'without a number'));
    elsif row.state = 'called' then
        raise object_not_in_prerequisite_state using message = format(
            '%s was called back at %s by %s: a new call is a new row of '
            'glas.callbacks', glas_data.pseudonym(row.citizen),
            to_char(row.called_at, 'YYYY-MM-DD HH24:MI'), row.called_by);
    end if;
    update glas_data.callback c
       set state = 'called', called_at = glas.now(), called_by = session_user,
           organisation = glas_data.own_organisation(), note = said
     where c.id = row.id;
    return format('%s was called back.', glas_data.pseudonym(row.citizen));
end
$$;
comment on function glas.called_back(bigint, text) is
    'Says that somebody was called back, and what came of it. When they call again
     they wait again.
     Example: select glas.called_back(7, ''wants to come on Monday'');';

-- They stay in the queue: whoever wrote says when it is done.
create or replace function glas.text_back(id bigint, text text) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    person glas_data.citizen;
    turn   timestamptz := glas_data.polite_time(glas.now());
    unsafe timestamptz;
    sent   bigint;
begin
    perform glas_data.must_not_be_of_authority();
    -- Who calls again is held before their call.
    perform glas_data.hold_persons(array(
        select c.citizen from glas_data.callback c
         where c.id = text_back.id and exists (select from glas.callbacks v where v.id = c.id)));
    select p.* into person from glas_data.callback c
      join glas_data.citizen p on p.id = c.citizen
     where c.id = text_back.id and c.state = 'waiting'
       and exists (select from glas.callbacks v where v.id = c.id)
       for update of c;
    if person.id is null then
        raise no_data_found using message = format(
            'no call %s waits: select * from glas.callbacks where state = '
            '''waiting'' has those that do',
            coalesce(glas_data.echo(text_back.id::text), 'without a number'));
    end if;
    perform glas_data.must_be_heard(person.id);
    unsafe := glas_data.said_unsafe(person.id, false);
    if unsafe is not null and not glas_data.knows_unsafe(person.id) then
        perform glas_data.not_now(person.id);
    elsif unsafe is not null then
        raise object_not_in_prerequisite_state using message = format(
            '%s said on %s that it is not safe to write to them: nothing is sent; call '
            'them, see glas.reveal_request(), and then select glas.called_back(%s, '
            '''what they said'')',
            glas_data.pseudonym(person.id),
            to_char(unsafe at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'), text_back.id);
    end if;
    if exists (select from glas_data.outbox o
                where o.citizen = person.id and o.kind = 'reply'
                  and o.created_at > glas.now() - interval '1 hour') then
        raise object_not_in_prerequisite_state using message = format(
            '%s was written to within the hour: wait for what they say',
            glas_data.pseudonym(person.id));
    end if;
    sent := glas_data.queue(person.id, 'reply', 2,
        glas_data.outgoing(text_back.text, person.cyrillic,
            glas_data.setting('reply_segments')::int),
        null, null, turn);
    perform glas_data.wake_gateways();
    return sent;
end
$$;
comment on function glas.text_back(bigint, text) is
    'Writes to who called, once an hour at most; returns the id in glas.outbox. They
     wait until glas.called_back(). Between 20:00 and 9:00 it goes at 9:00.
     Example: select glas.text_back(7, ''Zvali ste. Pisite, ili zovite 017 555 000.'');';

create or replace function glas_gw.ussd_put(
    p_gateway text, p_link text, p_at timestamptz, p_code text, p_outcome text,
    p_text text) returns void
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.ussd_result (at, gateway, link, code, outcome, text)
    values (p_at, p_gateway, p_link, p_code, p_outcome, p_text)
    $$;
comment on function glas_gw.ussd_put(text, text, timestamptz, text, text, text) is
    'What a network answered to a code that glasctl had dialled.';

create or replace view glas.ussd_results with (security_barrier) as
select r.at, r.gateway, r.link, r.code, r.outcome, r.text
  from glas_data.ussd_result r
 order by r.at desc, r.id desc;
comment on view glas.ussd_results is
    'What networks answered to codes dialled with glasctl ussd; that to the code of
     the credit is in glas.credit.
     Example: select at, link, code, outcome, text from glas.ussd_results limit 5;';
comment on column glas.ussd_results.at is 'When the answer came.';
comment on column glas.ussd_results.gateway is 'Which daemon had it dialled.';
comment on column glas.ussd_results.link is 'By which link.';
comment on column glas.ussd_results.code is 'The code.';
comment on column glas.ussd_results.outcome is
    'answered; menu: the network wanted a choice, the session was closed; or why there is no text.';
comment on column glas.ussd_results.text is 'The answer; what may be a number is covered.';
