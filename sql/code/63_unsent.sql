-- What waits in the outbox, for the morning, for a cap or for a gateway, is looked at
-- again when that changes which let it go there: somebody leaves a list, says that it
-- is not safe to write to them, what they reported is something else, or what they are
-- asked was answered on the phone.

create or replace function glas_data.unsent_barrier(o glas_data.outbox) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select case o.kind
        when 'broadcast' then coalesce((
            select h.barrier
              from glas_data.broadcast_person p,
                   lateral glas_data.broadcast_reach(p.broadcast) h
             where p.outbox = o.id and h.citizen = o.citizen), '')
        when 'event' then case
            when glas_data.said_unsafe(o.citizen, true) is not null
                then 'said that it is not safe to write'
            when exists (
                select from glas_data.invitation i
                  join glas_data.event e on e.number = i.event
                 where i.citizen = o.citizen and i.outbox = o.id
                   and not exists (select from glas_data.subscription s
                                    where s.citizen = o.citizen and s.list = e.municipality))
                then 'has left the list'
            else '' end
        when 'reply' then case
            -- What somebody wrote may answer what they have asked since.
            when glas_data.said_unsafe(o.citizen, o.priority > 2) is not null
                then 'said that it is not safe to write'
            when exists (
                select from glas_data.consent k
                 where k.reference = o.reference and k.outbox = o.id
                   and (k.agreed is not null or exists (
                        select from glas_data.consent l
                         where l.reference = k.reference and l.step = k.step
                           and l.id > k.id and l.agreed is not null)))
              or exists (
                select from glas_data.referral f
                 where f.reference = o.reference and f.outbox = o.id and f.state <> 'asked')
                then 'was answered otherwise'
            -- A question of ours names nothing, but whoever else may see it.
            when o.reference is not null and exists (
                select from glas_data.report r
                 where r.reference = o.reference
                   and not exists (select from glas_data.case_step s
                                    where s.reference = r.reference and s.step = 'safe')
                   and case when exists (select from glas_data.referral f
                                          where f.reference = r.reference
                                            and f.outbox = o.id)
                       then glas_data.is_delicate(r)
                       else o.priority > 2 and not glas_data.may_be_told(r)
                            and not exists (select from glas_data.consent k
                                             where k.reference = r.reference
                                               and k.outbox = o.id) end)
              -- Whether it is solved is asked of what it is joined with.
              or exists (
                select from glas_data.solved s
                  join glas_data.report d on d.reference = s.reference
                  join glas_data.report k on k.reference = d.merged_into
                 where s.reference = o.reference and s.outbox = o.id
                   and not glas_data.may_be_told(k))
                then 'a text could endanger them'
            else '' end
        else '' end
    $$;
comment on function glas_data.unsent_barrier(glas_data.outbox) is
    'Why a text that has not gone out must not any more; empty: it may.';

create or replace function glas_data.question_of(p_outbox bigint, p_reference text)
    returns table (dialog text, until timestamptz, open boolean)
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select format('step %s/%s 0', k.reference, k.id), glas.now() + interval '3 days',
           k.agreed is null
      from glas_data.consent k where k.reference = p_reference and k.outbox = p_outbox
    union all
    select format('step %s/r%s 0', f.reference, f.id), glas.now() + interval '3 days',
           f.state = 'asked'
      from glas_data.referral f where f.reference = p_reference and f.outbox = p_outbox
    union all
    select format('solved %s 0', s.reference), glas.now() + interval '3 days',
           s.solved is null and s.rating is null
      from glas_data.solved s where s.reference = p_reference and s.outbox = p_outbox
    union all
    select format('question %s 0', a.reference), a.until, a.message is null
      from glas_data.asked a where a.reference = p_reference and a.outbox = p_outbox
    $$;
comment on function glas_data.question_of(bigint, text) is
    'What a text of a report asks, as a dialog, until when, and whether it waits for an
     answer.';

-- From now on what they write may answer it, whatever was asked of them while it waited.
-- The text is locked, and who holds the person may be coming to it: this waits for
-- nobody, and is looked at again when it is known what became of it, where nothing else
-- was asked since. A batch that has read of the person, and not yet been stored, is read
-- again.
create or replace function glas_data.now_asked() returns trigger
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    q record;
begin
    select * into q from glas_data.question_of(new.id, new.reference) k
     where k.open and k.until > glas.now();
    if not found or glas_data.is_settled(q.dialog) then
        return null;
    end if;
    update glas_data.citizen c
       set dialog = q.dialog, dialog_until = q.until, version = c.version + 1
     where (new.state = 'inflight' or c.dialog = '' or c.dialog_until <= glas.now())
       and c.id = (select k.id from glas_data.citizen k
                    where k.id = new.citizen and k.erased_at is null
                      for no key update skip locked);
    return null;
end
$$;
comment on function glas_data.now_asked() is
    'A text goes out, or is out: what it asks is open.';

create or replace trigger now_asked after update of state
    on glas_data.outbox for each row
    when (old.state <> new.state and new.kind = 'reply'
          and new.state in ('inflight', 'accepted', 'unknown', 'delivered'))
    execute function glas_data.now_asked();
comment on trigger now_asked on glas_data.outbox is
    'The question of a text that goes out is open.';

-- Who never read the question does not answer it.
create or replace function glas_data.unasked() returns trigger
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.citizen c
       set dialog = '', dialog_until = null, version = c.version + 1
      from (select format('attend %s 0', i.event) as dialog
              from glas_data.invitation i
             where i.citizen = new.citizen and i.outbox = new.id
               -- By its key: of an event that is called off many end at once.
               and i.event = (select (regexp_match(p.dialog, '^attend (\d+) 0$'))[1]::int
                                from glas_data.citizen p where p.id = new.citizen)
            union all
            select q.dialog from glas_data.question_of(new.id, new.reference) q) asked
     where c.id = new.citizen and c.dialog = asked.dialog;
    if new.kind <> 'reply' or glas_data.is_authority() then
        return null;
    end if;
    -- Who was not asked can be asked, and is not counted.
    update glas_data.referral f
       set state = 'ended', note = concat_ws('; ', nullif(f.note, ''), 'not asked')
     where f.reference = new.reference and f.outbox = new.id and f.state = 'asked';
    update glas_data.asked a set message = 0
     where a.reference = new.reference and a.outbox = new.id and a.message is null;
    update glas_data.solved s set asked_at = null
     where s.reference = new.reference and s.outbox = new.id
       and s.solved is null and s.rating is null;
    return null;
end
$$;
comment on function glas_data.unasked() is
    'A text does not go out: what it asks is not asked.';

create or replace trigger unasked after update of state
    on glas_data.outbox for each row
    when (old.state not in ('failed', 'expired', 'cancelled', 'suppressed', 'undelivered')
          and new.state in ('failed', 'expired', 'cancelled', 'suppressed', 'undelivered')
          and new.kind in ('event', 'reply'))
    execute function glas_data.unasked();
comment on trigger unasked on glas_data.outbox is
    'The question of a text that never goes out is not.';

create or replace function glas_data.look_again(
    p_citizen bigint, p_kinds text[] default '{broadcast,event,reply}') returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with barred as materialized (
        select o.id, b.barrier
          from glas_data.outbox o, lateral glas_data.unsent_barrier(o) b (barrier)
         where o.citizen = p_citizen and o.state in ('queued', 'held', 'waiting')
           and o.kind = any (p_kinds) and b.barrier <> '')
    update glas_data.outbox o set state = 'cancelled', reason = b.barrier
      from barred b where o.id = b.id
    $$;
comment on function glas_data.look_again(bigint, text[]) is
    'Cancels what waits for a person in the outbox, of these kinds, and must not go out
     any more.';

-- A no that was said on the phone is not made a yes by a "da" to something else. A yes
-- can still be taken back by the text that was asked for.
create or replace function glas_data.refused_otherwise() returns trigger
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    update glas_data.citizen c
       set dialog = '', dialog_until = null, version = c.version + 1
      from glas_data.report r
     where r.reference = new.reference and c.id = r.citizen
       and starts_with(c.dialog, format('step %s/', r.reference))
       and glas_data.is_settled(c.dialog);
    return null;
end
$$;
comment on function glas_data.refused_otherwise() is
    'Somebody has written down a no: the text that asked for it does so no longer.';

create or replace trigger refused_otherwise after insert
    on glas_data.consent for each row when (not new.agreed)
    execute function glas_data.refused_otherwise();
comment on trigger refused_otherwise on glas_data.consent is
    'A no that was written down: the text that asks is answered.';
create or replace trigger refused_otherwise after update of state
    on glas_data.referral for each row when (new.state in ('refused', 'withdrawn'))
    execute function glas_data.refused_otherwise();
comment on trigger refused_otherwise on glas_data.referral is
    'A no that was written down: the text that asks is answered.';

create or replace function glas_data.unsent_changed() returns trigger
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.look_again(r.citizen, tg_argv[0]::text[])
       from glas_data.report r
      where r.reference = new.reference
         or tg_table_name = 'report' and r.merged_into = new.reference
      order by r.reference;
    return null;
end
$$;
comment on function glas_data.unsent_changed() is
    'Somebody has said yes or no, or a report is of another kind, theirs or what it is
     joined with: what that may bar is looked at, of the kinds that the trigger names.';

create or replace trigger unsent_answered after insert or update of agreed
    on glas_data.consent for each row
    when (new.agreed or not new.agreed and new.step <> 'safe')
    execute function glas_data.unsent_changed('{reply}');
comment on trigger unsent_answered on glas_data.consent is
    'A yes, or a no to a step: what waits about the case is looked at again.';
create or replace trigger unsent_unsafe after insert or update of agreed
    on glas_data.consent for each row
    when (not new.agreed and new.step = 'safe')
    execute function glas_data.unsent_changed('{broadcast,event,reply}');
comment on trigger unsent_unsafe on glas_data.consent is
    'It is not safe to write: all that waits for that person is looked at again.';
create or replace trigger unsent_answered after update of state
    on glas_data.referral for each row
    when (new.state <> 'asked')
    execute function glas_data.unsent_changed('{reply}');
comment on trigger unsent_answered on glas_data.referral is
    'A yes or a no: what waits about the case is looked at again.';
create or replace trigger unsent_classified after update of category, actor, police_guess
    on glas_data.report for each row
    when ((new.category, new.actor, new.police_guess)
          is distinct from (old.category, old.actor, old.police_guess))
    execute function glas_data.unsent_changed('{broadcast,reply}');
comment on trigger unsent_classified on glas_data.report is
    'It is of another kind, or about others: what waits is looked at again.';

create or replace function glas_data.unsent_returned() returns trigger
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    barrier text := glas_data.unsent_barrier(new);
begin
    if barrier <> '' then
        new.state := 'cancelled';
        new.reason := barrier;
    end if;
    return new;
end
$$;
comment on function glas_data.unsent_returned() is
    'What a gateway gives back meets what was said since.';

create or replace trigger unsent_returned before update of state
    on glas_data.outbox for each row
    when (old.state = 'inflight' and new.state in ('queued', 'held', 'waiting')
          and new.kind in ('broadcast', 'event', 'reply'))
    execute function glas_data.unsent_returned();
comment on trigger unsent_returned on glas_data.outbox is
    'What comes back from a gateway is looked at again.';
