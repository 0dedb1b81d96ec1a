-- What is shown first is found first, and what people say of all cases is counted.

create index duty_call_shown on glas_data.duty_call ((taken_at is not null), begun_at desc);
create index form_entry_shown on glas_data.form_entry (form, at desc);
create index asked_answered on glas_data.asked (answered_at) where answered_at is not null;
create index report_history_classified on glas_data.report_history (reference)
    where what = 'category';
create index referral_shown on glas_data.referral (asked_at desc);
create index referral_reference on glas_data.referral (reference);

insert into glas_data.counted (name) values ('ratings');
