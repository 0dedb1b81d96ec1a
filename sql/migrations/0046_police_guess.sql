-- What is added to a case may be about the police without naming them. That keeps it
-- from them, and says nothing of whom the case is about: limits and complaints go by
-- who was named.

alter table glas_data.report add column police_guess boolean not null default false;
comment on column glas_data.report.police_guess is
    'What was added may be about the police, and names nobody: they do not see it until
     somebody has said what the case is about.';
