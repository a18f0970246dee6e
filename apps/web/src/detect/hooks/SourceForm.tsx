import { inventory } from '@firebreak/contract/prepare/inventory';
import { type SourceRow, sources } from '@firebreak/contract/prepare/sources';
import { PRODUCTS, SIGNING, type SourceProduct } from '@firebreak/core/prepare/sources';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Once } from '../../prepare/people/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Preview } from './Preview.tsx';
import { PRODUCT_WORDS, WIRING } from './words.ts';

const SEVERAL = '';

/** Which system a source is about: one of them, or whatever a label names. */
function About({
  system,
  label,
  onSystem,
  onLabel,
  error,
}: {
  system: string;
  label: string;
  onSystem: (system: string) => void;
  onLabel: (label: string) => void;
  error?: string | undefined;
}) {
  const systems = useAsk(inventory.list, {}).data?.systems ?? [];
  return (
    <div className="grid gap-4 phone:grid-cols-2">
      <Select
        label="About which AI system"
        value={system}
        onText={onSystem}
        options={[
          { value: SEVERAL, label: 'Several: each alert says' },
          ...systems.map(({ key, name }) => ({ value: key, label: name })),
        ]}
        error={error}
      />
      {system === SEVERAL && (
        <Input
          label="Label that names it"
          optional
          value={label}
          onText={onLabel}
          placeholder="service"
          hint="Left empty: ai_system, or a registered system that the alert names as service, app or job."
        />
      )}
    </div>
  );
}

function Pages({ pages, onPages }: { pages: boolean; onPages: (pages: boolean) => void }) {
  return (
    <Check
      label="What it calls critical pages alone"
      hint="For a sender that pages people itself. Otherwise its alerts only count beside what else is noticed."
      checked={pages}
      onCheck={onPages}
    />
  );
}

/** Adds a source, trying a payload first if one is at hand; the intake key is shown once. */
export function AddSource({ onClose, onDone }: { onClose: () => void; onDone: (id: string) => void }) {
  const [product, setProduct] = useState<SourceProduct>('alertmanager');
  const [name, setName] = useState('');
  const [system, setSystem] = useState(SEVERAL);
  const [label, setLabel] = useState('');
  const [signingSecret, setSigningSecret] = useState('');
  const [mapping, setMapping] = useState('');
  const [pages, setPages] = useState(false);
  const add = useAct(sources.add, { refreshes: ['/api/v1/sources'] });
  const told = add.error ? tell(add.error) : null;
  const about = { system: system === SEVERAL ? null : system, label: system === SEVERAL ? label : '' };
  if (add.data)
    return (
      <Once
        title={`The intake key of “${add.data.source.name}”`}
        about={`Shown only now. ${WIRING[add.data.source.product]}`}
        secret={add.data.key}
        onClose={() => onDone(add.data!.source.id)}
      />
    );
  return (
    <Dialog
      title="Add a source"
      about="Alerts that another product sends become signals here, and are closed when it says that they are over."
      width="wide"
      onClose={onClose}
      onSubmit={() =>
        add.mutate({
          body: {
            product,
            name,
            ...about,
            pages,
            mapping: product === 'custom' ? mapping : '',
            ...(signingSecret.trim() !== '' && SIGNING.includes(product) && { signingSecret }),
          },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={add.isPending} disabled={name.trim() === ''}>
            Add it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="Product"
            value={product}
            onText={(text) => setProduct(text as SourceProduct)}
            options={PRODUCTS.map((value) => ({ value, label: PRODUCT_WORDS[value] })).sort((a, b) =>
              a.value === 'custom' ? 1 : b.value === 'custom' ? -1 : a.label.localeCompare(b.label),
            )}
          />
          <Input
            label="Name"
            value={name}
            onText={setName}
            maxLength={80}
            required
            placeholder="Monitors of the support team"
            error={told?.fields.name}
          />
        </div>
        <About system={system} label={label} onSystem={setSystem} onLabel={setLabel} error={told?.fields.system} />
        <Pages pages={pages} onPages={setPages} />
        {SIGNING.includes(product) && (
          <Input
            label="Signing secret"
            optional
            type="password"
            autoComplete="off"
            value={signingSecret}
            onText={setSigningSecret}
            hint="What the product signs its webhooks with. If you enter it, nothing unsigned is taken. It is kept encrypted."
            error={told?.fields.signingSecret}
          />
        )}
        {product === 'custom' && (
          <TextArea
            label="Mapping (JSONata)"
            optional
            rows={5}
            value={mapping}
            onText={setMapping}
            className="font-mono text-xs!"
            placeholder={'{"title": event.what, "severity": event.grade, "status": event.state, "dedupKey": event.id}'}
            hint="Gives title, and if it can text, severity, status, dedupKey, at, url, source, labels. Left empty: common names are looked for."
            error={told?.fields.mapping}
          />
        )}
        <Preview key={product} product={product} mapping={product === 'custom' ? mapping : ''} {...about} />
        {add.error && <Trouble error={add.error} />}
      </div>
    </Dialog>
  );
}

export function DescribeSource({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const [name, setName] = useState(source.name);
  const [system, setSystem] = useState(source.system ?? SEVERAL);
  const [label, setLabel] = useState(source.label);
  const [pages, setPages] = useState(source.pages);
  const describe = useAct(sources.describe, { refreshes: ['/api/v1/sources'], done: onClose });
  const told = describe.error ? tell(describe.error) : null;
  return (
    <Dialog
      title={`Edit ${source.name}`}
      onClose={onClose}
      onSubmit={() =>
        describe.mutate({
          params: { source: source.id },
          body: { name, system: system === SEVERAL ? null : system, label: system === SEVERAL ? label : '', pages },
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={describe.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Name" value={name} onText={setName} maxLength={80} required error={told?.fields.name} />
        <About system={system} label={label} onSystem={setSystem} onLabel={setLabel} error={told?.fields.system} />
        <Pages pages={pages} onPages={setPages} />
        {describe.error && <Trouble error={describe.error} />}
      </div>
    </Dialog>
  );
}
