import type { Axes, Axis, Severity } from './axes.ts';

export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
}
/** Holds where every axis named lies within its bounds. */
export type Condition = Readonly<Partial<Record<Axis, Bounds>>>;

export interface Rule {
  readonly id: string;
  /** Sev 4 is what is left where no rule fires. */
  readonly severity: 1 | 2 | 3;
  /** The reason as people read it. */
  readonly reads: string;
  /** Fires where any of these holds. */
  readonly when: readonly Condition[];
}

/** Worse than either figure, and a voice agent is at this severity. */
export interface VoiceLimit {
  /** 90th percentile of response latency, seconds. */
  readonly p90Over: number;
  /** Share of tasks completed, 0 to 1. */
  readonly completionUnder: number;
}

export interface WorkedExample {
  readonly text: string;
  readonly axes: Axes;
  /** What the table must answer to it: a table whose examples disagree with it is refused. */
  readonly severity: Severity;
}

/** Everything an organisation decides about severity, as data: changed as a whole, tried on past incidents first. */
export interface SeverityTable {
  /** What counts as an AI incident here. Shown to whoever declares one. */
  readonly definition: string;
  readonly rules: readonly Rule[];
  readonly voice: { readonly sev1: VoiceLimit; readonly sev2: VoiceLimit };
  readonly examples: readonly WorkedExample[];
}

const rule = (id: string, severity: 1 | 2 | 3, reads: string, ...when: Record<string, number>[]): Rule => ({
  id,
  severity,
  reads,
  when: when.map((at) => Object.fromEntries(Object.entries(at).map(([axis, atLeast]) => [axis, { atLeast }]))),
});

const axesOf = (
  harm: number,
  reach: number,
  data: number,
  regulatory: number,
  autonomy: number,
  control: number,
): Axes => ({ harm, reach, data, regulatory, autonomy, control });

const NOBODY = { harm: { atMost: 0 }, reach: { atMost: 0 } };

/** The table as delivered. Severity is the most severe rule that fires; no sum, so many small things never add up to a grave one. */
export const SHIPPED_TABLE: SeverityTable = {
  definition:
    'An AI incident is an event or a condition in which an AI system of ours harmed somebody, could well have, or did what it must not: a wrong answer acted on, data shown to the wrong person, an action nobody allowed, a control that did not hold. Nobody has to prove it first. If you are unsure, declare it; that is Sev 2 until somebody knows better.',
  rules: [
    rule('S1.a', 1, 'serious harm to a person is happening or likely', { harm: 4 }),
    rule('S1.b', 1, 'material harm to a significant group', { harm: 3, reach: 3 }),
    rule('S1.c', 1, 'wrong or harmful output acted on at population scale', { harm: 2, reach: 4 }),
    rule('S1.d', 1, 'a legal reporting clock is running', { regulatory: 4 }),
    rule('S1.e', 1, 'personal or more sensitive data exposed to a significant group', { data: 3, reach: 3 }),
    rule(
      'S1.f',
      1,
      'control absent or under active exploitation with sensitive data, autonomous action or material harm',
      { control: 4, data: 3 },
      { control: 4, autonomy: 3 },
      { control: 4, harm: 3 },
    ),
    rule('S1.g', 1, 'autonomous action still running and already harmful', { autonomy: 4, harm: 2 }),
    rule('S2.a', 2, 'material harm, even to one person', { harm: 3 }),
    rule('S2.b', 2, 'wrong output acted on by several users', { harm: 2, reach: 2 }),
    rule('S2.c', 2, 'regulator or auditor interest, or a probable notification', { regulatory: 2 }),
    rule('S2.d', 2, 'personal data or secrets exposed', { data: 3 }),
    rule('S2.e', 2, 'irreversible autonomous action', { autonomy: 3 }),
    rule('S2.f', 2, 'systemic control failure reaching users', { control: 3, reach: 1 }),
    rule('S2.g', 2, 'significant user impact', { reach: 3, harm: 1 }),
    rule('S3.a', 3, 'contained user impact', { harm: 1 }, { reach: 1 }),
    {
      id: 'S3.b',
      severity: 3,
      reads: 'near miss: a control weakness without user impact',
      when: [
        { ...NOBODY, control: { atLeast: 1 } },
        { ...NOBODY, autonomy: { atLeast: 1 } },
        { ...NOBODY, data: { atLeast: 2 } },
      ],
    },
  ],
  voice: { sev1: { p90Over: 15, completionUnder: 0.1 }, sev2: { p90Over: 7, completionUnder: 0.5 } },
  examples: [
    {
      severity: 1,
      text: 'A shopping agent refunds orders by itself that nobody asked about, and the key it uses still works.',
      axes: axesOf(2, 2, 0, 0, 4, 4),
    },
    {
      severity: 1,
      text: 'An assistant shows the health notes of thousands of patients to other patients.',
      axes: axesOf(3, 3, 4, 4, 0, 3),
    },
    {
      severity: 2,
      text: 'A support bot invents a rule about devices, and dozens of customers cancel because of it.',
      axes: axesOf(2, 2, 0, 1, 0, 3),
    },
    {
      severity: 2,
      text: 'A scoring model turns down one applicant it should not have, and the letter has been sent.',
      axes: axesOf(3, 1, 0, 1, 1, 1),
    },
    {
      severity: 3,
      text: 'A bot gives one customer an old price; an agent notices in the same chat and puts it right.',
      axes: axesOf(1, 1, 0, 0, 0, 1),
    },
    {
      severity: 3,
      text: 'A probe talks the staging assistant out of its filter. No user was there.',
      axes: axesOf(0, 0, 0, 0, 0, 1),
    },
    {
      severity: 4,
      text: 'A draft with a made-up date is stopped in review, as it should be.',
      axes: axesOf(0, 0, 0, 0, 0, 0),
    },
  ],
};

/**
 * What is known about the delivered voice figures: the source that gives them (Hamming AI, quoted in 2025) has since
 * changed its page, which now asks for a 90th percentile under 3.5 s, calls more than 5 s critical, and uses 7 s and 15 s
 * for the 95th and 99th percentile.
 */
export const VOICE_NOTE =
  'The delivered limits (7 s and 15 s at the 90th percentile, 50 % and 10 % of tasks completed) were published by Hamming AI. Its current page is stricter: a 90th percentile under 3.5 s is the target, above 5 s is critical, and 7 s and 15 s stand for the 95th and 99th percentile. Set what fits your calls.';
