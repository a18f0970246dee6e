import { type ReportForm, reports } from '@firebreak/contract/detect/reports';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { REPORT_LIMITS } from '@firebreak/core/detect/reports';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';

/** Whether anybody may report a failure without an account, and what they see. For administrators. */
export function PublicForm() {
  const form = useAsk(reports.form, {});
  const [open, setOpen] = useState(false);
  return (
    <Section
      title="Public reports"
      aside={
        <Button size="sm" disabled={!form.data} onClick={() => setOpen(true)}>
          Change …
        </Button>
      }
    >
      <Shown of={form}>
        {({ on, names, organisation }) => (
          <Card>
            <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
              <Flag tone={on ? 'moss' : 'plain'}>{on ? 'on' : 'off'}</Flag>
              {on ? (
                <span className="min-w-0">
                  Anybody may report a failure at{' '}
                  <a href="/report" className="prose-link break-all">
                    {window.location.origin}/report
                  </a>
                  , without an account.
                </span>
              ) : (
                'Only people with an account can report a failure.'
              )}
            </p>
            {on && (
              <p className="mt-2 text-sm text-ink-2">
                {names.length === 0
                  ? 'No AI system is named there. Whoever reports says in their own words which it was.'
                  : `Named there: ${names.map(({ name, system }) => `${name} (${system})`).join(', ')}.`}{' '}
                {organisation === ''
                  ? 'No other way to reach you is shown.'
                  : `Other way to reach you: ${organisation}.`}
              </p>
            )}
          </Card>
        )}
      </Shown>
      {open && form.data && <FormDialog form={form.data} onClose={() => setOpen(false)} />}
    </Section>
  );
}

interface Draft {
  readonly id: number;
  readonly name: string;
  readonly system: string;
  readonly feature: string;
}

function FormDialog({ form, onClose }: { form: ReportForm; onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [on, setOn] = useState(form.on);
  const [intro, setIntro] = useState(form.intro);
  const [organisation, setOrganisation] = useState(form.organisation);
  const [drafts, setDrafts] = useState<readonly Draft[]>(
    form.names.map(({ feature, ...each }, id) => ({ ...each, id, feature: feature ?? '' })),
  );
  const set = useAct(reports.setForm, { refreshes: ['/api/v1/report-form'], done: onClose });
  const told = set.error ? tell(set.error) : null;
  const change = (id: number, part: Partial<Draft>): void =>
    setDrafts(drafts.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const submit = (): void =>
    set.mutate({
      body: {
        on,
        intro,
        organisation,
        names: drafts.map(({ name, system, feature }) => ({ name, system, feature: feature === '' ? null : feature })),
      },
    });
  return (
    <Dialog
      title="Public reports"
      about="What anybody sees at /report, without an account. What comes in waits in the review queue, marked as unverified."
      onClose={onClose}
      width="wide"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={set.isPending}
            disabled={drafts.some(({ name, system }) => name.trim() === '' || system === '')}
          >
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Check
          label="Anybody may report a failure"
          hint="Ten an hour from one network address, 200 from everybody. Off: the page says that no reports are taken."
          checked={on}
          onCheck={setOn}
        />
        <TextArea
          label="Words above the form"
          optional
          rows={3}
          maxLength={REPORT_LIMITS.intro}
          value={intro}
          onText={setIntro}
          error={told?.fields.intro}
        />
        <Input
          label="How else you are reached"
          optional
          maxLength={REPORT_LIMITS.organisation}
          value={organisation}
          onText={setOrganisation}
          placeholder="help@example.com, +49 30 1234"
          error={told?.fields.organisation}
        />
        <div>
          <h3 className="text-sm font-[600]">AI systems that are named to strangers</h3>
          <p className="mt-0.5 text-xs text-ink-3">
            None unless you name it here, under the name you write. Keys and other names stay inside.
          </p>
          <div className="mt-2 grid gap-3">
            {drafts.map((draft, i) => (
              <div key={draft.id} className="grid items-end gap-3 phone:grid-cols-[1fr_1fr_1fr_auto]">
                <Input
                  label={`Public name ${i + 1}`}
                  required
                  maxLength={REPORT_LIMITS.name}
                  value={draft.name}
                  onText={(name) => change(draft.id, { name })}
                  error={told?.fields[`names/${i}/name`]}
                />
                <Select
                  label="AI system"
                  value={draft.system}
                  onText={(system) => change(draft.id, { system, feature: '' })}
                  options={[
                    { value: '', label: 'Choose' },
                    ...systems.map((each) => ({ value: each.key, label: each.name })),
                  ]}
                />
                <FeatureOf
                  system={draft.system}
                  value={draft.feature}
                  onPick={(feature) => change(draft.id, { feature })}
                />
                <Button
                  look="quiet"
                  aria-label={`Remove public name ${i + 1}`}
                  onClick={() => setDrafts(drafts.filter(({ id }) => id !== draft.id))}
                >
                  Remove
                </Button>
              </div>
            ))}
          </div>
          <Button
            size="sm"
            className="mt-2"
            disabled={drafts.length >= REPORT_LIMITS.names}
            onClick={() =>
              setDrafts([
                ...drafts,
                { id: Math.max(-1, ...drafts.map(({ id }) => id)) + 1, name: '', system: '', feature: '' },
              ])
            }
          >
            <Plus size={14} aria-hidden="true" />
            Name a system
          </Button>
        </div>
        {set.error && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}

function FeatureOf({ system, value, onPick }: { system: string; value: string; onPick: (feature: string) => void }) {
  const found = useAsk(inventory.show, { params: { system } }, { enabled: system !== '' });
  return (
    <Select
      label="Feature"
      optional
      value={value}
      onText={onPick}
      options={[
        { value: '', label: 'All of it' },
        ...(found.data?.system.features ?? []).map((each) => ({ value: each.key, label: each.name })),
      ]}
    />
  );
}
