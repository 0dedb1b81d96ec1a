-- It is as old as the text that it came by, which sql/code/15_act.sql looks up.
drop function if exists glas_data.put_attendance(int, bigint, boolean, boolean);
drop function if exists glas_data.is_trial(bigint);
