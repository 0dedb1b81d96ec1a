-- The columns of what is kept are those of what is shown.

do $$
declare
    a record;
begin
    for a in
        select c.name, t.attname,
               coalesce(col_description(v.oid, s.attnum), case t.attname
                   when 'last' then 'When the last of them came.'
                   when 'first' then 'Reference of the first.' end) as said
          from glas_data.counted c
          join pg_catalog.pg_attribute t
            on t.attrelid = ('glas_data.' || c.name)::regclass and t.attnum > 0
          join pg_catalog.pg_class v
            on v.relname = c.name and v.relnamespace = 'glas'::regnamespace
          left join pg_catalog.pg_attribute s
            on s.attrelid = v.oid and s.attname = t.attname
    loop
        execute format('comment on column glas_data.%I.%I is %L', a.name, a.attname, a.said);
    end loop;
end
$$;
comment on column glas_data.ratings.police is 'About the police, or joined with what is.';
comment on column glas_data.ratings.marks is 'Sum of the marks.';
comment on column glas_data.equity.median_hours is
    'Half of them were answered within so many hours; Infinity: half were not answered.';
comment on column glas_data.equity.in_time is 'How many were answered in time.';
