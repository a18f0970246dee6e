import { type Decision, type Fact, type Id, type Instant, ofTypes, type Recorded, refuse } from '../../kernel/index.ts';

/** One stream for the questions that every vendor is asked. */
export const VENDOR_QUESTIONS_STREAM = 'vendor-questions';
export const MOST_QUESTIONS = 200;

export interface VendorQuestion {
  /** A word for a delivered question, `vqu_…` for one that was added. */
  readonly id: string;
  readonly text: string;
  /** Why it is asked. */
  readonly why: string;
  /** The label of the incident that taught it; null: delivered, or added without one. */
  readonly incident: string | null;
  /** Null: delivered. */
  readonly addedAt: Instant | null;
}

const delivered = (id: string, text: string, why: string): VendorQuestion => ({
  id,
  text,
  why,
  incident: null,
  addedAt: null,
});

/** What to ask before the first incident. In our own words. */
export const DELIVERED_QUESTIONS: readonly VendorQuestion[] = [
  delivered(
    'logging',
    'Which of our requests and answers do you log, for how long, and how do we get at them during an incident?',
    'Without the vendor’s side of the record, half of an investigation is guessing.',
  ),
  delivered(
    'model-change',
    'How long before a model changes behind a name we call do you tell us, and can we stay on the old one?',
    'A silent change of model looks like a fault of ours.',
  ),
  delivered(
    'incident-notice',
    'Within how many hours of noticing an incident that touches us do you tell us, and through which channel?',
    'Clocks of the law start when we know, and our users suffer before that.',
  ),
  delivered(
    'sub-processors',
    'Which sub-processors see our data, where, and how do we hear of a new one?',
    'A leak at somebody we never heard of is still ours to report.',
  ),
  delivered(
    'training-use',
    'Is anything we or our users send used to train or improve a model, and how is that switched off?',
    'What was learnt can come out again, in front of other people.',
  ),
  delivered(
    'region',
    'In which regions are our requests processed and stored, and can that change during an outage?',
    'A failover may quietly move data to where it must not be.',
  ),
  delivered(
    'kill-switch',
    'How can we stop our use at your side at once: revoke a key, disable an agent, block a tool, at any hour?',
    'Our own brake may be what is broken.',
  ),
  delivered(
    'eval-evidence',
    'Which evaluations do you run before a release, and will you show us the results for uses like ours?',
    'A vendor that does not measure finds out from our customers.',
  ),
  delivered(
    'safety-settings',
    'Which safety settings apply to us by default, who can change them, and is a change recorded?',
    'A filter that somebody switched off fails without a trace.',
  ),
];

export type QuestionFact =
  | Fact<
      'question.added',
      { readonly question: Id<'vqu'>; readonly text: string; readonly why: string; readonly incident: string | null }
    >
  | Fact<'question.dropped', { readonly question: string; readonly reason: string }>;

/** The questions in use: the delivered ones, then those that were added, without those that were dropped. */
export function foldQuestions(facts: readonly Recorded[]): readonly VendorQuestion[] {
  return ofTypes<QuestionFact>(facts, ['question.added', 'question.dropped']).reduce<readonly VendorQuestion[]>(
    (questions, fact) => {
      if (fact.type === 'question.dropped') return questions.filter(({ id }) => id !== fact.data.question);
      const { question: id, ...said } = fact.data;
      return [...questions, { id, ...said, addedAt: fact.at }];
    },
    DELIVERED_QUESTIONS,
  );
}

const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ');

/** Asks every vendor one question more, from now on. */
export function addQuestion(
  questions: readonly VendorQuestion[],
  want: Extract<QuestionFact, { type: 'question.added' }>['data'],
): Decision<QuestionFact> {
  if (questions.some(({ text }) => plain(text) === plain(want.text)))
    return refuse(
      'vendor.question-there',
      'This question is asked already. Answer it, or word yours differently.',
      '/text',
    );
  if (questions.length >= MOST_QUESTIONS)
    return refuse(
      'vendor.too-many-questions',
      `There are ${MOST_QUESTIONS} questions. Drop one that teaches nothing any more.`,
    );
  return [{ type: 'question.added', data: want }];
}

/** Answers that were given to it stay in the record. */
export function dropQuestion(
  questions: readonly VendorQuestion[],
  want: { readonly question: string; readonly reason: string },
): Decision<QuestionFact> {
  return questions.some(({ id }) => id === want.question) ? [{ type: 'question.dropped', data: want }] : [];
}
