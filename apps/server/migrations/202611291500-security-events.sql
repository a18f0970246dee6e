-- A subscription may be told by Security Event Tokens (RFC 8417); whom they are meant for.
alter table subscription_board add column audience text;
