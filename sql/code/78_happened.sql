-- When it happened. The law counts from the event or the arrest, and the first text
-- tells of it later.

create or replace function glas.happened(
    reference text, at text, note text default '') returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_report(happened.reference);
    here   timestamp := glas.now() at time zone 'Europe/Belgrade';
    day    timestamp := glas_data.time_said(happened.at) at time zone 'Europe/Belgrade';
begin
    if day < here - interval '10 years' then
        raise invalid_parameter_value using message = format(
            'that is more than ten years ago, and no deadline is counted from then: say '
            'on which day it happened: select glas.happened(''%s'', ''%s'')',
            report.reference, to_char(here, 'YYYY-MM-DD'));
    elsif day is null or day > here then
        raise invalid_parameter_value using message = format(
            'say on which day it happened, not later than now: select glas.happened('
            '''%s'', ''%s'')', report.reference, to_char(here, 'YYYY-MM-DD'));
    end if;
    perform glas_data.record_change(report.reference, 'happened',
        to_char(glas_data.happened_at(report.reference) at time zone 'Europe/Belgrade',
                'YYYY-MM-DD HH24:MI'),
        to_char(day, 'YYYY-MM-DD HH24:MI'), happened.note);
    perform glas_data.due_recount(report.reference);
    return glas_data.sentence(format('Report %s happened on %s; %s', report.reference,
        to_char(day, 'DD.MM.YYYY.'), glas_data.due_says(report.reference)));
end
$$;
comment on function glas.happened(text, text, text) is
    'Says on which day, and if it is known at which hour, that happened which a
     report tells of. What the law counts from the event is counted from then, and
     not from the first text.
     Example: select glas.happened(''100008'', ''2026-11-24 22:00'', ''said on the phone'');';
