-- What a person said about a referral is written down in one place
-- (sql/code/51_network.sql).
drop function if exists glas_data.withdraw_referral(glas_data.report, text, text);
