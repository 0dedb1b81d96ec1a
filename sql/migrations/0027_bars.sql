-- Bars are counted with what they stand for, so that the weeks that somebody asks
-- for are read and no others. The code makes these anew.

drop materialized view if exists glas_data.trend, glas_data.rights_demand cascade;
