-- Five years of an office: :texts texts, :reports reports, :people people, the
-- newest of this hour. Read by bench_views.py as a superuser, into an empty
-- schema with its content loaded. The same rows each time.
set session_replication_role = replica;
set synchronous_commit = off;
select setseed(0.5);

create temp table span as
select :'now'::timestamptz - interval '1826 days' as begins, interval '1826 days' as length;
create temp table place as
select distinct p.municipality, p.settlement, row_number() over (order by p.municipality, p.settlement) as n
  from glas_data.bench_place p;
create temp table kind as
select c.code, row_number() over (order by c.code) as n from glas_data.category c;
