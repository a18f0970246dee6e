import { people } from '@firebreak/contract/prepare/people';
import { type Vendor, vendors } from '@firebreak/contract/prepare/vendors';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMe } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';

const lines = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean);

/** Registers a vendor, or describes one anew. `name` fills in what systems call it already. */
export function VendorForm({
  vendor,
  name: given = '',
  onClose,
  onDone,
}: {
  vendor?: Vendor;
  name?: string;
  onClose: () => void;
  onDone?: (vendor: Vendor) => void;
}) {
  const me = useMe().data;
  const names = useAsk(people.directory, {}).data?.names ?? {};
  const supplied = (kind: 'model' | 'service') =>
    vendor?.supplies
      .filter((it) => it.kind === kind)
      .map((it) => it.name)
      .join('\n') ?? '';
  const [name, setName] = useState(vendor?.name ?? given);
  const [models, setModels] = useState(supplied('model'));
  const [services, setServices] = useState(supplied('service'));
  const [aliases, setAliases] = useState(vendor?.aliases.join(', ') ?? '');
  const [owner, setOwner] = useState(vendor?.owner ?? '');
  const [statusPage, setStatusPage] = useState(vendor?.statusPage ?? '');
  const [note, setNote] = useState(vendor?.note ?? '');
  const done = (answer: { vendor: Vendor }): void => {
    onClose();
    onDone?.(answer.vendor);
  };
  const refreshes = ['/api/v1/vendors'];
  const register = useAct(vendors.register, { refreshes, done });
  const describe = useAct(vendors.describe, { refreshes, done });
  const doing = vendor ? describe : register;
  const told = doing.error ? tell(doing.error) : null;
  const chosen = owner || me?.id || '';
  const submit = (): void => {
    const body = {
      name,
      supplies: [
        ...lines(models).map((it) => ({ kind: 'model' as const, name: it })),
        ...lines(services).map((it) => ({ kind: 'service' as const, name: it })),
      ],
      aliases: lines(aliases),
      owner: chosen as `usr_${string}`,
      statusPage,
      note,
    };
    if (vendor) describe.mutate({ params: { vendor: vendor.id }, body });
    else register.mutate({ body });
  };
  return (
    <Dialog
      title={vendor ? `Edit ${vendor.name}` : 'Register a vendor'}
      about="Whom your AI systems are built on. Whom to call comes afterwards."
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={doing.isPending} disabled={name.trim() === ''}>
            {vendor ? 'Save' : 'Register'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Name" value={name} onText={setName} maxLength={200} required error={told?.fields.name} />
        <Input
          label="Other names"
          optional
          value={aliases}
          onText={setAliases}
          hint="As telemetry (gen_ai.provider.name) and systems call it, with commas: azure.ai.openai, openai."
          error={told?.fields.aliases}
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <TextArea
            label="Models"
            optional
            rows={3}
            value={models}
            onText={setModels}
            hint="One on each line, as deployments name them."
          />
          <TextArea
            label="Services"
            optional
            rows={3}
            value={services}
            onText={setServices}
            hint="A vector store, a guardrail, a speech service."
          />
        </div>
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="Who answers for it here"
            value={chosen}
            onText={setOwner}
            options={Object.entries(names)
              .filter(([id]) => id.startsWith('usr_'))
              .map(([value, label]) => ({ value, label }))}
            error={told?.fields.owner}
          />
          <Input
            label="Status page"
            optional
            type="url"
            value={statusPage}
            onText={setStatusPage}
            placeholder="https://status.example.com"
            error={told?.fields.statusPage}
          />
        </div>
        <TextArea label="Note" optional rows={2} value={note} onText={setNote} maxLength={2_000} />
        {doing.error && <Trouble error={doing.error} />}
      </div>
    </Dialog>
  );
}
