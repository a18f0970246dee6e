import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import {
  describeControl,
  endsWhatRuns,
  fitOfControl,
  KIND_NAMES,
  type KindName,
  orderFaults,
} from '@firebreak/core/respond/containment';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ControlFields } from './ControlFields.tsx';
import { type ControlDraft, controlOf, EMPTY_DRAFT } from './control-draft.ts';
import { KINDS } from './kinds.ts';
import { WorthWiring } from './WorthWiring.tsx';

const ENDS = [
  { value: '', label: 'Until a second person lifts it' },
  { value: '60', label: 'After 1 hour' },
  { value: '240', label: 'After 4 hours' },
  { value: '1440', label: 'After 24 hours' },
];

export function ControlForm({ system, onClose }: { system: AiSystem; onClose: () => void }) {
  const [draft, setDraft] = useState<ControlDraft>(EMPTY_DRAFT);
  const [name, setName] = useState('');
  const [sideEffects, setSideEffects] = useState('');
  const [minutes, setMinutes] = useState('');
  const [gated, setGated] = useState(false);
  const [checks, setChecks] = useState('');
  const [approvals, setApprovals] = useState('1');
  const [watch, setWatch] = useState('60');
  const declare = useAct(containment.declareControl, { refreshes: ['/api/v1/systems'], done: onClose });
  const change = (part: Partial<ControlDraft>) => setDraft({ ...draft, ...part });
  const what = controlOf(draft);
  const needed = [
    ...orderFaults(what).map((fault) => fault.why),
    ...(name.trim() === '' ? ['a name'] : []),
    ...(!gated || /^\d{1,5}$/.test(watch) ? [] : ['how many minutes it is watched']),
  ];
  const told = declare.error ? tell(declare.error) : null;
  const wired = useAsk(containment.listControls, { params: { system: system.key } }).data?.controls ?? [];
  const { fit, why } = fitOfControl(what, system.architecture);
  return (
    <Dialog
      title={`Wire a control for ${system.name}`}
      about="Decided now, in daylight; pulled later with one press."
      onClose={onClose}
      onSubmit={() =>
        declare.mutate({
          params: { system: system.key },
          body: {
            name,
            what,
            sideEffects,
            ...(gated && {
              gate: {
                checks: checks.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
                suites: [],
                approvals: Number(approvals),
                watchMinutes: Number(watch),
              },
            }),
            expiry: minutes === '' ? { mode: 'until-lifted' } : { mode: 'auto', minutes: Number(minutes) },
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={declare.isPending} disabled={needed.length > 0}>
            Wire it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <WorthWiring
          architecture={system.architecture}
          wired={wired.filter((each) => !each.retired).map((each) => each.what)}
        />
        <Select
          label="What it does"
          hint={KINDS[draft.kind].hint}
          value={draft.kind}
          onText={(kind) => change({ kind: kind as KindName })}
          options={KIND_NAMES.map((kind) => ({ value: kind, label: KINDS[kind].label }))}
        />
        <Select
          label="Where"
          value={draft.feature}
          onText={(feature) => change({ feature })}
          options={[
            { value: '', label: 'The whole system' },
            ...system.features.map((each) => ({ value: each.key, label: `${each.name} only` })),
          ]}
        />
        <ControlFields draft={draft} change={change} />
        {endsWhatRuns(what) && (
          <Check
            label="Let what runs finish"
            hint="Nothing new begins, but answers and calls under way are not broken off. Whoever orders it can say otherwise."
            checked={draft.drain}
            onCheck={(drain) => change({ drain })}
          />
        )}
        <div className="grid gap-4 phone:grid-cols-2">
          <Input
            label="Name"
            hint="As people would shout it: Back to prompt v40"
            value={name}
            onText={setName}
            required
            error={told?.fields.name}
          />
          <Select label="Ends" value={minutes} onText={setMinutes} options={ENDS} />
        </div>
        <Input
          label="What else happens"
          optional
          hint="Customers wait for a person; refunds go on."
          value={sideEffects}
          onText={setSideEffects}
          error={told?.fields.sideEffects}
        />
        {draft.kind !== 'route' && draft.kind !== 'settings' && (
          <TextArea
            label="What users of the AI system read"
            optional
            rows={2}
            value={draft.message}
            onText={(message) => change({ message })}
            placeholder="This function is paused at the moment. We are working on it."
          />
        )}
        <Check
          label="Letting go has conditions"
          hint="Checks, people who agree, steps and a watch, instead of one other person."
          checked={gated}
          onCheck={setGated}
        />
        {gated && (
          <div className="grid gap-3">
            <TextArea
              label="What has to be so first"
              optional
              rows={2}
              hint="One check to a line: the new prompt passed review."
              value={checks}
              onText={setChecks}
            />
            <div className="grid gap-3 phone:grid-cols-2">
              <Select
                label="Who has to agree"
                value={approvals}
                onText={setApprovals}
                options={[
                  { value: '1', label: 'One other person' },
                  { value: '2', label: 'Two other people' },
                ]}
              />
              <Input label="Watched afterwards, minutes" inputMode="numeric" value={watch} onText={setWatch} />
            </div>
          </div>
        )}
        {needed.length === 0 && fit === 'not' && <Notice tone="amber">It would do nothing here: {why}.</Notice>}
        {needed.length === 0 ? (
          <Notice tone="blue">When pulled, it will {describeControl(what)}.</Notice>
        ) : (
          <p className="text-xs text-ink-2">Still needed: {needed.join('; ')}.</p>
        )}
        {declare.error && <Trouble error={declare.error} />}
      </div>
    </Dialog>
  );
}
