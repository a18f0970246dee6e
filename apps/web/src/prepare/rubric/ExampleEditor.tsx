import { type Severity as Level, type SeverityTable, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { AnswerFields } from './AnswerFields.tsx';

const NOTHING = { harm: 0, reach: 0, data: 0, regulatory: 0, autonomy: 0, control: 0 };

/** Worked examples: a sentence, the answers, and the severity they must get. */
export function ExampleEditor({
  table,
  onExamples,
}: {
  table: SeverityTable;
  onExamples: (examples: SeverityTable['examples']) => void;
}) {
  const set = (i: number, part: Partial<SeverityTable['examples'][number]>): void =>
    onExamples(table.examples.map((held, j) => (j === i ? { ...held, ...part } : held)));
  return (
    <Section
      title="Worked examples"
      aside={
        <Button
          size="sm"
          disabled={table.examples.length >= 40}
          onClick={() => onExamples([...table.examples, { text: '', axes: NOTHING, severity: 4 }])}
        >
          Add an example
        </Button>
      }
    >
      <div className="grid gap-2">
        {table.examples.map((example, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the text of an example is itself edited here
          <Card key={i}>
            <div className="grid gap-3">
              <div className="grid gap-3 phone:grid-cols-[1fr_9rem]">
                <Input label="What happened" value={example.text} onText={(text) => set(i, { text })} maxLength={500} />
                <Select
                  label="Must be"
                  value={String(example.severity)}
                  onText={(value) => set(i, { severity: Number(value) as Level })}
                  options={[1, 2, 3, 4].map((level) => ({ value: String(level), label: `Sev ${level}` }))}
                  hint={`The table says Sev ${suggestSeverity(example.axes, {}, table).severity}`}
                />
              </div>
              <details>
                <summary className="cursor-pointer text-sm text-ink-2">Its answers</summary>
                <div className="mt-2">
                  <AnswerFields axes={example.axes} onAxes={(axes) => set(i, { axes })} />
                </div>
              </details>
              <div>
                <Button size="sm" onClick={() => onExamples(table.examples.filter((_, j) => j !== i))}>
                  Remove this example
                </Button>
              </div>
            </div>
          </Card>
        ))}
      </div>
    </Section>
  );
}
