-- When somebody signed in, or last gave their password again.
alter table session add column fresh_at text not null default '';
update session set fresh_at = opened_at;
