import { inventory } from '@firebreak/contract/prepare/inventory';
import { type Policy, type PolicyException, policies } from '@firebreak/contract/prepare/policies';
import { LONGEST_EXCEPTION_DAYS } from '@firebreak/core/prepare/policies';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { endOfDay } from './words.ts';

const REFRESHES = ['/api/v1/policies', '/api/v1/policy-exceptions'];
const UNTIL_HINT = `To the end of that day, at most ${LONGEST_EXCEPTION_DAYS} days from now. It ends by itself; it can be renewed.`;

/** Asks for an exception. Somebody else has to approve it. */
export function AskException({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const all = useAsk(inventory.list, {}).data?.systems.filter((it) => !it.retired) ?? [];
  const bound = policy.systems.length === 0 ? all : all.filter(({ key }) => policy.systems.includes(key));
  const keys = new Set(bound.map(({ key }) => key));
  const options = [
    ...bound.map(({ key, name }) => ({ value: key, label: name })),
    ...policy.systems.filter((key) => !keys.has(key)).map((key) => ({ value: key, label: key })),
  ];
  const [picked, setPicked] = useState('');
  const system = picked || options[0]?.value || '';
  const features =
    useAsk(inventory.show, { params: { system } }, { enabled: keys.has(system) }).data?.system.features ?? [];
  const [feature, setFeature] = useState('');
  const [why, setWhy] = useState('');
  const [compensating, setCompensating] = useState('');
  const [until, setUntil] = useState('');
  const ask = useAct(policies.ask, { refreshes: REFRESHES, done: onClose });
  const told = ask.error ? tell(ask.error) : null;
  const end = endOfDay(until);
  return (
    <Dialog
      title="Ask for an exception"
      about={`To “${policy.title}”. It is none until somebody else has approved it.`}
      onClose={onClose}
      onSubmit={() => {
        if (end === null) return;
        ask.mutate({
          params: { policy: policy.id },
          body: { system, feature: feature || null, why, compensating, until: end },
        });
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={ask.isPending}
            disabled={system === '' || end === null || why.trim() === '' || compensating.trim() === ''}
          >
            Ask
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="For which system"
            value={system}
            onText={(value) => {
              setPicked(value);
              setFeature('');
            }}
            options={options}
            error={told?.fields.system}
          />
          <Select
            label="For which part"
            value={feature}
            onText={setFeature}
            options={[
              { value: '', label: 'the whole system' },
              ...features.map(({ key, name }) => ({ value: key, label: name })),
            ]}
          />
        </div>
        <TextArea label="Why it is needed" value={why} onText={setWhy} rows={2} maxLength={2_000} required />
        <TextArea
          label="What is done instead"
          value={compensating}
          onText={setCompensating}
          rows={2}
          maxLength={2_000}
          required
          hint="The compensating measure while the rule does not hold."
        />
        <Input
          label="Until"
          type="date"
          value={until}
          onText={setUntil}
          required
          hint={UNTIL_HINT}
          error={told?.fields.until}
        />
        {ask.error && <Trouble error={ask.error} />}
      </div>
    </Dialog>
  );
}

export type Doing = 'approve' | 'decline' | 'renew' | 'end';

const WORDS: Readonly<Record<Doing, { title: string; about: string; label: string; button: string }>> = {
  approve: {
    title: 'Approve the exception',
    about: 'From now until its end, this counts as a known exception.',
    label: 'Note',
    button: 'Approve',
  },
  decline: {
    title: 'Decline the exception',
    about: 'What was asked for stays readable, with your reason.',
    label: 'Reason',
    button: 'Decline',
  },
  renew: {
    title: 'Renew the exception',
    about: 'That is approving it again, so it takes somebody else than who asked for it.',
    label: 'Why it is still needed',
    button: 'Renew',
  },
  end: {
    title: 'End the exception now',
    about: 'The policy holds again from this moment.',
    label: 'Reason',
    button: 'End it',
  },
};

/** Approves, declines, renews or ends one. */
export function DecideException({
  exception,
  doing,
  onClose,
}: {
  exception: PolicyException;
  doing: Doing;
  onClose: () => void;
}) {
  const then = { refreshes: REFRESHES, done: onClose };
  const acts = {
    approve: useAct(policies.approve, then),
    decline: useAct(policies.decline, then),
    renew: useAct(policies.renew, then),
    end: useAct(policies.end, then),
  };
  const [text, setText] = useState('');
  const [until, setUntil] = useState('');
  const words = WORDS[doing];
  const { isPending, error } = acts[doing];
  const told = error ? tell(error) : null;
  const end = endOfDay(until);
  const params = { policy: exception.policy, exception: exception.id };
  const submit = (): void => {
    if (doing === 'approve') acts.approve.mutate({ params, body: { note: text } });
    else if (doing === 'renew' && end !== null) acts.renew.mutate({ params, body: { until: end, reason: text } });
    else if (doing === 'decline' || doing === 'end') acts[doing].mutate({ params, body: { reason: text } });
  };
  return (
    <Dialog
      title={words.title}
      about={words.about}
      onClose={onClose}
      width="narrow"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={isPending}
            disabled={(doing !== 'approve' && text.trim() === '') || (doing === 'renew' && end === null)}
          >
            {words.button}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {doing === 'renew' && (
          <Input
            label="Until"
            type="date"
            value={until}
            onText={setUntil}
            required
            hint={UNTIL_HINT}
            error={told?.fields.until}
          />
        )}
        <TextArea
          label={words.label}
          optional={doing === 'approve'}
          value={text}
          onText={setText}
          rows={2}
          maxLength={500}
        />
        {error && <Trouble error={error} />}
      </div>
    </Dialog>
  );
}
