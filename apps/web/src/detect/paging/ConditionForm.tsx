import { type ConditionRow, paging } from '@firebreak/contract/detect/paging';
import { inventory } from '@firebreak/contract/prepare/inventory';
import type { ConditionRule } from '@firebreak/core/detect/paging';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, Input, Select, TextArea } from '../../ui/Field.tsx';

const REFRESHES = ['/api/v1/conditions', '/api/v1/candidates'];
type Kind = ConditionRule['kind'];
interface Numbers {
  readonly n: string;
  readonly m: string;
  readonly minutes: string;
  readonly over: string;
  readonly observations: string;
  readonly days: string;
}
const USUAL: Numbers = { n: '3', m: '5', minutes: '10', over: '5', observations: '200', days: '7' };

function ruleOf(kind: Kind, it: Numbers): ConditionRule {
  const number = (text: string) => Number(text);
  if (kind === 'n-of-m') return { kind, n: number(it.n), m: number(it.m), minutes: number(it.minutes) };
  if (kind === 'rate') return { kind, over: number(it.over), minutes: number(it.minutes) };
  return { kind, observations: number(it.observations), days: number(it.days) };
}
const numbersOf = (rule: ConditionRule | undefined): Numbers =>
  rule === undefined
    ? USUAL
    : { ...USUAL, ...Object.fromEntries(Object.entries(rule).map(([name, value]) => [name, String(value)])) };

/** When signals begin to count for a page: a new one, or another number for one there is. */
export function ConditionForm({ condition, onClose }: { condition?: ConditionRow; onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [said, setSaid] = useState({ system: '', detector: '', kind: '' });
  const [kind, setKind] = useState<Kind>(condition?.rule.kind ?? 'n-of-m');
  const [numbers, setNumbers] = useState<Numbers>(() => numbersOf(condition?.rule));
  const [reason, setReason] = useState('');
  const set = useAct(paging.setCondition, { refreshes: REFRESHES, done: onClose });
  const changed = useAct(paging.changeCondition, { refreshes: REFRESHES, done: onClose });
  const doing = condition ? changed : set;
  const told = doing.error ? tell(doing.error) : null;
  const named = condition !== undefined || Object.values(said).some((each) => each.trim() !== '');
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const rule = ruleOf(kind, numbers);
  const whole = Object.values(rule).every((each) => typeof each === 'string' || (Number.isInteger(each) && each > 0));
  const number = (name: keyof Numbers, label: string, most: number) => (
    <Input
      label={label}
      type="number"
      min={1}
      max={most}
      value={numbers[name]}
      onText={(value) => setNumbers({ ...numbers, [name]: value })}
    />
  );
  return (
    <Dialog
      title={condition ? 'Change the condition' : 'Page only when'}
      about="Until it is met, these signals are grouped and shown, and page nobody. A Sev 1 that proves itself never waits."
      onClose={onClose}
      onSubmit={() =>
        condition
          ? changed.mutate({ params: { condition: condition.id }, body: { rule, reason } })
          : set.mutate({
              body: {
                system: orNull(said.system),
                detector: orNull(said.detector),
                kind: orNull(said.kind),
                rule,
                reason,
              },
            })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={doing.isPending}
            disabled={!named || !whole || reason.trim().length < 3}
          >
            {condition ? 'Change it' : 'Set it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {!condition && (
          <div className="grid gap-4 phone:grid-cols-3">
            <Select
              label="AI system"
              value={said.system}
              onText={(system) => setSaid({ ...said, system })}
              options={[{ value: '', label: 'Any' }, ...systems.map((it) => ({ value: it.key, label: it.name }))]}
            />
            <Input
              label="Detector"
              optional
              value={said.detector}
              onText={(detector) => setSaid({ ...said, detector })}
              placeholder="ungrounded-claim"
            />
            <Input
              label="Kind of signal"
              optional
              value={said.kind}
              onText={(it) => setSaid({ ...said, kind: it })}
              placeholder="monitor-alert"
            />
          </div>
        )}
        <Choice
          legend="Page only"
          name="rule"
          value={kind}
          onPick={setKind}
          options={[
            { value: 'n-of-m', label: 'seen again and again', hint: 'In some of the last windows of time.' },
            { value: 'rate', label: 'seen often', hint: 'More than a number within some minutes.' },
            {
              value: 'warm-up',
              label: 'after a warm-up',
              hint: 'A new detector or system is listened to before it pages.',
            },
          ]}
        />
        <div className="grid grid-cols-2 gap-4 phone:grid-cols-3">
          {kind === 'n-of-m' && (
            <>
              {number('n', 'In at least', 100)}
              {number('m', 'of the last windows', 100)}
              {number('minutes', 'Minutes each', 1_440)}
            </>
          )}
          {kind === 'rate' && (
            <>
              {number('over', 'More than', 100_000)}
              {number('minutes', 'within minutes', 10_080)}
            </>
          )}
          {kind === 'warm-up' && (
            <>
              {number('observations', 'Observations', 1_000_000)}
              {number('days', 'or days', 90)}
            </>
          )}
        </div>
        {told?.fields.rule && <p className="text-xs text-ember">{told.fields.rule}</p>}
        <TextArea label="Why" rows={2} value={reason} onText={setReason} required />
        {doing.error && <Trouble error={doing.error} />}
      </div>
    </Dialog>
  );
}
