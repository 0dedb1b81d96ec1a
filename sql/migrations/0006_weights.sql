-- What was learnt from labelled texts, and the concepts that it speaks of:
-- sections of a content pack as in 0004_content.sql.

create table glas_data.concept (
    concept text,
    lang    text,
    words   jsonb,
    primary key (concept, lang)
);
comment on table glas_data.concept is 'What words have in common: a step from words to what a text means.';
comment on column glas_data.concept.concept is 'Name, as in weights.';
comment on column glas_data.concept.lang is 'Language of the words.';
comment on column glas_data.concept.words is 'The words, as patterns for keywords.';

create table glas_data.weight (
    class    text primary key,
    bias     int,
    features jsonb
);
comment on table glas_data.weight is 'What features of a text speak for, as glasctl train has learnt it.';
comment on column glas_data.weight.class is 'What a text can be: intent and code, danger, or language.';
comment on column glas_data.weight.bias is 'How much speaks for it before anything is read.';
comment on column glas_data.weight.features is 'Features, each with how much it speaks for the class.';

insert into glas_data.content_section (name, rows_in) values
    ('concepts', 'glas_data.concept'),
    ('weights',  'glas_data.weight');
