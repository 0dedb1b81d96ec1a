-- Steps are moved by words that were asked and words that were answered.

drop function if exists glas.record_step(text, text, text, date);
comment on column glas_data.consent.asked is
    'What they were asked, word for word: in the text outbox, or as who recorded it
     wrote it down.';
comment on column glas_data.consent.outbox is
    'The text that asked (outbox.id); empty: not asked by text.';
comment on column glas_data.consent.paper is
    'The paper that was seen, or where it was said.';

-- Limits that begin with something that happens in a case, and not with the
-- report: a request, a decision, an arrest. They run once somebody says so
-- (glas.deadline_begin), or a row without categories would be due in every case.
create table glas_data.case_deadline (
    reference glas.reference references glas_data.report,
    deadline  text not null,
    begun_at  timestamptz,
    done_at   timestamptz,
    primary key (reference, deadline)
);
comment on table glas_data.case_deadline is
    'What somebody has said of a deadline in a case: that it runs, that it is met.';
comment on column glas_data.case_deadline.reference is 'Which report.';
comment on column glas_data.case_deadline.deadline is 'Which deadline (deadline.name).';
comment on column glas_data.case_deadline.begun_at is
    'From when it is counted; empty: as the deadline says.';
comment on column glas_data.case_deadline.done_at is 'When it was met; empty: it runs.';

alter table glas_data.deadline
    drop constraint deadline_runs_from_check,
    add constraint deadline_runs_from_check check (runs_from in ('reported',
        'referred', 'filed', 'invited', 'decided', 'begun')),
    drop constraint deadline_unit_check,
    add constraint deadline_unit_check check (unit in ('hours', 'days', 'working days',
        'months'));
comment on column glas_data.deadline.runs_from is
    'What it is counted from: reported, referred, or a step: filed, invited, decided;
     begun: from when somebody says of a case (case_deadline).';
comment on column glas_data.deadline.unit is 'hours, days, working days, or months.';

-- What a lawyer has set already stays. As before: without a day of checking it was
-- not found in a source that can be relied on.
delete from glas_data.deadline where name = 'information-answer' and changed_by = '';
insert into glas_data.deadline (name, categories, runs_from, ends_with, count, unit,
    what, whose, law, source, checked_on) values
    ('detention-decision', '{POL_DET}', 'begun', 'closed',
     2, 'hours', 'hand over a written decision', 'authority',
     'Criminal Procedure Code, art. 294; from when they were told that they are held',
     'Constitution, arts. 27 and 29-31; Criminal Procedure Code', '2026-11-27'),
    ('detention-lawyer', '{POL_DET}', 'begun', 'closed',
     4, 'hours', 'appoint a lawyer', 'authority',
     'Criminal Procedure Code, arts. 68, 69 and 294; from the decision',
     'Otvorena vrata pravosuđa', '2026-11-27'),
    ('detention-wait', '{POL_DET}', 'begun', 'closed',
     2, 'hours', 'lawyer comes: the police wait', 'us',
     'Criminal Procedure Code, arts. 68, 69 and 294; from when the lawyer was called',
     'Criminal Procedure Code', '2026-11-27'),
    ('custody-first', '{POL_DET}', 'begun', 'closed',
     30, 'days', 'first order of custody ends', 'authority',
     'a court orders it for 30 days at first, as a rule; from the arrest',
     'practice of the courts', '2026-11-27'),
    ('custody', '{POL_DET}', 'begun', 'closed',
     3, 'months', 'custody in investigation ends', 'authority',
     'Constitution, art. 31; from the arrest',
     'Constitution, arts. 27 and 29-31', '2026-11-27'),
    ('custody-longer', '{POL_DET}', 'begun', 'closed',
     3, 'months', 'longer custody ends', 'authority',
     'Constitution, art. 31: a higher court may add as much; from its decision',
     'Constitution, arts. 27 and 29-31', '2026-11-27'),
    ('police-holding', '{POL_*}', 'begun', 'closed',
     24, 'hours', 'release who is held', 'authority',
     'Law on Police and misdemeanour law; from when they were taken along', '', null),
    ('ombudsman-complaint', '{}', 'begun', 'closed',
     36, 'months', 'complain to the Ombudsman', 'citizen',
     'Law on the Protector of Citizens, 2021; a year before; from the event', '', null),
    ('legal-aid', '{}', 'begun', 'closed',
     8, 'days', 'decide on free legal aid', 'authority',
     'Law on Free Legal Aid 87/2018, art. 32; from the request; silence is a refusal, '
     'and an appeal is allowed', 'text of the law', '2026-11-27'),
    ('legal-aid-urgent', '{}', 'begun', 'closed',
     3, 'days', 'decide on urgent legal aid', 'authority',
     'Law on Free Legal Aid 87/2018, art. 32, where it is urgent; from the request',
     'text of the law', '2026-11-27'),
    ('birth-decision', '{}', 'begun', 'closed',
     90, 'days', 'decide on time, place of birth', 'authority',
     'Law on Non-contentious Procedure, amendments of 2012; from the request', '', null),
    ('social-appeal', '{}', 'begun', 'closed',
     15, 'days', 'appeal (social protection)', 'citizen',
     'Law on Social Protection 24/2011; from the decision', '', null),
    ('violence-measure', '{DV}', 'begun', 'closed',
     48, 'hours', 'court extends, or measure ends', 'authority',
     'Law on Prevention of Domestic Violence 94/2016, arts. 17-21: removal from the '
     'home, ban on contact; from when it was handed over',
     'text of the law', '2026-11-27'),
    ('violence-extended', '{DV}', 'begun', 'closed',
     30, 'days', 'see to them: the measure ends', 'us',
     'Law on Prevention of Domestic Violence 94/2016, arts. 17-21; from the decision '
     'of the court', 'text of the law', '2026-11-27'),
    ('information-answer', '{}', 'begun', 'closed',
     15, 'days', 'answer the request', 'authority',
     'Law on Free Access to Information 120/2004, 105/2021; from the request',
     'text of the law', '2026-11-27'),
    ('information-urgent', '{}', 'begun', 'closed',
     48, 'hours', 'answer the urgent request', 'authority',
     'Law on Free Access to Information 120/2004, 105/2021, where life, freedom, '
     'health or the environment is at stake; from the request',
     'text of the law', '2026-11-27'),
    ('information-appeal', '{}', 'begun', 'closed',
     15, 'days', 'appeal to the Commissioner', 'citizen',
     'Law on Free Access to Information 120/2004, 105/2021; from the refusal, or the '
     'day on which the answer was due; not against six bodies at the top',
     'text of the law', '2026-11-27')
on conflict (name) do nothing;
