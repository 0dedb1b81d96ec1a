-- What a person said about a referral is written down in one place
-- (sql/code/51_network.sql).
drop function if exists glas_data.withdraw_referral(glas_data.report, text, text);

-- The border police are police, and what the Law on Police gives time for is theirs,
-- too. Reports about them get what is due (sql/code/66_deadlines.sql).
update glas_data.deadline d
   set actors = d.actors || '{BORDER}'
 where not 'BORDER' = any (d.actors)
   and (d.name in ('police-complaint', 'police-talk', 'police-decision')
            and 'GENDARMERIE' = any (d.actors)
        or d.name = 'police-holding' and d.categories = '{POL_*}');
update glas_data.setting
   set value = case value when 'yes' then 'border' when 'no' then 'no'
                          else value || ' border' end
 where name = 'due_filled';

-- Their columns are others (sql/code/70_monitor.sql).
drop view if exists glas.equity, glas.clusters;

-- They take days as people type them (glas_data.time_said()).
drop function if exists glas.happened(text, timestamp, text);
drop function if exists glas.poll_open(text, text[], timestamptz, text);
drop function if exists glas.event_announce(text, text, timestamptz, text, text, int);
drop function if exists glas.holiday(date, text);
drop function if exists glas.deadline_begin(text, text, timestamp, text);
drop function if exists glas.deadline_set(text, int, text, text, text, text, text,
    text[], text[], text, text, date);
drop function if exists glas.recommend(text, text, text, date, text, text);
drop function if exists glas.respond(int, text, text, date);
drop function if exists glas.record_step(text, text, text, date, text, text, bigint, boolean);
drop function if exists glas.broadcast_draft(text, text, text, text, timestamptz, timestamptz,
    text[], text);

-- Words beside texts that are due are looked for twice a day (glas_data.beside_due); few
-- rows of the history have any.
create index report_history_said on glas_data.report_history (reference)
    where what = 'referral' or what = 'step' and now_is = 'withdrawn';
