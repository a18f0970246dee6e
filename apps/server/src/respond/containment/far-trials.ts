import { addMs } from '@firebreak/core/kernel';
import type { Signed } from '@firebreak/core/respond/containment';
import type { Deps } from '../../platform/index.ts';
import type { Hub, Tried } from './hub.ts';
import type { Instance, Roster } from './roster.ts';

const CHANNEL = 'firebreak_trial';
/** For the way there and back, beside what the instance itself may take. */
const WAY_MS = 500;
const KEPT_MS = 60_000;
const AT_ONCE = 20;

/** `silent`: its server asked it, and it did not answer. */
type Answer = Tried | { readonly silent: true };

/** Has instances that are connected to another server of the same database try an order: asked and answered through the database. */
export class FarTrials {
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly trying = new Set<string>();

  constructor(
    private readonly deps: Deps,
    private readonly roster: Roster,
    private readonly hub: Hub,
    private readonly ms: number,
  ) {}

  /** Only where several servers can open the database. */
  get possible(): boolean {
    return this.deps.db.engine === 'postgresql';
  }

  async open(): Promise<void> {
    if (!this.possible) return;
    await this.deps.db.listen(CHANNEL, () => {
      this.look().catch((error) => this.deps.log.warn({ err: error }, 'a trial of another server was not looked at'));
    });
  }

  /** What the instance met; undefined: it did not answer its server; null: its server was not heard of in time. */
  async ask({ instance, hub }: Instance, trial: string, signed: Signed): Promise<Tried | undefined | null> {
    const { db } = this.deps;
    let settle: (answer: Answer | null) => void = () => undefined;
    const answered = new Promise<Answer | null>((resolve) => {
      settle = resolve;
    });
    const timer = setTimeout(() => settle(null), this.ms + WAY_MS);
    this.waiting.set(trial, settle);
    try {
      await db.query('insert into far_trial (trial, hub, instance, message, at) values ($1, $2, $3, $4::jsonb, $5)', [
        trial,
        hub,
        instance,
        JSON.stringify(signed),
        this.deps.now(),
      ]);
      await db.query('select pg_notify($1, $2)', [CHANNEL, '']);
      const answer = await answered;
      return answer === null ? null : 'silent' in answer ? undefined : answer;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(trial);
      await db.query('delete from far_trial where trial = $1 or at < $2', [trial, addMs(this.deps.now(), -KEPT_MS)]);
    }
  }

  private async look(): Promise<void> {
    const { db } = this.deps;
    if (this.waiting.size > 0) {
      const { rows } = await db.query<{ trial: string; answer: Answer }>(
        'select trial, answer from far_trial where trial = any($1) and answer is not null',
        [[...this.waiting.keys()]],
      );
      for (const { trial, answer } of rows) this.waiting.get(trial)?.(answer);
    }
    const { rows } = await db.query<{ trial: string; instance: string; message: Signed }>(
      `select trial, instance, message from far_trial where hub = $1 and answer is null and at > $2 limit ${AT_ONCE}`,
      [this.roster.hub, addMs(this.deps.now(), -KEPT_MS)],
    );
    await Promise.all(rows.map((row) => this.tryHere(row)));
  }

  private async tryHere({ trial, instance, message }: { trial: string; instance: string; message: Signed }) {
    if (this.trying.has(trial)) return;
    this.trying.add(trial);
    try {
      const answer: Answer = (await this.hub.try(instance, trial, message, this.ms)) ?? { silent: true };
      const { db } = this.deps;
      await db.query('update far_trial set answer = $2::jsonb where trial = $1', [trial, JSON.stringify(answer)]);
      await db.query('select pg_notify($1, $2)', [CHANNEL, '']);
    } finally {
      this.trying.delete(trial);
    }
  }
}
