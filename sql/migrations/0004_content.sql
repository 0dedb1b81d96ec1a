-- What citizens can say and what they hear: one table for each section of a
-- content pack, one column for each field (src/text/content_section.c). A
-- field that an entry does not have is null.

create table glas_data.content_section (
    name text primary key,
    rows_in regclass not null unique,
    note text not null default ''
);
comment on table glas_data.content_section is 'Sections of the content pack and the tables that hold them.';
comment on column glas_data.content_section.name is 'Name of the section and of its file.';
comment on column glas_data.content_section.rows_in is 'Table with its entries.';
comment on column glas_data.content_section.note is 'What the pack says of the section.';

create table glas_data.category (
    code             text primary key,
    "group"          int,
    named_in_reply   boolean,
    urgent           boolean,
    emergency        text,
    emergency_on_cue boolean,
    emergency_line   text,
    topic            text,
    by_actor         jsonb,
    names            jsonb
);
comment on table glas_data.category is 'What reports can be about.';
comment on column glas_data.category.code is 'Code, as in glas.reports.';
comment on column glas_data.category."group" is 'Number of the group that it is listed in.';
comment on column glas_data.category.named_in_reply is 'Whether an acknowledgement names it: not where that could endanger.';
comment on column glas_data.category.urgent is 'Somebody may be in danger.';
comment on column glas_data.category.emergency is 'Emergency text that always goes with it.';
comment on column glas_data.category.emergency_on_cue is 'The emergency text goes with it when the text has a cue of danger.';
comment on column glas_data.category.emergency_line is 'Key of the line in the acknowledgement.';
comment on column glas_data.category.topic is 'Rights topic that belongs to it.';
comment on column glas_data.category.by_actor is 'Category that it becomes when the text is about this actor.';
comment on column glas_data.category.names is 'Names by language.';

create table glas_data.cue (
    cue     text,
    lang    text,
    pattern text,
    primary key (cue, lang, pattern)
);
comment on table glas_data.cue is 'Words that tell of danger.';
comment on column glas_data.cue.cue is 'What they tell of.';
comment on column glas_data.cue.lang is 'Language.';
comment on column glas_data.cue.pattern is 'The words, as for keywords.';

create table glas_data.keyword (
    kind    text,
    code    text,
    lang    text,
    pattern text,
    weight  int,
    primary key (kind, code, lang, pattern)
);
comment on table glas_data.keyword is 'Words that mean something.';
comment on column glas_data.keyword.kind is 'intent, category, topic, actor, ...';
comment on column glas_data.keyword.code is 'What they mean.';
comment on column glas_data.keyword.lang is 'Language.';
comment on column glas_data.keyword.pattern is 'The words: ^ only first in a text, * any ending.';
comment on column glas_data.keyword.weight is 'How much they count.';

create table glas_data.language (
    lang    text primary key,
    name    text,
    letters text,
    words   jsonb
);
comment on table glas_data.language is 'Languages that Glas reads and writes.';
comment on column glas_data.language.lang is 'Code: sr-Latn, sr-Cyrl, sq, rom, bg, en.';
comment on column glas_data.language.name is 'Name, in itself.';
comment on column glas_data.language.letters is 'Letters that tell it from others.';
comment on column glas_data.language.words is 'Small words that tell it from others.';

create table glas_data.place (
    municipality text,
    settlement   text default '',
    kind         text,
    cyrillic     text,
    sq           text,
    sq_verified  boolean,
    bg           text,
    aliases      jsonb,
    common_word  boolean,
    code         text,
    postcode     text,
    lat          text,
    lon          text,
    source       text,
    note         text,
    primary key (municipality, settlement)
);
comment on table glas_data.place is 'Places that a report can be about.';
comment on column glas_data.place.municipality is 'Municipality, as in glas.reports.';
comment on column glas_data.place.settlement is 'Settlement in it; empty for the municipality itself.';
comment on column glas_data.place.kind is 'city, municipality, village, ...';
comment on column glas_data.place.cyrillic is 'Name in Cyrillic letters.';
comment on column glas_data.place.sq is 'Name in Albanian.';
comment on column glas_data.place.sq_verified is 'Whether somebody has checked that name.';
comment on column glas_data.place.bg is 'Name in Bulgarian.';
comment on column glas_data.place.aliases is 'Other names and short forms.';
comment on column glas_data.place.common_word is 'The name is also an ordinary word.';
comment on column glas_data.place.code is 'Number of the municipality in the register.';
comment on column glas_data.place.postcode is 'Postcode.';
comment on column glas_data.place.lat is 'Latitude, degrees north.';
comment on column glas_data.place.lon is 'Longitude, degrees east.';
comment on column glas_data.place.source is 'Where this is from.';
comment on column glas_data.place.note is 'What else is known.';

create table glas_data.reply_text (
    key          text,
    lang         text,
    text         text,
    source       text,
    reviewer     text,
    last_checked text,
    valid_until  text,
    primary key (key, lang)
);
comment on table glas_data.reply_text is 'What citizens are answered.';
comment on column glas_data.reply_text.key is 'What it is for.';
comment on column glas_data.reply_text.lang is 'Language.';
comment on column glas_data.reply_text.text is 'The text; {name} is filled in.';
comment on column glas_data.reply_text.source is 'Where the facts in it are from.';
comment on column glas_data.reply_text.reviewer is 'Who has checked it, or none.';
comment on column glas_data.reply_text.last_checked is 'Day on which it was checked last.';
comment on column glas_data.reply_text.valid_until is 'Day after which it must be checked again.';

create table glas_data.content_setting (
    name  text primary key,
    value int,
    help  text
);
comment on table glas_data.content_setting is 'Numbers that steer the answers.';
comment on column glas_data.content_setting.name is 'Name.';
comment on column glas_data.content_setting.value is 'Value.';
comment on column glas_data.content_setting.help is 'What it does.';

create table glas_data.topic (
    code   text primary key,
    number int,
    names  jsonb
);
comment on table glas_data.topic is 'Rights that people can ask about.';
comment on column glas_data.topic.code is 'Code.';
comment on column glas_data.topic.number is 'Number in the list that people get.';
comment on column glas_data.topic.names is 'Names by language.';

insert into glas_data.content_section (name, rows_in) values
    ('categories', 'glas_data.category'),
    ('emergency',  'glas_data.cue'),
    ('keywords',   'glas_data.keyword'),
    ('languages',  'glas_data.language'),
    ('places',     'glas_data.place'),
    ('replies',    'glas_data.reply_text'),
    ('settings',   'glas_data.content_setting'),
    ('topics',     'glas_data.topic');
