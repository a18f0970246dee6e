import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { controlFaults, describeControl, fitOfControl } from '@firebreak/core/respond/containment';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Choice, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';
import { type ControlDraft, controlOf, EMPTY_DRAFT } from './control-draft.ts';
import { WorthWiring } from './WorthWiring.tsx';

const KINDS = [
  { value: 'disable' as const, label: 'Disable', hint: 'Requests are refused with a calm message.' },
  { value: 'route' as const, label: 'Roll back or switch', hint: 'Another prompt, model or vendor serves them.' },
  { value: 'fence' as const, label: 'Fence', hint: 'Some countries, or people not signed in, are refused.' },
];

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
  const declare = useAct(containment.declareControl, { refreshes: ['/api/v1/systems'], done: onClose });
  const change = (part: Partial<ControlDraft>) => setDraft({ ...draft, ...part });
  const what = controlOf(draft);
  const needed = [...controlFaults(what).map((fault) => fault.why), ...(name.trim() === '' ? ['a name'] : [])];
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
        <Choice
          legend="What it does"
          name="kind"
          value={draft.kind}
          options={KINDS}
          onPick={(kind) => change({ kind })}
          columns={3}
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
        {draft.kind === 'route' && (
          <fieldset className="grid gap-3 phone:grid-cols-2">
            <legend className="mb-1.5 font-[600]">Away from what, to what</legend>
            {(['prompt', 'model', 'provider'] as const).map((part) => (
              <div key={part} className="contents">
                <Input
                  label={`${part === 'provider' ? 'Vendor' : sentence(part)} to leave`}
                  optional
                  value={draft.from[part]}
                  onText={(text) => change({ from: { ...draft.from, [part]: text } })}
                />
                <Input
                  label={`${part === 'provider' ? 'Vendor' : sentence(part)} to use`}
                  optional
                  value={draft.to[part]}
                  onText={(text) => change({ to: { ...draft.to, [part]: text } })}
                />
              </div>
            ))}
          </fieldset>
        )}
        {draft.kind === 'fence' && (
          <div className="grid gap-3">
            <div className="grid gap-3 phone:grid-cols-2">
              <Select
                label="Countries"
                value={draft.countryMode}
                onText={(mode) => change({ countryMode: mode as ControlDraft['countryMode'] })}
                options={[
                  { value: 'none', label: 'Everywhere' },
                  { value: 'deny', label: 'Refuse these' },
                  { value: 'allow', label: 'Allow only these' },
                ]}
              />
              {draft.countryMode !== 'none' && (
                <Input
                  label="Country codes"
                  hint="Two letters each: DE, FR. An unknown country is refused."
                  value={draft.countries}
                  onText={(countries) => change({ countries })}
                />
              )}
            </div>
            <Check
              label="Only people who are signed in"
              checked={draft.signedInOnly}
              onCheck={(signedInOnly) => change({ signedInOnly })}
            />
          </div>
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
        {draft.kind !== 'route' && (
          <TextArea
            label="What users of the AI system read"
            optional
            rows={2}
            value={draft.message}
            onText={(message) => change({ message })}
            placeholder="This function is paused at the moment. We are working on it."
          />
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
