-- Tables and indexes as they bear the load of a batch (tests/bench): what each
-- text costs is mostly indexes and foreign keys.

-- These rows come in the order of their time: a block range index finds them
-- and costs next to nothing.
drop index glas_data.message_received;
create index message_received on glas_data.message using brin (received_at);
drop index glas_data.report_reported;
create index report_reported on glas_data.report using brin (reported_at);
drop index glas_data.outbox_created;
create index outbox_created on glas_data.outbox using brin (created_at);

-- What belongs to a report is found by its citizen.
drop index glas_data.message_reference;
drop index glas_data.outbox_reference;

-- Only glas_gw.mo_store() writes these rows. It takes the citizen from the row
-- that it has just made or locked, and looks the references up for all texts at
-- once: a trigger a row would cost more than the row. The domain is checked
-- where the report is made.
alter table glas_data.message drop constraint message_citizen_fkey,
    drop constraint message_reference_fkey,
    alter column reference type text;
alter table glas_data.report drop constraint report_citizen_fkey;
alter table glas_data.outbox drop constraint outbox_citizen_fkey,
    drop constraint outbox_reference_fkey,
    alter column reference type text;

-- Rows of these appear when somebody works on a report, not when it comes.
create index report_organisation on glas_data.report (organisation, reported_at)
    where organisation is not null;
create index report_due on glas_data.report (due_at)
    where due_at is not null and answered_at is null;
