-- When it happened. The law counts from the event or the arrest, and the first text
-- tells of it later.

create or replace function glas.happened(
    reference text, at timestamp, note text default '') returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_report(happened.reference);
    here   timestamp := glas.now() at time zone 'Europe/Belgrade';
begin
    if happened.at is null or happened.at > here
       or happened.at < here - interval '10 years' then
        raise invalid_parameter_value using message = format(
            'say on which day it happened, not later than now: select glas.happened('
            '''%s'', ''%s'')', report.reference, to_char(here, 'YYYY-MM-DD'));
    end if;
    perform glas_data.record_change(report.reference, 'happened',
        to_char(glas_data.happened_at(report.reference) at time zone 'Europe/Belgrade',
                'YYYY-MM-DD HH24:MI'),
        to_char(happened.at, 'YYYY-MM-DD HH24:MI'), happened.note);
    perform glas_data.due_recount(report.reference);
    return glas_data.sentence(format('Report %s happened on %s; %s', report.reference,
        to_char(happened.at, 'DD.MM.YYYY.'), glas_data.due_says(report.reference)));
end
$$;
comment on function glas.happened(text, timestamp, text) is
    'Says on which day, and if it is known at which hour, that happened which a
     report tells of. What the law counts from the event is counted from then, and
     not from the first text.
     Example: select glas.happened(''100008'', ''2026-11-24 22:00'', ''said on the phone'');';
