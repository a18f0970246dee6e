-- An order waits for its evidence manifest: the newest feedback of a system is found, not searched for.
create index feedback_of_system on feedback (system, received_at, id);

-- A function, because its plan is kept: planning these looks anew takes longer than they do.
create function telemetry_marks(of_system text, most integer) returns jsonb language plpgsql stable as $$
begin
  return jsonb_build_object(
    'interaction', (select id from interaction where system = of_system order by received_at desc, id desc limit 1),
    'interaction_rows', (select count(*) from (select 1 from interaction where system = of_system limit most) kept),
    'signal', (select id from signal where system = of_system order by received_at desc, id desc limit 1),
    'signal_rows', (select count(*) from (select 1 from signal where system = of_system limit most) kept),
    'feedback', (select id from feedback where system = of_system order by received_at desc, id desc limit 1),
    'feedback_rows', (select count(*) from (select 1 from feedback where system = of_system limit most) kept),
    'sealed', (select max(number) from telemetry_batch),
    'sealed_rows', (select coalesce(sum(count), 0) from telemetry_batch)
  );
end
$$;
