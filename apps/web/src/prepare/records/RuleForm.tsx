import { type RecordRule, records } from '@firebreak/contract/prepare/records';
import { TAKEN_OUT } from '@firebreak/core/prepare/records';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { TAKEN_OUT_WORDS } from './words.ts';

/** How the records of one AI system are kept from now on. */
export function RuleForm({
  system,
  rule,
  usual,
  onClose,
}: {
  system: string;
  rule: RecordRule | undefined;
  usual: number;
  onClose: () => void;
}) {
  const [days, setDays] = useState(rule?.keptDays == null ? '' : String(rule.keptDays));
  const [takes, setTakes] = useState<readonly string[]>(rule?.takesOut ?? []);
  const [share, setShare] = useState(rule?.sentShare == null ? '' : String(rule.sentShare * 100));
  const [reason, setReason] = useState('');
  const save = useAct(records.rule, { refreshes: ['/api/v1/record-rules'], done: onClose });
  const fields = save.error ? tell(save.error).fields : {};
  const shorter = days !== '' && Number(days) < (rule?.keptDays ?? usual);
  return (
    <Dialog
      title={`How records of ${system} are kept`}
      about="It is true of what comes in from now on. What is kept already stays as it is, until its days are over."
      onClose={onClose}
      onSubmit={() =>
        save.mutate({
          params: { system },
          body: {
            keptDays: days === '' ? null : Number(days),
            takesOut: TAKEN_OUT.filter((kind) => takes.includes(kind)),
            sentShare: share === '' ? null : Number(share) / 100,
            reason,
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={save.isPending} disabled={reason.trim() === ''}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Kept for so many days"
          optional
          type="number"
          min={1}
          max={3650}
          hint={`Empty: ${usual}, as everywhere. Incidents are often told weeks later: fewer than 30 leaves them without records.`}
          value={days}
          onText={setDays}
          error={fields.keptDays}
        />
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-sm font-[600]">Taken out before anything is kept</legend>
          {TAKEN_OUT.map((kind) => (
            <Check
              key={kind}
              label={TAKEN_OUT_WORDS[kind]}
              checked={takes.includes(kind)}
              onCheck={(on) => setTakes(on ? [...takes, kind] : takes.filter((each) => each !== kind))}
            />
          ))}
          <p className="text-xs text-ink-3">
            Its kind stands in its place. The value is gone for good, also for an investigation; that it was in an
            answer still raises a signal. Names and postal addresses have no form that could be found.
          </p>
        </fieldset>
        <Input
          label="Part of the traffic that is sent, %"
          optional
          type="number"
          min={0.001}
          max={100}
          step="any"
          hint="Where the sender samples. It is said wherever records are counted."
          value={share}
          onText={setShare}
          error={fields.sentShare}
        />
        <TextArea label="Why" value={reason} onText={setReason} rows={2} maxLength={500} error={fields.reason} />
        {shorter && (
          <Notice tone="amber" title="Older records will be deleted">
            What is older than {days} {days === '1' ? 'day' : 'days'} is deleted for good within minutes, unless a legal
            hold lies on it.
          </Notice>
        )}
        {save.error && <Trouble error={save.error} />}
      </div>
    </Dialog>
  );
}
