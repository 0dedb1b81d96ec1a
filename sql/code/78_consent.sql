-- What was agreed to can be taken back: that another organisation sees a case, or
-- a step on the way to a signed complaint. The yes stays written down as it was,
-- and the history has the no.

-- That it is not safe to write to somebody holds whatever is with an authority.
create or replace function glas_data.must_not_be_filed(p_reference text, p_step text)
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    filed timestamptz;
begin
    select c.at into filed from glas_data.case_step c
     where c.reference = p_reference and c.step = 'filed';
    if filed is not null and p_step <> 'safe' then
        raise object_not_in_prerequisite_state using message = format(
            'the complaint of report %s was filed on %s, and is with the authority: '
            'it is taken back there; then select * from glas.set_status(''%1$s'', '
            '''withdrawn'', ''why'')', p_reference,
            to_char(filed at time zone 'Europe/Belgrade', 'DD.MM.YYYY.'));
    end if;
end
$$;
comment on function glas_data.must_not_be_filed(text, text) is
    'An error when a complaint is filed, and a step to it would be taken back.';

-- A yes may be one that nothing was done upon yet; that it is not safe is heard also
-- where nobody has asked.
create or replace function glas_data.withdraw_step(
    p_report glas_data.report, p_step text, p_said text, p_message bigint)
    returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    perform glas_data.must_not_be_filed(p_report.reference, p_step);
    if p_step <> 'safe'
       and not exists (select from glas_data.case_step c
                        where c.reference = p_report.reference and c.step = p_step)
       and (select k.agreed from glas_data.consent k
             where k.reference = p_report.reference and k.step = p_step
               and k.agreed is not null
             order by k.answered_at desc, k.id desc limit 1) is not true then
        raise no_data_found using message = format(
            'nobody has agreed to %s in report %s: select * from glas.consents has '
            'what was asked', p_step, p_report.reference);
    end if;
    insert into glas_data.consent (reference, step, asked_at, asked_by, agreed,
        answer, answered_at, message)
    values (p_report.reference, p_step, glas.now(), session_user, false, p_said,
        glas.now(), p_message);
    perform glas_data.record_said(p_report.reference, session_user, 'step', p_step,
        'withdrawn', p_said);
    perform glas_data.step_falls(p_report.reference, p_step, p_said, p_message);
    return format('Report %s: %s is taken back, and what came after it%s.',
        p_report.reference, p_step,
        case when exists (select from glas_data.case_step f
                           where f.reference = p_report.reference and f.step = 'filed')
             then '; what was filed stays with the authority' else '' end);
end
$$;
comment on function glas_data.withdraw_step(glas_data.report, text, text, bigint) is
    'A person takes back what they agreed to on the way to a complaint.';

create or replace function glas_data.withdraw_referral(
    p_report glas_data.report, p_organisation text, p_said text, p_message bigint)
    returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
declare
    f glas_data.referral;
begin
    select * into f from glas_data.referral r
     where r.reference = p_report.reference and r.organisation = p_organisation
       and r.state in ('asked', 'granted') for update;
    if f.id is null then
        raise no_data_found using message = format(
            'nobody has agreed that %s sees report %s: select * from '
            'glas.referrals has what was asked', p_organisation, p_report.reference);
    end if;
    perform glas_data.answer_referral(f, false, p_said, p_message, session_user);
    return format('%s does not see report %s any more.', p_organisation,
        p_report.reference);
end
$$;
comment on function glas_data.withdraw_referral(glas_data.report, text, text, bigint) is
    'A person takes back that another organisation sees their case.';

create or replace function glas.consent_withdraw(
    reference text, what text, answer text default '', text bigint default null)
    returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_column
declare
    report glas_data.report := glas_data.held_with_person(consent_withdraw.reference);
    step   text := lower(btrim(consent_withdraw.what));
    said   text := glas_data.words_said(report, consent_withdraw.answer,
                       consent_withdraw.text, '-infinity');
begin
    if coalesce(step, '') = '' then
        raise invalid_parameter_value using message = format(
            'say what is taken back of report %s: safe, contact_allowed, mandate, filed, '
            'or the name of an organisation of glas.referrals', report.reference);
    elsif glas_data.step_number(step) is not null then
        return glas_data.withdraw_step(report, step, said, consent_withdraw.text);
    end if;
    return glas_data.withdraw_referral(report,
        glas_data.organisation_of(consent_withdraw.what), said, consent_withdraw.text);
end
$$;
comment on function glas.consent_withdraw(text, text, text, bigint) is
    'A person takes back what they agreed to: that an organisation sees the case, or
     a step on the way to a complaint (safe, contact_allowed, mandate, filed). That it
     is not safe to write to them holds at any time, whether they were asked or not. In
     their words, said on the phone, or as the number of their text in glas.inbox.
     Example: select glas.consent_withdraw(''100008'', ''Zajednica'', ''ipak ne'');';
