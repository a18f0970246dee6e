import { ARCHETYPES, type Archetype } from '@firebreak/core/detect/signals';
import { ARCHETYPE_WORDS } from '../../detect/archetypes/index.ts';
import { Input, Select, TextArea } from '../../ui/Field.tsx';

/** What a near miss says beside an incident, as typed. */
export interface Account {
  readonly stoppedBy: string;
  readonly wouldHave: string;
  readonly proximateCause: string;
  readonly archetype: Archetype | '';
}
export const NO_ACCOUNT: Account = { stoppedBy: '', wouldHave: '', proximateCause: '', archetype: '' };

/** The typed account as the door takes it. */
export function accountOf({ archetype, ...miss }: Account) {
  return { miss, ...(archetype !== '' && { archetype }) };
}

/** What stopped it, what would have happened, what nearly caused it, and what kind of failure it was. */
export function AccountFields({
  account,
  onAccount,
  errors,
  withArchetype = true,
}: {
  account: Account;
  onAccount: (account: Account) => void;
  errors?: Readonly<Record<string, string>> | undefined;
  withArchetype?: boolean;
}) {
  const change = (part: Partial<Account>) => onAccount({ ...account, ...part });
  return (
    <div className="grid gap-4">
      <Input
        label="What stopped it"
        hint="The control, the person or the chance. This is what to keep."
        value={account.stoppedBy}
        onText={(stoppedBy) => change({ stoppedBy })}
        required
        error={errors?.['miss/stoppedBy']}
        placeholder="The reviewer of refunds over 50 EUR"
      />
      <TextArea
        label="What would have happened"
        hint="Whom it would have reached, and how."
        rows={2}
        value={account.wouldHave}
        onText={(wouldHave) => change({ wouldHave })}
        required
        error={errors?.['miss/wouldHave']}
      />
      <div className="grid gap-4 phone:grid-cols-2">
        <Input
          label="Proximate cause"
          optional
          hint="The last thing that went wrong."
          value={account.proximateCause}
          onText={(proximateCause) => change({ proximateCause })}
        />
        {withArchetype && (
          <Select
            label="Kind of failure"
            optional
            value={account.archetype}
            onText={(archetype) => change({ archetype: archetype as Archetype | '' })}
            options={[
              { value: '', label: 'Not sure' },
              ...ARCHETYPES.map((each) => ({ value: each, label: ARCHETYPE_WORDS[each] })),
            ]}
          />
        )}
      </div>
    </div>
  );
}
