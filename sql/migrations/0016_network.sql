-- A network of organisations: who is in it, what each takes, and to whom a case
-- was shown with the consent of who brought it.

create table glas_data.organisation (
    name    text primary key,
    kind    text not null default 'ngo'
        check (kind in ('ngo', 'municipality', 'ombudsman', 'police', 'ministry',
               'media', 'other')),
    comment text not null default '',
    since   timestamptz not null
);
comment on table glas_data.organisation is 'Members of the network.';
comment on column glas_data.organisation.name is 'Its name, as reports and people have it.';
comment on column glas_data.organisation.kind is
    'ngo, municipality, ombudsman, police, ministry, media, other. Police and
     ministry never see a report about the police.';
comment on column glas_data.organisation.comment is 'What others should know of it.';
comment on column glas_data.organisation.since is 'Since when.';

-- A name is what its first person, case or observer wrote.
insert into glas_data.organisation (name, since)
select name, min(since)
  from (select organisation as name, since from glas_data.person
        union all select organisation, since from glas_data.observer
                   where organisation <> ''
        union all select organisation, reported_at from glas_data.report
                   where organisation is not null) u
 group by name;

-- No such key on glas_data.report: it would be checked for each text that is
-- routed. What is written there comes from here.
alter table glas_data.person
    add foreign key (organisation) references glas_data.organisation;

create table glas_data.coverage (
    id           integer generated always as identity primary key,
    organisation text not null references glas_data.organisation,
    municipality text not null default '',
    category     text not null default '',
    lang         text not null default '',
    actor        text not null default '',
    priority     smallint not null default 100,
    since        timestamptz not null,
    unique (organisation, municipality, category, lang, actor)
);
comment on table glas_data.coverage is
    'Which reports an organisation takes; what is empty is any.';
comment on column glas_data.coverage.id is 'Number.';
comment on column glas_data.coverage.organisation is 'Who takes them.';
comment on column glas_data.coverage.municipality is 'Where they happened.';
comment on column glas_data.coverage.category is
    'Code of the category; with * at its end all that begin so.';
comment on column glas_data.coverage.lang is
    'Language of the text; sr is both letters.';
comment on column glas_data.coverage.actor is 'Who they are about: POLICE, MUNI, ...';
comment on column glas_data.coverage.priority is
    'Which comes first among rows that say as much: the smaller.';
comment on column glas_data.coverage.since is 'Since when.';

create table glas_data.referral (
    id           bigint generated always as identity primary key,
    reference    glas.reference not null references glas_data.report,
    organisation text not null references glas_data.organisation,
    note         text not null default '',
    asked_at     timestamptz not null,
    asked_by     text not null,
    asked        text not null,
    outbox       bigint,
    state        text not null default 'asked'
        check (state in ('asked', 'granted', 'refused', 'ended')),
    answer       text not null default '',
    answered_in  bigint,
    answered_at  timestamptz,
    recorded_by  text not null default ''
);
create unique index referral_open on glas_data.referral (reference, organisation)
    where state in ('asked', 'granted');
create index referral_granted on glas_data.referral (organisation)
    where state = 'granted';
comment on table glas_data.referral is
    'Consent to show a case to another organisation: what was asked and what was
     answered, word for word. Only a granted row shows anything.';
comment on column glas_data.referral.id is 'Number.';
comment on column glas_data.referral.reference is 'Which report.';
comment on column glas_data.referral.organisation is 'Who is to see it.';
comment on column glas_data.referral.note is 'Why, in the words of who asked.';
comment on column glas_data.referral.asked_at is 'When the person was asked.';
comment on column glas_data.referral.asked_by is 'Database role that asked.';
comment on column glas_data.referral.asked is 'The text that they were asked.';
comment on column glas_data.referral.outbox is 'That text in the outbox.';
comment on column glas_data.referral.state is 'asked, granted, refused; ended: not shown any more.';
comment on column glas_data.referral.answer is 'Their answer, word for word.';
comment on column glas_data.referral.answered_in is 'The text that says it (message.id).';
comment on column glas_data.referral.answered_at is 'When they answered.';
comment on column glas_data.referral.recorded_by is 'Database role that wrote the answer down.';
