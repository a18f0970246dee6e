import { reports as doors } from '@firebreak/contract/detect/reports';
import { signals } from '@firebreak/contract/detect/signals';
import { HARM_SAID, type HarmSaid } from '@firebreak/core/detect/signals';
import { AnswerIsNo, BadInput, type Register } from '../cli.ts';
import { idOf } from './feedback.ts';

/** `support-bot=Chat on the website`, or `support-bot/prices=…` for one feature. */
function publicName(text: string) {
  const found = /^([^/=]+)(?:\/([^=]+))?=(.+)$/.exec(text);
  if (found === null) throw new BadInput(`“${text}” is not understood. Write system=Public name, or system/feature=…`);
  return { system: found[1]!, feature: found[2] ?? null, name: found[3]! };
}

interface FormOptions {
  readonly on?: true;
  readonly off?: true;
  readonly name?: string[];
  readonly names?: boolean;
  readonly intro?: string;
  readonly organisation?: string;
}

/** `firebreak reports …` */
export const reports: Register = (program, cli) => {
  const group = program.command('reports').description('what anybody reports at /report, without an account');
  group
    .command('list')
    .description('reports, newest first; they wait in “firebreak feedback list”')
    .option('--system <key>')
    .option('--limit <n>')
    .action(async ({ system, limit }: { system?: string; limit?: string }) => {
      const query = {
        kind: 'outside-report' as const,
        ...(system && { system }),
        ...(limit && { limit: Number(limit) }),
      };
      const { items } = await cli.client().call(signals.listFeedback, { query });
      cli.table(
        items,
        [
          { head: 'received', of: (it) => it.receivedAt },
          { head: 'system', of: (it) => it.system },
          { head: 'harm', of: (it) => it.report?.harm },
          { head: 'where', of: (it) => it.report?.product },
          { head: 'said', of: (it) => (it.text ?? '').slice(0, 60) },
          { head: 'id', of: (it) => it.id },
        ],
        items,
      );
    });
  group
    .command('show <feedback>')
    .description('who may be written to about a report, and what was answered')
    .action(async (id: string) => {
      const shown = await cli.client().call(doors.show, { params: { feedback: idOf(id) } });
      const to = shown.contacts.map(({ contact }) => contact).join(', ') || 'nobody';
      cli.say(
        `${shown.state}; sent ${shown.times} ${shown.times === 1 ? 'time' : 'times'}; may be written to: ${to}; answer: ${shown.answer?.text ?? 'none'}`,
        shown,
      );
    });
  group
    .command('answer <feedback>')
    .description('answer a report, for everybody who holds a reference of it')
    .requiredOption('--text <text>')
    .action(async (id: string, { text }: { text: string }) => {
      const shown = await cli.client().call(doors.answer, { params: { feedback: idOf(id) }, body: { text } });
      cli.say(`Whoever holds a reference of ${id} can read the answer.`, shown);
    });
  group
    .command('send <what>')
    .description('report a failure, as anybody may; answers with the reference')
    .option('--product <name>', 'which product or place')
    .option('--quote <text>', 'what it answered')
    .option('--link <address>')
    .option('--when <words>')
    .option('--harm <word>', HARM_SAID.join(', '), 'unsure')
    .option('--contact <e-mail>', 'where the organisation may write about this report')
    .action(async (what: string, { harm, contact, ...said }: Record<string, string | undefined>) => {
      if (!(HARM_SAID as readonly (string | undefined)[]).includes(harm))
        throw new BadInput(`“${harm}” is not understood. Choose ${HARM_SAID.join(', ')}.`);
      const received = await cli.anonymous().call(doors.send, {
        body: { what, ...said, harm: harm as HarmSaid, ...(contact && { contact, mayWrite: true }) },
      });
      cli.say(
        `Received as ${received.reference}; a person looks at it within ${received.promisedHours} hours.`,
        received,
      );
    });
  group
    .command('look <reference>')
    .description('how far a report is; exit code 1 while nobody has looked at it')
    .action(async (reference: string) => {
      const seen = await cli.anonymous().call(doors.look, { body: { reference } });
      cli.say(seen.answer === null ? seen.state : `${seen.state}: ${seen.answer.text}`, seen);
      if (seen.state === 'received') throw new AnswerIsNo();
    });
  group
    .command('form')
    .description('what the public page shows; with options, changes that and nothing else')
    .option('--on', 'take reports')
    .option('--off', 'take none')
    .option('--name <system=name...>', 'AI systems that are named to strangers, instead of those that are')
    .option('--no-names', 'name none')
    .option('--intro <text>', 'words above the form')
    .option('--organisation <text>', 'how else you are reached')
    .action(async ({ on, off, name, names, intro, organisation }: FormOptions) => {
      if (on && off) throw new BadInput('Say --on or --off, not both.');
      const client = cli.client();
      const held = await client.call(doors.form, {});
      const want = {
        on: on ? true : off ? false : held.on,
        names: names === false ? [] : (name?.map(publicName) ?? held.names),
        intro: intro ?? held.intro,
        organisation: organisation ?? held.organisation,
      };
      const changes = on || off || name || names === false || intro !== undefined || organisation !== undefined;
      const form = changes ? await client.call(doors.setForm, { body: want }) : held;
      const named = form.names.map((each) => `${each.name} (${each.system})`).join(', ') || 'no system';
      cli.say(`The public form is ${form.on ? 'on' : 'off'} and names ${named}.`, form);
    });
};
