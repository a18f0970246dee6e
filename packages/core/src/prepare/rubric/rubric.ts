/** Operational severity. The legal "serious incident" test is a separate question and belongs to the clocks. */
export type Severity = 1 | 2 | 3 | 4;

/** The six questions, each answered 0 to 4 by its printed anchors, or null where nobody knows yet. */
export const AXES = {
  harm: {
    question: 'What did it do to people?',
    anchors: [
      'none',
      'annoyance',
      'wrong output acted on',
      'material harm: money, rights, eligibility, distress',
      'serious harm to health or safety, irreversible',
    ],
  },
  reach: {
    question: 'How many people outside saw it?',
    anchors: [
      'nobody outside',
      'one',
      'several (up to 100, or 1 %)',
      'significant (up to 10,000, or 10 %)',
      'population, or viral public exposure',
    ],
  },
  data: {
    question: 'What data is exposed?',
    anchors: [
      'none',
      'internal',
      'confidential, or the system prompt',
      'personal data or a working secret',
      'special-category data, or credentials at scale',
    ],
  },
  regulatory: {
    question: 'Who outside may ask about it?',
    anchors: [
      'nobody',
      'own policy',
      'regulator, auditor or contract interest',
      'notification probable',
      'a legal clock runs',
    ],
  },
  autonomy: {
    question: 'How far did it act by itself?',
    anchors: [
      'it only suggests',
      'a human step was skipped',
      'it acts, reversibly',
      'it acted, irreversibly or outside',
      'it is acting now, not under control',
    ],
  },
  control: {
    question: 'What happened to the control that should have held?',
    anchors: [
      'it held; one-off misuse',
      'one control weak once',
      'control missing for this path',
      'reproducible, systemic failure',
      'absent, or actively exploited',
    ],
  },
} as const;
export type Axis = keyof typeof AXES;
export type Axes = Readonly<Record<Axis, number | null>>;
type Known = Readonly<Record<Axis, number>>;

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly reads: string;
  readonly fires: (a: Known) => boolean;
}

/** The rule table. Severity is the most severe rule that fires; no sum, so many small things never add up to a grave one. */
export const RULES: readonly Rule[] = [
  { id: 'S1.a', severity: 1, reads: 'serious harm to a person is happening or likely', fires: (a) => a.harm >= 4 },
  { id: 'S1.b', severity: 1, reads: 'material harm to a significant group', fires: (a) => a.harm >= 3 && a.reach >= 3 },
  {
    id: 'S1.c',
    severity: 1,
    reads: 'wrong or harmful output acted on at population scale',
    fires: (a) => a.harm >= 2 && a.reach >= 4,
  },
  { id: 'S1.d', severity: 1, reads: 'a legal reporting clock is running', fires: (a) => a.regulatory >= 4 },
  {
    id: 'S1.e',
    severity: 1,
    reads: 'personal or more sensitive data exposed to a significant group',
    fires: (a) => a.data >= 3 && a.reach >= 3,
  },
  {
    id: 'S1.f',
    severity: 1,
    reads: 'control absent or under active exploitation with sensitive data, autonomous action or material harm',
    fires: (a) => a.control >= 4 && (a.data >= 3 || a.autonomy >= 3 || a.harm >= 3),
  },
  {
    id: 'S1.g',
    severity: 1,
    reads: 'autonomous action still running and already harmful',
    fires: (a) => a.autonomy >= 4 && a.harm >= 2,
  },
  { id: 'S2.a', severity: 2, reads: 'material harm, even to one person', fires: (a) => a.harm >= 3 },
  {
    id: 'S2.b',
    severity: 2,
    reads: 'wrong output acted on by several users',
    fires: (a) => a.harm >= 2 && a.reach >= 2,
  },
  {
    id: 'S2.c',
    severity: 2,
    reads: 'regulator or auditor interest, or a probable notification',
    fires: (a) => a.regulatory >= 2,
  },
  { id: 'S2.d', severity: 2, reads: 'personal data or secrets exposed', fires: (a) => a.data >= 3 },
  { id: 'S2.e', severity: 2, reads: 'irreversible autonomous action', fires: (a) => a.autonomy >= 3 },
  {
    id: 'S2.f',
    severity: 2,
    reads: 'systemic control failure reaching users',
    fires: (a) => a.control >= 3 && a.reach >= 1,
  },
  { id: 'S2.g', severity: 2, reads: 'significant user impact', fires: (a) => a.reach >= 3 && a.harm >= 1 },
  { id: 'S3.a', severity: 3, reads: 'contained user impact', fires: (a) => a.harm >= 1 || a.reach >= 1 },
  {
    id: 'S3.b',
    severity: 3,
    reads: 'near miss: a control weakness without user impact',
    fires: (a) => a.harm === 0 && a.reach === 0 && (a.control >= 1 || a.autonomy >= 1 || a.data >= 2),
  },
];

export interface VoiceFigures {
  /** 90th percentile of response latency, seconds. */
  readonly p90Seconds: number;
  /** Share of tasks completed, 0 to 1. */
  readonly completion: number;
}

export interface SeverityCall {
  readonly severity: Severity;
  /** Ids of the rules that fired at that level, or VOICE.n, LEGAL+1, DOUBT. */
  readonly rules: readonly string[];
  /** The same in words. */
  readonly reasons: readonly string[];
  /** True while an unknown answer could still change the result. */
  readonly provisional: boolean;
  /** By the six axes alone, with every unknown at its worst. */
  readonly worstCase: Severity;
  readonly unknown: readonly Axis[];
  /** "Could be Sev n if …", one sentence for each unknown that alone would lift it: the triage to-do list. */
  readonly couldBe: readonly string[];
}

const names = Object.keys(AXES) as Axis[];
const filled = (axes: Axes, value: number): Known =>
  Object.fromEntries(names.map((axis) => [axis, axes[axis] ?? value])) as Known;
const fired = (axes: Known): Rule[] => RULES.filter((rule) => rule.fires(axes));
const base = (rules: readonly Rule[]): Severity => Math.min(4, ...rules.map((rule) => rule.severity)) as Severity;

function voiceLevel(voice: VoiceFigures | undefined): Severity {
  if (voice === undefined) return 4;
  if (voice.p90Seconds > 15 || voice.completion < 0.1) return 1;
  return voice.p90Seconds > 7 || voice.completion < 0.5 ? 2 : 4;
}

/**
 * Severity from answers: evaluated with every unknown at 0 and at 4. The same result is final; different ones make it
 * provisional, and then a 3 or 4 becomes 2 ("unsure is Sev 2"). Voice figures and the legal level may only raise it:
 * operational severity is at least one notch above the legal level.
 */
export function suggestSeverity(
  axes: Axes,
  beside: { readonly voice?: VoiceFigures; readonly legal?: Severity } = {},
): SeverityCall {
  const unknown = names.filter((axis) => axes[axis] === null);
  const low = fired(filled(axes, 0));
  const best = base(low);
  const worstCase = base(fired(filled(axes, 4)));
  const provisional = best !== worstCase;
  let severity = best;
  let because = low.filter((rule) => rule.severity === best).map(({ id, reads }) => ({ id, reads }));
  if (provisional && best >= 3) {
    severity = 2;
    because = [{ id: 'DOUBT', reads: 'not enough is known, and unsure is Sev 2' }];
  }
  const voice = voiceLevel(beside.voice);
  if (voice < severity) {
    severity = voice;
    because = [
      {
        id: `VOICE.${voice}`,
        reads: voice === 1 ? 'the voice agent is unusable' : 'the voice agent is slow or fails half its tasks',
      },
    ];
  }
  const legal = beside.legal === undefined ? 4 : (Math.max(1, beside.legal - 1) as Severity);
  if (legal < severity) {
    severity = legal;
    because = [
      {
        id: 'LEGAL+1',
        reads: `counsel rates the legal exposure as level ${beside.legal}; operations stay one notch above`,
      },
    ];
  }
  const couldBe = unknown.flatMap((axis) => {
    const lifted = base(fired(filled({ ...axes, [axis]: 4 }, 0)));
    return lifted < severity ? [`Could be Sev ${lifted} depending on: ${AXES[axis].question.toLowerCase()}`] : [];
  });
  return {
    severity,
    rules: because.map((b) => b.id),
    reasons: because.map((b) => b.reads),
    provisional,
    worstCase,
    unknown,
    couldBe,
  };
}
