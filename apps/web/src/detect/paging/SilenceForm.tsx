import { paging, type SilenceRow } from '@firebreak/contract/detect/paging';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { ARCHETYPES, type Archetype, type Channel } from '@firebreak/core/detect/signals';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMe } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Choice, Input, Select, TextArea } from '../../ui/Field.tsx';
import { ARCHETYPE_WORDS } from '../archetypes/index.ts';
import { CHANNEL_OPTIONS } from './words.ts';

const REFRESHES = ['/api/v1/silences', '/api/v1/candidates'];
const HOURS = [
  { value: '1', label: '1 hour' },
  { value: '4', label: '4 hours' },
  { value: '24', label: '1 day' },
  { value: '168', label: '7 days' },
] as const;
type Hours = (typeof HOURS)[number]['value'];
const until = (hours: string): string => new Date(Date.now() + Number(hours) * 3_600_000 - 1_000).toISOString();
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** Page nobody about some signals for a while. */
export function SilenceForm({ onClose }: { onClose: () => void }) {
  const me = useMe().data;
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [said, setSaid] = useState({ system: '', detector: '', archetype: '', channel: '', text: '', reason: '' });
  const [owner, setOwner] = useState<string | null>(null);
  const [hours, setHours] = useState<Hours>('4');
  const [holdsSevOne, setHolds] = useState(false);
  const set = useAct(paging.silence, { refreshes: REFRESHES, done: onClose });
  const told = set.error ? tell(set.error) : null;
  const change = (part: Partial<typeof said>) => setSaid({ ...said, ...part });
  const { system, detector, archetype, channel, text, reason } = said;
  const named = [system, detector, archetype, channel, text].some((each) => each.trim() !== '');
  const who = owner ?? me?.name ?? '';
  return (
    <Dialog
      title="Silence"
      about="Nobody is paged about what matches. The signals are kept, grouped and counted as always."
      onClose={onClose}
      onSubmit={() =>
        set.mutate({
          body: {
            system: orNull(system),
            detector: orNull(detector),
            archetype: orNull(archetype) as Archetype | null,
            channel: orNull(channel) as Channel | null,
            text: orNull(text),
            reason,
            owner: who,
            until: until(hours),
            holdsSevOne,
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={set.isPending}
            disabled={!named || reason.trim().length < 3 || who.trim().length < 2}
          >
            Silence it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="AI system"
            value={system}
            onText={(value) => change({ system: value })}
            options={[{ value: '', label: 'Any' }, ...systems.map((it) => ({ value: it.key, label: it.name }))]}
          />
          <Input
            label="Detector"
            optional
            value={detector}
            onText={(value) => change({ detector: value })}
            placeholder="ungrounded-claim"
          />
          <Select
            label="Kind of failure"
            value={archetype}
            onText={(value) => change({ archetype: value })}
            options={[
              { value: '', label: 'Any' },
              ...ARCHETYPES.map((value) => ({ value: value as string, label: ARCHETYPE_WORDS[value] })),
            ]}
          />
          <Select
            label="Channel"
            value={channel}
            onText={(value) => change({ channel: value })}
            options={CHANNEL_OPTIONS}
          />
        </div>
        <Input
          label="Words in the signal"
          optional
          value={text}
          onText={(value) => change({ text: value })}
          hint="Contained in its text, in any case."
        />
        {!named && (
          <p className="text-xs text-ink-3">Say at least one of these: a silence about everything is refused.</p>
        )}
        <Choice legend="For how long" name="hours" columns={4} value={hours} onPick={setHours} options={HOURS} />
        <TextArea label="Why" rows={2} value={reason} onText={(value) => change({ reason: value })} required />
        <Input label="Who answers for it" value={who} onText={setOwner} error={told?.fields.owner} />
        <Check
          label="Also hold back a Sev 1 that proves itself"
          hint="Usually such a finding breaks through every silence."
          checked={holdsSevOne}
          onCheck={setHolds}
        />
        {set.error && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}

/** Extend or end one. */
export function SilenceChange({
  silence,
  what,
  onClose,
}: {
  silence: SilenceRow;
  what: 'extend' | 'end';
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState<Hours>('4');
  const extend = useAct(paging.extendSilence, { refreshes: REFRESHES, done: onClose });
  const end = useAct(paging.endSilence, { refreshes: REFRESHES, done: onClose });
  const doing = what === 'end' ? end : extend;
  const params = { silence: silence.id };
  return (
    <Dialog
      title={what === 'end' ? 'End the silence' : 'Extend the silence'}
      about={what === 'end' ? 'From now on such signals page again.' : 'Counted from now; seven days at most.'}
      width="narrow"
      onClose={onClose}
      onSubmit={() =>
        what === 'end'
          ? end.mutate({ params, body: { reason } })
          : extend.mutate({ params, body: { reason, until: until(hours) } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={doing.isPending} disabled={reason.trim().length < 3}>
            {what === 'end' ? 'End it' : 'Extend it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {what === 'extend' && (
          <Choice legend="Until" name="hours" columns={4} value={hours} onPick={setHours} options={HOURS} />
        )}
        <TextArea label="Why" rows={2} value={reason} onText={setReason} required />
        {doing.error && <Trouble error={doing.error} />}
      </div>
    </Dialog>
  );
}
