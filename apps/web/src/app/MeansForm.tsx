import { inventory } from '@firebreak/contract/prepare/inventory';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { type Means, type Policy, policies } from '@firebreak/contract/prepare/policies';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { CHANNEL_NAMES, DETECTION_CHANNELS, type DetectionChannel } from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Input, Select } from '../ui/Field.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useAct, useAsk } from './ask.ts';
import { Trouble } from './Trouble.tsx';

const KINDS = [
  { value: 'control', label: 'A control', hint: 'A lever wired on a system.' },
  { value: 'step', label: 'A playbook step', hint: 'Something a responder does.' },
  { value: 'channel', label: 'A detection channel', hint: 'How a breach is noticed.' },
  { value: 'review', label: 'A human review', hint: 'People look before or after.' },
] as const satisfies readonly { value: Means['kind']; label: string; hint: string }[];

/** Names one more thing that carries a policy out. */
export function MeansForm({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const [kind, setKind] = useState<Means['kind']>('control');
  const [made, setMade] = useState<Means | null>(null);
  const map = useAct(policies.map, { refreshes: ['/api/v1/policies'], done: onClose });
  return (
    <Dialog
      title="What carries it out"
      about={policy.title}
      onClose={onClose}
      onSubmit={() => {
        if (made) map.mutate({ params: { policy: policy.id }, body: { means: [...policy.means, made] } });
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={map.isPending} disabled={made === null}>
            Map it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="Kind"
          name="kind"
          value={kind}
          columns={2}
          onPick={(value) => {
            setKind(value);
            setMade(null);
          }}
          options={KINDS}
        />
        {kind === 'control' && <ControlFields bound={policy.systems} onMade={setMade} />}
        {kind === 'step' && <StepFields onMade={setMade} />}
        {kind === 'channel' && <ChannelFields bound={policy.systems} onMade={setMade} />}
        {kind === 'review' && <ReviewFields onMade={setMade} />}
        {map.error && <Trouble error={map.error} />}
      </div>
    </Dialog>
  );
}

interface Fields {
  readonly onMade: (means: Means | null) => void;
}

function ControlFields({ bound, onMade }: Fields & { bound: readonly string[] }) {
  const covered = useAsk(controlCoverage.show, { query: {} }).data?.systems ?? [];
  const systems = covered.filter(({ system }) => bound.length === 0 || bound.includes(system));
  const [system, setSystem] = useState('');
  const [control, setControl] = useState('');
  const controls = systems.find((each) => each.system === system)?.controls ?? [];
  return (
    <>
      <div className="grid gap-4 phone:grid-cols-2">
        <Select
          label="System"
          value={system}
          onText={(value) => {
            setSystem(value);
            setControl('');
            onMade(null);
          }}
          options={[
            { value: '', label: 'Choose a system' },
            ...systems.map((each) => ({ value: each.system, label: each.name })),
          ]}
        />
        <Select
          label="Control"
          value={control}
          disabled={controls.length === 0}
          onText={(value) => {
            setControl(value);
            onMade(value === '' ? null : { kind: 'control', system, control: value });
          }}
          options={[
            { value: '', label: 'Choose a control' },
            ...controls.map(({ name }) => ({ value: name, label: name })),
          ]}
        />
      </div>
      {system !== '' && controls.length === 0 && (
        <Notice tone="amber">No control is wired on this system. Wire one on its page, then map it here.</Notice>
      )}
    </>
  );
}

function StepFields({ onMade }: Fields) {
  const list = useAsk(playbooks.list, {}).data?.playbooks ?? [];
  const [playbook, setPlaybook] = useState('');
  const [step, setStep] = useState('');
  const read = useAsk(playbooks.show, { params: { playbook }, query: {} }, { enabled: playbook !== '' });
  const steps = read.data?.playbook.key === playbook ? read.data.playbook.content.steps : [];
  return (
    <>
      <Select
        label="Playbook"
        value={playbook}
        onText={(value) => {
          setPlaybook(value);
          setStep('');
          onMade(null);
        }}
        options={[
          { value: '', label: 'Choose a playbook' },
          ...list.map(({ key, name }) => ({ value: key, label: name })),
        ]}
      />
      <Select
        label="Step"
        value={step}
        disabled={steps.length === 0}
        onText={(value) => {
          setStep(value);
          onMade(value === '' ? null : { kind: 'step', playbook, step: value });
        }}
        options={[
          { value: '', label: 'Choose a step' },
          ...steps.map(({ key, text }) => ({ value: key, label: text })),
        ]}
      />
    </>
  );
}

function ChannelFields({ bound, onMade }: Fields & { bound: readonly string[] }) {
  const all = useAsk(inventory.list, {}).data?.systems.filter((it) => !it.retired) ?? [];
  const systems = all.filter(({ key }) => bound.length === 0 || bound.includes(key));
  const [system, setSystem] = useState('');
  const [channel, setChannel] = useState<DetectionChannel>('output-filter');
  const make = (key: string, which: DetectionChannel): void =>
    onMade(key === '' ? null : { kind: 'channel', system: key, channel: which });
  return (
    <div className="grid gap-4 phone:grid-cols-2">
      <Select
        label="System"
        value={system}
        onText={(value) => {
          setSystem(value);
          make(value, channel);
        }}
        options={[
          { value: '', label: 'Choose a system' },
          ...systems.map(({ key, name }) => ({ value: key, label: name })),
        ]}
      />
      <Select
        label="Channel"
        value={channel}
        onText={(value) => {
          setChannel(value as DetectionChannel);
          make(system, value as DetectionChannel);
        }}
        options={DETECTION_CHANNELS.map((value) => ({ value, label: CHANNEL_NAMES[value] }))}
      />
    </div>
  );
}

function ReviewFields({ onMade }: Fields) {
  const [what, setWhat] = useState('');
  const [by, setBy] = useState('');
  const make = (nextWhat: string, nextBy: string): void =>
    onMade(nextWhat.trim() === '' || nextBy.trim() === '' ? null : { kind: 'review', what: nextWhat, by: nextBy });
  return (
    <div className="grid gap-4 phone:grid-cols-2">
      <Input
        label="What people look at"
        value={what}
        maxLength={200}
        required
        placeholder="Every refund above 50 EUR"
        onText={(value) => {
          setWhat(value);
          make(value, by);
        }}
      />
      <Input
        label="Which role or team"
        value={by}
        maxLength={200}
        required
        placeholder="Support, second line"
        onText={(value) => {
          setBy(value);
          make(what, value);
        }}
      />
    </div>
  );
}
