import { type Moderator, type ModeratorTrial, moderation } from '@firebreak/contract/detect/moderation';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { MODERATOR_KINDS, SIDES, TRUST_AFTER, USUAL_WHEN_SILENT, WHEN_SILENT } from '@firebreak/core/detect/moderation';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { KIND_HINTS, KIND_WORDS, SIDE_WORDS, SILENT_WORDS } from './words.ts';

function Said({ trial }: { trial: ModeratorTrial }) {
  const took = `${Math.round(trial.latencyMs)} ms${trial.model === null ? '' : `, ${trial.model}`}`;
  if (trial.fault !== null || trial.said === null)
    return (
      <Notice tone="amber" title="It has no opinion" live>
        {trial.fault ?? 'It said nothing about the text.'}
        <p className="mt-1 text-xs text-ink-2">
          {took}. Of live traffic this would count as no opinion, never as clean.
        </p>
      </Notice>
    );
  const named = trial.said.categories.map(({ name, score }) => (score === null ? name : `${name} ${score.toFixed(2)}`));
  return (
    <Notice
      tone={trial.counts ? 'amber' : 'plain'}
      title={trial.said.flagged ? 'It flags this' : 'It finds this clean'}
      live
    >
      {[...named, trial.said.reason].filter((part) => part !== '').join(', ')}
      <p className="mt-1 text-xs text-ink-2">
        {took}. {trial.said.flagged && !trial.counts ? 'Below the score that counts: no signal.' : ''}
        {trial.counts ? 'It would raise a signal.' : ''}
      </p>
    </Notice>
  );
}

/** Who is asked, about what, how often; with a trial on a text of one’s own. */
export function ModeratorForm({ moderator, onClose }: { moderator?: Moderator; onClose: () => void }) {
  const systems = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  const [name, setName] = useState(moderator?.name ?? '');
  const [kind, setKind] = useState(moderator?.kind ?? 'openai-moderation');
  const [address, setAddress] = useState(moderator?.address ?? '');
  const [model, setModel] = useState(moderator?.model ?? '');
  const [key, setKey] = useState('');
  const [only, setOnly] = useState(moderator?.systems.join(', ') ?? '');
  const [side, setSide] = useState(moderator?.side ?? 'both');
  const [share, setShare] = useState(String((moderator?.share ?? 1) * 100));
  const [aDay, setADay] = useState(String(moderator?.aDay ?? 100_000));
  const [timeout, setTimeout] = useState(String((moderator?.timeoutMs ?? 2_000) / 1_000));
  const [threshold, setThreshold] = useState(String(moderator?.threshold ?? 0.5));
  const [trust, setTrust] = useState(moderator?.trust ?? 'weak');
  const [whenSilent, setWhenSilent] = useState(moderator?.whenSilent ?? USUAL_WHEN_SILENT);
  const [text, setText] = useState('');
  const [trial, setTrial] = useState<ModeratorTrial | null>(null);
  const then = { refreshes: ['/api/v1/moderators'], done: onClose };
  const add = useAct(moderation.add, then);
  const describe = useAct(moderation.describe, then);
  const rekey = useAct(moderation.key, { refreshes: ['/api/v1/moderators'] });
  const test = useAct(moderation.test, { done: (answer) => setTrial(answer.trial) });
  const saving = moderator ? describe : add;
  const failed = saving.error ?? rekey.error ?? test.error;
  const fields = failed ? tell(failed).fields : {};
  const body = {
    name: name.trim() || KIND_WORDS[kind],
    kind,
    address: address.trim() || (kind === 'openai-moderation' ? 'https://api.openai.com/v1/moderations' : ''),
    model: model.trim(),
    systems: only
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
    side,
    share: Number(share) / 100,
    aDay: Number(aDay),
    timeoutMs: Math.round(Number(timeout) * 1_000),
    atOnce: moderator?.atOnce ?? 4,
    threshold: Number(threshold),
    trust,
    whenSilent,
  };
  const keyed = key.trim() === '' ? {} : { key: key.trim() };
  const save = async (): Promise<void> => {
    if (!moderator) return add.mutate({ body: { ...body, ...keyed } });
    if (keyed.key) await rekey.mutateAsync({ params: { moderator: moderator.id }, body: { key: keyed.key } });
    describe.mutate({ params: { moderator: moderator.id }, body });
  };
  const tryIt = (): void =>
    test.mutate({ body: { ...body, ...keyed, ...(moderator && { moderator: moderator.id }), text: text.trim() } });
  return (
    <Dialog
      title={moderator ? `Change ${moderator.name}` : 'Ask a moderation model'}
      about="It reads interactions after they came in, never in their way. Secrets, card and account numbers are taken out before anything is sent."
      onClose={onClose}
      width="wide"
      onSubmit={() => void save().catch(() => undefined)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={saving.isPending || rekey.isPending}>
            {moderator ? 'Save' : 'Start asking'}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="It speaks"
            value={kind}
            onText={(value) => setKind(value as Moderator['kind'])}
            options={MODERATOR_KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))}
          />
          <Input label="Name" optional value={name} onText={setName} maxLength={200} placeholder={KIND_WORDS[kind]} />
        </div>
        <Input
          label="Address"
          optional={kind === 'openai-moderation'}
          hint={KIND_HINTS[kind]}
          value={address}
          onText={setAddress}
          inputMode="url"
          maxLength={1000}
          error={fields.address}
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <Input label="Model" optional value={model} onText={setModel} maxLength={120} error={fields.model} />
          <Input
            label={moderator?.keyed ? 'Another key' : 'Key'}
            optional
            type="password"
            autoComplete="off"
            hint={
              moderator?.keyed ? 'It has one. Left empty, that one stays.' : 'Sent as a bearer token; shown to nobody.'
            }
            value={key}
            onText={setKey}
            maxLength={500}
          />
          <Select
            label="It reads"
            value={side}
            onText={(value) => setSide(value as Moderator['side'])}
            options={SIDES.map((value) => ({ value, label: SIDE_WORDS[value] }))}
          />
          <Input
            label="Only these AI systems"
            optional
            hint={`Keys with commas between; empty means all${systems.length > 0 ? `, for example ${systems[0]!.key}` : ''}.`}
            value={only}
            onText={setOnly}
            error={Object.entries(fields).find(([field]) => field.startsWith('systems'))?.[1]}
          />
        </div>
        <details>
          <summary className="cursor-pointer text-sm text-ink-2">How much, how long, how far it is believed</summary>
          <div className="mt-3 grid gap-4 phone:grid-cols-2">
            <Input
              label="Part of the interactions, %"
              type="number"
              min={0.01}
              max={100}
              step="any"
              value={share}
              onText={setShare}
              error={fields.share}
            />
            <Input
              label="Most questions a day"
              type="number"
              min={1}
              value={aDay}
              onText={setADay}
              error={fields.aDay}
            />
            <Input
              label="Wait at most, seconds"
              type="number"
              min={0.1}
              max={10}
              step="any"
              value={timeout}
              onText={setTimeout}
              error={fields.timeoutMs}
            />
            <Input
              label="Least score that counts"
              type="number"
              min={0}
              max={1}
              step="any"
              hint="0 to 1. A flag without a score always counts."
              value={threshold}
              onText={setThreshold}
              error={fields.threshold}
            />
            <Select
              label="Its word is"
              value={trust}
              onText={(value) => setTrust(value as Moderator['trust'])}
              hint={`Strong needs ${TRUST_AFTER.judged} judged flags, ${TRUST_AFTER.precision * 100} % of them right. Alone it never pages.`}
              options={[
                { value: 'weak', label: 'Weak: it feeds rates and groups' },
                { value: 'strong', label: 'Strong: pages together with another finding' },
              ]}
              error={fields.trust}
            />
            <Select
              label="When it fails or hangs"
              value={whenSilent}
              onText={(value) => setWhenSilent(value as Moderator['whenSilent'])}
              hint="It has no opinion then, which is never taken for clean. Five failures in a row, and it is left alone for a while."
              options={WHEN_SILENT.map((value) => ({ value, label: SILENT_WORDS[value].choice }))}
            />
          </div>
        </details>
        <div className="grid gap-2">
          <TextArea label="Try it on a text" optional value={text} onText={setText} rows={2} maxLength={4000} />
          <div>
            <Button size="sm" busy={test.isPending} disabled={text.trim() === ''} onClick={tryIt}>
              Ask it now
            </Button>
          </div>
          {trial && <Said trial={trial} />}
        </div>
        {failed && <Trouble error={failed} />}
      </div>
    </Dialog>
  );
}
