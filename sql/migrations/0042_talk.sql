-- It gives other things than before.
drop function if exists glas_gw.mo_context(bytea[], bytea[], bytea[], text[]);
