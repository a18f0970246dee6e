import type { Instant } from '../../kernel/index.ts';
import { earlier, later, msBetween } from '../../kernel/index.ts';
import type { Budget, BudgetMeasure } from '../../prepare/inventory/index.ts';
import type { Finding } from '../detectors/index.ts';
import type { Interaction } from '../signals/index.ts';

const MILLION = 1e6;
/** Records of one session whose numbers are remembered, so that what a second witness adds is counted once. */
const MOST_REMEMBERED = 100;
const MOST_TOLD = 40;

/** What one session has used up so far. */
export interface SessionUse {
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly answers: number;
  readonly calls: number;
  /** Tokens. */
  readonly input: number;
  readonly output: number;
  /** Calls, tokens read and tokens written of each record that was counted, newest last. */
  readonly counted: Readonly<Record<string, readonly [number, number, number]>>;
  /** What has been told of this session already. */
  readonly told: readonly string[];
}

/** One record, as far as it uses something up. */
export type Using = Pick<Interaction, 'id' | 'at' | 'toolCalls' | 'tokens' | 'input' | 'output'> &
  Pick<Partial<Interaction>, 'depth'>;

const inWords = (n: number): string => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 2 : 0 });

/** What was used up, in half a sentence. */
const SAYS: Readonly<Record<BudgetMeasure, (amount: string, currency: string) => string>> = {
  tokens: (n) => `One session used ${n} tokens`,
  spend: (n, currency) => `One session spent ${n} ${currency} on tokens`,
  answers: (n) => `One session had ${n} answers of the model`,
  calls: (n) => `One session called tools ${n} times`,
  minutes: (n) => `One session went on for ${n} minutes`,
  'fan-out': (n) => `One answer asked for ${n} calls of tools`,
  depth: (n) => `Agents called one another ${n} deep`,
  sessions: (n) => `One person had ${n} sessions at the same time`,
};

/** A record that only tells of a call is no answer. */
const isAnswer = ({ input, output, tokens }: Using): boolean =>
  input !== null || output !== null || tokens.input !== null || tokens.output !== null;

function usedUp(it: Using, before: SessionUse | null): SessionUse {
  const { firstAt, lastAt, answers, calls, input, output, counted, told } = before ?? {
    firstAt: it.at,
    lastAt: it.at,
    answers: 0,
    calls: 0,
    input: 0,
    output: 0,
    counted: {},
    told: [],
  };
  const held = counted[it.id];
  const had = held ?? [0, 0, 0];
  const now = [it.toolCalls?.length ?? 0, it.tokens.input ?? 0, it.tokens.output ?? 0] as const;
  const more = (i: 0 | 1 | 2): number => Math.max(0, now[i] - had[i]);
  return {
    firstAt: earlier(it.at, firstAt),
    lastAt: later(it.at, lastAt),
    answers: answers + (held === undefined && isAnswer(it) ? 1 : 0),
    calls: calls + more(0),
    input: input + more(1),
    output: output + more(2),
    counted: Object.fromEntries(
      [
        ...Object.entries(counted).filter(([id]) => id !== it.id),
        [it.id, now.map((n, i) => Math.max(n, had[i as 0 | 1 | 2])) as [number, number, number]] as const,
      ].slice(-MOST_REMEMBERED),
    ),
    told,
  };
}

function amountOf({ measure, price }: Budget, use: SessionUse, it: Using, sessions: number): number {
  switch (measure) {
    case 'tokens':
      return use.input + use.output;
    case 'spend':
      return (use.input * (price?.input ?? 0) + use.output * (price?.output ?? 0)) / MILLION;
    case 'answers':
      return use.answers;
    case 'calls':
      return use.calls;
    case 'minutes':
      return msBetween(use.firstAt, use.lastAt) / 60_000;
    case 'fan-out':
      return it.toolCalls?.length ?? 0;
    case 'depth':
      return it.depth ?? 0;
    case 'sessions':
      return sessions;
  }
}

const BOUNDS = [
  ['hard', 'verified', 0.99, 'which must not happen'],
  ['soft', 'weak', 0.5, 'which is worth a look'],
] as const;

/**
 * Counts one record into what its session has used up, and holds that against the budgets of its system: beyond a soft bound
 * weak, beyond a hard one verified, each told once in a session. `sessions`: of the person served that go on at the same time,
 * this one among them. A record that is handed in again adds only what is more than before.
 */
export function checkBudgets(
  it: Using,
  budgets: readonly Budget[],
  before: SessionUse | null,
  sessions: number,
): { readonly findings: readonly Finding[]; readonly use: SessionUse } {
  const use = usedUp(it, before);
  const told = new Set(use.told);
  const findings: Finding[] = [];
  for (const budget of budgets) {
    const amount = amountOf(budget, use, it, sessions);
    const passed = BOUNDS.find(([bound]) => budget[bound] !== null && amount > budget[bound]!);
    if (passed === undefined) continue;
    const [bound, evidenceClass, score, says] = passed;
    const once = `${budget.measure} ${bound}`;
    if (told.has(once)) continue;
    told.add(once);
    // Whoever passed the hard bound needs not be told of the soft one any more.
    if (bound === 'hard') told.add(`${budget.measure} soft`);
    findings.push({
      detector: 'session-budgets',
      version: '1',
      kind: 'budget-exceeded',
      archetype: 'agentic-misalignment',
      evidenceClass,
      score,
      spans: [],
      rules: [budget.measure, bound],
      explain: `${SAYS[budget.measure](inWords(amount), budget.price?.currency ?? '')}, more than the ${bound} bound of ${inWords(budget[bound]!)}, ${says}.`,
      same: `budget-exceeded|${budget.measure}|${bound}`,
    });
  }
  return { findings, use: { ...use, told: [...told].slice(-MOST_TOLD) } };
}
