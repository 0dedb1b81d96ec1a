-- References are handed out by glas_gw.reserve() alone, with their last digit:
-- to compute it again for each row took longer than to store the row. What
-- people type is checked where it is read.
alter domain glas.reference drop constraint reference_check;
alter domain glas.reference add constraint reference_check
    check (value ~ '^[1-9][0-9]{5,}$');
