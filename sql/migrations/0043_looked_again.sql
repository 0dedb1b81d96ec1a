-- For which of their reports a person is meant by a broadcast: what these are about is
-- looked at when a text goes, not when it was drafted.

alter table glas_data.broadcast_person add column reports glas.reference[];
update glas_data.broadcast_person set reports = '{}' where delicate;
alter table glas_data.broadcast_person drop column delicate;
comment on column glas_data.broadcast_person.reports is
    'Reports for which they are meant; empty: of none that may be named; null: they are of
     a list.';

-- Duplicates have deadlines of their own: sql/code/66_deadlines.sql looks once.
update glas_data.setting set value = 'duplicates' where name = 'due_filled' and value = 'yes';
