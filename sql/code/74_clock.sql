-- Whether it may be as late as the clock says. Words and numbers that are let go of
-- do not come back: a clock that is years ahead, and is set right, must have cost
-- nothing. What is done by date alone and cannot be undone asks here first.

-- While something runs the time is written down, and is never much later than that. Who
-- was closed for longer is told the time by the network, with the first text to a modem,
-- or by a person.
create or replace function glas_data.clock_believed() returns boolean
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    now  timestamptz := glas.now();
    last timestamptz := (select b.at from glas_data.believed b);
begin
    if now not between last - interval '3 days' and last + interval '3 days'
       and not exists (
           select from glas_data.message m
            where m.received_at between now - interval '1 day' and now + interval '1 hour'
              and m.sent_at between m.received_at - interval '1 day'
                                and m.received_at + interval '1 day'
              and exists (select from glas_data.link l
                           where l.name = m.link and l.kind = 'modem')) then
        return false;
    end if;
    -- Who does the same just now is not waited for.
    if now not between last - interval '3 days' and last + interval '1 hour' then
        update glas_data.believed b set at = now
         where b.one in (select k.one from glas_data.believed k for update skip locked);
    end if;
    return true;
end
$$;
comment on function glas_data.clock_believed() is
    'Whether the clock is within three days of when it was believed last, or the network
     says the same. If not, nothing is let go of: alert clock-jumped.';

create or replace function glas.clock_confirm(today text) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    here date := (glas.now() at time zone 'Europe/Belgrade')::date;
begin
    perform glas_data.must_not_be_of_authority();
    if glas_data.day_said(today) is distinct from here then
        raise invalid_parameter_value using message = format(
            'for the database it is %s: if that is wrong set its clock right, and nothing '
            'has to be confirmed; if it is right write that day',
            to_char(here, 'YYYY-MM-DD'));
    end if;
    update glas_data.believed b set at = glas.now();
    insert into glas_data.retention_history (at, who, what)
    values (glas.now(), session_user, 'the clock is right');
    return format('It is %s: what has been kept long enough goes again.',
        to_char(here, 'DD.MM.YYYY.'));
end
$$;
comment on function glas.clock_confirm(text) is
    'Says that the clock of the database is right (alert clock-jumped), by the day that
     it is by your own calendar: words and numbers that have been kept long enough are
     let go of again.
     Example: select glas.clock_confirm(''2026-12-01'');';
