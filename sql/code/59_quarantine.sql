-- What could not be stored as a text: put aside by a gateway, looked at by people,
-- and released, once more along the whole path of a text, or dismissed.

create or replace view glas.quarantine with (security_barrier) as
select q.id, q.at, q.gateway, q.link, q.reason, length(q.sealed) as octets, q.seen,
       q.state, q.message as inbox
  from glas_data.quarantine q
 where not (select glas_data.is_authority())
 order by q.state <> 'open', q.id;
comment on view glas.quarantine is
    'What came and could not be stored as a text; the octets are sealed, and
     glasctl quarantine show opens them where the keys are.
     Example: select * from glas.quarantine where state = ''open'';';
comment on column glas.quarantine.id is 'Number.';
comment on column glas.quarantine.at is 'When it first came.';
comment on column glas.quarantine.gateway is 'Which daemon has received it.';
comment on column glas.quarantine.link is 'By which link.';
comment on column glas.quarantine.reason is 'Why it is here.';
comment on column glas.quarantine.octets is 'Length of what is kept; 0: nothing any more.';
comment on column glas.quarantine.seen is 'How often it was offered.';
comment on column glas.quarantine.state is
    'open: waits for a person; released: goes to a gateway once more; stored; dismissed; erased: who sent it had all erased.';
comment on column glas.quarantine.inbox is 'The text in glas.inbox that it became, if it did.';

create or replace view glas.quarantine_history with (security_barrier) as
select h.at, h.quarantine as id, h.who, h.what, h.note
  from glas_data.quarantine_history h
 where not (select glas_data.is_authority())
 order by h.id;
comment on view glas.quarantine_history is
    'Who did what with something in quarantine.
     Example: select * from glas.quarantine_history where id = 1;';
comment on column glas.quarantine_history.at is 'When.';
comment on column glas.quarantine_history.id is 'With which, as in glas.quarantine.';
comment on column glas.quarantine_history.who is
    'Database role; with glasctl also the user of the machine; or the gateway, or the person who sent it.';
comment on column glas.quarantine_history.what is
    'shown: its contents were; released; returned: could not be stored again; stored; dismissed; erased.';
comment on column glas.quarantine_history.note is 'Why, in words.';

create or replace function glas_data.quarantine_note(
    p_id bigint, p_who text, p_what text, p_note text) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    insert into glas_data.quarantine_history (quarantine, at, who, what, note)
    values (p_id, glas.now(), p_who, p_what, p_note)
    $$;
comment on function glas_data.quarantine_note(bigint, text, text, text) is
    'Writes down who did what with something in quarantine.';

--
-- What glasd calls.
--

create or replace function glas_gw.quarantine_returned(
    p_gateway text, p_id bigint, p_reason text) returns void
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with put as (
        update glas_data.quarantine q
           set state = 'open', reason = p_reason
         where q.id = p_id and q.state = 'released'
        returning q.id)
    select glas_data.quarantine_note(id, 'gateway ' || p_gateway, 'returned', p_reason)
      from put
    $$;
comment on function glas_gw.quarantine_returned(text, bigint, text) is
    'What was released could not be stored: it waits for a person again.';

create or replace function glas_gw.quarantine(
    p_gateway text, p_link text, p_at timestamptz, p_token bytea, p_identity bytea,
    p_reason text, p_sealed bytea)
    returns bigint
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_gw.quarantine_returned(p_gateway, q.id, p_reason)
      from glas_data.quarantine q where q.identity = p_identity;
    insert into glas_data.quarantine as q (identity, at, gateway, link, token, reason, sealed)
    values (p_identity, p_at, p_gateway, p_link, p_token, p_reason, p_sealed)
    on conflict (identity) do update set seen = q.seen + 1
    returning id
    $$;
comment on function glas_gw.quarantine(text, text, timestamptz, bytea, bytea, text, bytea) is
    'Puts something aside for a person to look at; the same thing once. What was
     dismissed or stored stays so.';

create or replace function glas_data.quarantine_taker(p_gateway text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select g.name from glas_data.gateway g
     where g.alive_until > glas.now()
     order by g.name <> p_gateway, g.name limit 1
    $$;
comment on function glas_data.quarantine_taker(text) is
    'The gateway that takes what this one has received: itself, or another when it
     is gone; empty: none lives.';

create or replace function glas_gw.quarantine_released(p_gateway text, p_limit int)
    returns table (id bigint, identity bytea, sealed bytea)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select q.id, q.identity, q.sealed from glas_data.quarantine q
     where q.state = 'released'
       and glas_data.quarantine_taker(q.gateway) = p_gateway
     order by q.id limit p_limit
    $$;
comment on function glas_gw.quarantine_released(text, int) is
    'What people have released, for the gateway that is to take it.';

create or replace function glas_gw.quarantine_stored(p_gateway text, p_id bigint)
    returns void
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with put as (
        update glas_data.quarantine q
           set state = 'stored', message = i.message, sealed = '', token = null
          from glas_data.identity i
         where q.id = p_id and q.state <> 'stored' and i.identity = q.identity
        returning q.id, i.message)
    select glas_data.quarantine_note(id, 'gateway ' || p_gateway, 'stored',
               coalesce('text ' || message, 'a segment of a long text'))
      from put
    $$;
comment on function glas_gw.quarantine_stored(text, bigint) is
    'What was released is stored, now or since long: the copy goes, and the text
     has its own.';

create or replace function glas_data.quarantine_erase(
    p_token bytea, p_before timestamptz) returns void
    language sql volatile
    set search_path = pg_catalog, pg_temp
    as $$
    with gone as (
        update glas_data.quarantine q
           set state = 'erased', sealed = '', token = null
         where q.token = p_token and coalesce(q.at < p_before, true)
        returning q.id)
    select glas_data.quarantine_note(id, 'the person', 'erased', '') from gone
    $$;
comment on function glas_data.quarantine_erase(bytea, timestamptz) is
    'Who has this token had all erased that came before.';

--
-- What people do.
--

create or replace function glas_data.quarantine_of(p_id bigint)
    returns glas_data.quarantine
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    found glas_data.quarantine;
begin
    select * into found from glas_data.quarantine q where q.id = p_id for update;
    if found.id is null then
        raise no_data_found using message = format(
            'there is no %s in quarantine: look for its id in glas.quarantine',
            glas_data.echo(p_id::text));
    end if;
    return found;
end
$$;
comment on function glas_data.quarantine_of(bigint) is
    'The row, locked; an error that says where to look when there is none.';

create or replace function glas_data.quarantine_must_be_here(q glas_data.quarantine)
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if q.state = 'stored' then
        raise object_not_in_prerequisite_state using message = format(
            '%s is not here any more: it was stored%s', q.id,
            coalesce(format(', see glas.inbox where id = %s', q.message), ''));
    elsif q.state = 'erased' then
        raise object_not_in_prerequisite_state using message = format(
            '%s is not here any more: who sent it had all erased', q.id);
    end if;
end
$$;
comment on function glas_data.quarantine_must_be_here(glas_data.quarantine) is
    'An error that says what became of it when there is nothing to decide.';

create or replace function glas_data.quarantine_release(p_id bigint, p_who text)
    returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    q glas_data.quarantine := glas_data.quarantine_of(p_id);
begin
    perform glas_data.quarantine_must_be_here(q);
    if q.state <> 'released' then
        update glas_data.quarantine set state = 'released' where id = q.id;
        perform glas_data.quarantine_note(q.id, p_who, 'released', q.reason);
    end if;
    perform glas_data.wake_gateways();
    return glas_data.sentence(format('%s goes to %s once more: it becomes stored, or is open again '
        'with the reason.', q.id, coalesce(
            'gateway ' || glas_data.quarantine_taker(q.gateway), 'the next gateway that runs')));
end
$$;
comment on function glas_data.quarantine_release(bigint, text) is
    'Does what glas.quarantine_release() says.';

create or replace function glas_data.quarantine_dismiss(
    p_id bigint, p_reason text, p_who text) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    q   glas_data.quarantine := glas_data.quarantine_of(p_id);
    why text := glas_data.clean(glas_data.note_at_most('the reason', p_reason, 200));
begin
    perform glas_data.quarantine_must_be_here(q);
    if why = '' then
        raise invalid_parameter_value using message =
            'the reason is empty: write why nobody needs it, for whoever sees it next';
    end if;
    update glas_data.quarantine set state = 'dismissed' where id = q.id;
    perform glas_data.quarantine_note(q.id, p_who, 'dismissed', why);
    return glas_data.sentence(format('%s is dismissed; it stays sealed, and '
        'select glas.quarantine_release(%1$s) takes that back.', q.id));
end
$$;
comment on function glas_data.quarantine_dismiss(bigint, text, text) is
    'Does what glas.quarantine_dismiss() says.';

create or replace function glas.quarantine_release(id bigint) returns text
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas_data.quarantine_release(quarantine_release.id, session_user) $$;
comment on function glas.quarantine_release(bigint) is
    'Gives something in quarantine to a gateway once more, when what kept it from
     being stored is mended. It goes the whole path of a text and is answered as
     one that came late; it is never stored twice.
     Example: select glas.quarantine_release(id) from glas.quarantine where state = ''open'';';

create or replace function glas.quarantine_dismiss(id bigint, reason text) returns text
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.quarantine_dismiss(quarantine_dismiss.id,
               quarantine_dismiss.reason, session_user)
    $$;
comment on function glas.quarantine_dismiss(bigint, text) is
    'Says of something in quarantine that nobody needs it. It stays sealed, and
     has no alert any more, however often it comes again.
     Example: select glas.quarantine_dismiss(1, ''settings that the operator sends'');';

--
-- For glasctl, which names the user of its machine, and has the keys.
--

create or replace function glas_data.quarantine_user(p_user text) returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$ select format('%s (%s)', session_user, left(translate(glas_data.clean(p_user), e'\n', ' '), 40)) $$;
comment on function glas_data.quarantine_user(text) is
    'Who works through glasctl, for the history.';

create or replace function glas_gw.quarantine_list()
    returns table (id bigint, at timestamptz, state text, gateway text, link text,
        octets int, seen int, reason text)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select q.id, q.at, q.state, q.gateway, q.link, length(q.sealed), q.seen, q.reason
      from glas_data.quarantine q
     where q.state in ('open', 'released')
     order by q.id
    $$;
comment on function glas_gw.quarantine_list() is
    'For glasctl quarantine list: what is not decided.';

create or replace function glas_gw.quarantine_show(
    p_id bigint, p_number boolean, p_user text)
    returns table (state text, at timestamptz, gateway text, link text, reason text,
        seen int, identity bytea, sealed bytea)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    q glas_data.quarantine := glas_data.quarantine_of(p_id);
begin
    perform glas_data.quarantine_must_be_here(q);
    perform glas_data.quarantine_note(q.id, glas_data.quarantine_user(p_user), 'shown',
        case when p_number then 'with the number' else '' end);
    return query select q.state, q.at, q.gateway, q.link, q.reason, q.seen,
        q.identity, q.sealed;
end
$$;
comment on function glas_gw.quarantine_show(bigint, boolean, text) is
    'For glasctl quarantine show: what is sealed, and that somebody looks at it.';

create or replace function glas_gw.quarantine_release(p_id bigint, p_user text)
    returns text
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$ select glas_data.quarantine_release(p_id, glas_data.quarantine_user(p_user)) $$;
comment on function glas_gw.quarantine_release(bigint, text) is
    'For glasctl quarantine release.';

create or replace function glas_gw.quarantine_dismiss(
    p_id bigint, p_reason text, p_user text) returns text
    language sql security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select glas_data.quarantine_dismiss(p_id, p_reason, glas_data.quarantine_user(p_user))
    $$;
comment on function glas_gw.quarantine_dismiss(bigint, text, text) is
    'For glasctl quarantine dismiss.';
