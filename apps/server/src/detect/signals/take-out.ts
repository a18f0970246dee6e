import { redact, takenOutMark } from '@firebreak/core/detect/detectors';
import type { Witnessed } from '@firebreak/core/detect/signals';
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

  of(system: string): ((text: string) => string) | null {
    const kinds = this.#kinds.get(system);
    return kinds === undefined ? null : this.#taking(system, kinds);
  }

  /** For what may be about any system: whatever the rule of one of them names. */
  ofAny(system: string): (text: string) => string {
    return this.#taking(system, new Set([...this.#kinds.values()].flatMap((kinds) => [...kinds])));
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
    retrieved: it.retrieved?.map((passage) => ({ ...passage, text: take(passage.text) })) ?? null,
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

/** Texts as they may be kept, in order. Where it is not `sure` which system they are about, by the rules of all of them. */
export async function takeOutOf(
  deps: Deps,
  { system, sure }: { readonly system: string; readonly sure: boolean },
  texts: readonly (string | null)[],
): Promise<readonly (string | null)[]> {
  const all = await taking(deps);
  const take = sure ? all?.of(system) : all?.ofAny(system);
  if (all === null || !take) return texts;
  const kept = texts.map((text) => maybe(take, text));
  await all.count(deps);
  return kept;
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
