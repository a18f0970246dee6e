-- When a system last reported one.
create index sign_in_by_system on sign_in (system, at);
