import { decisionRights, type RightsRow, type Rule } from '@firebreak/contract/respond/decision-rights';
import { INCIDENT_ROLES, type IncidentRole } from '@firebreak/core/prepare/role-directory';
import { ACTS, rolesThatMay } from '@firebreak/core/respond/decision-rights';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select } from '../../ui/Field.tsx';
import { ROLE_TITLES } from '../incidents/index.ts';
import { ACT_TITLES, isSame } from './words.ts';

type Act = (typeof ACTS)[number];
type Who = Rule['who'][Act];

const toggled = <T,>(list: readonly T[], one: T): T[] =>
  list.includes(one) ? list.filter((each) => each !== one) : [...list, one];

/** Changes one row of the matrix. Nothing ticked: everybody whose role allows it. */
export function RuleDialog({ system, row, onClose }: { system: string; row: RightsRow; onClose: () => void }) {
  const [rule, setRule] = useState<Rule>(row.rule);
  const [reason, setReason] = useState('');
  const set = useAct(decisionRights.set, { refreshes: ['/api/v1/systems', '/api/v1/approvals'], done: onClose });
  const told = set.error ? tell(set.error) : null;
  const save = (wanted: Rule | null) => set.mutate({ params: { system, of: row.of }, body: { rule: wanted, reason } });
  const change = (part: Partial<Rule>) => setRule({ ...rule, ...part });
  const minutes = rule.second?.minutes ?? 15;
  return (
    <Dialog
      title={`Who may do what: ${row.name}`}
      about="Nothing ticked means everybody whose role allows it. What you change counts for letting go in incidents declared from now on."
      onClose={onClose}
      onSubmit={() => save(rule)}
      footer={
        <>
          {row.set && (
            <Button
              look="quiet"
              className="mr-auto"
              disabled={reason.trim() === ''}
              busy={set.isPending}
              onClick={() => save(null)}
            >
              Take the own rule back
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={set.isPending}
            disabled={reason.trim() === '' || isSame(rule, row.rule)}
          >
            Set it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {ACTS.map((act) => (
          <WhoFields
            key={act}
            act={act}
            who={rule.who[act]}
            error={told?.fields[`who/${act}/roles`]}
            onWho={(who) => change({ who: { ...rule.who, [act]: who } })}
          />
        ))}
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="A second person for a pull"
            value={rule.second?.when ?? ''}
            onText={(when) => change({ second: when === '' ? null : { when: when as 'before' | 'after', minutes } })}
            options={[
              { value: '', label: 'Nobody else' },
              { value: 'before', label: 'Agrees before it goes' },
              { value: 'after', label: 'Adopts it after it went' },
            ]}
          />
          {rule.second !== null && (
            <Input
              label="Within how many minutes"
              inputMode="numeric"
              value={String(rule.second.minutes)}
              onText={(text) => change({ second: { when: rule.second!.when, minutes: Number(text) } })}
              error={told?.fields['second/minutes']}
            />
          )}
          <Select
            label="Password again"
            hint="To pull and to let go."
            value={rule.freshMinutes === null ? '' : String(rule.freshMinutes)}
            onText={(text) => change({ freshMinutes: text === '' ? null : Number(text) })}
            options={[
              { value: '', label: 'Not asked' },
              ...[5, 15, 60, 240].map((each) => ({ value: String(each), label: `When older than ${each} minutes` })),
            ]}
          />
        </div>
        <Check
          label="Whoever pulls types the key of the system"
          hint="Against the wrong system at three in the morning."
          checked={rule.typed}
          onCheck={(typed) => change({ typed })}
        />
        {row.width === 'wide' && (
          <Check
            label="Whoever is paged hears of it at once"
            hint="With the owner and the executives named. Turned off, it only stands in the war room."
            checked={rule.quiet !== true}
            onCheck={(told) => {
              const { quiet: _, ...rest } = rule;
              setRule(told ? rest : { ...rest, quiet: true });
            }}
          />
        )}
        <Input label="Why" hint="It stands in the record." value={reason} onText={setReason} required />
        {set.error && <Trouble error={set.error} />}
      </div>
    </Dialog>
  );
}

function WhoFields({
  act,
  who,
  error,
  onWho,
}: {
  act: Act;
  who: Who;
  error: string | undefined;
  onWho: (who: Who) => void;
}) {
  const few = who.seats.length === 0 && who.roles.length === 0;
  return (
    <fieldset className="min-w-0 rounded-md border border-line px-3 pt-1 pb-2">
      <legend className="px-1 font-[600]">
        {ACT_TITLES[act]} {few && <span className="font-normal text-ink-3">· everybody whose role allows it</span>}
      </legend>
      <div className="flex flex-wrap gap-x-5">
        {rolesThatMay(act).map((role) => (
          <Check
            key={role}
            label={role[0]!.toUpperCase() + role.slice(1)}
            checked={who.roles.includes(role)}
            onCheck={() => onWho({ ...who, roles: toggled(who.roles, role) })}
          />
        ))}
      </div>
      <details open={who.seats.length > 0}>
        <summary className="text-xs text-ink-2">Whoever the role directory names as …</summary>
        <div className="grid gap-x-4 phone:grid-cols-3">
          {INCIDENT_ROLES.map((seat: IncidentRole) => (
            <Check
              key={seat}
              label={ROLE_TITLES[seat]}
              checked={who.seats.includes(seat)}
              onCheck={() => onWho({ ...who, seats: toggled(who.seats, seat) })}
            />
          ))}
        </div>
      </details>
      {error && <p className="mt-1 text-xs text-ember">{error}</p>}
    </fieldset>
  );
}
