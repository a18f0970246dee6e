import { Input, TextArea } from '../../ui/Field.tsx';

/** What a near miss says beside an incident, as typed. */
export interface Account {
  readonly stoppedBy: string;
  readonly wouldHave: string;
  readonly proximateCause: string;
}
export const NO_ACCOUNT: Account = { stoppedBy: '', wouldHave: '', proximateCause: '' };

/** What stopped it, what would have happened, and what nearly caused it. */
export function AccountFields({
  account,
  onAccount,
  errors,
}: {
  account: Account;
  onAccount: (account: Account) => void;
  errors?: Readonly<Record<string, string>> | undefined;
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
      <Input
        label="Proximate cause"
        optional
        hint="The last thing that went wrong."
        value={account.proximateCause}
        onText={(proximateCause) => change({ proximateCause })}
      />
    </div>
  );
}
