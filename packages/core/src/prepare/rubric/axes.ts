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
export type Known = Readonly<Record<Axis, number>>;

export const AXIS_NAMES = Object.keys(AXES) as Axis[];
