import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { type Executor, executors } from '@firebreak/contract/respond/executors';
import { EXECUTOR_KINDS, type ExecutorKind, kindOf } from '@firebreak/core/respond/executors';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk, useAskEach } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Once } from '../../prepare/people/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, Select, TextArea } from '../../ui/Field.tsx';

const REFRESHES = ['/api/v1/executors'];

/** What an executor is, where its switch is, and for which controls it acts. */
export function ExecutorForm({ executor, onClose }: { executor?: Executor; onClose: () => void }) {
  const systems = (useAsk(inventory.list, {}).data?.systems ?? []).filter(({ retired }) => !retired);
  const wired = useAskEach(
    containment.listControls,
    systems.slice(0, 50).map(({ key }) => ({ params: { system: key } })),
  ).flatMap(({ data }) => data?.controls ?? []);
  const [kind, setKind] = useState<ExecutorKind>(executor?.kind ?? 'unleash');
  const [name, setName] = useState(executor?.name ?? '');
  const [settings, setSettings] = useState<Readonly<Record<string, string>>>(executor?.settings ?? {});
  const [controls, setControls] = useState<readonly string[]>(executor?.controls.map(({ control }) => control) ?? []);
  const [secret, setSecret] = useState('');
  const declare = useAct(executors.declare, {
    refreshes: REFRESHES,
    done: (answer) => {
      if (answer.secret === null) onClose();
    },
  });
  const change = useAct(executors.change, { refreshes: REFRESHES, done: onClose });
  const key = useAct(executors.key, { refreshes: REFRESHES });
  const it = kindOf(kind);
  const failed = declare.error ?? change.error ?? key.error;
  const told = failed ? tell(failed) : null;
  const fault = (field: string): string | undefined =>
    told?.fields[`settings/${field}`] ?? told?.fields[`settings.${field}`];
  const set = (field: string) => (value: string) => setSettings({ ...settings, [field]: value });
  const said = {
    name: name.trim() || it.title,
    settings: Object.fromEntries(
      it.fields.flatMap((field) => (settings[field.name] ? [[field.name, settings[field.name]!]] : [])),
    ),
    controls: controls as `ctl_${string}`[],
  };
  const typed = secret.trim();
  const save = async (): Promise<void> => {
    if (!executor) return declare.mutate({ body: { kind, ...said, ...(typed !== '' && { secret: typed }) } });
    if (typed !== '') await key.mutateAsync({ params: { executor: executor.id }, body: { secret: typed } });
    change.mutate({ params: { executor: executor.id }, body: said });
  };
  if (declare.data?.secret)
    return (
      <Once
        title={`The signing secret of “${declare.data.executor.name}”`}
        about="Shown only now. The receiver verifies with it that an order comes from here (Standard Webhooks, HMAC-SHA256)."
        secret={declare.data.secret}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      title={executor ? `Change ${executor.name}` : 'Bind a switch'}
      about="When one of its controls is held, the switch is read, changed and read back. When the last hold is let go, it is set back to what it was."
      onClose={onClose}
      width="wide"
      onSubmit={() => void save().catch(() => undefined)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            busy={declare.isPending || change.isPending || key.isPending}
            disabled={controls.length === 0}
          >
            {executor ? 'Save' : 'Bind it'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          {executor ? (
            <p className="text-sm">
              <span className="mb-1 block font-[600]">Kind</span>
              {it.title}
            </p>
          ) : (
            <Select
              label="The switch is in"
              value={kind}
              onText={(value) => {
                setKind(value as ExecutorKind);
                setSettings({});
              }}
              options={EXECUTOR_KINDS.map((value) => ({ value, label: kindOf(value).title }))}
            />
          )}
          <Input label="Name" optional value={name} onText={setName} maxLength={120} placeholder={it.title} />
        </div>
        <div className="grid gap-4 phone:grid-cols-2">
          {it.fields.map((field) => {
            const same = {
              label: field.label,
              hint: field.hint,
              optional: field.otherwise !== undefined && field.options === undefined,
              value: settings[field.name] ?? (field.options ? (field.otherwise ?? '') : ''),
              onText: set(field.name),
              error: fault(field.name),
            };
            if (field.options)
              return (
                <Select key={field.name} {...same} options={field.options.map((value) => ({ value, label: value }))} />
              );
            return field.long ? (
              <TextArea key={field.name} {...same} rows={3} maxLength={field.most} />
            ) : (
              <Input
                key={field.name}
                {...same}
                maxLength={field.most ?? 300}
                placeholder={field.otherwise || undefined}
              />
            );
          })}
          {it.secret && (
            <Input
              label={executor?.keyed ? 'Another secret' : it.secret.label}
              optional={kind === 'webhook' || executor !== undefined}
              type="password"
              autoComplete="off"
              hint={
                executor?.keyed
                  ? 'It has one. Left empty, that one stays.'
                  : kind === 'webhook'
                    ? 'Left empty, one is made and shown once.'
                    : 'Kept sealed; shown to nobody.'
              }
              value={secret}
              onText={setSecret}
              error={told?.fields.secret}
            />
          )}
        </div>
        <fieldset className="min-w-0">
          <legend className="mb-1.5 text-sm font-[600]">It acts when these are held</legend>
          {wired.length === 0 ? (
            <p className="text-sm text-ink-2">
              No control is wired yet. Wire one on the page of an AI system, then bind a switch to it.
            </p>
          ) : (
            <div className="grid max-h-56 gap-1.5 overflow-y-auto">
              {wired.map(({ control, name: called, system }) => (
                <Check
                  key={control}
                  label={`${called} · ${system}`}
                  checked={controls.includes(control)}
                  onCheck={(on) =>
                    setControls(on ? [...controls, control] : controls.filter((each) => each !== control))
                  }
                />
              ))}
            </div>
          )}
        </fieldset>
        {failed && <Trouble error={failed} />}
      </div>
    </Dialog>
  );
}
