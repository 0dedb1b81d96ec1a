-- A case that people were written to about is the one that they go on with: see
-- sql/code/13_mo.sql.
drop function if exists glas_gw.mo_context(bytea[], bytea[], bytea[], text[]);
