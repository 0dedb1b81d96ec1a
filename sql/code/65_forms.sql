-- A view for each form of the content, with a column for each field. They are
-- made anew when the content changes and after every migration.

-- What is read of a value by the type of its field: expression and comment.
create or replace function glas_data.form_column(f glas_data.form_field)
    returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $$
    select format('max(v.%I) filter (where v.field = %L) as %I',
        case f.type when 'number' then 'number' when 'date' then 'day' else 'value' end,
        f.field, f.field)
    $$;
comment on function glas_data.form_column(glas_data.form_field) is
    'The column of a view that a field of a form is.';

create or replace function glas_data.form_view(p_form glas_data.form) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    name    text := 'form_' || lower(p_form.code);
    columns text[];
    f       glas_data.form_field;
begin
    select array_agg(glas_data.form_column(d) order by d.position, d.field) into columns
      from glas_data.form_field d where d.form = p_form.code;
    execute format($sql$
        create view glas.%1$I with (security_barrier) as
        select e.message as entry, e.at, glas_data.pseudonym(e.citizen) as citizen,
               %2$s e.complete, e.unread
          from glas_data.form_entry e %3$s
         where e.form = %4$L and not e.test
           and ((select glas_data.sees_all())
                or exists (select from glas_data.observer o
                            where o.citizen = e.citizen and o.form = e.form
                              and o.since <= e.at
                              and o.organisation = (select glas_data.own_organisation())))
         order by e.at desc
        $sql$, name,
        (select coalesce(string_agg(format('v.%I,', d.field), ' ' order by d.position, d.field), '')
           from glas_data.form_field d where d.form = p_form.code),
        case when columns is not null then format(
            'left join lateral (select %s from glas_data.form_value v
                                 where v.entry = e.message) v on true',
            array_to_string(columns, ', ')) end,
        p_form.code);
    execute format('comment on view glas.%I is %L', name, format(
        e'%s: what came for the form %s, of observers of the own organisation.\n'
        '     Example: select * from glas.%I limit 20;',
        coalesce(p_form.names ->> 'en', p_form.names ->> 'sr-Latn', p_form.code), p_form.code, name));
    execute format('comment on column glas.%1$I.entry is %2$L', name,
        'Number of the text; glas.explain(entry) says how it was understood.');
    execute format('comment on column glas.%1$I.at is %2$L', name, 'When it came.');
    execute format('comment on column glas.%1$I.citizen is %2$L', name, 'Pseudonym of who sent it.');
    execute format('comment on column glas.%1$I.complete is %2$L', name,
        'All that the form requires is there.');
    execute format('comment on column glas.%1$I.unread is %2$L', name,
        'What could not be read as a value.');
    for f in select * from glas_data.form_field d where d.form = p_form.code loop
        execute format('comment on column glas.%I.%I is %L', name, f.field, concat(
            coalesce(f.ask ->> 'en', f.ask ->> 'sr-Latn', f.field),
            (select ' (' || string_agg(c, ', ' order by c) || ')'
               from jsonb_object_keys(f.choices) c)));
    end loop;
    execute format('grant select on glas.%I to glas_caseworker, glas_coordinator, glas_auditor', name);
end
$$;
comment on function glas_data.form_view(glas_data.form) is
    'Makes the view of a form, with comments and grants.';

create or replace function glas_data.form_views() returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    old  name;
    form glas_data.form;
begin
    for old in
        select c.relname from pg_class c
         where c.relnamespace = 'glas'::regnamespace and c.relkind = 'v'
           and c.relname like 'form\_%'
    loop
        execute format('drop view glas.%I', old);
    end loop;
    for form in select * from glas_data.form f order by f.code loop
        perform glas_data.form_view(form);
    end loop;
end
$$;
comment on function glas_data.form_views() is
    'Makes the views glas.form_... anew, as the content has the forms now.';
