import { redact, takenOutMark } from '@firebreak/core/detect/detectors';
import { UNNAMED_SYSTEM, type Witnessed } from '@firebreak/core/detect/signals';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { TakenOut } from '@firebreak/core/prepare/records';
import type { Deps, Sql } from '../../platform/index.ts';
import { recordRules } from '../../prepare/records/index.ts';

const DAY_MS = 86_400_000;

/** Takes out of texts what the rules of their system name, and counts it. */
class Taking {
  readonly #kinds: ReadonlyMap<string, ReadonlySet<TakenOut>>;
  readonly #counts = new Map<string, number>();

  constructor(kinds: ReadonlyMap<string, ReadonlySet<TakenOut>>) {
    this.#kinds = kinds;
  }

  /** Of what names no system, and so may be about any: whatever the rule of one of them names. */
  of(system: string): ((text: string) => string) | null {
    const kinds =
      this.#kinds.get(system) ??
      (system === UNNAMED_SYSTEM ? new Set([...this.#kinds.values()].flatMap((each) => [...each])) : undefined);
    return kinds === undefined ? null : this.#taking(system, kinds);
  }

  #taking(system: string, kinds: ReadonlySet<TakenOut>): (text: string) => string {
    return (text) => {
      const it = redact(text, kinds, takenOutMark);
      for (const [kind, count] of Object.entries(it.counts)) {
        const key = `${system}\n${kind}`;
        this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
      }
      return it.text;
    };
  }

  /** Figures, not records: what dies here was taken out all the same. */
  async count(deps: Deps): Promise<void> {
    if (this.#counts.size === 0) return;
    const rows = [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => {
        const [system, kind] = key.split('\n');
        return { system, kind, count };
      });
    await deps.db.query(
      `insert into record_taken_out (system, hour, kind, count)
       select system, $2, kind, count from jsonb_to_recordset($1::jsonb) as r(system text, kind text, count int)
       on conflict (system, hour, kind) do update set count = record_taken_out.count + excluded.count`,
      [JSON.stringify(rows), deps.now().slice(0, 13)],
    );
  }
}

async function taking(deps: Deps): Promise<Taking | null> {
  const rules = [...(await recordRules(deps)).values()].filter(({ takesOut }) => takesOut.length > 0);
  if (rules.length === 0) return null;
  return new Taking(new Map(rules.map(({ system, takesOut }) => [system, new Set(takesOut)])));
}

const maybe = (take: (text: string) => string, text: string | null): string | null =>
  text === null ? null : take(text);

function withoutThem(it: Witnessed, take: (text: string) => string): Witnessed {
  return {
    ...it,
    input: it.input?.map(({ role, content }) => ({ role, content: take(content) })) ?? null,
    output: maybe(take, it.output),
    retrieved:
      it.retrieved?.map((passage) => ({ ...passage, title: maybe(take, passage.title), text: take(passage.text) })) ??
      null,
    toolCalls:
      it.toolCalls?.map((call) => ({
        ...call,
        arguments: maybe(take, call.arguments),
        result: maybe(take, call.result),
      })) ?? null,
    error: maybe(take, it.error),
  };
}

/** Interactions as they may be kept: what the rule of their system names is gone from every text before anything is stored. */
export async function takeOutOfInteractions(deps: Deps, given: readonly Witnessed[]): Promise<readonly Witnessed[]> {
  const all = await taking(deps);
  if (all === null) return given;
  const kept = given.map((it) => {
    const take = all.of(it.system);
    return take === null ? it : withoutThem(it, take);
  });
  await all.count(deps);
  return kept;
}

/** What people and senders wrote about a system, as it may be kept. */
export async function takeOutOfTexts<T extends { readonly system: string; readonly text?: string | null | undefined }>(
  deps: Deps,
  given: readonly T[],
): Promise<readonly T[]> {
  const all = await taking(deps);
  if (all === null) return given;
  const kept = given.map((it) => {
    const take = all.of(it.system);
    return take === null || !it.text ? it : { ...it, text: take(it.text) };
  });
  await all.count(deps);
  return kept;
}

/** The rules of this moment, for texts whose system is found out within a transaction. */
export interface TakingOut {
  /** The text as it may be kept of a system. */
  text(system: string, text: string): string;
  /** Counts what was taken out. Outside of the transaction, after it. */
  counted(): Promise<void>;
}

export async function takingOut(deps: Deps): Promise<TakingOut> {
  const all = await taking(deps);
  return {
    text: (system, text) => all?.of(system)?.(text) ?? text,
    counted: async () => all?.count(deps),
  };
}

/** What was taken out since a day ago, by system and kind. */
export async function takenOutLately(
  sql: Sql,
  now: Instant,
): Promise<{ system: string; kind: TakenOut; count: number }[]> {
  const { rows } = await sql.query<{ system: string; kind: TakenOut; count: number }>(
    `select system, kind, sum(count)::int as count from record_taken_out where hour > $1
     group by system, kind order by system, kind limit 1000`,
    [addMs(now, -DAY_MS).slice(0, 13)],
  );
  return rows;
}
