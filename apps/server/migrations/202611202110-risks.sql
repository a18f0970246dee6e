-- The risk register, derived from facts.
create table risk_board (
  id text primary key,
  closed boolean not null,
  -- Likelihood times impact of what is left, or of the whole where nothing was said.
  grade integer not null,
  data jsonb not null
);
create index risk_by_grade on risk_board (closed, grade desc, id);
