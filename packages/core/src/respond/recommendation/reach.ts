import { type Asking, type Control, type KindName, kindOf } from '../containment/index.ts';

/** One stored request, as far as it says what a control asks for. `null`: not captured, never "none". */
export interface Passed {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How many requests it stands for; 1 where every one was looked at. */
  readonly weight: number;
  readonly feature: string | null;
  readonly model: string | null;
  readonly prompt: string | null;
  readonly provider: string | null;
  readonly country: string | null;
  readonly subject: string | null;
  readonly session: string | null;
  readonly agent: string | null;
  readonly index: string | null;
  readonly retrieved: boolean | null;
  readonly tools: readonly string[] | null;
  readonly question: string | null;
  readonly answer: string | null;
  /** Whether a signal was raised about it; the others looked benign. */
  readonly suspect: boolean;
}

/** `unsaid`: the record leaves out what the control asks for, so a guard that is told no more takes the stricter reading. */
export type Touch = 'touched' | 'spared' | 'unsaid';

type Maker<R> = { readonly [K in KindName]: (control: Extract<Control, { kind: K }>, passed: Passed) => R };

/** Whether something the control asks for was not captured. */
const DOUBTFUL: Maker<boolean> = {
  disable: () => false,
  route: ({ from }, passed) =>
    (['model', 'prompt', 'provider'] as const).some((each) => from?.[each] !== undefined && passed[each] === null),
  // Applies wherever something is not said: what is sure of it stands below.
  fence: () => false,
  block: ({ direction }, { question, answer }) =>
    (direction !== 'output' && question === null) || (direction !== 'input' && answer === null),
  input: ({ attachments }, { question }) => attachments !== undefined || question === null,
  retrieval: (_, { index, retrieved }) => index === null && retrieved !== false,
  review: ({ tools }, passed) => tools !== undefined && passed.tools === null,
  revoke: ({ credential, agent }, passed) =>
    passed.tools === null ||
    (passed.tools.length > 0 && (credential !== undefined || (agent !== undefined && passed.agent === null))),
  // No record says what started it.
  pause: () => true,
  limit: () => false,
  settings: () => false,
};

/** Whether what was captured is enough by itself for the control to apply. */
const SURE: Maker<boolean> = {
  disable: () => true,
  route: (control, passed) => !DOUBTFUL.route(control, passed),
  fence: ({ countries }, { country }) =>
    countries !== undefined && country !== null && countries.list.includes(country) === (countries.mode === 'deny'),
  block: () => true,
  input: () => true,
  retrieval: () => true,
  review: () => true,
  revoke: (control, passed) => !DOUBTFUL.revoke(control, passed),
  pause: () => false,
  limit: () => true,
  settings: () => true,
};

const said = <T>(value: T | null): T | undefined => (value === null ? undefined : value);

/** What one request asked for on its way: its beginning, its words in and out, its index, each of its tools. */
function momentsOf(passed: Passed): Asking[] {
  const base: Asking = {
    feature: said(passed.feature),
    model: said(passed.model),
    prompt: said(passed.prompt),
    provider: said(passed.provider),
    country: said(passed.country),
    subject: said(passed.subject),
    agent: said(passed.agent),
  };
  return [
    base,
    ...(passed.question === null ? [] : [{ ...base, text: passed.question }]),
    ...(passed.answer === null ? [] : [{ ...base, text: passed.answer, direction: 'output' as const }]),
    ...(passed.index === null ? [] : [{ ...base, index: passed.index }]),
    ...(passed.tools ?? []).map((tool) => ({ ...base, tool })),
  ];
}

/** Served by what the control would switch to already. */
const servedSo = (control: Control, passed: Passed): boolean =>
  control.kind === 'route' &&
  (['model', 'prompt', 'provider'] as const).every(
    (each) => control.to[each] === undefined || control.to[each] === passed[each],
  );

/** Whether a control would have met a request, by the rule that guards obey. Limits are judged over many (`reachOf`). */
export function touchOf(control: Control, passed: Passed): Touch {
  if (control.feature !== undefined && passed.feature !== null && control.feature !== passed.feature) return 'spared';
  const kind = kindOf(control);
  const hit =
    !servedSo(control, passed) && momentsOf(passed).some((moment) => kind.apply(control, moment) !== undefined);
  const doubtful = DOUBTFUL[control.kind](control as never, passed);
  if (!hit && !doubtful) return 'spared';
  const placed = control.feature === undefined || passed.feature !== null;
  return hit && placed && SURE[control.kind](control as never, passed) ? 'touched' : 'unsaid';
}

/** How much of a request (0 to 1: it may stand for many) a control would have met, and how much nobody can say. */
interface Met {
  readonly touched: number;
  readonly unsaid: number;
}
const MET: Readonly<Record<Touch, Met>> = {
  touched: { touched: 1, unsaid: 0 },
  unsaid: { touched: 0, unsaid: 1 },
  spared: { touched: 0, unsaid: 0 },
};

/**
 * What of these a limit would have refused: what lies beyond the allowance of their subject, or of everybody. Of a sample
 * nobody can say whose allowance is used up: others of the same person were not read.
 */
function beyondLimit(control: Extract<Control, { kind: 'limit' }>, all: readonly Passed[]): Met[] {
  const used = new Map<string, number>();
  const met: Met[] = all.map(() => MET.spared);
  for (const at of [...all.keys()].sort((a, b) => all[a]!.at - all[b]!.at)) {
    const { feature, subject, weight, at: when } = all[at]!;
    if (control.feature !== undefined && feature !== null && control.feature !== feature) continue;
    if (control.per === 'subject' && weight > 1) {
      met[at] = MET.unsaid;
      continue;
    }
    const window = Math.floor(when / 1_000 / control.seconds);
    const key = control.per === 'everyone' ? String(window) : `${window} ${subject ?? ''}`;
    const after = (used.get(key) ?? 0) + weight;
    used.set(key, after);
    met[at] = { touched: Math.min(1, Math.max(0, (after - control.requests) / weight)), unsaid: 0 };
  }
  return met;
}

export const PART_NAMES = ['feature', 'country', 'tool', 'index', 'agent', 'model', 'prompt', 'provider'] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface Part {
  /** Null: not captured. */
  readonly name: string | null;
  readonly requests: number;
  readonly touched: number;
}

/** What a control would have met in a stretch of traffic; every number in requests, scaled up where a sample was read. */
export interface Reach {
  readonly requests: number;
  readonly touched: number;
  /** Not counted in `touched`: whether these are met depends on what the application tells its guard. */
  readonly unsaid: number;
  /** Of those touched, how many had no signal. */
  readonly benign: number;
  /** Requests read one by one. */
  readonly looked: number;
  /** People and sessions met, as far as records name them; at least, where a sample was read. */
  readonly people: number;
  readonly sessions: number;
  /** Touched requests that name nobody. */
  readonly nameless: number;
  /** By feature, and by what else this kind of control is about; most touched first. */
  readonly parts: Readonly<Partial<Record<PartName, readonly Part[]>>>;
}

const ABOUT: Readonly<Record<KindName, readonly PartName[]>> = {
  disable: ['feature', 'agent'],
  route: ['feature', 'prompt', 'model', 'provider'],
  fence: ['feature', 'country'],
  block: ['feature'],
  input: ['feature'],
  retrieval: ['feature', 'index'],
  review: ['feature', 'tool', 'agent'],
  revoke: ['feature', 'tool', 'agent'],
  pause: ['feature', 'agent'],
  limit: ['feature'],
  settings: ['feature', 'model'],
};
const PARTS_KEPT = 12;

const namesIn = (passed: Passed, part: PartName): readonly (string | null)[] =>
  part === 'tool' ? (passed.tools ?? [null]) : [passed[part]];

function partsOf(part: PartName, all: readonly Passed[], met: readonly Met[]): Part[] {
  const rows = new Map<string | null, { requests: number; touched: number }>();
  all.forEach((passed, at) => {
    for (const name of new Set(namesIn(passed, part))) {
      const row = rows.get(name) ?? { requests: 0, touched: 0 };
      row.requests += passed.weight;
      row.touched += passed.weight * met[at]!.touched;
      rows.set(name, row);
    }
  });
  return [...rows]
    .map(([name, row]) => ({ name, requests: Math.round(row.requests), touched: Math.round(row.touched) }))
    .sort((a, b) => b.touched - a.touched || b.requests - a.requests)
    .slice(0, PARTS_KEPT);
}

/** What a control would have met, from the requests that were read. */
export function reachOf(control: Control, all: readonly Passed[]): Reach {
  const met = control.kind === 'limit' ? beyondLimit(control, all) : all.map((each) => MET[touchOf(control, each)]);
  const people = new Set<string>();
  const sessions = new Set<string>();
  const sums = { requests: 0, touched: 0, unsaid: 0, benign: 0, nameless: 0 };
  all.forEach(({ weight, suspect, subject, session }, at) => {
    const touched = weight * met[at]!.touched;
    sums.requests += weight;
    sums.unsaid += weight * met[at]!.unsaid;
    if (touched === 0) return;
    sums.touched += touched;
    if (!suspect) sums.benign += touched;
    if (subject === null) sums.nameless += touched;
    else people.add(subject);
    if (session !== null) sessions.add(session);
  });
  return {
    requests: Math.round(sums.requests),
    touched: Math.round(sums.touched),
    unsaid: Math.round(sums.unsaid),
    benign: Math.round(sums.benign),
    nameless: Math.round(sums.nameless),
    looked: all.length,
    people: people.size,
    sessions: sessions.size,
    parts: Object.fromEntries(
      ABOUT[control.kind]
        .map((part) => [part, partsOf(part, all, met)] as const)
        .filter(([, rows]) => rows.some(({ name }) => name !== null)),
    ),
  };
}

/** Of the stored texts that looked benign, the largest share a pattern may refuse before somebody looks a second time. */
export const SECOND_LOOK = 0.01;

export interface DryRun {
  /** Stored requests whose words were tried. */
  readonly tried: number;
  readonly hits: number;
  /** Hits without a signal, and how many without a signal there were. */
  readonly benign: number;
  readonly benignTried: number;
  /** More than one in a hundred of what looked benign would be refused. */
  readonly secondLook: boolean;
  /** Beginnings of benign texts that would be refused. */
  readonly examples: readonly string[];
}

const EXAMPLES = 3;
const EXAMPLE_LENGTH = 160;

const beginning = (text: string): string =>
  text.length > EXAMPLE_LENGTH ? `${text.slice(0, EXAMPLE_LENGTH - 1)}…` : text;

/** A control that reads words, tried on stored requests; null for one that reads none. */
export function tryOnWords(control: Control, all: readonly Passed[]): DryRun | null {
  if (control.kind !== 'block' && control.kind !== 'input') return null;
  const read = all.filter(({ question, answer }) => question !== null || answer !== null);
  const hits = read.filter((each) => touchOf(control, each) === 'touched');
  const benign = hits.filter(({ suspect }) => !suspect);
  const benignTried = read.filter(({ suspect }) => !suspect).length;
  return {
    tried: read.length,
    hits: hits.length,
    benign: benign.length,
    benignTried,
    secondLook: benign.length > SECOND_LOOK * benignTried,
    examples: [...new Set(benign.map((each) => beginning(exampleOf(control, each))))].slice(0, EXAMPLES),
  };
}

/** The words it was hit by. */
function exampleOf(control: Control, { question, answer, ...passed }: Passed): string {
  const byQuestion = question !== null && touchOf(control, { ...passed, question, answer: null }) === 'touched';
  return (byQuestion ? question : answer) ?? question ?? '';
}
