-- What citizens can say and what they hear. A pack is one JSON object; its
-- sections are lists or tables of items, and each item is a row here, as it
-- stands in the pack, so that what translators add is never lost.

create table glas_data.content_section (
    name text primary key,
    kind text not null check (kind in ('list', 'table', 'value'))
);
comment on table glas_data.content_section is 'Parts of the content pack.';
comment on column glas_data.content_section.name is 'Name: keywords, categories, texts, ...';
comment on column glas_data.content_section.kind is
    'list: items in an order; table: items by key; value: one item.';

create table glas_data.content_item (
    section text not null references glas_data.content_section on delete cascade,
    key     text not null,
    place   int not null,
    item    jsonb not null,
    primary key (section, key)
);
comment on table glas_data.content_item is 'What stands in the content pack, a row an item.';
comment on column glas_data.content_item.section is 'Part of the pack.';
comment on column glas_data.content_item.key is 'Key in a table; place in a list.';
comment on column glas_data.content_item.place is 'Order in a list, from 1.';
comment on column glas_data.content_item.item is 'The item.';
