import { evals } from '@firebreak/contract/detect/evals';
import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { restorations } from '@firebreak/contract/respond/restorations';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { WhatEnds } from '../containment/index.ts';
import { stagesOf, WAYS, type Way } from './stages.ts';

/** Asks to let a hold go: what has to be so first, who agrees, in which steps, and how long it is watched. */
export function RestoreDialog({ hold: id }: { hold: string }) {
  const { close } = useActions();
  const read = useAsk(containment.showHold, { params: { hold: id as HoldRow['hold'] } });
  if (!read.data)
    return (
      <Dialog title="Let go step by step" onClose={close} width="narrow">
        <Shown of={read}>{() => null}</Shown>
      </Dialog>
    );
  return <Plan hold={read.data} />;
}

function Plan({ hold }: { hold: HoldRow }) {
  const { close } = useActions();
  const [reason, setReason] = useState('');
  const [checks, setChecks] = useState('');
  const [suites, setSuites] = useState<readonly string[]>([]);
  const [way, setWay] = useState<Way>('hour');
  const [own, setOwn] = useState('10 % 30 min');
  const [approvals, setApprovals] = useState(String(hold.gate?.approvals ?? 1));
  const [watch, setWatch] = useState(String(hold.gate?.watchMinutes ?? 60));
  const sets = useAsk(evals.list, { query: { system: hold.system } }).data?.suites ?? [];
  const ask = useAct(restorations.ask, { refreshes: ['/api/v1/incidents', '/api/v1/restorations'], done: close });
  const text = way === 'own' ? own : WAYS.find(({ value }) => value === way)!.text;
  const stages = stagesOf(text);
  const least = hold.gate;
  const minutes = Number(watch);
  const needed = [
    ...(reason.trim() === '' ? ['why it is safe'] : []),
    ...(stages === null ? ['steps such as “10 % 30 min”'] : []),
    ...(Number.isInteger(minutes) && minutes >= (least?.watchMinutes ?? 0) ? [] : ['how long it is watched']),
  ];
  return (
    <Dialog
      title={`Let go of ${hold.label} step by step`}
      about={
        <>
          <WhatEnds hold={hold} /> It goes on until everything is met and others agree.
        </>
      }
      onClose={close}
      onSubmit={() =>
        ask.mutate({
          params: { incident: hold.incident, hold: hold.hold },
          body: {
            reason,
            checks: checks.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
            suites: [...suites],
            stages: stages ?? [],
            approvals: Number(approvals),
            watchMinutes: minutes,
          },
        })
      }
      footer={
        <>
          <Button onClick={close}>Keep it in force</Button>
          <Button type="submit" look="strong" busy={ask.isPending} disabled={needed.length > 0}>
            Ask for it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextArea
          label="Why it is safe to let go"
          hint="What was fixed, and how you know."
          value={reason}
          onText={setReason}
          required
          autoFocus
        />
        {least && (least.checks.length > 0 || least.suites.length > 0) && (
          <div>
            <p className="mb-1 text-sm font-[600]">This hold asks for</p>
            <ul className="list-disc pl-5 text-ink-2">
              {least.checks.map((each) => (
                <li key={each}>{each}</li>
              ))}
              {least.suites.map((each) => (
                <li key={each}>“{sets.find((set) => set.id === each)?.name ?? each}” passes</li>
              ))}
            </ul>
          </div>
        )}
        <TextArea
          label={least ? 'And besides' : 'What has to be so first'}
          optional
          rows={2}
          hint="One check to a line; somebody says when it was made, and how they know."
          value={checks}
          onText={setChecks}
        />
        {sets.length > 0 && (
          <fieldset className="grid gap-1">
            <legend className="mb-1 text-sm font-[600]">Golden sets that have to pass again</legend>
            {sets.slice(0, 10).map((set) => (
              <Check
                key={set.id}
                label={set.name}
                checked={suites.includes(set.id) || (least?.suites.includes(set.id) ?? false)}
                disabled={least?.suites.includes(set.id) ?? false}
                onCheck={(on) => setSuites(on ? [...suites, set.id] : suites.filter((each) => each !== set.id))}
              />
            ))}
          </fieldset>
        )}
        <Select
          label="In which steps"
          value={way}
          onText={(value) => setWay(value as Way)}
          options={WAYS.map(({ value, label }) => ({ value, label }))}
        />
        {way === 'own' && (
          <TextArea
            label="Steps"
            rows={3}
            hint="One to a line: 10 % 30 min, or NL, BE 2 h. Everybody follows after the last one."
            value={own}
            onText={setOwn}
          />
        )}
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="Who has to agree"
            value={approvals}
            onText={setApprovals}
            options={[
              ...((least?.approvals ?? 1) <= 1 ? [{ value: '1', label: 'One other person' }] : []),
              { value: '2', label: 'Two other people' },
            ]}
          />
          <Input
            label="Watched afterwards, minutes"
            inputMode="numeric"
            hint={
              least
                ? `At least ${least.watchMinutes}. If it comes back, it is held again.`
                : 'If it comes back in this time, it is held again.'
            }
            value={watch}
            onText={setWatch}
          />
        </div>
        {needed.length > 0 && <p className="text-xs text-ink-2">Still needed: {needed.join('; ')}.</p>}
        {ask.error && <Trouble error={ask.error} />}
      </div>
    </Dialog>
  );
}
