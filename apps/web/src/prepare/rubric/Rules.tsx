import { AXES, AXIS_NAMES, type SeverityTable } from '@firebreak/core/prepare/rubric';
import { Card } from '../../ui/Card.tsx';
import { Severity } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { AXIS_WORDS, conditionWords } from './rule-words.ts';

/** Every rule as a sentence, with the answers at which it fires. */
export function Rules({ rules }: { rules: SeverityTable['rules'] }) {
  return (
    <div className="grid gap-3">
      {([1, 2, 3] as const).map((level) => (
        <Card key={level}>
          <h3 className="mb-2 flex items-center gap-2">
            <Severity level={level} size="sm" />
            <span className="text-sm text-ink-2">if any of these is so</span>
          </h3>
          <ul className="grid gap-2.5">
            {rules
              .filter((rule) => rule.severity === level)
              .map((rule) => (
                <li key={rule.id} className="grid grid-cols-[3.75rem_minmax(0,1fr)] gap-x-2">
                  <span className="text-xs leading-6 text-ink-3 tabular-nums">{rule.id}</span>
                  <div className="min-w-0">
                    <p className="font-[560]">{sentence(rule.reads)}</p>
                    {rule.when.map((condition) => {
                      const words = conditionWords(condition).join(' · ');
                      return (
                        <p key={words} className="text-xs text-ink-3">
                          {words}
                        </p>
                      );
                    })}
                  </div>
                </li>
              ))}
          </ul>
        </Card>
      ))}
      <p className="text-sm text-ink-2">
        Anything else is Sev 4. The most severe rule that fires decides; nothing is added up.
      </p>
    </div>
  );
}

/** The six questions with what each answer means. */
export function Questions() {
  return (
    <div className="grid gap-3 desk:grid-cols-2">
      {AXIS_NAMES.map((axis) => (
        <Card key={axis}>
          <h3 className="font-[600]">
            {AXIS_WORDS[axis]} <span className="font-normal text-ink-3">· {AXES[axis].question}</span>
          </h3>
          <ol className="mt-1.5 grid gap-0.5 text-sm">
            {AXES[axis].anchors.map((anchor, level) => (
              <li key={anchor} className="grid grid-cols-[1.25rem_minmax(0,1fr)]">
                <span className="text-ink-3 tabular-nums">{level}</span>
                {sentence(anchor)}
              </li>
            ))}
          </ol>
        </Card>
      ))}
    </div>
  );
}
