import { channels as doors } from '@firebreak/contract/detect/channels';
import {
  BEAT_FACTS,
  expectBeat,
  foldExpected,
  type Heartbeat,
  heartbeatOf,
  silenceText,
} from '@firebreak/core/detect/channels';
import { duty } from '@firebreak/core/detect/signals';
import { earlier, type Instant, isRefusal, refuse } from '@firebreak/core/kernel';
import { type App, act, type Board, type Deps, loadStream, route, type Sql, type Watch } from '../../platform/index.ts';
import { type Raised, storeSignals } from '../signals/index.ts';
import { beatsOf, systemsOf } from './beats.ts';

const STREAM = 'heartbeats';

export const heartbeatBoard: Board = {
  name: 'heartbeats',
  tables: ['heartbeat_board'],
  types: BEAT_FACTS,
  async apply(tx, { stream, data }) {
    const key = String(data.key);
    const expected = foldExpected(await loadStream(tx, stream));
    if (expected.has(key))
      await tx.query(
        'insert into heartbeat_board (key, every_minutes) values ($1, $2) on conflict (key) do update set every_minutes = excluded.every_minutes',
        [key, expected.get(key)],
      );
    else await tx.query('delete from heartbeat_board where key = $1', [key]);
  },
};

/** When this process first looked: before that nothing could be heard. */
const upSince = new WeakMap<Deps, Instant>();

async function heartbeats(deps: Deps, sql: Sql): Promise<Heartbeat[]> {
  const now = deps.now();
  const up = earlier(upSince.get(deps) ?? now, now);
  upSince.set(deps, up);
  const { rows } = await sql.query<{ key: string; every_minutes: number | null }>(
    'select key, every_minutes from heartbeat_board',
  );
  const declared = new Map(rows.map(({ key, every_minutes }) => [key, every_minutes]));
  return (await beatsOf(sql, now)).map((beat) => heartbeatOf(beat, declared.get(beat.key), now, up));
}

const signalOf = (beat: Heartbeat, system: string, now: Instant): Raised => ({
  at: now,
  channel: 'telemetry',
  kind: 'silence',
  detector: 'heartbeat',
  rule: `${beat.kind === 'detector' || beat.kind === 'onlooker' ? beat.key : beat.kind} heard every ${beat.everyMinutes} minutes`,
  evidenceClass: 'weak',
  score: null,
  system,
  feature: null,
  deployment: null,
  versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
  subjectHash: null,
  archetype: 'control-failure',
  severityHint: null,
  text: silenceText(beat, now).slice(0, 2_000),
  quotes: [],
  interaction: null,
  // What is about no system is told to each whose interactions it keeps from being read.
  dedupKey: `silence|${beat.key}|${beat.lateSince}${beat.system === null ? `|${system}` : ''}`,
  // A beat of our own accord is a guess of what is usual; one that a person asked for is a duty.
  ...(beat.declared && { pagesAlone: duty(`somebody said how often ${beat.name} has to be heard`) }),
  ...(beat.pages && { pagesAlone: duty(`somebody asked to be paged when ${beat.name} falls silent`) }),
});

/** Tells each silence once, and forgets it when it is heard again. */
export const listening: Watch = {
  name: 'heartbeats',
  everyMs: 30_000,
  async look(deps) {
    const now = deps.now();
    const told = await deps.db.transaction(async (tx) => {
      const silent = (await heartbeats(deps, tx)).filter(({ state }) => state === 'silent');
      const known = await tx.query<{ key: string }>('select key from heartbeat_silence for update');
      const held = new Set(known.rows.map(({ key }) => key));
      const fresh = silent.filter(({ key }) => !held.has(key));
      let raised = 0;
      for (const beat of fresh) {
        const systems = await systemsOf(tx, beat, now);
        const { ids } = await storeSignals(
          tx,
          deps,
          systems.map((system) => signalOf(beat, system, now)),
        );
        raised += ids.length;
        await tx.query(
          'insert into heartbeat_silence (key, since, told_at, signal) values ($1, $2, $3, $4) on conflict (key) do nothing',
          [beat.key, beat.lateSince, now, ids[0] ?? null],
        );
      }
      const still = silent.map(({ key }) => key);
      await tx.query('delete from heartbeat_silence where not (key = any($1))', [still]);
      return { raised, changed: fresh.length + [...held].filter((key) => !still.includes(key)).length };
    });
    if (told.changed > 0) deps.hints.give({ kind: 'monitors' });
    if (told.raised > 0) {
      deps.hints.give({ kind: 'signals' });
      deps.wake();
    }
  },
};

export function heartbeatRoutes(app: App, deps: Deps): void {
  const shown = async () => {
    const order = { silent: 0, new: 1, heard: 2, paused: 3, rare: 4 };
    const all = await heartbeats(deps, deps.db);
    const { rows } = await deps.db.query<{ key: string; signal: `sig_${string}` | null }>(
      'select key, signal from heartbeat_silence',
    );
    const signals = new Map(rows.map(({ key, signal }) => [key, signal]));
    return all
      .sort((a, b) => order[a.state] - order[b.state] || (a.name < b.name ? -1 : 1))
      .map(({ paused: _, pages: _pages, ...beat }) => ({ ...beat, signal: signals.get(beat.key) ?? null }));
  };
  route(app, doors.heartbeats, async () => ({ heartbeats: await shown() }));
  route(app, doors.expect, async ({ body, caller }) => {
    const { key } = body;
    if (!(await shown()).some((beat) => beat.key === key))
      return refuse(
        'heartbeat.unknown',
        `Nothing is called “${key}” here. List the channels to see what there is.`,
        '/key',
      );
    const done = await act(deps, {
      stream: STREAM,
      by: caller,
      may: 'monitor.edit',
      fold: foldExpected,
      decide: (state) => expectBeat(state, key, body.everyMinutes),
    });
    if (isRefusal(done)) return done;
    return { heartbeat: (await shown()).find((beat) => beat.key === key)! };
  });
}
