-- What is said in public: months that are closed and counted once, and what was
-- recommended to whom.

insert into glas_data.setting (name, value, about) values
    ('publish_least', '5', 'Of so many people each number is that is published; never fewer than three.'),
    ('answer_days', '7', 'Who has an answer within so many days was answered in time.'),
    ('cluster_days', '14', 'Reports of the same place and subject belong together when not more days lie between them.');

create table glas_data.publication (
    month  date primary key check (month = date_trunc('month', month)::date),
    least  int not null check (least >= 3),
    at     timestamptz not null,
    who    text not null
);
comment on table glas_data.publication is
    'Months that were published. What is out is out: their numbers never change.';
comment on column glas_data.publication.month is 'First day of the month.';
comment on column glas_data.publication.least is 'Of how many people each number is at least.';
comment on column glas_data.publication.at is 'When.';
comment on column glas_data.publication.who is 'Database role that did it.';

create table glas_data.published (
    month       date references glas_data.publication,
    measure     text check (measure in ('reports', 'rights', 'answers')),
    "by"        text check ("by" in ('category', 'municipality', 'language', 'people', 'topic')),
    value       text,
    people      int not null,
    in_time     int,
    median_days int,
    primary key (month, measure, "by", value)
);
comment on table glas_data.published is
    'What the publish_ views show. Each table (month, measure, by) counts every
     person once, so that none can be computed from another.';
comment on column glas_data.published.month is 'First day of the month.';
comment on column glas_data.published.measure is
    'reports: who reported; rights: who asked about rights; answers: who was answered.';
comment on column glas_data.published."by" is 'What they are told apart by.';
comment on column glas_data.published.value is
    'Value of that; other: several together, each of too few.';
comment on column glas_data.published.people is 'How many people.';
comment on column glas_data.published.in_time is
    'How many of them were answered in time; only of answers.';
comment on column glas_data.published.median_days is
    'Half of them were answered within so many days; empty: they were not.';

create table glas_data.recommendation (
    number         int generated always as identity primary key,
    issue          text not null,
    recommendation text not null,
    addressee      text not null,
    category       text not null default '',
    municipality   text not null default '',
    due_on         date,
    made_at        timestamptz not null,
    made_by        text not null,
    evidence       int not null,
    public_at      timestamptz,
    rated_people   int,
    rated_mean     numeric(2, 1)
);
comment on sequence glas_data.recommendation_number_seq is 'Numbers of recommendations.';
comment on table glas_data.recommendation is 'What was recommended, to whom and because of what.';
comment on column glas_data.recommendation.number is 'Number.';
comment on column glas_data.recommendation.issue is 'What is wrong.';
comment on column glas_data.recommendation.recommendation is 'What should be done.';
comment on column glas_data.recommendation.addressee is 'Who should do it.';
comment on column glas_data.recommendation.category is
    'Category of the reports it is about; empty: all.';
comment on column glas_data.recommendation.municipality is 'Their municipality; empty: all.';
comment on column glas_data.recommendation.due_on is 'Until when an answer is expected.';
comment on column glas_data.recommendation.made_at is 'When.';
comment on column glas_data.recommendation.made_by is 'Database role that wrote it.';
comment on column glas_data.recommendation.evidence is
    'How many people had reported that when it was made.';
comment on column glas_data.recommendation.public_at is
    'When it was made public; empty: it is not.';
comment on column glas_data.recommendation.rated_people is
    'Of how many people the published mean is.';
comment on column glas_data.recommendation.rated_mean is 'The published mean.';

create table glas_data.response (
    id             bigint generated always as identity primary key,
    recommendation int not null references glas_data.recommendation,
    answer         text not null check (answer in ('accepted', 'partly', 'refused', 'done')),
    text           text not null,
    given_on       date not null,
    at             timestamptz not null,
    who            text not null
);
create index response_recommendation on glas_data.response (recommendation, id);
comment on table glas_data.response is 'What was said to a recommendation; the newest counts.';
comment on column glas_data.response.id is 'Number.';
comment on column glas_data.response.recommendation is 'To which one.';
comment on column glas_data.response.answer is 'accepted, partly, refused, done.';
comment on column glas_data.response.text is 'In whose words.';
comment on column glas_data.response.given_on is 'Day on which they said it.';
comment on column glas_data.response.at is 'When it was written down.';
comment on column glas_data.response.who is 'Database role that did it.';

create table glas_data.recommendation_rating (
    recommendation int references glas_data.recommendation,
    person         bigint,
    rating         smallint not null check (rating between 1 and 5),
    at             timestamptz not null,
    who            text not null,
    primary key (recommendation, person)
);
comment on table glas_data.recommendation_rating is
    'How those who are affected rate what was done: each person once.';
comment on column glas_data.recommendation_rating.recommendation is 'What they rate.';
comment on column glas_data.recommendation_rating.person is
    'Who (citizen.id); negative: somebody helped (helped.id).';
comment on column glas_data.recommendation_rating.rating is '1 to 5.';
comment on column glas_data.recommendation_rating.at is 'When it was written down.';
comment on column glas_data.recommendation_rating.who is 'Database role that did it.';
