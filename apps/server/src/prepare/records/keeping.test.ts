import { monitors } from '@firebreak/contract/detect/monitors';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { addMs } from '@firebreak/core/kernel';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

const DAY_MS = 86_400_000;
const SYSTEMS = ['plain', 'long', 'short', 'held'] as const;
const AGES = [1, 5, 40, 100] as const;
/** What stays of each, by its rule: 30 days as usual, 90, 2, and a legal hold. */
const STAYS = { plain: [1, 5], long: [1, 5, 40], short: [1], held: [1, 5, 40, 100] };

interface Row {
  readonly system: string;
  readonly at: string;
  /** Unique. */
  readonly id: string;
  readonly monitor: string;
}
interface Kept {
  readonly table: string;
  readonly add: (row: Row) => readonly [sql: string, ...values: unknown[]];
  /** What says which row it is. */
  readonly id: string;
}

/** Each table of what a system leaves, beside signals, interactions, feedback and evaluations. */
const TABLES: readonly Kept[] = [
  {
    table: 'moderation_opinion',
    id: 'interaction',
    add: ({ system, at, id }) => [
      "insert into moderation_opinion (moderator, interaction, system, at, state) values ('mod_1', $1, $2, $3, 'said')",
      id,
      system,
      at,
    ],
  },
  {
    table: 'prediction',
    id: 'id',
    add: ({ system, at, id }) => [
      `insert into prediction (system, id, received_at, data) values ($1, $2, $3,
         '{"score":0.5,"positive":true,"actual":null,"holdout":false,"groups":{},"features":{}}')`,
      system,
      id,
      at,
    ],
  },
  {
    table: 'oversight_pending',
    id: 'interaction',
    add: ({ system, at, id }) => [
      "insert into oversight_pending (interaction, system, feature, due_at, told) values ($1, $2, '', $3, true)",
      id,
      system,
      at,
    ],
  },
  {
    table: 'oversight_answered',
    id: 'asked',
    add: ({ system, at, id }) => [
      "insert into oversight_answered (system, asked, answered, count, first_at, last_at) values ($2, $1, '', 1, $3, $3)",
      id,
      system,
      at,
    ],
  },
  {
    table: 'eval_result',
    id: 'run',
    add: ({ id }) => [
      "insert into eval_result (run, case_id, state, digest, data) values ($1, 'c', 'passed', '', '{}')",
      id,
    ],
  },
  {
    table: 'eval_attempt',
    id: 'run',
    add: ({ id, at }) => [
      "insert into eval_attempt (run, case_id, n, at, lane, data) values ($1, 'c', 1, $2, 0, '{}')",
      id,
      at,
    ],
  },
  {
    table: 'sign_in',
    id: 'id',
    add: ({ system, at, id }) => [
      "insert into sign_in (id, system, at, data) values ($1, $2, $3, '{}')",
      id,
      system,
      at,
    ],
  },
  {
    table: 'access_told',
    id: 'id',
    add: ({ system, at, id }) => [
      "insert into access_told (id, system, at, signal, data) values ($1, $2, $3, '', '{}')",
      id,
      system,
      at,
    ],
  },
  {
    table: 'access_principal',
    id: 'principal',
    add: ({ system, at, id }) => [
      "insert into access_principal (system, kind, principal, at, data) values ($2, 'subject', $1, $3, '{}')",
      id,
      system,
      at,
    ],
  },
  {
    table: 'measure_series',
    id: 'id',
    add: ({ system, at, id }) => [
      `insert into measure_series (id, system, name, kind, unit, origin, feature, model, prompt, groups, first_minute, last_minute)
       values ($1, $2, 'x', 'level', '', 'sent', '', '', '', '{}', $3, $3)`,
      id,
      system,
      at.slice(0, 16),
    ],
  },
  ...(['measure_minute', 'measure_hour'] as const).map(
    (table): Kept => ({
      table,
      id: 'series',
      add: ({ at, id }) => [
        `insert into ${table} (series, minute, step, n, x, sum) values ($1, $2, 5, 1, 1, 1)`,
        id,
        at.slice(0, 16),
      ],
    }),
  ),
  {
    table: 'watch_alarm',
    id: 'id',
    add: ({ system, at, id }) => [
      "insert into watch_alarm (id, watch, system, measure, at, since, ended_at, text) values ($1, 'w', $2, 'x', $3, $3, $3, '')",
      id,
      system,
      at,
    ],
  },
  {
    table: 'monitor_item',
    id: 'id',
    add: ({ system, at, id, monitor }) => [
      `insert into monitor_item (id, monitor, scope, guid, words, first_seen_at, last_seen_at, about, kept, impact, signals, data)
       values ($1, $4, $2, $1, '[]', $3, $3, '', true, 0, '[]', '{}')`,
      id,
      system,
      at,
      monitor,
    ],
  },
];

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const { client } = world.ana;
  for (const key of SYSTEMS) await client.call(inventory.register, { body: { key, name: key, type: 'generative' } });
  const rule = (system: string, keptDays: number) =>
    client.call(records.rule, { params: { system }, body: { keptDays, reason: 'Our rule' } });
  await rule('long', 90);
  await rule('short', 2);
  await rule('held', 2);
  await client.call(records.hold, { params: { system: 'held' }, body: { reason: 'A claim' } });
});
afterAll(() => world.close());

it('keeps what a system left as long as its rule says, and all of it under a legal hold, in every table', async () => {
  const { db } = world.server.deps;
  const now = world.now();
  for (const system of SYSTEMS) {
    const added = await world.ana.client.call(monitors.add, {
      body: { name: system, kind: 'feed', address: 'https://news.test/feed', system, keywords: { brand: ['x'] } },
    });
    const monitor = added.monitor.id;
    await world.ana.client.call(monitors.remove, { params: { monitor }, body: { reason: 'its items stay' } });
    for (const age of AGES) {
      const id = `${system}-${age}`;
      const at = addMs(now, -age * DAY_MS);
      for (const { add } of TABLES) {
        const [sql, ...values] = add({ system, at, id, monitor });
        await db.query(sql, values);
      }
      // The newest two runs of a suite keep their answers for ever: two more stand before each.
      for (const [run, ended] of [
        [id, at],
        [`${id}-next`, now],
        [`${id}-last`, now],
      ])
        await db.query(
          `insert into eval_run_board (id, suite, kind, system, state, trigger, version, started_at, ended_at, data)
           values ($1, $2, 'golden-set', $3, 'finished', 'person', '', $4, $4, '{}')`,
          [run, `suite-${id}`, system, ended],
        );
    }
  }
  await world.advance('61m');
  await world.settle();
  const expected = SYSTEMS.flatMap((system) => STAYS[system].map((age) => `${system}-${age}`)).sort();
  const left: Record<string, string[]> = {};
  for (const { table, id } of TABLES) {
    const { rows } = await db.query<{ id: string }>(
      `select distinct ${id} as id from ${table} where ${id} ~ '^(plain|long|short|held)-'`,
    );
    left[table] = rows.map((row) => row.id).sort();
  }
  expect(left).toEqual(Object.fromEntries(TABLES.map(({ table }) => [table, expected])));
  // No fact stands behind these runs.
  await db.query("delete from eval_run_board where suite like 'suite-%'");
});
