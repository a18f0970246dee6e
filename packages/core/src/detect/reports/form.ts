import { type Decision, type Fact, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';
import { foldReview } from '../reviews/index.ts';
import type { FeedbackId } from '../signals/index.ts';

/** Under which name strangers see a system, or a part of it. */
export interface PublicName {
  readonly name: string;
  readonly system: string;
  readonly feature: string | null;
}

/** What the public page shows and takes. */
export interface ReportForm {
  readonly on: boolean;
  readonly names: readonly PublicName[];
  /** Words above the form; empty: none. */
  readonly intro: string;
  /** How else the organisation is reached; empty: not said. */
  readonly organisation: string;
}

/** Anybody may report, and nothing of the inventory is shown, unless somebody says otherwise. */
export const USUAL_FORM: ReportForm = { on: true, names: [], intro: '', organisation: '' };
export const FORM_STREAM = 'report_form';

export type ReportFormFact = Fact<'report-form.set', ReportForm>;
export const foldForm = (facts: readonly Recorded[]): ReportForm =>
  ofTypes<ReportFormFact>(facts, ['report-form.set']).at(-1)?.data ?? USUAL_FORM;

const same = (a: ReportForm, b: ReportForm): boolean => JSON.stringify(a) === JSON.stringify(b);
const inOrder = ({ on, names, intro, organisation }: ReportForm): ReportForm => ({
  on,
  names: names.map(({ name, system, feature }) => ({ name, system, feature })),
  intro,
  organisation,
});

/** Names have to tell systems apart: each stands once, whatever its case. */
export function setForm(state: ReportForm, want: ReportForm): Decision<ReportFormFact> {
  const names = want.names.map(({ name }) => name.toLowerCase());
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice !== -1)
    return refuse(
      'report.name-twice',
      `“${want.names[twice]!.name}” stands twice. Give each a name of its own.`,
      `/names/${twice}/name`,
    );
  return same(inOrder(state), inOrder(want)) ? [] : [{ type: 'report-form.set', data: inOrder(want) }];
}

/** What everybody who holds a reference of the report may read. In the stream of the feedback. */
export type ReportAnswerFact = Fact<'report.answered', { readonly feedback: FeedbackId; readonly text: string }>;

export interface ReportAnswer {
  readonly text: string;
  readonly at: Instant;
}
export function foldAnswer(facts: readonly Recorded[]): ReportAnswer | null {
  const last = ofTypes<ReportAnswerFact>(facts, ['report.answered']).at(-1);
  const text: string | null | undefined = last?.data.text;
  // Its words may have been erased.
  return last === undefined || text === null || text === undefined ? null : { text, at: last.at };
}

/** Says it, or corrects what was said; the last one counts. */
export const answerReport = (state: ReportAnswer | null, want: ReportAnswerFact['data']): Decision<ReportAnswerFact> =>
  state?.text === want.text ? [] : [{ type: 'report.answered', data: want }];

/** How far a report is, as far as strangers are told. */
export const REPORT_STATES = ['received', 'looked-at', 'answered'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

/** Of the facts of its stream: somebody took it or decided it, or there is an answer. */
export function stateOfReport(facts: readonly Recorded[]): ReportState {
  if (foldAnswer(facts) !== null) return 'answered';
  const { taken, decided } = foldReview(facts);
  return taken !== null || decided !== null ? 'looked-at' : 'received';
}
