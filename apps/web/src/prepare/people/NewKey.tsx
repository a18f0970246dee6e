import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { SCOPE_NAMES, type Scope } from '@firebreak/core/prepare/people';
import { Fragment, useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input, TextArea } from '../../ui/Field.tsx';
import { Once } from './Once.tsx';
import { SCOPE_WORDS } from './roles.ts';

export const KEYS = ['/api/v1/keys'];

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** With or without: what a list becomes when one of it is ticked. */
const ticked = <T,>(list: readonly T[], one: T, on: boolean): T[] =>
  on ? [...list, one] : list.filter((each) => each !== one);

export function NewKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [inPage, setInPage] = useState(false);
  const [origins, setOrigins] = useState('');
  const [systems, setSystems] = useState<string[]>([]);
  const create = useAct(people.createKey, { refreshes: KEYS });
  const fields = create.error ? tell(create.error).fields : {};
  const flagsOnly = scopes.length === 1 && scopes[0] === 'flags';
  if (create.data)
    return (
      <Once
        title={`The key “${create.data.key.name}”`}
        about={
          create.data.key.page
            ? 'Shown only now; Firebreak keeps a fingerprint of it, not the key. Put it into your pages: it is no secret there.'
            : 'Shown only now; Firebreak keeps a fingerprint of it, not the key. Put it where the program reads its secrets.'
        }
        secret={create.data.secret}
        onClose={onClose}
      />
    );
  const page = flagsOnly && inPage ? { page: { origins: linesOf(origins), systems } } : {};
  return (
    <Dialog
      title="New API key"
      about="Give a program only what it needs."
      onClose={onClose}
      width="narrow"
      onSubmit={() => create.mutate({ body: { name, scopes, ...page } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={create.isPending}>
            Make the key
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Name"
          hint="Which program, where: support-bot guards, production"
          value={name}
          onText={setName}
          required
          error={fields.name}
        />
        <fieldset>
          <legend className="mb-1 font-[600]">It may</legend>
          {SCOPE_NAMES.map((scope) => (
            <Fragment key={scope}>
              <Check
                label={SCOPE_WORDS[scope]}
                hint={<span className="font-mono">{scope}</span>}
                checked={scopes.includes(scope)}
                onCheck={(on) => setScopes(ticked(scopes, scope, on))}
              />
              {scope === 'flags' && flagsOnly && (
                <div className="mb-2 ml-[0.45rem] grid gap-3 border-l border-line-strong pl-4">
                  <Check
                    label="For a web page"
                    hint="Whoever opens the page can read the key, so it tells only what every visitor may know: whether features of these systems may be used."
                    checked={inPage}
                    onCheck={setInPage}
                  />
                  {inPage && (
                    <PagePart
                      origins={origins}
                      onOrigins={setOrigins}
                      systems={systems}
                      onSystems={setSystems}
                      fields={fields}
                    />
                  )}
                </div>
              )}
            </Fragment>
          ))}
        </fieldset>
        {create.error && <Trouble error={create.error} />}
      </div>
    </Dialog>
  );
}

function PagePart({
  origins,
  onOrigins,
  systems,
  onSystems,
  fields,
}: {
  origins: string;
  onOrigins: (text: string) => void;
  systems: readonly string[];
  onSystems: (systems: string[]) => void;
  fields: Readonly<Record<string, string>>;
}) {
  const registered = useAsk(inventory.list, {}).data?.systems.filter(({ retired }) => !retired) ?? [];
  return (
    <>
      <TextArea
        label="Origins of the pages"
        hint="One per line, as the address bar shows them: https://shop.example, without a path. “*” alone: any page."
        value={origins}
        onText={onOrigins}
        required
        spellCheck={false}
        error={fields['page/origins']}
      />
      <fieldset>
        <legend className="mb-1 text-sm font-[600]">Systems it may read</legend>
        {registered.length === 0 && <p className="text-xs text-ink-3">No AI system is registered yet.</p>}
        <div className="max-h-48 overflow-y-auto">
          {registered.map(({ key, name }) => (
            <Check
              key={key}
              label={name}
              hint={<span className="font-mono">{key}</span>}
              checked={systems.includes(key)}
              onCheck={(on) => onSystems(ticked(systems, key, on))}
            />
          ))}
        </div>
        {fields['page/systems'] && <p className="mt-1 text-xs font-[600] text-ember">{fields['page/systems']}</p>}
      </fieldset>
    </>
  );
}
