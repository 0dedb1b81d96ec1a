-- A status report may name the reply that it is of. The function of this name
-- with one parameter more: sql/code/14_mt.sql.

drop function if exists glas_gw.mt_report(text[], int[], bytea[], int[], text[],
    timestamptz[], interval);
