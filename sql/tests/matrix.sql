-- Every role against every object: what is, and what was decided (matrix.psql).
-- `tests/system/matrix` shows the difference, `tests/system/matrix --write` makes
-- it the decision: look at what git diff says then.
begin;
\ir fixture.psql
select plan(6);
\ir rights.psql
create temp table rights_decided (object text, who text);
\ir matrix.psql

select is_empty($$ select object, who from rights_found f
                    where not exists (select from rights_decided d where d.object = f.object) $$,
    'nothing is there that nobody has decided about');
select is_empty($$ select object from rights_decided d
                    where not exists (select from rights_found f where d.object = f.object) $$,
    'nothing was decided about what is not there');
select is_empty($$ select f.object, f.who as is, d.who as should
                     from rights_found f join rights_decided d on d.object = f.object
                    where f.who <> d.who $$, 'who may is who should');
select is_empty($$ select object, who from rights_found
                    where who ~ '(^| )all:' and object !~ '^type ' $$,
    'who is nobody here may nothing');
select is_empty($$ select object, who from rights_found
                    where object ~ '^(table|sequence)' and who not in ('-', 'reader:select') $$,
    'nobody who logs in reaches a table or a sequence');
grant select on glas_data.report to glas_caseworker;
grant usage on schema glas_data to glas_caseworker;
select test.office();
set session authorization mira;
select is((select count(*) from glas_data.report), 1::bigint,
    'a grant by mistake shows no row of others');
reset session authorization;
select * from finish();
rollback;
