import { type SeverityTable as GivenTable, rubric } from '@firebreak/contract/prepare/rubric';
import { faultsOf, type SeverityTable, type VoiceLimit } from '@firebreak/core/prepare/rubric';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ExampleEditor } from './ExampleEditor.tsx';
import { RuleEditor } from './RuleEditor.tsx';

const NEW_RULE = { severity: 2, reads: 'a rule of our own', when: [{ harm: { atLeast: 4 } }] } as const;

function VoiceFields({
  label,
  limit,
  onChange,
}: {
  label: string;
  limit: VoiceLimit;
  onChange: (next: VoiceLimit) => void;
}) {
  return (
    <fieldset className="grid gap-3 phone:grid-cols-2">
      <legend className="mb-1 font-[600]">{label}</legend>
      <Input
        label="Slower than, seconds (90th percentile)"
        type="number"
        min={0.1}
        step={0.1}
        value={limit.p90Over}
        onText={(text) => onChange({ ...limit, p90Over: Number(text) })}
      />
      <Input
        label="Or fewer tasks done than, %"
        type="number"
        min={0}
        max={100}
        value={Math.round(limit.completionUnder * 1000) / 10}
        onText={(text) => onChange({ ...limit, completionUnder: Number(text) / 100 })}
      />
    </fieldset>
  );
}

/** Changes the table as a whole: checked at every stroke, tried on past incidents, adopted with a reason. */
export function TableEditor({
  from,
  basedOn,
  voiceNote,
  tryOut,
  onClose,
}: {
  from: SeverityTable;
  basedOn: number;
  voiceNote: string;
  /** Shows what the table would have made of the past. */
  tryOut: (table: GivenTable) => ReactNode;
  onClose: () => void;
}) {
  const [table, setTable] = useState(from);
  const [reason, setReason] = useState('');
  const settled = useDeferredValue(table);
  const faults = useMemo(() => faultsOf(settled), [settled]);
  const adopt = useAct(rubric.adopt, { refreshes: ['/api/v1/rubric', '/api/v1/candidates'], done: onClose });
  const given = table as GivenTable;
  const change = (part: Partial<SeverityTable>): void => setTable({ ...table, ...part });
  const freeName = () => {
    for (let n = 1; ; n++) if (!table.rules.some((rule) => rule.id === `own.${n}`)) return `own.${n}`;
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        adopt.mutate({ body: { table: given, basedOn, reason } });
      }}
    >
      <Section title="What counts as an incident here">
        <TextArea
          label="Definition"
          hideLabel
          rows={4}
          value={table.definition}
          onText={(definition) => change({ definition })}
          maxLength={4_000}
        />
      </Section>
      <Section
        title="Rules"
        aside={
          <Button
            size="sm"
            onClick={() => change({ rules: [...table.rules, { ...NEW_RULE, id: freeName() }] })}
            disabled={table.rules.length >= 60}
          >
            Add a rule
          </Button>
        }
      >
        <div className="grid gap-2">
          {table.rules.map((rule, i) => (
            <RuleEditor
              // biome-ignore lint/suspicious/noArrayIndexKey: the name of a rule is itself edited here
              key={i}
              rule={rule}
              onChange={(next) => change({ rules: table.rules.map((held, j) => (j === i ? next : held)) })}
              onRemove={() => change({ rules: table.rules.filter((_, j) => j !== i) })}
            />
          ))}
        </div>
      </Section>
      <Section title="Voice agents">
        <Card>
          <div className="grid gap-4">
            <VoiceFields
              label="Sev 1"
              limit={table.voice.sev1}
              onChange={(sev1) => change({ voice: { ...table.voice, sev1 } })}
            />
            <VoiceFields
              label="Sev 2"
              limit={table.voice.sev2}
              onChange={(sev2) => change({ voice: { ...table.voice, sev2 } })}
            />
            <p className="text-xs text-ink-3">{voiceNote}</p>
          </div>
        </Card>
      </Section>
      <ExampleEditor table={table} onExamples={(examples) => change({ examples })} />
      <Section title="Before it is adopted">
        <div className="grid gap-3" aria-live="polite">
          {faults.length === 0 ? (
            <Notice tone="moss">
              In all 15,625 combinations of answers, no worse answer comes out milder, and every example fits.
            </Notice>
          ) : (
            <Notice tone="ember">
              <ul className="grid gap-1">
                {faults.map((fault) => (
                  <li key={fault.why}>{fault.why}</li>
                ))}
              </ul>
            </Notice>
          )}
          {tryOut(given)}
          <Input
            label="Why it changes"
            value={reason}
            onText={setReason}
            hint="Read by whoever asks later why a severity was called."
            maxLength={1_000}
          />
          {adopt.error && <Trouble error={adopt.error} />}
          <div className="flex flex-wrap gap-2">
            <Button
              type="submit"
              look="strong"
              busy={adopt.isPending}
              disabled={faults.length > 0 || reason.trim() === '' || table === from}
            >
              Adopt as version {basedOn + 1}
            </Button>
            <Button onClick={onClose}>Keep version {basedOn}</Button>
          </div>
        </div>
      </Section>
    </form>
  );
}
