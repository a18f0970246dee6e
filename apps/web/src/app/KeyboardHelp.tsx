import { Dialog } from '../ui/Dialog.tsx';
import { Check } from '../ui/Field.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { useActions } from './actions.tsx';
import { setSingleKeys, useSingleKeys } from './keys.ts';
import { PLACES } from './Rail.tsx';

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Anywhere',
    keys: [
      ['C', 'Contain: stop or change what an AI system does'],
      ['D', 'Declare an incident'],
      ['Ctrl K', 'Find anything'],
      ['?', 'This help'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    title: 'In a war room',
    keys: [
      ['N', 'Write a note'],
      ['A', 'To the first thing that waits for a second person; on Now as well'],
      ['1 – 5', 'Room, Triage, Contain, Evidence, People and times'],
    ],
  },
  {
    title: 'In a list',
    keys: [
      ['J / K', 'Next, previous'],
      ['Enter', 'Open'],
    ],
  },
];

export function KeyboardHelp() {
  const { close } = useActions();
  const on = useSingleKeys();
  const groups = [
    ...GROUPS,
    { title: 'Go to', keys: PLACES.map((place) => [place.keys.toUpperCase(), place.name] as const) },
  ];
  return (
    <Dialog title="Keyboard" onClose={close}>
      <div className="grid gap-x-8 gap-y-5 phone:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-1.5 text-xs font-[640] text-ink-2">{group.title}</h3>
            <dl className="grid grid-cols-[4.5rem_1fr] items-baseline gap-y-1.5">
              {group.keys.map(([key, does]) => (
                <div key={key} className="contents">
                  <dt>
                    <Kbd>{key}</Kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="mt-5 border-t border-line pt-3">
        <Check
          label="Single keys act"
          hint="Turn this off if you dictate, or press keys by accident. Ctrl K keeps working."
          checked={on}
          onCheck={setSingleKeys}
        />
      </div>
    </Dialog>
  );
}
