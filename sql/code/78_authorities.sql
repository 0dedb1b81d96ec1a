-- The police and ministries are members like others for their own cases, and
-- nothing beyond: whoever coordinates there places nobody, takes no reports by
-- subject, writes to no crowd, asks nobody, and says nothing in public. This is
-- guarded where it is written down, so that no function can forget it; before, since
-- one of them could say that the police are something else.

create or replace function glas_data.must_not_be_of_authority() returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if glas_data.is_authority() then
        raise insufficient_privilege using message =
            'nobody of the police or a ministry may do that: ask a coordinator '
            'of another organisation; your own cases you answer with glas.reply()';
    end if;
end
$$;
comment on function glas_data.must_not_be_of_authority() is
    'An error for whoever is of an organisation of kind police or ministry.';

create or replace function glas_data.not_for_authorities() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.must_not_be_of_authority();
    return null;
end
$$;
comment on function glas_data.not_for_authorities() is
    'Refuses a change by whoever is of the police or a ministry.';

do $$
declare
    t text;
begin
    foreach t in array array['organisation', 'person', 'coverage', 'referral',
        'asked', 'consent', 'broadcast', 'broadcast_history', 'list', 'poll', 'event',
        'recommendation', 'response', 'recommendation_rating', 'publication',
        'deadline', 'holiday', 'duty', 'observer', 'taught', 'quarantine_history',
        'retention', 'retention_history']
    loop
        execute format('create or replace trigger not_for_authorities '
            'before insert or update or delete on glas_data.%I '
            'for each statement execute function glas_data.not_for_authorities()', t);
        execute format('comment on trigger not_for_authorities on glas_data.%I is '
            '''Whatever function writes here, and whatever it checks.''', t);
    end loop;
    -- Texts of people come into this one by themselves.
    create or replace trigger not_for_authorities
        before update or delete on glas_data.rumour
        for each statement execute function glas_data.not_for_authorities();
    comment on trigger not_for_authorities on glas_data.rumour is
        'Whatever function writes here, and whatever it checks.';
end
$$;
