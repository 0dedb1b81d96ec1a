-- What is added to a report says what it may be about, too: an argument has another
-- name.
drop function if exists glas_data.follow(text, bigint, bigint, text);
drop function if exists glas_data.keep_from_police(text, text);

-- Who took a yes back is not asked again; who did not answer may be.
alter table glas_data.referral drop constraint referral_state_check;
update glas_data.referral set state = 'withdrawn'
 where state = 'ended' and answered_at is not null;
alter table glas_data.referral add constraint referral_state_check
    check (state in ('asked', 'granted', 'refused', 'withdrawn', 'ended'));
comment on column glas_data.referral.state is
    'asked; granted; refused; withdrawn: they agreed, and took it back; ended: nobody answered.';

-- What was told on the phone is of the organisation, wherever who called goes.
alter table glas_data.callback add column organisation text;
comment on column glas_data.callback.organisation is
    'Organisation that called back: what it was told is its own.';
update glas_data.callback c set organisation = p.organisation
  from glas_data.person p
 where p.role = c.called_by and c.state <> 'waiting';
