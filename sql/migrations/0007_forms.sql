-- Forms: what the content asks for beside reports, and what people sent.

create table glas_data.form (
    code   text primary key,
    names  jsonb,
    thanks text
);
comment on table glas_data.form is 'Forms that people can send.';
comment on column glas_data.form.code is 'Code; the view is glas.form_ and the code in small letters.';
comment on column glas_data.form.names is 'Names by language.';
comment on column glas_data.form.thanks is 'Key of the reply text that thanks, FORM_OK_ and a name; empty: FORM_OK.';

create table glas_data.form_field (
    form     text,
    field    text,
    position int,
    type     text,
    required boolean,
    labels   jsonb,
    choices  jsonb,
    min      int,
    max      int,
    ask      jsonb,
    example  jsonb,
    primary key (form, field)
);
comment on table glas_data.form_field is 'What a form asks for.';
comment on column glas_data.form_field.form is 'Code of the form.';
comment on column glas_data.form_field.field is 'Name; that of the column in the view.';
comment on column glas_data.form_field.position is 'Order in which it is asked for and shown.';
comment on column glas_data.form_field.type is 'choice, place, number, date or text.';
comment on column glas_data.form_field.required is 'Asked for when it is missing.';
comment on column glas_data.form_field.labels is 'Words that name it, by language.';
comment on column glas_data.form_field.choices is 'Options of a choice and the words that mean them.';
comment on column glas_data.form_field.min is 'Least number; empty: 0.';
comment on column glas_data.form_field.max is 'Greatest number; empty: no limit.';
comment on column glas_data.form_field.ask is 'Question by language.';
comment on column glas_data.form_field.example is 'A right answer by language.';

insert into glas_data.content_section (name, rows_in) values
    ('form_fields', 'glas_data.form_field'),
    ('forms',       'glas_data.form');

create table glas_data.form_entry (
    message  bigint primary key,
    form     text not null,
    citizen  bigint not null,
    at       timestamptz not null,
    complete boolean not null,
    unread   text not null default '',
    test     boolean not null default false
);
create index form_entry_citizen on glas_data.form_entry (citizen, form, at);
comment on table glas_data.form_entry is 'What people sent for a form, one row each time.';
comment on column glas_data.form_entry.message is 'The text that it came as (message.id); answers to questions are added.';
comment on column glas_data.form_entry.form is 'Which form.';
comment on column glas_data.form_entry.citizen is 'Who.';
comment on column glas_data.form_entry.at is 'When.';
comment on column glas_data.form_entry.complete is 'All that the form requires is there.';
comment on column glas_data.form_entry.unread is 'What could not be read as a value.';
comment on column glas_data.form_entry.test is 'A trial (PROBA): counts nowhere.';

create table glas_data.form_value (
    entry        bigint not null references glas_data.form_entry,
    field        text not null,
    value        text not null,
    number       numeric,
    day          date,
    municipality text,
    settlement   text,
    primary key (entry, field)
);
comment on table glas_data.form_value is 'Values of entries, typed.';
comment on column glas_data.form_value.entry is 'Of which entry.';
comment on column glas_data.form_value.field is 'Of which field.';
comment on column glas_data.form_value.value is 'As a word: code of a choice, digits, 2026-11-23, Municipality/Settlement, text.';
comment on column glas_data.form_value.number is 'Of a number.';
comment on column glas_data.form_value.day is 'Of a date.';
comment on column glas_data.form_value.municipality is 'Of a place.';
comment on column glas_data.form_value.settlement is 'Of a place; empty for the municipality itself.';
