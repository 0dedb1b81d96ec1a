-- Recall copies have a rule as all else has.

alter table glas_data.retention drop constraint retention_what_check;
alter table glas_data.retention
    add constraint retention_what_check check (what in ('texts', 'other texts', 'replies',
        'quarantine', 'numbers', 'recalls', 'dialogs', 'segments', 'logs'));
comment on column glas_data.retention.what is
    'texts of cases; other texts; replies; quarantine: what has been decided there;
     numbers, sealed; recalls: numbers for the offline key; dialogs; segments; logs.';
comment on column glas_data.retention.days is
    'So many days from when they came, or were sent; of numbers, dialogs: from when
     that ended which they were for; of recalls: from when the person wrote last.';
comment on column glas_data.retained.what is 'Partition, replies, or recalls.';

insert into glas_data.retention (what, days, least, about) values
    ('recalls', 1095, 30, 'Recall copies: numbers that only the offline key opens. '
     'They stay as long as an answer may be owed.');
