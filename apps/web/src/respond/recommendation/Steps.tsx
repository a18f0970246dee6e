import type { Recommendation } from '@firebreak/contract/respond/recommendation';
import { Button } from '../../ui/Button.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { ANSWERS, QUESTIONS } from './words.ts';

export type Answers = Partial<Record<'roll-back' | 'fence', 'yes' | 'no'>>;

/** The three questions, each with why the answer is so and what is missing. What nobody but a person knows is asked. */
export function Steps({
  steps,
  answers,
  onAnswer,
}: {
  steps: Recommendation['steps'];
  answers: Answers;
  onAnswer: (answers: Answers) => void;
}) {
  return (
    <ol className="overflow-hidden rounded-lg border border-line bg-surface *:border-t *:border-t-line *:first:border-t-0">
      {steps.map(({ question, answer, why, missing }, index) => (
        <li key={question} className="px-3.5 py-2.5">
          <p className="flex items-baseline gap-2">
            <span className="text-xs text-ink-3">{index + 1}</span>
            <span className="min-w-0 flex-1 font-[620]">{QUESTIONS[question]}</span>
            <Flag tone={ANSWERS[answer].tone}>{ANSWERS[answer].says}</Flag>
          </p>
          <p className="mt-0.5 text-sm text-ink-2">{why}</p>
          {missing.map((each) => (
            <p key={each} className="mt-0.5 text-xs text-amber">
              Missing: {each}
            </p>
          ))}
          {question !== 'disable' && (answer === 'ask' || answers[question] !== undefined) && (
            <div className="mt-2 flex gap-2">
              {(['yes', 'no'] as const).map((each) => (
                <Button
                  key={each}
                  size="lg"
                  aria-pressed={answers[question] === each}
                  look={answers[question] === each ? 'strong' : 'plain'}
                  onClick={() => onAnswer({ ...answers, [question]: each })}
                >
                  {each === 'yes' ? 'Yes' : 'No'}
                </Button>
              ))}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
